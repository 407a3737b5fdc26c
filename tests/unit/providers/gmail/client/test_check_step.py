"""An own client is looked at before anybody signs in, and whoever knows better goes on."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported, ignore
from tests.unit.providers.gmail.flows import ANNA, ASKED, CLIENT_SECRET, OWN, OWN_CLIENT, SERVICE, flow_world

from sendwright.diagnosis.stage import Verdict
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of
from sendwright.providers.gmail.client.check_step import CheckStep
from sendwright.screens import Elsewhere, Halted, Working
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef

STEP = CheckStep()
REF = SecretRef("google-client-secret", "s")
WITH_SECRET = replace(OWN, client_secret=REF)
MODULE = "sendwright.providers.gmail.client.check_step.check_client"


@pytest.mark.parametrize(
    ("state", "applies"),
    [
        (OWN, True),
        (replace(OWN, client_checked=True), True),
        (replace(OWN, account=ANNA), False),
        (ASKED, False),
        (replace(SERVICE, own=True), False),
    ],
)
def test_it_is_looked_at_until_somebody_signed_in_with_it(state: GmailAnswers, *, applies: bool) -> None:
    assert STEP.applies(state) is applies


def test_it_is_said_which_client_it_is() -> None:
    screen = STEP.show(OWN, flow_world())
    assert isinstance(screen, Working)
    assert (screen.stages, screen.values) == (("gmail-known",), {"client_id": OWN_CLIENT})


async def test_a_client_that_google_knows_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[GoogleClient] = []

    async def known(client: GoogleClient, **_: object) -> None:
        asked.append(client)

    monkeypatch.setattr(MODULE, known)
    world, progress = flow_world(), Reported()
    await world.vault.keep(REF, Secret(CLIENT_SECRET))
    state = await STEP.accept(WITH_SECRET, {}, world, progress)
    assert state.client_checked
    assert progress["gmail-known"].verdict is Verdict.PASSED
    assert (asked[0].client_id, asked[0].own) == (OWN_CLIENT, True)
    assert asked[0].secret is not None
    assert asked[0].secret.reveal() == CLIENT_SECRET


async def test_one_that_it_does_not_know_stops_with_ways_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(client: GoogleClient, **_: object) -> None:
        raise OAuthFailed(Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_client", http=401))

    monkeypatch.setattr(MODULE, unknown)
    progress = Reported()
    with pytest.raises(Halted) as halted:
        await STEP.accept(OWN, {}, flow_world(), progress)
    assert halted.value.problem.code == "google-client-unknown"
    assert halted.value.problem.owner == "google-workspace-admin"  # the organisation looks after its own client
    assert [action.name for action in halted.value.actions] == ["change-client", "go-on"]
    assert progress["gmail-known"].verdict is Verdict.FAILED


async def test_whoever_knows_better_goes_on_unchecked() -> None:
    assert await STEP.accept(OWN, {"action": "go-on"}, flow_world(), ignore) == OWN


async def test_a_mistake_leads_back_to_the_form() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await STEP.accept(OWN, {"action": "change-client"}, flow_world(), ignore)
    assert elsewhere.value.step == "gmail-client"


async def test_a_secret_that_has_gone_from_the_vault_is_named() -> None:
    with pytest.raises(Halted) as halted:
        await STEP.accept(WITH_SECRET, {}, flow_world(), ignore)
    assert halted.value.problem.evidence.condition == "not-kept"


async def test_the_platforms_client_acts_where_there_is_no_own_one() -> None:
    client = await client_of(ASKED, flow_world())
    assert (client.client_id, client.own) == (ASKED.client_id, False)
    assert client.secret is not None
    assert client.secret.reveal() == CLIENT_SECRET


async def test_an_own_client_without_a_secret_has_none() -> None:
    assert (await client_of(OWN, flow_world())).secret is None
