"""`doctor microsoft` against a simulated Microsoft that listens."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from tests.unit.cli.doctoring import parse
from tests.unit.practice.microsoft.conftest import start, world
from tests.unit.practice.microsoft.visiting import World

from sendwright.cli.doctor_microsoft import run
from sendwright.deployment import Deployment
from sendwright.deployment.model import Microsoft
from sendwright.network.network import Network
from sendwright.network.system_resolver import SystemResolver
from sendwright.network.trust import client_context
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.tenant import AppRegistration
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain

__all__ = ["start", "world"]

SECRET = "value-of-the-secret-1234567890"
DAEMON = "5f4dcc3b-5aa7-65d6-1d83-27deb882cf99"
Ran = tuple[int, str, dict[str, object]]


async def examine(world: World, line: str, *, out: io.StringIO | None = None) -> Ran:
    """Run the command; return exit code, what people see, and the report."""
    microsoft = Microsoft(client_id=CLIENT_ID, authority=world.microsoft.login, graph=world.microsoft.graph)
    network = Network(
        resolver=SystemResolver(),
        tls=lambda more: client_context("".join(filter(None, (world.microsoft.authority_pem, more)))),
    )
    out, data = out or io.StringIO(), io.StringIO()
    consoles = Console(file=out, width=120, emoji=False), Console(file=data, width=120, emoji=False)
    arguments = parse("doctor", "microsoft", *line.split(), "--json")
    code = await run(arguments, Deployment(microsoft=microsoft), network, *consoles)
    return code, out.getvalue(), msgspec.json.decode(data.getvalue())


def verdicts(report: dict[str, object]) -> dict[str, str]:
    stages = msgspec.convert(report["stages"], list[dict[str, object]])
    return {str(stage["id"]): str(stage["verdict"]) for stage in stages}


async def test_without_a_sign_in_it_tells_whether_microsoft_is_reached(world: World) -> None:
    code, _, report = await examine(world, "contoso.com")
    assert (code, report["verdict"], report["problem"]) == (0, "passed", None)
    assert report["schema"] == "sendwright.diagnosis/1"
    assert report["subject"] == {
        "kind": "microsoft",
        "organisation": "contoso.com",
        "cloud": "global",
        "client_id": CLIENT_ID,
        "way": "account",
        "route": "me",
    }
    assert verdicts(report) == {"reach": "passed"} | dict.fromkeys(
        ("sign-in", "permissions", "mailbox", "sender", "submit"), "not-reached"
    )


async def test_an_organisation_that_microsoft_does_not_know_is_named_so(world: World) -> None:
    code, _, report = await examine(world, "nobody.example")
    assert (code, report["problem"]) == (1, "tenant-not-found")
    assert verdicts(report)["reach"] == "failed"


@pytest.mark.parametrize("terminal", [False, True])
async def test_by_smtp_an_unknown_organisation_is_a_problem_too(world: World, terminal: bool) -> None:
    microsoft = Microsoft(client_id=CLIENT_ID, authority=world.microsoft.login)
    context = client_context(world.microsoft.authority_pem)
    out, data = io.StringIO(), io.StringIO()
    shown = Console(file=out, width=120, emoji=False, force_terminal=terminal)
    arguments = parse("doctor", "microsoft", "nobody.example", "--route", "smtp")
    network = Network(resolver=SystemResolver(), tls=lambda _: context)
    code = await run(arguments, Deployment(microsoft=microsoft), network, shown, Console(file=data))
    assert code == 1
    assert explain(classify(Evidence(stage="reach", system=System.ENTRA, number=90002))).title in out.getvalue()
    assert data.getvalue() == ""


async def test_a_microsoft_that_is_not_there_is_a_matter_of_the_network(world: World) -> None:
    await world.microsoft.stop()
    code, _, report = await examine(world, "contoso.com")
    assert (code, report["problem"]) == (1, "connection-refused")
    assert verdicts(report)["reach"] == "failed"


def with_daemon(world: World, *, ends_in: timedelta = timedelta(days=30)) -> None:
    """Give the organisation an application of its own, with a secret and the permission to send."""
    world.tenant.registrations[DAEMON] = AppRegistration(
        client_id=DAEMON, name="Daemon", public=False, secrets={SECRET: datetime.now(UTC) + ends_in}
    )
    world.tenant.app_roles[DAEMON] = {"Mail.Send"}


async def as_daemon(world: World, folder: Path, secret: str = SECRET, more: str = "") -> Ran:
    file = folder / "secret.txt"
    file.write_text(secret, encoding="utf-8")
    return await examine(world, f"--mailbox {INFO} --client-id {DAEMON} --secret-file {file} {more}")


async def test_an_application_sends_one_message_as_the_mailbox(world: World, tmp_path: Path) -> None:
    with_daemon(world)
    code, shown, report = await as_daemon(world, tmp_path, more="--to boss@example.org")
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    assert verdicts(report)["submit"] == "passed"
    assert [(INFO in message.sender, message.recipient) for message in world.inbox] == [(True, "boss@example.org")]
    assert SECRET not in shown + str(report)


@pytest.mark.parametrize(
    ("secret", "ends_in", "problem"),
    [
        ("another-secret", timedelta(days=1), "client-secret-wrong"),
        (SECRET, timedelta(days=-1), "client-secret-expired"),
    ],
)
async def test_a_credential_that_is_no_good_is_named(
    world: World, tmp_path: Path, secret: str, ends_in: timedelta, problem: str
) -> None:
    with_daemon(world, ends_in=ends_in)
    code, shown, report = await as_daemon(world, tmp_path, secret)
    assert (code, report["problem"]) == (1, problem)
    assert verdicts(report) == {"reach": "passed", "sign-in": "failed"} | dict.fromkeys(
        ("permissions", "mailbox", "sender", "submit"), "not-reached"
    )
    assert secret not in shown + str(report)


async def test_a_saved_diagnosis_holds_no_secret(world: World, tmp_path: Path) -> None:
    with_daemon(world)
    place = tmp_path / "diagnosis.zip"
    code, _, _ = await as_daemon(world, tmp_path, more=f"--to boss@example.org --save {place}")
    assert code == 0
    assert place.stat().st_size > 500
    assert SECRET.encode() not in place.read_bytes()


async def test_an_account_signs_in_on_another_device(world: World) -> None:
    out = io.StringIO()
    running = asyncio.create_task(examine(world, "contoso.com --device-code --to boss@example.org", out=out))
    while not (shown := re.search(r"^ {4}([A-Z0-9]{9})$", out.getvalue(), re.MULTILINE)):
        await asyncio.sleep(0.02)
        assert not running.done(), running.result()
    person = await world.browser().open(f"{world.microsoft.login}/common/oauth2/deviceauth")
    await person.press("next", otc=shown[1])
    await person.sign_in(BEN)
    if "accept" in person.page.ids:
        await person.press("accept")
    code, _, report = await running
    assert (code, report["verdict"]) == (0, "passed"), report["problems"]
    assert [message.recipient for message in world.inbox] == ["boss@example.org"]
    assert BEN in world.inbox[0].sender
