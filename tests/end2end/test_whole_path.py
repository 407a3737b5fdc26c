"""From the first screen to a delivered notification: real window, real mail server, real keychain, own backend."""

import json
from pathlib import Path

import pytest
from tests.end2end.home import Home
from tests.end2end.part import Part
from tests.servers.accounts import ANNA, NOTIFICATIONS
from tests.servers.certificates import Certificates
from tests.servers.postfix import PostfixServer

from sendwright.practice.mail_server import PASSWORD

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end")]

PICTURES = Path(__file__).resolve().parents[2] / "build" / "whole-path"


def answers(
    postfix: PostfixServer, certificates: Certificates, *, password: str = NOTIFICATIONS.password
) -> dict[str, dict[str, str]]:
    return {
        "start": {"choice": "set-up"},
        "platform": {"choice": "this-computer"},
        "provider": {"choice": "custom_smtp"},
        "smtp-address": {"address": NOTIFICATIONS.address, "action": "by-hand"},
        "smtp-connect": {
            "host": "localhost",
            "port": str(postfix.ports.submission),
            "security": "starttls",
            "username": NOTIFICATIONS.address,
            "password": password,
            "ca_file": str(certificates.ca_file),
        },
        "sender": {"alias": "Example Organisation, Privacy", "address": NOTIFICATIONS.address},
        "test": {"to": ANNA.address},
        "arrival": {"choice": "yes"},
        "review": {},
    }


def test_from_the_first_screen_to_a_delivered_notification(
    own_home: Home, postfix: PostfixServer, certificates: Certificates
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    part = Part(answers=answers(postfix, certificates), until="sender", pictures=str(PICTURES))
    before = [line["step"] for line in own_home.sit_down(part)]
    assert before == ["start", "platform", "provider", "smtp-address", "smtp-connect", "sender"]

    after = own_home.sit_down(Part(answers=answers(postfix, certificates), until="done", pictures=str(PICTURES)))
    assert [line["step"] for line in after] == ["sender", "test", "arrival", "review", "done"]

    subject = "A comment on the record of processing"
    sent = own_home.run("notify", "--kind", "comment", "--to", ANNA.address, "--subject", subject, "--json", "--wait")
    assert sent.returncode == 0, sent.stderr
    message = postfix.mailbox(ANNA.address).wait_for_message(subject=subject)
    assert message["From"] == '"Example Organisation, Privacy" <notifications@example.org>'
    assert message["X-Sendwright-Kind"] == "comment"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == json.loads(sent.stdout)["notification"]["message_id"]

    status = own_home.run("status", "--json")
    assert status.returncode == 0, status.stderr
    assert NOTIFICATIONS.address in status.stdout


def test_no_secret_lies_anywhere_in_the_home(
    own_home: Home, postfix: PostfixServer, certificates: Certificates
) -> None:
    own_home.sit_down(Part(answers=answers(postfix, certificates), until="done"))
    looked = 0
    for file in own_home.folder.rglob("*"):
        if file.is_file():
            looked += 1
            assert NOTIFICATIONS.password.encode() not in file.read_bytes(), file
    assert looked > 3


def unattended(home: Home, postfix: PostfixServer, certificates: Certificates, password: str) -> Path:
    folder = home.folder / "answers"
    folder.mkdir()
    (folder / "password.txt").write_text(password)
    file = folder / "answers.toml"
    file.write_text(
        f"""
provider = "custom_smtp"
backend = "this-computer"
[smtp]
host = "localhost"
port = {postfix.ports.submissions}
security = "tls"
username = "{NOTIFICATIONS.address}"
password_file = "password.txt"
ca_file = "{certificates.ca_file}"
[sender]
address = "{NOTIFICATIONS.address}"
alias = "Example"
[test]
to = "{ANNA.address}"
"""
    )
    return file


def test_an_answers_file_brings_a_sender_in_force(
    own_home: Home, postfix: PostfixServer, certificates: Certificates
) -> None:
    done = own_home.run(
        "setup", "--answers", str(unattended(own_home, postfix, certificates, NOTIFICATIONS.password)), "--json"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["outcome"] == "in-force"
    assert report["profile"] == {"version": 1, "address": NOTIFICATIONS.address, "alias": "Example"}


def test_a_wrong_password_is_exit_code_one_and_its_name(
    own_home: Home, postfix: PostfixServer, certificates: Certificates
) -> None:
    done = own_home.run("setup", "--answers", str(unattended(own_home, postfix, certificates, "wrong")), "--json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert (report["outcome"], report["problem"]["code"]) == ("stopped", "auth-wrong-credentials")


def test_practice_needs_no_account_and_leaves_nothing(own_home: Home) -> None:
    usual = {
        "start": {"choice": "set-up"},
        "platform": {"choice": "this-computer"},
        "provider": {"choice": "custom_smtp"},
        "smtp-address": {"address": "anna@example.org"},
        "smtp-connect": {"password": PASSWORD},
        "sender": {"alias": "Example", "address": "anna@example.org"},
        "test": {"to": "boss@example.org"},
        "arrival": {"choice": "yes"},
    }
    seen = own_home.sit_down(Part(answers=usual, until="done", practice=""))
    assert seen[-1] == {"step": "done", "kind": "Done"}
    assert not own_home.data.exists()
    assert not (own_home.folder / ".config" / "sendwright").exists()


def test_without_a_display_it_points_to_the_terminal(own_home: Home) -> None:
    done = own_home.run(DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.returncode == 2
    assert "sendwright setup" in done.stdout + done.stderr
