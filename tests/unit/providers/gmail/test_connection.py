"""A sign-in is let go of as a whole, found again after a new start, and belongs to what it was made for."""

from dataclasses import replace as with_
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import (
    ALL,
    ANNA,
    ASKED,
    CLIENT,
    NOW,
    OWN,
    OWN_CLIENT,
    SERVICE,
    SIGNED_IN,
    flow_world,
)

from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.google.sign_in import SignInRequest
from sendwright.providers.consent.listening import listening_at
from sendwright.providers.gmail.answers import Arrived, GmailAnswers, SendingAddress, Trial
from sendwright.providers.gmail.connection import disconnected, placed, same_connection, without_proof
from sendwright.providers.gmail.recall import recalled
from sendwright.providers.gmail.sign_in.attempt import SignIn, found
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Route, SenderProof, Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef
from sendwright.world import World

GRANT = SecretRef("google-grant", "g")
SECRET = SecretRef("google-client-secret", "s")
KEY = SecretRef("google-service-account-key", "k")
PROVEN = replace(
    SIGNED_IN,
    sender="notices@example.org",
    proof=SenderProof.ARRIVED,
    addresses=(SendingAddress(address="notices@example.org"),),
    read_at=NOW,
    sent="<1@example.org>",
    sent_at=NOW,
    arrived=Arrived(at=NOW, sender="notices@example.org"),
)


async def attempt_of(world: World) -> str:
    listening = await listening_at("http://127.0.0.1", "a-state", world)
    request = SignInRequest(
        url="https://accounts.google.com/o/oauth2/v2/auth?state=a-state",
        state="a-state",
        redirect_uri=listening.redirect_uri,
        scopes=ALL,
        verifier=Secret("v"),
        nonce=Secret("n"),
    )
    return world.attempts.begin(SignIn(request=request, listening=listening))


async def test_letting_go_of_a_sign_in_leaves_nothing_of_it_and_asks_google_nothing() -> None:
    world = flow_world()  # whose web refuses every request
    await world.vault.keep(GRANT, Secret("x"))
    name = await attempt_of(world)
    attempt = found(name, world)
    assert attempt is not None
    assert "a-state" not in repr(attempt)
    state = await disconnected(
        replace(
            SIGNED_IN,
            grant=GRANT,
            attempt=name,
            asked_at=NOW,
            ends_at=NOW,
            handed_over=True,
            returning=True,
            incomplete=(SEND,),
            trial=Trial(version=1, profile="x"),
        ),
        world,
    )
    assert state == ASKED
    assert await world.vault.fetch(GRANT) is None
    assert found(name, world) is None
    async with httpx.AsyncClient(trust_env=False) as late:
        with pytest.raises(httpx.ConnectError):
            await late.get(attempt.request.redirect_uri)


def test_what_was_proven_belongs_to_the_mailbox_and_the_choice_stays() -> None:
    state = without_proof(PROVEN)
    assert state == replace(SIGNED_IN, sender="notices@example.org", proof=SenderProof.UNPROVEN)
    assert without_proof(SIGNED_IN) == SIGNED_IN


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"address": "other@example.org"}, True),
        ({"route": Route.SMTP}, True),
        ({"client_id": OWN_CLIENT}, False),
        ({"own": True}, False),
        ({"way": Way.SERVICE_ACCOUNT}, False),
        ({"login": "https://localhost:1"}, False),
        ({"gmail": "https://localhost:1"}, False),
    ],
)
def test_a_sign_in_belongs_to_client_way_and_place(changes: dict[str, object], *, same: bool) -> None:
    other: GmailAnswers = replace(SIGNED_IN, **changes)
    assert same_connection(SIGNED_IN, other) is same


@pytest.mark.parametrize(
    ("smtp", "host", "port"),
    [("", "", 587), ("localhost:2525", "localhost", 2525), ("mail.example.org", "mail.example.org", 587)],
)
def test_the_places_are_the_deployments(smtp: str, host: str, port: int) -> None:
    google = Google(client_id=CLIENT, login="https://localhost:1", gmail="https://localhost:2", smtp=smtp)
    state = placed(replace(ASKED, login="https://elsewhere.example"), Deployment(google=google))
    assert (state.login, state.gmail, state.smtp_host, state.smtp_port) == (
        "https://localhost:1",
        "https://localhost:2",
        host,
        port,
    )


class Silent(MemoryVault):
    """A vault that does not answer."""

    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("timed-out")


@pytest.mark.parametrize(
    ("state", "kept", "expected"),
    [
        (replace(SIGNED_IN, grant=GRANT), (GRANT,), replace(SIGNED_IN, grant=GRANT)),
        (replace(SIGNED_IN, grant=GRANT, ends_at=NOW), (), ASKED),
        (replace(SIGNED_IN, grant=GRANT, handed_over=True), (), replace(SIGNED_IN, handed_over=True)),
        (replace(SIGNED_IN, handed_over=True), (), replace(SIGNED_IN, handed_over=True)),
        (replace(OWN, client_secret=SECRET, client_checked=True), (), OWN),
        (replace(OWN, client_secret=SECRET), (SECRET,), replace(OWN, client_secret=SECRET)),
        (replace(SERVICE, key=KEY), (), SERVICE),
        (replace(SERVICE, key=KEY), (KEY,), replace(SERVICE, key=KEY)),
        (replace(ASKED, attempt="of-yesterday"), (), ASKED),
    ],
)
async def test_a_saved_draft_counts_on_what_is_still_there(
    state: GmailAnswers, kept: tuple[SecretRef, ...], expected: GmailAnswers
) -> None:
    vault = MemoryVault()
    for ref in kept:
        await vault.keep(ref, Secret("x"))
    recalled_state = await recalled(state, flow_world(vault=vault))
    assert replace(recalled_state, ends_at=None) == expected


async def test_a_vault_that_does_not_answer_loses_nothing() -> None:
    state = replace(SIGNED_IN, grant=GRANT, client_secret=SECRET, key=KEY)
    assert await recalled(state, flow_world(vault=Silent())) == state


async def test_a_sign_in_of_this_run_is_still_under_way() -> None:
    world = flow_world()
    state = replace(ASKED, attempt=world.attempts.begin(object()))
    assert await recalled(state, world) == state


async def test_something_else_under_that_name_is_no_attempt() -> None:
    world = flow_world()
    assert found(world.attempts.begin("something else"), world) is None
    assert found("", world) is None


async def test_a_sign_in_that_ends_later_is_as_good_as_any_until_then() -> None:
    world = with_(flow_world(), clock=lambda: NOW + timedelta(days=1))
    await world.vault.keep(GRANT, Secret("x"))
    state = replace(SIGNED_IN, grant=GRANT, account=ANNA, ends_at=NOW + timedelta(days=7))
    assert await recalled(state, world) == state
