"""What stands in the parts: only what is a diagnosis is read, and nothing of it can be pressed."""

import json
from pathlib import Path

import msgspec
import pytest
from tests.unit.diagnosis_file.made import contents, diagnosis, forged, line, packed, wrong_password, zipped

from sendwright.diagnosis_file import FileRefused, limits, read, unpack

STAGE = {"id": "connect", "verdict": "passed", "took_ms": 1}
EVENT = {"at_ms": 1, "layer": "tcp", "name": "connected"}
SHOWN = {"at": "2026-11-20T12:00:00Z", "screen": {"type": "form"}}


def problem(**changed: object) -> dict[str, object]:
    return {**msgspec.to_builtins(wrong_password()), **changed}


def code_of(octets: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        unpack(octets)
    return refused.value.code


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * depth + b"]" * depth + b"}\n"


def test_a_file_put_together_by_hand_is_read() -> None:
    assert unpack(forged()) == diagnosis(wrong_password())


@pytest.mark.parametrize(
    "changed",
    [
        {"events.jsonl": None, "screens.jsonl": None, "environment.jsonl": None},
        {"stages.jsonl": None, "problems.jsonl": None, "wall.jsonl": None, "sides.jsonl": None},
        {"weather.jsonl": b'{"sunny": true}\n'},
        {"events.jsonl": line({**EVENT, "mood": "fine"})},
    ],
)
def test_what_is_missing_or_not_known_is_passed_over(changed: dict[str, bytes | None]) -> None:
    assert unpack(forged(changed)).subject == diagnosis().subject


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ("sendwright.diagnosis-file/2", "newer-version"),
        ("sendwright.diagnosis-file/17", "newer-version"),
        ("sendwright.diagnosis-file/0", "not-a-diagnosis"),
        ("sendwright.diagnosis-file/x", "not-a-diagnosis"),
        ("sendwright.diagnosis-file/1 ", "not-a-diagnosis"),
        ("other.file/1", "not-a-diagnosis"),
        ("", "not-a-diagnosis"),
        (None, "not-a-diagnosis"),
        (1, "not-a-diagnosis"),
    ],
)
def test_another_version_or_kind_of_file_is_named(schema: object, code: str) -> None:
    assert code_of(forged(manifest={"schema": schema})) == code


def test_a_newer_version_is_named_although_nothing_else_is_understood() -> None:
    manifest = {"schema": "sendwright.diagnosis-file/3", "chapters": []}
    assert code_of(zipped({"manifest.json": line(manifest), "chapters.jsonl": b"{}\n"})) == "newer-version"


@pytest.mark.parametrize(
    "entries",
    [
        {"events.jsonl": b"{}\n"},
        {"events.jsonl": b"{}\n", "manifest.json": b"{}"},
        {"manifest.json": b""},
        {"manifest.json": b"[]"},
        {"manifest.json": b"\xff\xfe"},
        {"manifest.json": b"[" * 100_000},
    ],
)
def test_a_zip_without_our_manifest_in_front_is_no_diagnosis(entries: dict[str, bytes]) -> None:
    assert code_of(zipped(entries)) == "not-a-diagnosis"


@pytest.mark.parametrize(
    "manifest",
    [
        {"made_at": "yesterday"},
        {"made_at": "2026-11-20T12:00:00"},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"made_at": 5},
        {"program": None},
        {"language": 7},
        {"entries": 1},
        {"entries": [{}]},
    ],
)
def test_a_manifest_of_another_shape_is_refused(manifest: dict[str, object]) -> None:
    assert code_of(forged(manifest=manifest)) == "content"


