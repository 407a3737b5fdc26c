"""Whom to ask: the last part of a page for IT."""

from collections.abc import Iterator

from sendwright.document.blocks import AnyBlock, Heading, Link, Paragraph
from sendwright.texts import here, text
from sendwright.world import World


def contact_of(world: World, *, texts: str) -> Iterator[AnyBlock]:
    """Yield who asks, and the platform. texts: where the words are, such as `microsoft365.it`."""
    platform = world.deployment.platform
    yield Heading(text=text(f"{texts}.contact"))
    yield Paragraph(text=text(f"{texts}.contact-asker", person=world.person))
    if platform.support_contact:
        yield Paragraph(
            text=text(f"{texts}.contact-platform", platform=platform.name, contact=platform.support_contact)
        )
    if platform.help_url.startswith("https://"):
        yield Link(label=text(f"{texts}.contact-help"), address=platform.help_url)
    yield Paragraph(text=text(f"{texts}.made", when=here(world.clock())))
