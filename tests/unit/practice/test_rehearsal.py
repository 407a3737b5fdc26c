"""A whole practice world, from nothing to nothing."""

import json
import ssl
import tomllib
from pathlib import Path

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.wizard.walking import USUAL, walk_to

from sendwright.deployment import Deployment
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.wire import ConsentQuestion
from sendwright.network.failures import TrustFailed
from sendwright.practice.google.example import CLIENT_ID as GOOGLE_CLIENT_ID
from sendwright.practice.google.example import CLIENT_SECRET as GOOGLE_CLIENT_SECRET
from sendwright.practice.google.example import SERVICE_ACCOUNT
from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import APPLICATION_ID, CLIENT_ID, TENANT_ID
from sendwright.practice.rehearsal import Rehearsal
from sendwright.practice.scenarios import SCENARIOS, ScenarioUnknown, scenario
from sendwright.providers.catalogue import suggest
from sendwright.recording.event import Layer
from sendwright.secret import Secret
from sendwright.texts import has
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts


async def test_a_newcomer_walks_to_a_delivered_message_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    inbox: list[Received] = []
    rehearsal = Rehearsal(Deployment(), inbox.append)
    try:
        world = await rehearsal.start("")
        assert world.practice
        wizard = await open_wizard(world, NoDrafts())
        await walk_to(wizard, "done", USUAL)
        assert wizard.screen.step == "done", wizard.screen
        await wizard.submit({"action": "send-kinds"}, progress=lambda _: None)
        assert len(inbox) >= 2  # the desktop's test and the backend's own
        assert {received.sender for received in inbox} == {"Example Organisation <notifications@example.org>"}
    finally:
        await rehearsal.stop()
    assert list(tmp_path.iterdir()) == []
    assert [record.getMessage() for record in caplog.records if record.name == "mail.log"] == []


async def test_what_goes_over_the_wire_of_practice_is_recorded_without_the_password() -> None:
    rehearsal = Rehearsal(Deployment(), lambda _: None)
    try:
        world = await rehearsal.start("")
        wizard = await open_wizard(world, NoDrafts())
        await walk_to(wizard, "done", USUAL)
        events = world.recorder.events
    finally:
        await rehearsal.stop()
    assert {event.layer for event in events} >= {Layer.TCP, Layer.TLS, Layer.SMTP, Layer.HTTP}
    assert "AUTH PLAIN […]" in [event.text for event in events]
    assert world.recorder.secrets
    said = msgspec.json.encode(events).decode()
    assert not [secret for secret in world.recorder.secrets if secret.reveal() in said]


@pytest.mark.parametrize("address", ["jane@gmail.com", "jane@outlook.com", "jane@contoso.com"])
async def test_any_address_finds_the_practice_server(address: str) -> None:
    rehearsal = Rehearsal(Deployment(), lambda _: None)
    try:
        wizard = await open_wizard(await rehearsal.start(""), NoDrafts())
        await walk_to(wizard, "smtp-connect", USUAL | {"smtp-address": {"address": address}})
        assert {candidate.host for candidate in wizard.draft.answers.candidates} == {"localhost"}
        assert wizard.draft.answers.host == "localhost"
    finally:
        await rehearsal.stop()


async def test_only_the_practice_servers_are_believed(certificates: Certificates) -> None:
    rehearsal = Rehearsal(Deployment(), lambda _: None)
    try:
        world = await rehearsal.start("")
        context = world.network.tls(certificates.ca_file.read_text())
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        authorities = context.get_ca_certs()
        assert len(authorities) == 3  # of the mail server, the simulated Microsoft and the simulated Google
        assert all("Sendwright practice" in str(authority) for authority in authorities)
        with pytest.raises(TrustFailed):
            world.network.tls("no certificate")
    finally:
        await rehearsal.stop()


@pytest.mark.parametrize("name", [known.name for known in SCENARIOS])
def test_every_scenario_is_found_by_its_name(name: str) -> None:
    assert scenario(name).name == name
    assert has(f"practice.{name}")


def test_an_unknown_scenario_is_refused_with_the_list_of_those_there_are() -> None:
    with pytest.raises(ScenarioUnknown) as caught:
        scenario("meteor")
    assert "greylisting" in str(caught.value)


def test_no_name_is_the_usual_course() -> None:
    assert scenario("") == scenario("usual")


async def test_microsoft_is_practised_in_the_same_world() -> None:
    inbox: list[Received] = []
    rehearsal = Rehearsal(Deployment(), inbox.append)
    try:
        world = await rehearsal.start("microsoft-no-send-as")
        microsoft = rehearsal.microsoft
        assert microsoft is not None
        facts = world.deployment.microsoft
        assert (facts.client_id, facts.authority, facts.graph) == (CLIENT_ID, microsoft.login, microsoft.graph)
        assert facts.smtp == f"localhost:{microsoft.smtp_port}"
        assert microsoft.authority_pem in world.practice_authority
        assert not microsoft.tenant.rights
        registered = microsoft.tenant.registrations[CLIENT_ID].redirect_uris
        assert {facts.redirect_uri, f"{microsoft.login}/common/oauth2/nativeclient"} <= registered
        async with world.http() as client:
            found = await client.get(f"{microsoft.login}/contoso.com/v2.0/.well-known/openid-configuration")
            assert found.json()["issuer"] == f"{microsoft.login}/{TENANT_ID}/v2.0"
            assert (await client.get(f"{microsoft.graph}/v1.0/me")).status_code == 401
            for elsewhere in ("https://login.microsoftonline.com/common", "https://graph.microsoft.com/v1.0/me"):
                assert (await client.get(elsewhere)).status_code == 404
        assert any(event.layer is Layer.HTTP for event in world.recorder.events)
        (invitation,) = inbox
        assert f"{microsoft.login}/practice/it" in invitation.text
    finally:
        await rehearsal.stop()