def test_a_part_that_was_changed_afterwards_is_refused() -> None:
    entries = contents(packed(diagnosis(wrong_password())))
    for name in entries:
        if name != "manifest.json":
            assert code_of(zipped({**entries, name: entries[name] + b"{}\n"})) == "checksum", name
    assert code_of(zipped({**entries, "extra.jsonl": b""})) == "checksum"
    del entries["events.jsonl"]
    assert code_of(zipped(entries)) == "checksum"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "checksum"),
        ([{"name": "events.jsonl", "size": 1, "sha256": "", "lines": 1}] * 2, "checksum"),
    ],
)
def test_a_manifest_that_lists_other_parts_is_refused(entries: list[object], code: str) -> None:
    assert code_of(forged(manifest={"entries": entries})) == code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("events.jsonl", b"\xff\n", "not-text"),
        ("events.jsonl", b"\xed\xa0\x80\n", "not-text"),
        ("events.jsonl", b'{"a":"\0"}\n', "not-text"),
        ("events.jsonl", "{}\n".encode("utf-16"), "not-text"),
        ("events.jsonl", b"+AHs-+AH0-\n", "content"),  # UTF-7
        ("events.jsonl", b"\xef\xbb\xbf{}\n", "content"),
        ("events.jsonl", b"{}", "damaged"),
        ("events.jsonl", b"\n", "content"),
        ("events.jsonl", b"{}\n\n", "content"),
        ("events.jsonl", b"{]\n", "content"),
        ("events.jsonl", b"{} {}\n", "content"),
        ("events.jsonl", b'"\\ud800"\n', "content"),
        ("events.jsonl", b"NaN\n", "content"),
        ("events.jsonl", b"[]\n", "content"),
        ("events.jsonl", b"null\n", "content"),
        ("events.jsonl", line({**EVENT, "layer": "carrier-pigeon"}), "content"),
        ("events.jsonl", line({**EVENT, "text": 7}), "content"),
        ("events.jsonl", line({**EVENT, "values": {"port": 587}}), "content"),
        ("events.jsonl", line(EVENT).replace(b"1,", b"1e999,"), "content"),
        ("events.jsonl", line(EVENT) * (limits.LINES + 1), "too-complex"),
        ("events.jsonl", line({**EVENT, "text": "a" * limits.LINE}), "too-complex"),
        ("wall.jsonl", nested(limits.DEPTH + 1), "too-complex"),
        ("wall.jsonl", nested(100_000), "too-complex"),
        ("wall.jsonl", b"[" * 500_000 + b"\n", "too-complex"),
        ("wall.jsonl", (b"[" + b"1," * 400_000 + b"1]\n") * 3, "too-complex"),
        ("wall.jsonl", b"{}\n{}\n", "too-complex"),
        ("wall.jsonl", b"[]\n", "content"),
        ("wall.jsonl", line({"n": 2**63}), "content"),
        ("wall.jsonl", line({"n": -(2**70)}), "content"),
        ("wall.jsonl", b'{"n": ' + b"9" * 5000 + b"}\n", "content"),
        ("diagnosis.jsonl", b"", "content"),
        ("diagnosis.jsonl", b"{}\n", "content"),
        ("diagnosis.jsonl", line({"subject": {}}) * 2, "content"),
        ("diagnosis.jsonl", line({"subject": {"host": ["x"]}}), "content"),
        ("stages.jsonl", line({**STAGE, "verdict": "perhaps"}), "content"),
        ("stages.jsonl", line({**STAGE, "took_ms": -1}), "content"),
        ("stages.jsonl", line({**STAGE, "took_ms": None}), "content"),
        ("stages.jsonl", line({**STAGE, "took_ms": 1e13}), "content"),
        ("events.jsonl", line({**EVENT, "at_ms": -1}), "content"),
        ("events.jsonl", line({**EVENT, "values": {str(n): "x" for n in range(101)}}), "content"),
        ("events.jsonl", line({**EVENT, "at_ms": 1e300}), "content"),
        ("stages.jsonl", line({**STAGE, "id": "../x"}), "content"),
        ("stages.jsonl", line({**STAGE, "id": ""}), "content"),
        ("stages.jsonl", line({**STAGE, "evidence": []}), "content"),
        ("stages.jsonl", line(STAGE) * (limits.RESULTS + 1), "too-complex"),
        ("problems.jsonl", line(problem(code="No Code")), "content"),
        ("problems.jsonl", line(problem(code="x.title")), "content"),
        ("problems.jsonl", line(problem(owner="the-cat")), "content"),
        ("problems.jsonl", line(problem(remedies=[{"kind": "run", "label": "x"}])), "content"),
        ("problems.jsonl", line(problem()) * (limits.RESULTS + 1), "too-complex"),
        ("screens.jsonl", line({**SHOWN, "at": "2026-11-20T12:00:00"}), "content"),
        ("screens.jsonl", line({**SHOWN, "at": "noon"}), "content"),
        ("screens.jsonl", line({**SHOWN, "at": "0001-01-01T00:00:00+14:00"}), "content"),
        ("screens.jsonl", line({**SHOWN, "at": "9999-12-31T23:59:59-12:00"}), "content"),
        ("screens.jsonl", line({**SHOWN, "at": "1969-12-31T23:59:59Z"}), "content"),
        ("screens.jsonl", line({**SHOWN, "screen": "form"}), "content"),
        ("screens.jsonl", line({**SHOWN, "screen": {"problem": problem(code="A")}}), "content"),
        ("screens.jsonl", line({**SHOWN, "screen": {"problem": problem(owner="cat")}}), "content"),
        ("screens.jsonl", line({**SHOWN, "screen": {"all": [problem()] * (limits.RESULTS + 1)}}), "too-complex"),
        ("environment.jsonl", line({"name": "system"}), "content"),
        ("environment.jsonl", line({"name": "system", "value": 6}), "content"),
    ],
)
def test_a_part_that_is_not_what_it_should_be_is_refused(name: str, content: bytes, code: str) -> None:
    assert code_of(forged({name: content})) == code


