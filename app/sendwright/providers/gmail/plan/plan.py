"""The page that says what Google will ask, why so little, who may have to allow it, and what ends a connection."""

from sendwright.document.blocks import AnyBlock, Document, Heading, Link, Paragraph, Points, Row, Table
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import application_name
from sendwright.providers.gmail.domains import is_personal
from sendwright.providers.gmail.permissions import BASIC, short, text_name, wanted
from sendwright.providers.gmail.plan.handover import APP_ACCESS, APP_ACCESS_PATH
from sendwright.senders.gmail.settings import Route
from sendwright.texts import lines, text
from sendwright.world import World


def plan_page(state: GmailAnswers, world: World) -> Document:
    """Return the page: what has to be known first stands first, the rest in short lists below it."""
    values = {"application": application_name(world), "platform": world.deployment.platform.name}
    whole = state.route is not Route.API
    limits = "gmail.plan.limits-and-keys-relay" if state.route is Route.RELAY else "gmail.plan.limits-and-keys"
    blocks: list[AnyBlock] = [
        Paragraph(text=text(f"gmail.plan.intro-{'own' if state.own else 'platform'}", **values)),
        Table(
            columns=(text("gmail.plan.permission"), text("gmail.plan.why")),
            rows=_permissions(state),
            caption=text("gmail.plan.permissions"),
        ),
        Paragraph(text=text("gmail.plan.whole-mailbox" if whole else "gmail.plan.so-few"), strong=whole),
        Paragraph(text=text("gmail.plan.own-browser")),
        Heading(text=text("gmail.plan.cannot")),
        Points(items=lines("gmail.plan.cannot-whole" if whole else "gmail.plan.cannot-usual")),
    ]
    if not is_personal(state.address):
        blocks += (
            Heading(text=text("gmail.plan.who")),
            Points(items=lines("gmail.plan.who-allows")),
            Link(label=text("gmail.plan.app-access"), address=APP_ACCESS, path=APP_ACCESS_PATH),
        )
    if not state.own:
        blocks.append(Paragraph(text=text("gmail.plan.unverified", **values)))
    blocks += (
        Heading(text=text("gmail.plan.ends")),
        Points(items=lines("gmail.plan.ends-own" if state.own else "gmail.plan.ends-platform")),
        Paragraph(text=text("gmail.plan.ends-shown")),
        Heading(text=text("gmail.plan.good-to-know")),
        Points(items=lines(limits, **values)),
    )
    return Document(id="gmail-permissions", title=text("gmail.plan.title"), blocks=tuple(blocks))


def _permissions(state: GmailAnswers) -> tuple[Row, ...]:
    """Return a row for all that only tells who signed in, and one for each further permission."""
    asked = wanted(state)
    who = ", ".join(short(scope) for scope in asked if scope in BASIC)
    further = (Row(cells=(short(one), text(f"gmail.scopes.{text_name(one)}"))) for one in asked if one not in BASIC)
    return (Row(cells=(who, text("gmail.plan.why-identity"))), *further)
