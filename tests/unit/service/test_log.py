"""The log says what happened without saying whom it happened to."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from sendwright.service.log import FIELDS, start_log


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, ours = logging.getLogger(), logging.getLogger("sendwright.service")
    before = (root.handlers, root.level, ours.level)
    yield io.StringIO()
    root.handlers, root.level = before[0], before[1]
    ours.setLevel(before[2])


def written(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_holds_the_event_and_allowed_fields_only(stream: io.StringIO) -> None:
    log = start_log(stream)
    log.info("sender-switched", extra={"version": 3, "recipient": "ann@example.com", "password": "canary"})
    [line] = written(stream)
    assert (line["event"], line["version"], line["level"]) == ("sender-switched", 3, "info")
    assert set(line) == {"at", "level", "event", "version"}


def test_words_of_other_libraries_are_not_repeated(stream: io.StringIO) -> None:
    start_log(stream)
    logging.getLogger("some.library").warning("sign-in of %s failed", "ann@example.com")
    logging.getLogger("some.library").info("chatter")
    [line] = written(stream)
    assert (line["library"], set(line)) == ("some.library", {"at", "level", "library"})


def test_an_exception_is_told_by_type_and_place(stream: io.StringIO) -> None:
    log = start_log(stream)
    try:
        try:
            int("canary")
        except ValueError as error:
            raise RuntimeError("canary again") from error
    except RuntimeError:
        log.exception("request-failed")
    [line] = written(stream)
    assert "canary" not in stream.getvalue()
    places = line["exception"]
    assert isinstance(places, list)
    assert [place.split()[0] for place in places] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert all("test_log.py:" in place for place in places)


def test_arguments_of_our_own_lines_are_not_filled_in(stream: io.StringIO) -> None:
    log = start_log(stream)
    log.warning("attempt %s ended", "canary")
    assert "canary" not in stream.getvalue()


def test_no_allowed_field_is_about_a_person() -> None:
    assert not FIELDS & {"address", "recipient", "to", "sender", "subject", "token", "device", "password", "text"}