def test_json_may_be_nested_as_deep_as_a_diagnosis_needs() -> None:
    assert unpack(forged({"wall.jsonl": nested(limits.DEPTH)})).wall is not None


def test_control_characters_are_made_visible_wherever_they_stand() -> None:
    odd = "a\x1b[31m\u202e\u2066\x9b\r\u200bz"
    shown = r"a\x1b[31m\u202e\u2066\x9b\r\u200bz"
    file = unpack(
        forged(
            {
                "events.jsonl": line({**EVENT, "text": odd, "values": {odd: odd}}),
                "wall.jsonl": line({odd: [{"a": odd}]}),
                "environment.jsonl": line({"name": odd, "value": odd}),
                "diagnosis.jsonl": line({"subject": {"host": odd}}),
            },
            manifest={"program": odd, "language": odd},
        )
    )
    assert (file.events[0].text, file.events[0].values) == (shown, {shown: shown})
    assert file.wall == {shown: [{"a": shown}]}
    assert (file.environment, file.subject) == ({shown: shown}, {"host": shown})
    assert (file.program, file.language) == (shown, shown)


def test_words_that_another_side_said_at_too_great_length_are_cut() -> None:
    evidence = {"stage": "greet", "system": "smtp", "text": "a" * 900_000}
    (found,) = unpack(forged({"problems.jsonl": line(problem(evidence=evidence))})).problems
    assert len(found.evidence.text) == limits.WORDS


def test_a_file_is_read_from_its_place(tmp_path: Path) -> None:
    place = tmp_path / "any name at all"
    place.write_bytes(packed(diagnosis()))
    assert read(place) == diagnosis()


@pytest.mark.parametrize("name", ["missing", ".", "a\0b", "x" * 5000])
def test_a_place_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / name)
    assert refused.value.code == "unreadable"


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(FileRefused) as refused:
        read(Path("/dev/zero"))
    assert refused.value.code == "too-large"


def test_the_exception_says_the_code_and_nothing_of_the_file() -> None:
    with pytest.raises(FileRefused) as refused:
        unpack(forged({"events.jsonl": b'{"password": "wax-Falke-42"}\n'}))
    assert str(refused.value) == "content"
    assert json.dumps(refused.value.args) == '["content"]'


def test_more_words_than_a_recorder_keeps_are_cut() -> None:
    long = {**EVENT, "text": "ab " * 9_000, "values": {"name": "x" * 20_000}}
    (event,) = unpack(forged({"events.jsonl": line(long)})).events
    assert event.text == ("ab " * 9_000)[: limits.EVENT_WORDS]
    assert event.values == {"name": "x" * limits.EVENT_WORDS}
