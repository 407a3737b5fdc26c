"""What a recorder keeps, what it leaves out, and what it never does."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.event import Event, Layer
from sendwright.recording.recorder import SIGNING_IN, SILENCE, Recorder
from sendwright.recording.redactor import Redactor
from sendwright.recording.wire_recorder import LOOKED_AT, TEXT_LIMIT, WireRecorder
from sendwright.secret import Secret

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "canary-Falke-42%&"


def ticking(step_s: float = 0.5) -> Callable[[], float]:
    """A timer that goes on by `step_s` whenever it is looked at."""
    now = 100.0

    def read() -> float:
        nonlocal now
        now += step_s
        return now

    return read


def numbered(recorder: WireRecorder, count: int) -> None:
    for number in range(count):
        recorder.note(Layer.SMTP, "said", text=str(number))


def texts(events: tuple[Event, ...]) -> list[str]:
    return [event.text for event in events]


def test_events_carry_the_time_since_the_recorder_began() -> None:
    recorder = WireRecorder(timer=ticking(), clock=lambda: NOON)
    recorder.note(Layer.DNS, "asked", host="mail.example.org")
    recorder.note(Layer.TCP, "connecting", address="192.0.2.1", port="587")
    assert recorder.began == NOON
    assert recorder.events == (
        Event(at_ms=500.0, layer=Layer.DNS, name="asked", values={"host": "mail.example.org"}),
        Event(at_ms=1000.0, layer=Layer.TCP, name="connecting", values={"address": "192.0.2.1", "port": "587"}),
    )


def test_the_beginning_and_the_latest_are_kept() -> None:
    recorder = WireRecorder(first=3, latest=4)
    numbered(recorder, 20)
    assert texts(recorder.events) == ["0", "1", "2", "16", "17", "18", "19"]
    assert recorder.left_out == 13


@given(st.integers(0, 5), st.integers(1, 5), st.integers(0, 30))
def test_never_more_is_kept_than_was_asked_for(first: int, latest: int, count: int) -> None:
    recorder = WireRecorder(first=first, latest=latest)
    numbered(recorder, count)
    assert len(recorder.events) == min(count, first + latest)
    assert len(recorder.events) + recorder.left_out == count


def test_one_diagnosis_part_is_cut_out() -> None:
    recorder = WireRecorder()
    numbered(recorder, 2)
    mark = recorder.mark()
    recorder.note(Layer.TLS, "started", text="mine")
    assert texts(recorder.since(mark)) == ["mine"]
    assert recorder.since(recorder.mark()) == ()
    assert len(recorder.events) == 3


def test_a_part_that_fell_out_of_the_ring_is_not_replaced_by_another() -> None:
    recorder = WireRecorder(first=1, latest=2)
    mark = recorder.mark()
    numbered(recorder, 10)
    assert texts(recorder.since(mark + 1)) == ["8", "9"]


def test_a_secret_is_cut_before_it_is_kept_and_out_of_older_events_when_they_are_read() -> None:
    recorder = WireRecorder()
    recorder.note(Layer.SMTP, "heard", text=f"old {SECRET}", about=SECRET)
    recorder.learn(Secret(SECRET))
    recorder.note(Layer.SMTP, "heard", text=f"new {SECRET}", about=SECRET)
    assert texts(recorder.events) == ["old […]", "new […]"]
    assert [event.values for event in recorder.events] == [{"about": "[…]"}] * 2
    assert [entry.event.text for entry in recorder._first] == ["old […]", "new […]"]


def test_secrets_are_given_once_each_and_never_printed() -> None:
    recorder = WireRecorder()
    for secret in (SECRET, "another-one", SECRET, ""):
        recorder.learn(Secret(secret))
    assert recorder.secrets == (Secret(SECRET), Secret("another-one"))
    printed = f"{recorder!r} {recorder} {recorder.secrets} {recorder._redactor!r}"
    assert SECRET not in printed
    assert "another-one" not in printed


def test_a_text_is_cleaned_without_being_kept() -> None:
    recorder = WireRecorder()
    recorder.learn(Secret(SECRET))
    assert recorder.clean(f"bell\x07 {SECRET} password=abc") == r"bell\x07 […] password=[…]"
    assert recorder.events == ()


def test_in_a_sign_in_also_what_only_looks_encoded_is_cut() -> None:
    recorder = WireRecorder()
    recorder.note(Layer.SMTP, "heard", text="535 5.7.8 dGhpcyBpcyBub3Qga25vd24h no", **SIGNING_IN)
    recorder.note(Layer.SMTP, "heard", text="250 queued as dGhpcyBpcyBub3Qga25vd24h")
    assert texts(recorder.events) == ["535 5.7.8 […] no", "250 queued as dGhpcyBpcyBub3Qga25vd24h"]


def test_long_texts_are_cut_after_they_were_cleaned() -> None:
    recorder = WireRecorder()
    recorder.learn(Secret(SECRET))
    recorder.note(Layer.HTTP, "body", text="x" * (TEXT_LIMIT - 5) + f" {SECRET}", about="y" * TEXT_LIMIT)
    (event,) = recorder.events
    assert event.text == "x" * (TEXT_LIMIT - 5) + " […]"
    assert event.values["about"] == "y" * (TEXT_LIMIT // 4) + "…"


@pytest.mark.parametrize("offset", [0, 3, 8, len(SECRET) + 1])
def test_no_secret_is_cut_in_two_by_the_end_of_what_is_looked_at(offset: int) -> None:
    recorder = WireRecorder(text_limit=2 * LOOKED_AT)
    recorder.learn(Secret(SECRET))
    recorder.note(Layer.HTTP, "body", text="x " * ((LOOKED_AT - offset) // 2) + SECRET * 3)
    (event,) = recorder.events
    assert "canary" not in event.text


def test_control_characters_and_lone_bytes_become_visible() -> None:
    recorder = WireRecorder()
    recorder.note(Layer.SMTP, "heard", text="550 \x1b[31m\udcff\u202e", reason="a\0b")
    (event,) = recorder.events
    assert event.text == r"550 \x1b[31m\xff\u202e"
    assert event.values == {"reason": r"a\x00b"}


def test_it_never_raises_and_shows_nothing_that_it_could_not_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object, text: str) -> str:
        raise RuntimeError(text)

    recorder = WireRecorder()
    recorder.note(Layer.SMTP, "heard", text=None)  # type: ignore[arg-type] # what a careless caller may give
    recorder.note(Layer.SMTP, "heard", count=5)  # type: ignore[arg-type]
    monkeypatch.setattr(Redactor, "clean", fail)
    recorder.note(Layer.SMTP, "heard", text="abc", about="def")
    assert [(event.text, event.values) for event in recorder.events] == [("", {}), ("", {"count": "5"}), ("[…]", {})]


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_nothing_that_may_be_said_makes_it_fail(text: str, secret: str) -> None:
    recorder = WireRecorder()
    recorder.learn(Secret(secret))
    recorder.note(Layer.SMTP, "heard", text=text, told=secret + text)
    assert len(recorder.events) == 1


def test_several_threads_may_note_at_once() -> None:
    recorder = WireRecorder(first=10, latest=5_000)
    threads = [threading.Thread(target=numbered, args=(recorder, 200)) for _ in range(6)]
    for thread in threads:
        thread.start()
    recorder.learn(Secret(SECRET))
    for thread in threads:
        thread.join()
    assert len(recorder.events) == 1_200
    times = [entry.number for entry in (*recorder._first, *recorder._latest)]
    assert times == list(range(1_200))


def test_silence_keeps_nothing_and_is_a_recorder_too() -> None:
    quiet: Recorder = SILENCE
    quiet.learn(Secret(SECRET))
    quiet.note(Layer.SMTP, "said", text=SECRET)
    assert not hasattr(quiet, "events")
    loud: Recorder = WireRecorder()
    assert loud is not None
