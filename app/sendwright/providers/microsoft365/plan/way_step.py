"""The choice between a signed-in account and an application, in plain words."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.oauth.entra.registration import ANY_ORGANISATION
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.connection import disconnected, same_connection
from sendwright.providers.microsoft365.registration.registering import own_is_possible, placed, platform_client
from sendwright.providers.microsoft365.step import PLAN, MicrosoftStep
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Rejected, Screen
from sendwright.senders.graph.settings import Route, Way
from sendwright.texts import text
from sendwright.world import Progress, World

_ICONS = {Way.ACCOUNT: "person", Way.APPLICATION: "computer"}


class WayStep(MicrosoftStep):
    """Who acts, for which organisation, and with whose registration."""

    id = "ms-way"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Whenever something is to be set up; a reconnection keeps its way."""
        return not state.reconnecting

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show both ways; one that is closed stands there with the reason."""
        options = tuple(
            Option(
                value=way,
                label=f"microsoft365.way.{way}",
                detail=f"microsoft365.way.{way}-detail",
                icon=_ICONS[way],
                note=_note(state, way, world),
            )
            for way in Way
        )
        return Choice(
            step=self.id,
            title="microsoft365.way.title",
            lead="microsoft365.way.lead",
            values={"platform": world.deployment.platform.name},
            options=options,
            chosen=state.way,
            fields=_fields(state, world),
            notices=_notices(state, world),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Take way and organisation; a sign-in that was made for others is let go of."""
        del progress
        wrong: dict[str, str] = {}
        domain = _domain(answer, wrong)
        way = Way(answer["choice"]) if answer.get("choice") in set(Way) else None
        if way is None:
            wrong["choice"] = "wizard.choose-one"
        elif _closed(state, way, world):
            wrong["choice"] = f"microsoft365.way.{way}-closed"
        if wrong or way is None:
            raise Rejected(wrong)
        platforms = platform_client(state, way, world)
        own = own_is_possible(world) and (answer.get("own") == "true" or not platforms)
        chosen = replace(
            state,
            address=addresses.parse_address(answer["address"]).text,
            way=way,
            own=own,
            client_id=(state.client_id if state.own else "") if own else platforms,
            tenant=_tenant(state, domain, own=own),
            certificate=state.certificate if own else "",
            made=state.made if own else None,
        )
        if way is not state.way:
            chosen = replace(chosen, route=Route.MAILBOX if way is Way.APPLICATION else Route.ME)
        chosen = placed(chosen, world.deployment)
        if same_connection(state, chosen):
            return chosen
        return replace(await disconnected(chosen, world), tenant_id="")


def _tenant(state: MicrosoftAnswers, domain: str, *, own: bool) -> str:
    """Return the organisation: as it was typed for an own registration, else the one of the address.

    Where the address is still the same, what was found out about its domain stands: it may be none of Microsoft's.
    """
    if own and state.own and state.tenant:
        return state.tenant
    same = addresses.to_ascii(state.address.rpartition("@")[2].lower()) == domain if state.address else False
    return ANY_ORGANISATION if same and state.tenant == ANY_ORGANISATION else domain


def _domain(answer: Answer, wrong: dict[str, str]) -> str:
    try:
        return addresses.parse_address(answer.get("address", "")).ascii_domain
    except AddressInvalid as invalid:
        wrong["address"] = f"address.{invalid.code}"
        return ""


def _closed(state: MicrosoftAnswers, way: Way, world: World) -> bool:
    return not platform_client(state, way, world) and not own_is_possible(world)


def _note(state: MicrosoftAnswers, way: Way, world: World) -> str:
    """Return why a way is closed, or only open with a registration of one's own; empty where it is open."""
    if platform_client(state, way, world):
        return ""
    return text(f"microsoft365.way.{way}-{'own-only' if own_is_possible(world) else 'closed'}")


def _fields(state: MicrosoftAnswers, world: World) -> tuple[Field, ...]:
    address = Field(
        name="address",
        kind=FieldKind.EMAIL,
        label="microsoft365.way.address",
        help="microsoft365.way.address-help",
        placeholder="microsoft365.way.address-placeholder",
        value=state.address,
    )
    if not own_is_possible(world) or not any(platform_client(state, way, world) for way in Way):
        return (address,)
    own = Field(
        name="own",
        kind=FieldKind.TOGGLE,
        label="microsoft365.way.own",
        help="microsoft365.way.own-help",
        value="true" if state.own else "false",
        advanced=True,
    )
    return (address, own)


def _notices(state: MicrosoftAnswers, world: World) -> tuple[Notice, ...]:
    notices = []
    if not any(platform_client(state, way, world) for way in Way):
        key = "microsoft365.way.own-needed" if own_is_possible(world) else "microsoft365.way.nothing-open"
        notices.append(Notice(key=key, values={"platform": world.deployment.platform.name}, warning=True))
    if state.application is None and world.platform is not None:
        notices.append(Notice(key="microsoft365.way.not-answered"))
    return tuple(notices)
