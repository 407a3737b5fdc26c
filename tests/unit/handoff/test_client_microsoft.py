"""What the client asks of a backend about Microsoft 365, against the real routes."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.handoff.served import always, client_of, plain, served, strange_server
from tests.unit.service.application_kit import CLIENT_ID, write_certificate
from tests.unit.service.backend_kit import START
from tests.unit.service.test_grant_profiles import REFRESH, graph_profile

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.wire import ConsentQuestion, MicrosoftApplication
from sendwright.network.system import system_network
from sendwright.problems.classify import classify
from sendwright.secret import Secret
from sendwright.service.application_credentials import VALID


def code(failed: HandoffFailed) -> str:
    return classify(failed.evidence).code


async def test_how_the_backend_acts_as_an_application(tmp_path: Path) -> None:
    async with served(tmp_path / "without") as of:
        client = of.wizard
        assert await client.microsoft() == MicrosoftApplication()
        await client.close()
    write_certificate(tmp_path / "with")
    async with served(tmp_path / "with") as of:
        client = of.wizard
        found = await client.microsoft()
        await client.close()
    assert (found.client_id, found.credential, found.not_after) == (CLIENT_ID, "certificate", START + VALID)


async def test_a_certificate_is_made_once_for_one_key(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        made = [await client.make_certificate(CLIENT_ID, key=key) for key in ("a", "a", "b")]
        with pytest.raises(HandoffFailed) as caught:
            await client.make_certificate("another", key="a")
        await client.close()
    assert made[0] == made[1]
    assert made[0].id != made[2].id
    assert made[0].not_after == START + timedelta(days=729)
    assert code(caught.value) == "backend-request-refused"


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (ConsentQuestion(tenant="contoso.com"), "application-credential-absent"),
        (ConsentQuestion(tenant="contoso.com", certificate="x"), "backend-request-refused"),
        (ConsentQuestion(tenant="contoso.com", login="https://login.example.org"), "backend-request-refused"),
        (ConsentQuestion(tenant="organizations"), "backend-request-refused"),
    ],
)
async def test_a_question_that_cannot_be_asked_is_refused_by_name(
    tmp_path: Path, question: ConsentQuestion, problem: str
) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        with pytest.raises(HandoffFailed) as caught:
            await client.consent(question)
        await client.close()
    assert code(caught.value) == problem


async def test_a_backend_that_asks_others_may_take_longer_than_the_network() -> None:
    async def slow(writer: asyncio.StreamWriter, number: int) -> None:
        del number
        await asyncio.sleep(0.5)
        writer.write(plain('{"state": "missing", "problem": "application-not-in-tenant"}'))

    async with strange_server(slow) as strange:
        client = client_of(strange.url, network=system_network(timeout_s=0.2))
        found = await client.consent(ConsentQuestion(tenant="contoso.com"))
        with pytest.raises(HandoffFailed):
            await client.microsoft()
        await client.close()
    assert (found.state, found.problem) == ("missing", "application-not-in-tenant")


async def test_consent_is_asked_for_once_and_nonsense_is_refused() -> None:
    async with strange_server(always(plain('{"state": "perhaps"}'))) as strange:
        client = client_of(strange.url)
        with pytest.raises(HandoffFailed) as caught:
            await client.consent(ConsentQuestion(tenant="contoso.com"))
        await client.close()
    assert code(caught.value) == "backend-version-unsupported"
    assert len(strange.requests) == 1


async def test_a_sign_in_is_handed_over_once_and_taken_over_afterwards(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        profile = graph_profile()
        secrets = {"refresh_token": Secret(REFRESH)}
        states = [await client.stage(profile, secrets, key="d", contact="it@contoso.com") for _ in range(2)]
        later = await client.stage(graph_profile("Renamed"), {}, key="d", credentials_from=states[0].version)
        with pytest.raises(HandoffFailed) as caught:
            await client.stage(graph_profile(tenant="fabrikam"), {}, key="f", credentials_from=1)
        with pytest.raises(HandoffFailed) as both:
            await client.stage(profile, secrets, key="e", credentials_from=1)
        await client.close()
    assert states[0] == states[1]
    assert (states[0].contact, states[0].version, later.version) == ("it@contoso.com", 1, 2)
    assert later.credential == states[0].credential
    assert caught.value.evidence.reason == "credentials-of-another-account"
    assert both.value.evidence.reason == "credentials-given-twice"
    assert code(caught.value) == code(both.value) == "backend-request-refused"


async def test_a_test_as_another_mailbox_is_asked_for_by_name(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        await client.stage(graph_profile(), {"refresh_token": Secret(REFRESH)}, key="d")
        stages = [stage.id async for stage in client.test(1, to=None, mailbox="ceo@contoso.com")]
        (state,) = (await client.profiles()).profiles
        await client.close()
        assert of.backend.diagnosis.mailboxes == ["ceo@contoso.com"]
    assert stages
    assert state.tested_at is None
