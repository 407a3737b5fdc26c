"""A sign-in that has begun: it waits in memory, answers once, and listens no longer than it has to."""

import httpx
import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import ASKED, NOW, SIGNED_IN, flow_world

from sendwright.oauth.entra.device import DeviceCode
from sendwright.oauth.entra.sign_in import SignInRequest
from sendwright.providers.consent.listening import end, listening_at
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.connection import disconnected, same_connection
from sendwright.providers.microsoft365.sign_in.attempt import (
    AdminConsent,
    AnyAttempt,
    OtherDevice,
    SignIn,
    found,
)
from sendwright.screens import ConsentWay
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.vault.vault import SecretRef

STATE = "an-unguessable-state"
PAGE = "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?state=an-unguessable-state"
REDIRECT = "https://login.microsoftonline.com/common/oauth2/nativeclient"
REQUEST = SignInRequest(url=PAGE, state=STATE, redirect_uri=REDIRECT, permissions=("Mail.Send",))
CODE = DeviceCode(user_code="ABCD-1234", address="https://microsoft.com/devicelogin", expires_at=NOW, interval_s=5)

ATTEMPTS: list[AnyAttempt] = [
    SignIn(request=REQUEST),
    AdminConsent(url=PAGE, state=STATE, redirect_uri=REDIRECT),
    OtherDevice(code=CODE),
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: type(one).__name__)
async def test_an_attempt_is_found_by_its_name_until_it_ends(attempt: AnyAttempt) -> None:
    world = flow_world()
    name = world.attempts.begin(attempt)
    assert found(name, world) is attempt
    assert attempt.url.startswith("https://")
    await end(name, world)
    assert found(name, world) is None
    await end(name, world)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: type(one).__name__)
def test_what_must_not_be_seen_is_in_no_repr(attempt: AnyAttempt) -> None:
    assert STATE not in repr(attempt)


@pytest.mark.parametrize("name", ["", "of-yesterday"])
async def test_what_is_not_there_is_not_found(name: str) -> None:
    world = flow_world()
    world.attempts.begin("something else")
    assert found(name, world) is None
    await end(name, world)


def test_something_else_under_that_name_is_no_attempt() -> None:
    world = flow_world()
    assert found(world.attempts.begin("something else"), world) is None


async def test_nobody_listens_once_the_attempt_ended() -> None:
    world = flow_world()
    listening = await listening_at("http://localhost", STATE, world)
    name = world.attempts.begin(SignIn(request=REQUEST, listening=listening))
    await end(name, world)
    async with httpx.AsyncClient(trust_env=False) as late:
        with pytest.raises(httpx.ConnectError):
            await late.get(listening.redirect_uri)


async def test_letting_go_of_a_sign_in_leaves_nothing_of_it() -> None:
    world = flow_world()
    ref = SecretRef("microsoft-grant", "g")
    await world.vault.keep(ref, Secret("x"))
    listening = await listening_at("http://localhost", STATE, world)
    name = world.attempts.begin(SignIn(request=REQUEST, listening=listening))
    state = await disconnected(replace(SIGNED_IN, grant=ref, attempt=name, asked_at=NOW, handed_over=True), world)
    assert state == ASKED
    assert await world.vault.fetch(ref) is None
    assert found(name, world) is None


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"address": "other@contoso.com"}, True),
        ({"browser": ConsentWay.DEVICE}, True),
        ({"mailbox": "info@contoso.com"}, True),
        ({"client_id": ASKED.client_id.upper()}, True),
        ({"tenant": "CONTOSO.com"}, True),
        ({"tenant": "fabrikam.com"}, False),
        ({"client_id": "another"}, False),
        ({"way": Way.APPLICATION}, False),
        ({"own": True}, False),
        ({"cloud": "china"}, False),
        ({"login": "https://localhost:1"}, False),
    ],
)
def test_a_sign_in_belongs_to_application_organisation_and_way(changes: dict[str, object], *, same: bool) -> None:
    other: MicrosoftAnswers = replace(SIGNED_IN, **changes)
    assert same_connection(SIGNED_IN, other) is same
