"""Canaries: fifty kinds of secrets, in every spelling, through every way into the recorder; none comes out."""

import pytest
from tests.unit.recording.canaries import FORMS, KINDS, leaks

from sendwright.recording.event import Event, Layer
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret


def shown(events: tuple[Event, ...]) -> str:
    return "\n".join("\n".join((event.name, event.text, *event.values, *event.values.values())) for event in events)


def test_there_are_fifty_kinds_and_each_is_found_where_it_is() -> None:
    assert len(KINDS) >= 50
    assert len(set(KINDS.values())) == len(KINDS)
    for secret in KINDS.values():
        assert leaks(f"say {secret} again", secret)


@pytest.mark.parametrize("kind", KINDS)
def test_no_spelling_of_a_known_secret_is_kept(kind: str) -> None:
    secret = KINDS[kind]
    recorder = WireRecorder(first=10_000)
    recorder.learn(Secret(secret))
    for form in FORMS.values():
        recorder.note(Layer.SMTP, "heard", text=f"535 5.7.8 {form(secret)} 17", told=form(secret))
    left = {
        name: (event, found)
        for name, event in zip(FORMS, recorder.events, strict=True)
        if (found := leaks(shown((event,)), secret))
    }
    assert not left
