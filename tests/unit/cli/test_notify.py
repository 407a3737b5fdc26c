"""`sendwright notify` as people and scripts use it."""

import io
from pathlib import Path

import msgspec
import pytest
from tests.unit.cli.queue_fake import QUEUED, UNREACHABLE, FakeBackend, Screen, as_backend, parsed

from sendwright.cli.notify import LONGEST_CONTENT, Surroundings, add_parser, run
from sendwright.handoff.wire import NotificationState

SENT = msgspec.structs.replace(QUEUED, state="sent", provider_id="4bXyz")
FAILED = msgspec.structs.replace(
    QUEUED, state="failed", problem="recipient-unknown", problem_text="There is no such mailbox."
)
RETRYING = msgspec.structs.replace(QUEUED, state="retrying", problem="server-busy", problem_text="Busy.")


class Seconds:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.now += seconds


async def notified(
    backend: FakeBackend, *words: str, standard_input: str = "Hello from a pipe", screen: Screen | None = None
) -> tuple[int, Screen]:
    screen, seconds = screen or Screen(), Seconds()
    base = ("notify", "--kind", "comment", "--to", "Ann@Example.com", "--subject", "A comment")
    arguments = parsed(add_parser, *base, *words)
    around = Surroundings(standard_input=io.StringIO(standard_input), clock=seconds, pause=seconds.pause)
    code = await run(arguments, as_backend(backend), screen.out, screen.data, surroundings=around)
    return code, screen


async def test_a_notification_is_handed_over_and_its_number_said(tmp_path: Path) -> None:
    text, html, backend = tmp_path / "a.txt", tmp_path / "a.html", FakeBackend()
    text.write_text("Grüße", encoding="utf-8")
    html.write_text("<p>Grüße</p>", encoding="utf-8")
    code, screen = await notified(backend, "--text", str(text), "--html", str(html))
    [(request, key)] = backend.requests
    assert (code, request.to, request.kind, request.subject) == (0, "Ann@example.com", "comment", "A comment")
    assert (request.text, request.html) == ("Grüße", "<p>Grüße</p>")
    assert len(key) == 36
    assert screen.said == "The notification was accepted. Its number is 0001"
    assert backend.looks == 0


async def test_every_call_is_a_notification_of_its_own() -> None:
    backend = FakeBackend()
    await notified(backend, "--text", "-")
    await notified(backend, "--text", "-")
    assert backend.requests[0][1] != backend.requests[1][1]
    assert backend.requests[0][0].text == "Hello from a pipe"


@pytest.mark.parametrize(
    ("ends", "code", "said"),
    [
        ([QUEUED, RETRYING, SENT], 0, "The mail server took it. Its own number for it is 4bXyz"),
        ([msgspec.structs.replace(SENT, provider_id=None)], 0, "The mail server took it."),
        ([FAILED], 1, "It could not be sent. There is no such mailbox."),
        ([FAILED], 1, "sendwright explain recipient-unknown"),
        ([msgspec.structs.replace(FAILED, state="expired")], 1, "It was not sent in time. There is no such mailbox."),
        ([RETRYING], 1, "It could not be sent yet and is tried again. Busy."),
        ([QUEUED], 1, "It still waits for its turn."),
        ([msgspec.structs.replace(QUEUED, state="sending")], 1, "It is being handed to the mail server."),
        ([msgspec.structs.replace(SENT, perhaps_twice=True)], 0, "the recipient may have the message twice."),
    ],
)
async def test_with_wait_the_end_is_told(ends: list[NotificationState], code: int, said: str) -> None:
    backend = FakeBackend(becomes=list(ends))
    found, screen = await notified(backend, "--text", "-", "--wait", "--timeout", "10")
    assert found == code
    assert said in screen.said


async def test_waiting_has_an_end() -> None:
    backend = FakeBackend(becomes=[RETRYING])
    code, _ = await notified(backend, "--text", "-", "--wait", "--timeout", "5")
    assert (code, backend.looks) == (1, 10)


async def test_the_json_is_the_state_and_nothing_else() -> None:
    code, screen = await notified(FakeBackend(becomes=[SENT]), "--text", "-", "--json", "--wait")
    notification = screen.json["notification"]
    assert code == 0
    assert screen.json["schema"] == "sendwright.notification/1"
    assert screen.json["problem"] is None
    assert isinstance(notification, dict)
    assert (notification["id"], notification["state"]) == ("0001", "sent")
    assert screen.said == ""


async def test_a_backend_that_cannot_be_reached_is_explained() -> None:
    code, screen = await notified(FakeBackend(failure=UNREACHABLE), "--text", "-")
    assert code == 1
    assert "backend-unreachable" in screen.said
    code, screen = await notified(FakeBackend(failure=UNREACHABLE), "--text", "-", "--json")
    problem = screen.json["problem"]
    assert code == 1
    assert isinstance(problem, dict)
    assert (problem["code"], screen.json["notification"]) == ("backend-unreachable", None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--text", "-", "--html", "-"), "Only one of"),
        (("--text", "/nowhere/at-all.txt"), "/nowhere/at-all.txt cannot be read"),
        (("--text", "-", "--to", "nobody"), "--to:"),
        (("--text", "-", "--subject", "A\r\nBcc: eve@example.com"), "--subject: The subject cannot be used."),
        (("--text", "-", "--subject", " "), "--subject: The subject cannot be used."),
        (("--text", "-", "--subject", "x" * 999), "--subject: The subject cannot be used."),
        (("--text", "/dev/null"), "The notification says nothing."),
        (("--text", "/dev/zero"), "/dev/zero cannot be read"),
        (("--html", "/dev/zero"), "/dev/zero cannot be read"),
    ],
)
async def test_what_makes_no_notification_is_said_before_anything_is_handed_over(
    words: tuple[str, ...], said: str
) -> None:
    backend = FakeBackend()
    code, screen = await notified(backend, *words)
    assert (code, backend.requests) == (2, [])
    assert said in screen.said


async def test_a_pipe_without_an_end_is_not_read_to_its_end() -> None:
    backend = FakeBackend()
    code, screen = await notified(backend, "--text", "-", standard_input="x" * (LONGEST_CONTENT + 1))
    assert (code, backend.requests) == (2, [])
    assert "cannot be read" in screen.said


async def test_a_backend_that_is_lost_while_waiting_does_not_make_the_notification_unknown() -> None:
    class Vanishing(FakeBackend):
        async def notification(self, notification_id: str) -> NotificationState:
            raise UNREACHABLE

    code, screen = await notified(Vanishing(), "--text", "-", "--wait", "--json")
    notification, problem = screen.json["notification"], screen.json["problem"]
    assert code == 1
    assert isinstance(notification, dict)
    assert isinstance(problem, dict)
    assert (notification["id"], problem["code"]) == ("0001", "backend-unreachable")


async def test_without_a_file_the_subject_is_the_message() -> None:
    backend = FakeBackend()
    code, _ = await notified(backend)
    assert code == 0
    ((request, _),) = backend.requests
    assert request.text == request.subject


async def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\xff\xfe")
    code, screen = await notified(FakeBackend(), "--html", str(file))
    assert code == 2
    assert "cannot be read as text" in screen.said


@pytest.mark.parametrize("words", [("--kind", "advert"), ("--timeout", "0"), ("--timeout", "x")])
def test_wrong_words_are_wrong_usage(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parsed(add_parser, "notify", "--kind", "comment", "--to", "a@example.com", "--subject", "S", *words)
    assert left.value.code == 2
    assert words[0] in capsys.readouterr().err
