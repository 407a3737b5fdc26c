"""The parts of a diagnosis file as lines of JSON."""

import math
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from sendwright.diagnosis.report import report
from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.diagnosis_file import limits
from sendwright.diagnosis_file.contents import DiagnosisFile, Shown
from sendwright.diagnosis_file.own_words import harmless
from sendwright.diagnosis_file.plain_json import Budget
from sendwright.recording.pseudonyms import USER_NAMES, Pseudonyms
from sendwright.texts import LANGUAGES, speaking

DIAGNOSIS: Final = "diagnosis.jsonl"
STAGES: Final = "stages.jsonl"
PROBLEMS: Final = "problems.jsonl"
EVENTS: Final = "events.jsonl"
SCREENS: Final = "screens.jsonl"
ENVIRONMENT: Final = "environment.jsonl"
WALL: Final = "wall.jsonl"
SIDES: Final = "sides.jsonl"


class FactOfEnvironment(msgspec.Struct, frozen=True):
    """A line of `environment.jsonl`."""

    name: str
    value: str


def parts(file: DiagnosisFile, pseudonyms: Pseudonyms) -> dict[str, bytes]:
    """Return the content of each part but the manifest; every string has gone through `pseudonyms`.

    That happens twice: a name is known as somebody's wherever it stands once it was seen in an address.
    """
    _written(file, pseudonyms)
    return _written(file, pseudonyms)


def _written(file: DiagnosisFile, pseudonyms: Pseudonyms) -> dict[str, bytes]:
    lines: dict[str, Iterable[object]] = {
        DIAGNOSIS: (_report(file),),
        STAGES: file.stages,
        PROBLEMS: file.problems,
        EVENTS: _bounded(file.events),
        SCREENS: _without_addresses(file.screens),
        ENVIRONMENT: [FactOfEnvironment(name, value) for name, value in file.environment.items()],
        WALL: () if file.wall is None else (file.wall,),
        SIDES: () if file.sides is None else (file.sides,),
    }
    return {name: b"".join(_line(value, pseudonyms) for value in values) for name, values in lines.items()}


def _report(file: DiagnosisFile) -> object:
    """Return the report in the language that was in use when the file was made."""
    order = SMTP_STAGES if file.subject.get("kind") == "smtp" else tuple(stage.id for stage in file.stages)
    with speaking(file.language if file.language in LANGUAGES else None):
        return report(file.subject, file.stages, order=order)


def _without_addresses(screens: tuple[Shown, ...]) -> list[Shown]:
    """Return `screens` without addresses to open: a sign-in page's belongs to one attempt alone."""
    budget = Budget(limits.RESULTS)
    return [msgspec.structs.replace(shown, screen=harmless(shown.screen, budget)) for shown in screens]


def _bounded(events: tuple[object, ...]) -> tuple[object, ...]:
    """Return `events`, of very many the beginning and the end: there the story starts, and there it went wrong."""
    half = limits.LINES // 2
    return events if len(events) <= limits.LINES else (*events[:half], *events[-half:])


def _line(value: object, pseudonyms: Pseudonyms) -> bytes:
    return msgspec.json.encode(_clean(msgspec.to_builtins(value), pseudonyms)) + b"\n"


def _clean(value: object, pseudonyms: Pseudonyms) -> object:
    """Return `value` as every JSON reader can take it: numbers that fit, strings that are Unicode."""
    match value:
        case str():
            return pseudonyms.hide(_unicode(value))
        case Mapping():
            return _clean_members(value, pseudonyms)
        case list() | tuple():
            return [_clean(inner, pseudonyms) for inner in value]
        case float():
            return value if math.isfinite(value) else 0.0
        case int() if abs(value) > limits.LARGEST_NUMBER:
            return str(value)
        case _:
            return value


def _clean_members(value: Mapping[object, object], pseudonyms: Pseudonyms) -> dict[str, object]:
    """Return the members of an object; those that name a person are hidden although they are no address."""
    words = {str(name): _unicode(inner) for name, inner in value.items() if isinstance(inner, str)}
    hidden = pseudonyms.hide_values(words)
    asked = words.get("name", "")
    if asked in USER_NAMES and "value" in words:  # the field of a form, or a line of a review
        hidden["value"] = pseudonyms.hide_values({asked: words["value"]})[asked]
    return {
        pseudonyms.hide(_unicode(str(name))): hidden[str(name)] if isinstance(inner, str) else _clean(inner, pseudonyms)
        for name, inner in value.items()
    }


def _unicode(words: str) -> str:
    """Return `words` without halves of characters, as octets that are no UTF-8 leave them."""
    return words.encode("utf-8", "backslashreplace").decode("utf-8")
