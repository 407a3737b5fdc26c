"""`sendwright disconnect`: what is asked, what is done, and how it is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import pytest
from tests.unit.cli.queue_fake import AT, ORGANISATION, UNREACHABLE, FakeBackend, Screen, as_backend, parsed

from sendwright.cli.disconnect import add_parser, report_problem, run
from sendwright.cli.terminal import Terminal
from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.wire import Ended, Organisation, ProfileState
from sendwright.problems.classify import classify
from sendwright.problems.explanation import explain
from sendwright.profile import SenderProfile
from sendwright.providers.custom_smtp.provider import CustomSmtp

PROFILE = SenderProfile(
    provider="custom_smtp", sender="smtp", address="notifications@contoso.com", alias="Contoso", settings={}
)
STANDING = ProfileState(
    version=3, state="in-force", profile=PROFILE, credential=None, created_at=AT, created_by="Ann's laptop"
)
IN_FORCE = msgspec.structs.replace(ORGANISATION, in_force=STANDING)


@dataclass
class Ending(FakeBackend):
    """A backend that goes back, and remembers what it was asked."""

    shown: Organisation = IN_FORCE
    ended: Ended | HandoffFailed = field(default_factory=Ended)
    asked: list[bool] = field(default_factory=list)

    async def use_default(self, *, revoke: bool = False) -> Ended:
        self.asked.append(revoke)
        if isinstance(self.ended, HandoffFailed):
            raise self.ended
        return self.ended


async def disconnected(backend: FakeBackend, *words: str, typed: Iterable[str] = ()) -> tuple[int, Screen]:
    screen, lines = Screen(), iter(typed)

    def line(prompt: str) -> str:
        assert prompt == ""
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    terminal = Terminal(out=screen.out, data=screen.data, line=line, secret=lambda _: "")
    code = await run(parsed(add_parser, "disconnect", *words), as_backend(backend), terminal)
    return code, screen


@pytest.fixture
def revocable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CustomSmtp, "ending", lambda _self, _profile: "gmail.ending.platform")


async def test_it_says_what_will_happen_and_does_it_when_that_is_meant() -> None:
    backend = Ending()
    code, screen = await disconnected(backend, typed=["y"])
    assert code == 0
    assert backend.asked == [False]
    assert "in its one workspace, will come from no-reply@platform.example again" in screen.said
    assert "own address again, no-reply@platform.example." in screen.said
    assert "stays stored" in screen.said


@pytest.mark.parametrize("typed", [["n"], [""], ["<"], ["whatever"], []])
async def test_whatever_is_no_yes_changes_nothing(typed: list[str]) -> None:
    backend = Ending()
    code, screen = await disconnected(backend, typed=typed)
    assert code == 4
    assert backend.asked == []
    assert "Nothing was changed" in screen.said


async def test_with_yes_nobody_is_asked() -> None:
    backend = Ending()
    code, screen = await disconnected(backend, "--yes")
    assert code == 0
    assert backend.asked == [False]
    assert "will come from" not in screen.said


async def test_where_nothing_is_in_force_nothing_is_done() -> None:
    backend = Ending(shown=ORGANISATION)
    code, screen = await disconnected(backend, "--revoke")
    assert code == 0
    assert backend.asked == []
    assert "no-reply@platform.example. There is nothing to go back from." in screen.said
    _, screen = await disconnected(backend, "--json")
    assert screen.json["outcome"] == "unchanged"
    assert screen.json["former"] is None


async def test_to_revoke_where_there_is_nothing_to_revoke_is_wrong_usage() -> None:
    backend = Ending()
    code, screen = await disconnected(backend, "--revoke", "--yes")
    assert code == 2
    assert backend.asked == []
    assert "Leave out --revoke" in screen.said


@pytest.mark.usefixtures("revocable")
async def test_what_else_a_revoked_sign_in_ends_is_said_before() -> None:
    backend = Ending(ended=Ended(revoked=True))
    code, screen = await disconnected(backend, "--revoke", typed=["yes"])
    assert code == 0
    assert backend.asked == [True]
    assert screen.said.index("Every other product of the platform") < screen.said.index("has ended")


@pytest.mark.usefixtures("revocable")
async def test_a_sign_in_that_did_not_end_is_a_problem_though_the_sender_is_gone() -> None:
    backend = Ending(ended=Ended(revoked=False, problem="connection-refused"))
    code, screen = await disconnected(backend, "--revoke", "--yes")
    assert code == 1
    assert "could not end it at" in screen.said
    code, screen = await disconnected(backend, "--revoke", "--yes", "--json")
    assert code == 1
    assert screen.json["outcome"] == "default"
    assert screen.json["revoked"] is False
    assert screen.json["not_revoked"] == "connection-refused"


async def test_the_json_is_alone_on_standard_output() -> None:
    code, screen = await disconnected(Ending(), "--json", typed=["y"])
    assert code == 0
    assert screen.json == {
        "schema": "sendwright.disconnect/1",
        "outcome": "default",
        "former": msgspec.to_builtins(STANDING),
        "default_sender": {"address": "no-reply@platform.example", "alias": "Platform"},
        "revoked": None,
        "not_revoked": None,
        "problem": None,
    }
    code, screen = await disconnected(Ending(), "--json")
    assert code == 4
    assert screen.json["outcome"] == "cancelled"


@pytest.mark.parametrize("backend", [Ending(failure=UNREACHABLE), Ending(ended=UNREACHABLE)])
async def test_a_backend_that_does_not_answer_is_explained(backend: Ending) -> None:
    code, screen = await disconnected(backend, "--yes")
    assert code == 1
    assert explain(classify(UNREACHABLE.evidence)).title in screen.said
    code, screen = await disconnected(backend, "--yes", "--json")
    assert code == 1
    assert screen.json["outcome"] == "stopped"
    assert screen.json["problem"]["code"] == classify(UNREACHABLE.evidence).code  # type: ignore[index]


def test_a_backend_that_could_not_even_be_opened_is_reported_in_the_same_shape() -> None:
    screen = Screen()
    report_problem(explain(classify(UNREACHABLE.evidence)), screen.data)
    assert screen.json["schema"] == "sendwright.disconnect/1"
    assert screen.json["outcome"] == "stopped"
    assert screen.json["former"] is None
