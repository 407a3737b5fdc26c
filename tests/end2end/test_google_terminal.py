"""Gmail from the terminal: programs with a keychain and a backend, and the person's own browser beside them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.end2end.google_terminal import ALIAS, READER, Workplace, problem_of
from tests.end2end.home import Home
from tests.end2end.terminal_program import report_of, seen_in
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.google import listening
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script, Security
from tests.unit.oauth.google.key_files import KEY_ID, PUBLIC, key_file

from sendwright.oauth.google.scopes import SEND
from sendwright.practice.google.example import (
    ANNA,
    BEN,
    CLIENT_ID,
    OWN_CLIENT_ID,
    OWN_CLIENT_SECRET,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end")]

ACCOUNT = 'way = "account"'
AGAIN = "3\n\n\n\n1\n\n\n"
"""Sign in again; once more after the problem; connected, the test message, it arrived, in force, done."""
DEFAULT = "no-reply@platform.example"


@pytest.fixture
async def at(own_home: Home) -> AsyncIterator[Workplace]:
    async with listening() as server:
        yield Workplace(own_home, server.google, server.inbox)


async def test_an_account_signs_in_and_another_one_changes_nothing_when_it_does_so_again(at: Workplace) -> None:
    code, report = await at.set_up(ACCOUNT, email=ANNA)
    assert (code, report["outcome"]) == (0, "in-force"), report
    assert report["profile"] == {"version": 1, "address": ANNA, "alias": ALIAS}
    await at.notify()
    assert at.arrived() == [("Hello", f"{ALIAS} <{ANNA}>")]
    process = await at.start("setup", "--json", stdin=AGAIN)
    await at.sign_in(process, email=BEN)
    await seen_in(process.stderr, r"(other-account)")
    assert await in_force(at) == 1
    await at.sign_in(process, email=ANNA)
    code, report = await report_of(process)
    assert (code, report["outcome"]) == (0, "in-force"), report
    assert await in_force(at) == 2
    await at.notify("Still")
    assert at.arrived()[1:] == [("Still", f"{ALIAS} <{ANNA}>")]


async def test_an_organisations_own_client_is_read_from_its_file(at: Workplace) -> None:
    file = at.home.folder / "client.json"
    file.write_text(
        f'{{"installed": {{"client_id": "{OWN_CLIENT_ID}", "client_secret": "{OWN_CLIENT_SECRET}"}}}}', encoding="utf-8"
    )
    code, report = await at.set_up('way = "own"\nclient_file = "client.json"', email=ANNA)
    assert (code, report["outcome"]) == (0, "in-force"), report
    assert (OWN_CLIENT_ID, ANNA) in at.google.workspace.consents
    await at.notify()
    assert at.arrived() == [("Hello", f"{ALIAS} <{ANNA}>")]


async def test_a_service_account_with_a_key_needs_nobody(at: Workplace) -> None:
    (at.home.folder / "key.json").write_text(key_file().reveal(), encoding="utf-8")
    at.google.workspace.service_accounts[SERVICE_ACCOUNT].keys[KEY_ID] = PUBLIC
    at.google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    code, report = await at.set_up('way = "service-account"\nservice_account_key_file = "key.json"')
    assert (code, report["outcome"]) == (0, "in-force"), report
    await at.notify()
    assert at.arrived() == [("Hello", f"{ALIAS} <{ANNA}>")]


async def test_a_declined_consent_ends_with_its_name(at: Workplace) -> None:
    code, report = await at.set_up(ACCOUNT, email=ANNA, button="cancel")
    assert (code, report["outcome"], report["step"]) == (1, "stopped", "gmail-consent"), report
    assert problem_of(report)["code"] == "google-sign-in-cancelled"
    assert at.taken == []


async def test_what_an_administrator_blocks_has_its_owner(at: Workplace) -> None:
    at.google.workspace.policies.blocked.add(CLIENT_ID)
    at.google.workspace.policies.told.add("admin_policy_enforced")
    code, report = await at.set_up(ACCOUNT, email=ANNA)
    assert (code, report["outcome"], report["step"]) == (1, "stopped", "gmail-consent"), report
    problem = problem_of(report)
    assert (problem["code"], problem["owner"]) == ("google-app-blocked-by-admin", "google-workspace-admin")


async def test_an_error_that_google_shows_on_its_own_page_only_leaves_the_program_waiting(at: Workplace) -> None:
    at.google.workspace.policies.blocked.add(CLIENT_ID)
    process = await at.start("setup", "--answers", at.answers(ACCOUNT), "--json")
    assert await at.sign_in(process) == ""
    process.send_signal(2)
    code, report = await report_of(process)
    assert (code, report["outcome"]) == (4, "cancelled"), report


async def test_the_end_of_a_client_in_testing_is_told_and_a_sign_in_is_ended_on_request(
    at: Workplace, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    script = Script(security=Security.STARTTLS, certificate=certificates.good)
    mail = scripted_smtp(script)
    by_default(at.home.data, certificates, mail)
    client = at.google.workspace.clients[CLIENT_ID]
    client.testing = True
    client.test_users.add(ANNA)
    begun = at.google.workspace.now()
    code, report = await at.set_up(ACCOUNT, email=ANNA)
    assert (code, report["outcome"]) == (0, "in-force"), report
    code, report = await at.report("status")
    [expiry] = report["expires"]  # type: ignore[misc]
    assert (code, expiry["what"]) == (0, "credential")
    left = datetime.fromisoformat(expiry["at"]) - begun
    assert timedelta(days=7, minutes=-1) < left < timedelta(days=7, minutes=5)
    code, report = await at.report("disconnect", "--revoke", "--yes")
    assert (code, report["outcome"], report["revoked"]) == (0, "default", True), report
    assert [whose for whose, _ in at.google.revoked] == [ANNA]
    assert (CLIENT_ID, ANNA) not in at.google.workspace.consents
    code, report = await at.report("status")
    assert (code, report["in_force"]) == (0, None)
    await at.notify()
    assert at.arrived() == []
    assert [(message.sender, message.recipients) for message in mail.record.messages] == [(DEFAULT, (READER,))]


async def in_force(at: Workplace) -> int:
    """Return which version is."""
    _, report = await at.report("status")
    standing = report["in_force"]
    assert isinstance(standing, dict), report
    version: int = standing["version"]
    return version


def by_default(data: Path, certificates: Certificates, mail: ScriptedSmtp) -> None:
    """Let the backend send from the platform's own sender while nothing else is in force."""
    (data / "platform.pem").write_bytes(certificates.ca_file.read_bytes())
    (data / "default-sender.toml").write_text(
        f'address = "{DEFAULT}"\nalias = "Platform"\n[smtp]\nhost = "127.0.0.1"\nport = {mail.port}\n'
        'security = "starttls"\nca_file = "platform.pem"\n',
        encoding="utf-8",
    )
