"""The page that says which permissions are asked for, why each, who may grant them, and what stays impossible."""

from collections.abc import Mapping
from types import MappingProxyType

from sendwright.document.blocks import AnyBlock, Document, Heading, Paragraph, Points, Row, Table
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import READ_SELF, SEND, SEND_BY_SMTP, SEND_SHARED, wanted
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import World

_KEYS: Mapping[str, str] = MappingProxyType(
    {SEND_SHARED: "mail-send-shared", READ_SELF: "user-read", SEND_BY_SMTP: "smtp-send"}
)
_LASTING = "offline_access"


def plan_page(state: MicrosoftAnswers, world: World) -> Document:
    """Return the page for the chosen way."""
    name = application_name(world)
    values = {"application": name, "platform": world.deployment.platform.name}
    way = state.way
    rows = [Row(cells=(permission, _why(permission, way))) for permission in wanted(state)]
    if way is Way.ACCOUNT:
        rows.append(Row(cells=(f"openid, profile, {_LASTING}", text("microsoft365.plan.why-offline"))))
    blocks: list[AnyBlock] = [
        Paragraph(text=text(f"microsoft365.plan.intro-{way}", **values)),
        Heading(text=text("microsoft365.plan.who")),
        Points(items=lines(f"microsoft365.plan.who-{way}")),
        Heading(text=text("microsoft365.plan.permissions")),
        Table(
            columns=(text("microsoft365.plan.permission"), text("microsoft365.plan.why")),
            rows=tuple(rows),
            caption=text("microsoft365.plan.permissions"),
        ),
        Paragraph(text=text(f"microsoft365.plan.so-few-{way}")),
        Heading(text=text("microsoft365.plan.cannot")),
        Points(items=lines(f"microsoft365.plan.cannot-{way}")),
    ]
    if way is Way.APPLICATION:
        blocks.append(Paragraph(text=text("microsoft365.plan.every-mailbox"), strong=True))
    blocks.append(Heading(text=text("microsoft365.plan.holds")))
    blocks.append(Paragraph(text=text(f"microsoft365.plan.holds-{way}", **values)))
    return Document(id="microsoft-365-permissions", title=text(f"microsoft365.plan.title-{way}"), blocks=tuple(blocks))


def application_name(world: World) -> str:
    """Return what the consent page calls the application."""
    return world.deployment.microsoft.name or world.deployment.platform.name


def _why(permission: str, way: Way) -> str:
    key = f"mail-send-{way}" if permission == SEND else _KEYS[permission]
    return text(f"microsoft365.plan.why-{key}")