async def test_the_practice_backend_has_the_credential_of_the_application() -> None:
    rehearsal = Rehearsal(Deployment(), lambda _: None)
    try:
        world = await rehearsal.start("")
        microsoft = rehearsal.microsoft
        assert microsoft is not None
        assert rehearsal._folder is not None
        data = Path(rehearsal._folder.name) / "backend"
        written = tomllib.loads((data / "microsoft.toml").read_text())
        assert (written["login"], written["graph"], written["smtp_host"]) == (
            microsoft.login,
            microsoft.graph,
            "localhost",
        )
        assert written["tenants"] == [TENANT_ID]
        assert (data / "microsoft.key").stat().st_mode & 0o077 == 0
        assert (data / "authorities.pem").read_text().count("BEGIN CERTIFICATE") == 3
        pem = (data / written["certificate_file"]).read_text()
        assert pem in microsoft.tenant.registrations[APPLICATION_ID].keys.values()
        address = await world.local_backend.start()
        opening = world.backend(address, None)
        code = parse_connection_code((await world.local_backend.connection_code()).reveal())
        enrolment = await opening.enrol(code.secret, device="practice")
        await opening.close()
        backend = world.backend(address, Secret(enrolment.token))
        try:
            application = await backend.microsoft()
            assert (application.client_id, application.credential) == (APPLICATION_ID, "certificate")
            question = ConsentQuestion(tenant="contoso.com", login=microsoft.login, graph=microsoft.graph)
            before = await backend.consent(question)
            microsoft.tenant.app_roles[APPLICATION_ID] = {"Mail.Send"}
            after = await backend.consent(question)
            assert (before.state, after.state) == ("missing", "granted")
            assert (after.tenant, after.roles) == (TENANT_ID, ("Mail.Send",))
        finally:
            await backend.close()
    finally:
        await rehearsal.stop()


async def test_google_is_practised_in_the_same_world() -> None:
    inbox: list[Received] = []
    rehearsal = Rehearsal(Deployment(), inbox.append)
    try:
        world = await rehearsal.start("google-delegation-missing")
        google = rehearsal.google
        assert google is not None
        facts = world.deployment.google
        assert (facts.client_id, facts.login, facts.gmail) == (GOOGLE_CLIENT_ID, google.login, google.gmail)
        assert facts.client_secret == Secret(GOOGLE_CLIENT_SECRET)
        assert facts.smtp == f"localhost:{google.smtp_port}"
        assert google.authority_pem in world.practice_authority
        assert not google.workspace.delegations
        async with world.http() as client:
            found = await client.get(f"{google.login}/.well-known/openid-configuration")
            assert found.json()["issuer"] == "https://accounts.google.com"
            assert (await client.get("https://accounts.google.com/o/oauth2/v2/auth")).status_code == 404
        (invitation,) = inbox
        assert "/practice/admin" in invitation.text
        (key,) = [Path(word) for word in invitation.text.split() if word.endswith("service-account.json")]
        content = json.loads(key.read_text())
        assert (content["type"], content["client_email"]) == ("service_account", SERVICE_ACCOUNT)
        assert key.stat().st_mode & 0o077 == 0
        assert rehearsal._folder is not None
        written = tomllib.loads((Path(rehearsal._folder.name) / "backend" / "google.toml").read_text())
        assert (written["login"], written["gmail"], written["smtp_host"]) == (google.login, google.gmail, "localhost")
    finally:
        await rehearsal.stop()
    assert not key.exists()


@pytest.mark.parametrize(
    ("scenario_name", "suggested"), [("microsoft-usual", "microsoft365"), ("usual", "custom_smtp")]
)
async def test_the_wizard_recognises_who_keeps_the_mail_of_the_made_up_organisation(
    scenario_name: str, suggested: str
) -> None:
    rehearsal = Rehearsal(Deployment(), lambda _: None)
    try:
        found = await suggest("ben@contoso.com", await rehearsal.start(scenario_name))
        assert found is not None
        assert found.provider == suggested
    finally:
        await rehearsal.stop()


async def test_the_usual_practice_sends_no_invitation() -> None:
    inbox: list[Received] = []
    rehearsal = Rehearsal(Deployment(), inbox.append)
    try:
        await rehearsal.start("usual")
        assert inbox == []
        assert rehearsal.microsoft is not None
    finally:
        await rehearsal.stop()
