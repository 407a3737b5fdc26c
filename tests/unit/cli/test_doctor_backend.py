"""`sendwright doctor backend`: the sender in force, tested from this desk and from where the backend runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import pytest
from tests.servers.accounts import NOTIFICATIONS
from tests.servers.certificates import Certificates
from tests.servers.postfix import PostfixServer
from tests.unit.cli.queue_fake import AT, ORGANISATION, UNREACHABLE, Screen, parsed
from tests.unit.diagnosis.test_two_sides import BLOCKED, stopped

from sendwright.cli.doctor_backend import add_parser, report_problem, run
from sendwright.diagnosis.catalogue import last_without_sign_in
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.wire import Organisation, Profiles, ProfileState
from sendwright.network.system import system_network
from sendwright.problems.classify import classify
from sendwright.problems.explanation import explain
from sendwright.profile import SenderProfile
from sendwright.texts import text

ALL_FINE = [StageResult(id=stage, verdict=Verdict.PASSED, took_ms=1.0) for stage in SMTP_STAGES]


@dataclass
class FarBackend:
    """Knows versions of a profile, and reports what a test sets."""

    state: ProfileState | None
    results: list[StageResult] = field(default_factory=lambda: list(ALL_FINE))
    failure: HandoffFailed | None = None
    asked: list[tuple[int, str | None]] = field(default_factory=list)

    async def organisation(self) -> Organisation:
        return msgspec.structs.replace(ORGANISATION, in_force=self.state)

    async def profiles(self) -> Profiles:
        former = [msgspec.structs.replace(self.state, version=2, state="former")] if self.state else []
        return Profiles((*filter(None, (self.state,)), *former))

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        self.asked.append((version, to))
        if self.failure is not None:
            raise self.failure
        for result in self.results:
            yield result


def state_of(port: int, ca_pem: str, **more: str) -> ProfileState:
    profile = SenderProfile(
        provider="custom_smtp",
        sender="smtp",
        address=NOTIFICATIONS.address,
        alias="Example",
        settings={
            "host": "localhost",
            "port": port,
            "security": "starttls",
            "username": NOTIFICATIONS.address,
            "ca_pem": ca_pem,
            **more,
        },
    )
    return ProfileState(
        version=3, state="in-force", profile=profile, credential="0" * 16, created_at=AT, created_by="Ann's laptop"
    )


@pytest.fixture
def state(postfix: PostfixServer, certificates: Certificates) -> ProfileState:
    return state_of(postfix.ports.submission, certificates.ca_file.read_text())


async def examined(backend: FarBackend, *words: str) -> tuple[int, Screen]:
    screen = Screen()
    arguments = parsed(add_parser, "backend", *words)
    network = system_network(timeout_s=5)
    code = await run(arguments, cast("Backend", backend), network, screen.out, screen.data)
    return code, screen


def test_what_needs_no_password_ends_before_the_sign_in() -> None:
    state = state_of(587, "")
    assert last_without_sign_in(state.profile) == "secure"
    assert last_without_sign_in(state_of(465, "", security="tls").profile) == "greet"


async def test_both_places_pass_and_the_desk_says_that_it_lacks_the_password(state: ProfileState) -> None:
    backend = FarBackend(state)
    code, screen = await examined(backend)
    assert code == 0
    assert backend.asked == [(3, None)]
    assert screen.said.startswith(text("two_sides.finding.both-pass"))
    assert "no further than the encrypted connection" in screen.said


async def test_a_port_blocked_at_the_backend_is_told_first(state: ProfileState) -> None:
    code, screen = await examined(FarBackend(state, stopped(BLOCKED)))
    assert code == 1
    assert screen.said.startswith("It works from your desk. Where the notification backend runs")
    lines = screen.people.getvalue().splitlines()
    header = next(number for number, line in enumerate(lines) if text("two_sides.desk") in line)
    assert text("stages.connect.label") in lines[header + 1]
    assert "connection-timed-out" in lines[header + 1]
    assert text("owners.network-admin.name") in screen.said


async def test_as_json_both_diagnoses_are_whole(state: ProfileState) -> None:
    code, screen = await examined(FarBackend(state, stopped(BLOCKED)), "--json")
    made = msgspec.json.decode(screen.programs.getvalue())
    assert code == 1
    assert (made["schema"], made["finding"], made["stage"]) == ("sendwright.two-sided/1", "backend-stops", "connect")
    assert made["subject"]["host"] == "localhost"
    assert made["desk"]["verdict"] == "passed"
    assert made["backend"]["problem"] == "connection-timed-out"
    assert [row["stage"] for row in made["rows"] if row["differs"]] == ["connect"]
    assert screen.said == ""


async def test_with_the_password_the_desk_signs_in_too(state: ProfileState, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(NOTIFICATIONS.password + "\n")
    code, screen = await examined(FarBackend(state), "--password-file", str(file), "--json", "--to", "anna@example.org")
    rows = {row["stage"]: row for row in msgspec.json.decode(screen.programs.getvalue())["rows"]}
    assert code == 0
    assert rows["sign-in"]["desk"] == "passed"
    assert rows["submit"]["desk"] == "not-reached"
    assert NOTIFICATIONS.password not in screen.programs.getvalue()


async def test_a_wrong_password_at_the_desk_is_the_desks_problem(state: ProfileState, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("not it\n")
    code, screen = await examined(FarBackend(state), "--password-file", str(file), "--json")
    made = msgspec.json.decode(screen.programs.getvalue())
    assert code == 1
    assert (made["finding"], made["stage"]) == ("desk-stops", "sign-in")


async def test_a_former_version_can_be_tested(state: ProfileState) -> None:
    backend = FarBackend(state)
    code, _ = await examined(backend, "--version", "2")
    assert (code, backend.asked) == (0, [(2, None)])


@pytest.mark.parametrize("words", [(), ("--version", "99")])
async def test_nothing_to_test_is_said(state: ProfileState, words: tuple[str, ...]) -> None:
    backend = FarBackend(state if words else None)
    code, screen = await examined(backend, *words)
    assert code == 2
    assert screen.said == text("two_sides.nothing-in-force")
    assert backend.asked == []


@pytest.mark.parametrize("words", [(), ("--password-file", "/nonexistent/password")])
async def test_nothing_to_test_is_said_in_json_too(state: ProfileState, words: tuple[str, ...]) -> None:
    code, screen = await examined(FarBackend(state if words else None), "--json", *words)
    made = msgspec.json.decode(screen.programs.getvalue())
    assert code == 2
    assert (made["schema"], made["problem"]) == ("sendwright.two-sided/1", None)
    assert made["sentence"]
    assert screen.said == ""


def test_a_backend_that_cannot_be_asked_is_a_named_problem_in_json() -> None:
    screen = Screen()
    report_problem(explain(classify(UNREACHABLE.evidence)), screen.data)
    made = msgspec.json.decode(screen.programs.getvalue())
    assert made["problem"]["code"] == "backend-unreachable"
    assert made["sentence"] == made["problem"]["title"]


async def test_a_password_file_that_is_not_there_is_said_before_anything_is_tried(state: ProfileState) -> None:
    backend = FarBackend(state)
    code, screen = await examined(backend, "--password-file", "/nonexistent/password")
    assert code == 2
    assert "/nonexistent/password" in screen.said
    assert backend.asked == []


async def test_a_backend_that_is_gone_is_a_named_problem(state: ProfileState) -> None:
    with pytest.raises(HandoffFailed):
        await examined(FarBackend(state, failure=UNREACHABLE))


async def test_a_sender_of_another_version_is_tested_by_the_backend_alone(state: ProfileState) -> None:
    newer = msgspec.structs.replace(state.profile, sender="pigeon", settings={"loft": "north"})
    backend = FarBackend(msgspec.structs.replace(state, profile=newer), results=stopped(BLOCKED))
    code, screen = await examined(backend)
    assert code == 1
    assert text("two_sides.finding.nothing-compared") in screen.said
    assert text("problems.connection-timed-out.title") in screen.said
