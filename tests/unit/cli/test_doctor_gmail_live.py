"""`doctor gmail` against a simulated Google that listens."""

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from tests.unit.cli.doctoring import parse
from tests.unit.oauth.google.key_files import KEY_ID, PUBLIC, key_file
from tests.unit.practice.google.conftest import start, world
from tests.unit.practice.google.visiting import World

from sendwright.cli import google_sign_in
from sendwright.cli.doctor_gmail import run
from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context
from sendwright.oauth.google.scopes import MAIL, SEND
from sendwright.practice.google.example import (
    ANNA,
    BEN,
    CLIENT_ID,
    CLIENT_SECRET,
    NOTICES,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.secret import Secret

__all__ = ["start", "world"]

STAGES = ("reach", "sign-in", "permissions", "mailbox", "sender", "submit")
Ran = tuple[int, str, dict[str, object]]
Visit = Callable[[str], Awaitable[object]]


async def nobody(url: str) -> None:
    raise AssertionError(f"nobody should be asked to sign in at {url}")


async def examine(world: World, line: str, visit: Visit = nobody, *, secret: str = CLIENT_SECRET) -> Ran:
    """Run the command; return exit code, what people see, and the report. visit: what the person's browser does."""
    google = world.google
    deployment = Deployment(
        google=Google(
            client_id=CLIENT_ID,
            client_secret=Secret(secret),
            login=google.login,
            gmail=google.gmail,
            smtp=f"localhost:{google.smtp_port}",
        )
    )
    network = Network(
        resolver=SystemResolver(),
        tls=lambda more: client_context("".join(filter(None, (google.authority_pem, more)))),
    )
    out, data = io.StringIO(), io.StringIO()
    consoles = Console(file=out, width=120, emoji=False), Console(file=data, width=120, emoji=False)
    arguments = parse("doctor", "gmail", *line.split(), "--json")
    visits: list[asyncio.Task[object]] = []

    def opening(url: str) -> bool:
        visits.append(asyncio.ensure_future(_visiting(visit, url)))
        return True

    code = await run(arguments, deployment, network, *consoles, opening=opening)
    await asyncio.gather(*visits)
    return code, out.getvalue(), msgspec.json.decode(data.getvalue())


async def _visiting(visit: Visit, url: str) -> object:
    return await visit(url)


def agreeing(world: World, email: str = ANNA, **how: object) -> Visit:
    """Return a person who signs in and comes back to the listener, as her browser does."""

    async def visit(url: str) -> None:
        person = world.browser(email)
        back = await person.agree(re.sub(r"login_hint=[^&]*", "", url), **how)  # type: ignore[arg-type]
        assert back.startswith("http://127.0.0.1:"), person.page
        await world.http().get(back)

    return visit


def verdicts(report: dict[str, object]) -> dict[str, str]:
    stages = msgspec.convert(report["stages"], list[dict[str, object]])
    return {str(stage["id"]): str(stage["verdict"]) for stage in stages}


async def test_without_a_sign_in_it_tells_whether_google_is_reached(world: World) -> None:
    code, _, report = await examine(world, ANNA)
    assert (code, report["verdict"], report["problem"]) == (0, "passed", None)
    assert report["schema"] == "sendwright.diagnosis/1"
    assert report["subject"] == {
        "kind": "gmail",
        "account": ANNA,
        "way": "account",
        "route": "api",
        "client_id": CLIENT_ID,
    }
    assert verdicts(report) == {"reach": "passed"} | dict.fromkeys(STAGES[1:], "not-reached")


@pytest.mark.parametrize("route", ["smtp", "relay"])
async def test_without_a_sign_in_the_mail_server_is_tried_up_to_its_encryption(world: World, route: str) -> None:
    code, _, report = await examine(world, f"{ANNA} --route {route}")
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    seen = verdicts(report)
    assert [seen[stage] for stage in ("resolve", "connect", "greet", "secure")] == ["passed"] * 4
    assert seen["sign-in"] == "not-reached"


async def test_a_google_that_is_not_there_is_a_matter_of_the_network(world: World) -> None:
    await world.google.stop()
    code, _, report = await examine(world, ANNA)
    assert (code, report["problem"]) == (1, "connection-refused")
    assert verdicts(report)["reach"] == "failed"


async def test_who_signs_in_with_her_own_browser_sends_one_message(world: World) -> None:
    code, shown, report = await examine(world, f"{ANNA} --sign-in --to boss@example.net", agreeing(world))
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    assert verdicts(report) == dict.fromkeys(STAGES, "passed")
    assert [(ANNA in message.sender, message.recipient) for message in world.inbox] == [(True, "boss@example.net")]
    assert "Your browser shows the sign-in page of localhost" in shown
    assert CLIENT_SECRET not in shown + str(report)


async def test_nothing_is_taken_back_at_google_without_being_asked(world: World) -> None:
    await examine(world, f"{ANNA} --sign-in", agreeing(world))
    assert world.google.revoked == []


async def test_by_smtp_the_whole_mailbox_is_asked_for(world: World) -> None:
    line = f"{ANNA} --sign-in --route smtp --to boss@example.net"
    code, _, report = await examine(world, line, agreeing(world))
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    assert MAIL in world.workspace.consents[CLIENT_ID, ANNA]
    assert len(world.inbox) == 1


async def test_a_sender_that_nobody_has_proven_is_a_warning(world: World) -> None:
    line = f"{ANNA} --sign-in --from {NOTICES} --to boss@example.net"
    code, _, report = await examine(world, line, agreeing(world))
    assert (code, report["verdict"]) == (0, "warning")
    assert verdicts(report)["sender"] == "warning"
    assert len(world.inbox) == 1


async def test_who_does_not_agree_is_told_what_that_means(world: World) -> None:
    code, _, report = await examine(world, f"{ANNA} --sign-in", agreeing(world, button="cancel"))
    assert (code, report["problem"]) == (1, "google-sign-in-cancelled")
    assert verdicts(report) == {"reach": "passed", "sign-in": "failed"} | dict.fromkeys(STAGES[2:], "not-reached")


async def test_a_box_that_was_left_out_is_found_in_the_permissions(world: World) -> None:
    world.workspace.policies.boxes = "always"
    code, _, report = await examine(world, f"{ANNA} --sign-in", agreeing(world, boxes=()))
    assert code == 1
    assert report["problem"] == "consent-incomplete"
    assert verdicts(report)["permissions"] == "failed"


async def test_somebody_else_who_signs_in_is_named(world: World) -> None:
    code, _, report = await examine(world, f"{ANNA} --sign-in --to boss@example.net", agreeing(world, BEN))
    assert (code, report["problem"]) == (1, "other-account")
    assert BEN in str(report["problems"])
    assert world.inbox == []


async def test_a_client_that_google_does_not_know_any_more_is_named(world: World) -> None:
    code, _, report = await examine(world, f"{ANNA} --sign-in", agreeing(world), secret="GOCSPX-another")
    assert (code, report["problem"]) == (1, "google-client-unknown")
    assert "GOCSPX-another" not in str(report)


async def test_whoever_never_comes_back_is_waited_for_as_long_as_that_lasts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looks_away(url: str) -> None:
        assert url.startswith(world.google.login)

    usual = google_sign_in.sign_in_here
    monkeypatch.setattr(
        "sendwright.cli.doctor_gmail.sign_in_here", lambda *given, **more: usual(*given, **more, patience_s=0.05)
    )
    code, _, report = await examine(world, f"{ANNA} --sign-in", looks_away)
    assert code == 1
    assert verdicts(report)["sign-in"] == "failed"
    assert report["problem"] != "unrecognised"


async def test_where_nobody_may_listen_that_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket() -> None:
        raise OSError("no more sockets")

    monkeypatch.setattr("sendwright.oauth.loopback.bind_both", no_socket)
    code, _, report = await examine(world, f"{ANNA} --sign-in")
    assert code == 1
    assert report["problem"] != "unrecognised"
    assert verdicts(report)["sign-in"] == "failed"


def delegated(world: World, *scopes: str) -> None:
    account = world.workspace.service_accounts[SERVICE_ACCOUNT]
    account.keys[KEY_ID] = PUBLIC
    world.workspace.delegations[SERVICE_ACCOUNT_ID] = set(scopes)


async def as_service(world: World, folder: Path, more: str = "") -> Ran:
    file = folder / "key.json"
    file.write_text(key_file().reveal(), encoding="utf-8")
    return await examine(world, f"{ANNA} --service-account-key {file} {more}")


async def test_a_service_account_sends_for_the_mailbox(world: World, tmp_path: Path) -> None:
    delegated(world, SEND)
    code, shown, report = await as_service(world, tmp_path, "--to boss@example.net")
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    subject = msgspec.convert(report["subject"], dict[str, str])
    assert (subject["way"], subject["service_account"]) == ("service-account", SERVICE_ACCOUNT)
    assert [ANNA in message.sender for message in world.inbox] == [True]
    assert "PRIVATE KEY" not in shown + str(report)


async def test_a_delegation_that_is_missing_is_named(world: World, tmp_path: Path) -> None:
    delegated(world)
    code, _, report = await as_service(world, tmp_path)
    assert (code, report["problem"]) == (1, "google-delegation-missing")
    assert verdicts(report)["sign-in"] == "failed"


async def test_a_saved_diagnosis_holds_no_secret(world: World, tmp_path: Path) -> None:
    place = tmp_path / "diagnosis.zip"
    line = f"{ANNA} --sign-in --to boss@example.net --save {place}"
    code, _, _ = await examine(world, line, agreeing(world))
    assert code == 0
    kept = place.read_bytes()
    assert len(kept) > 500
    assert CLIENT_SECRET.encode() not in kept
