"""The part of the IT sheet about the domain of the sender: SPF and DKIM of Google."""

from collections.abc import Iterator
from typing import Final

from sendwright.document.blocks import AnyBlock, Command, Heading, Link, Paragraph
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sender.listed import Standing, entry_of, standing_of
from sendwright.texts import text

SPF: Final = "v=spf1 include:_spf.google.com ~all"
"""Of a domain from which nobody else sends (support.google.com/a/answer/33786)."""

AUTHENTICATE: Final = "https://admin.google.com/ac/apps/gmail/authenticateemail"
AUTHENTICATE_PATH: Final = "Admin console > Apps > Google Workspace > Gmail > Authenticate email"

_GOOGLES: Final = frozenset({"gmail.com", "googlemail.com"})


def domain_records(state: GmailAnswers) -> Iterator[AnyBlock]:
    """Yield what the domain's records have to say; nothing for a domain that is Google's own."""
    domain = state.from_address.rpartition("@")[2].casefold()
    if not domain or domain in _GOOGLES:
        return
    yield Heading(text=text("gmail.it.domain", domain=domain))
    if standing_of(state) is Standing.ELSEWHERE and (entry := entry_of(state)) is not None:
        yield Paragraph(text=text("gmail.it.domain-elsewhere", server=entry.server))
        return
    yield Paragraph(text=text("gmail.it.domain-how"))
    yield Command(label=text("gmail.it.spf"), value=SPF)
    yield Link(label=text("gmail.it.dkim"), address=AUTHENTICATE, path=AUTHENTICATE_PATH)
