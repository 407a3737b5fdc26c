"""The choice between the three ways to send through Google, in plain words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import own_is_possible, platform_client
from sendwright.providers.gmail.connection import disconnected, placed, same_connection
from sendwright.providers.gmail.domains import PERSONAL
from sendwright.providers.gmail.permissions import missing
from sendwright.providers.gmail.step import PLAN, GmailStep
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Rejected, Screen
from sendwright.senders.gmail.settings import Route, Way
from sendwright.texts import text
from sendwright.world import Progress, World

ACCOUNT: Final = "account"
OWN: Final = "own"
SERVICE_ACCOUNT: Final = "service-account"

_ICONS: Mapping[str, str] = MappingProxyType({ACCOUNT: "person", OWN: "edit", SERVICE_ACCOUNT: "computer"})


class WayStep(GmailStep):
    """Who acts, with whose application, for which organisation."""

    id = "gmail-way"
    stop = PLAN

    def applies(self, state: GmailAnswers) -> bool:
        """Whenever something is to be set up; a reconnection keeps its way."""
        return not state.reconnecting

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show the ways; one that is closed stands there with the reason."""
        options = tuple(
            Option(
                value=way,
                label=f"gmail.way.{way}",
                detail=f"gmail.way.{way}-detail",
                icon=_ICONS[way],
                note=_note(way, world),
            )
            for way in _ICONS
        )
        return Choice(
            step=self.id,
            title="gmail.way.title",
            lead="gmail.way.lead",
            values={"platform": world.deployment.platform.name},
            options=options,
            chosen=_chosen(state, world),
            fields=_fields(state),
            notices=_notices(world),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Take way, address and route; a sign-in that was made for others is let go of."""
        del progress
        wrong: dict[str, str] = {}
        choice = answer.get("choice", "")
        domain = _domain(answer, wrong)
        route = Route(answer.get("route", state.route)) if answer.get("route", state.route) in set(Route) else None
        if choice not in _ICONS:
            wrong["choice"] = "wizard.choose-one"
        elif _closed(choice, world):
            wrong["choice"] = f"gmail.way.{choice}-closed"
        elif choice == SERVICE_ACCOUNT and domain in PERSONAL:
            wrong["choice"] = "gmail.way.service-account-personal"
        if route is None:
            wrong["route"] = "wizard.choose-one"
        elif route is Route.RELAY and domain in PERSONAL:
            wrong["route"] = "gmail.way.relay-personal"
        if wrong or route is None:
            raise Rejected(wrong)
        own = choice == OWN
        chosen = replace(
            state,
            address=addresses.parse_address(answer["address"]).text,
            way=Way.SERVICE_ACCOUNT if choice == SERVICE_ACCOUNT else Way.ACCOUNT,
            own=own,
            client_id=(state.client_id if state.own else "") if own else platform_client(world),
            client_checked=state.client_checked and state.own and own,
            route=route,
            returning=False,
        )
        if route is not state.route:  # what a delegation has shown, it has shown for another permission
            chosen = replace(chosen, checks={}, trial=None)
        chosen = placed(chosen, world.deployment)
        if same_connection(state, chosen) and not (chosen.account and missing(chosen, chosen.scopes)):
            return chosen
        return await disconnected(chosen, world)


def _chosen(state: GmailAnswers, world: World) -> str:
    """Return what is chosen already; before that the first way that is open."""
    if state.way is Way.SERVICE_ACCOUNT:
        return SERVICE_ACCOUNT
    if state.own or _closed(ACCOUNT, world):
        return OWN if not _closed(OWN, world) else SERVICE_ACCOUNT
    return ACCOUNT


def _closed(way: str, world: World) -> bool:
    if way == ACCOUNT:
        return not platform_client(world)
    return way == OWN and not own_is_possible(world)


def _note(way: str, world: World) -> str:
    """Return why a way is closed, or that it suits most; empty where there is nothing to say."""
    if _closed(way, world):
        return text(f"gmail.way.{way}-closed")
    if way == ACCOUNT or (way == OWN and _closed(ACCOUNT, world)):
        return text("gmail.way.recommended")
    return ""


def _domain(answer: Answer, wrong: dict[str, str]) -> str:
    try:
        return addresses.parse_address(answer.get("address", "")).ascii_domain
    except AddressInvalid as invalid:
        wrong["address"] = f"address.{invalid.code}"
        return ""


def _fields(state: GmailAnswers) -> tuple[Field, ...]:
    return (
        Field(
            name="address",
            kind=FieldKind.EMAIL,
            label="gmail.way.address",
            help="gmail.way.address-help",
            placeholder="gmail.way.address-placeholder",
            value=state.address,
        ),
        Field(
            name="route",
            kind=FieldKind.CHOICE,
            label="gmail.way.route",
            help="gmail.way.route-help",
            value=state.route,
            options=tuple(
                Option(value=route, label=f"gmail.way.route-{route}", detail=f"gmail.way.route-{route}-detail")
                for route in Route
            ),
            advanced=True,
        ),
    )


def _notices(world: World) -> tuple[Notice, ...]:
    if platform_client(world):
        return ()
    key = "gmail.way.own-needed" if own_is_possible(world) else "gmail.way.no-client"
    return (Notice(key=key, values={"platform": world.deployment.platform.name}, warning=True),)
