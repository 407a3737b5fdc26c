"""Octets changed at random: a file is read or refused, and nothing else happens."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.diagnosis_file.made import contents, diagnosis, forged, packed, wrong_password

from sendwright.diagnosis_file import DiagnosisFile, FileRefused, compare, pack, preview, unpack
from sendwright.diagnosis_file.wording import told_change, told_fact, told_refusal, told_subject
from sendwright.problems.explanation import explain
from sendwright.problems.ticket import ticket
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.texts import speaking

WHOLE = packed(diagnosis(wrong_password()))
PARTS = {name: content.decode() for name, content in contents(WHOLE).items() if name != "manifest.json"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def opened(octets: bytes) -> DiagnosisFile | None:
    """Read the file, if it can be read, and do everything with it that a face does."""
    try:
        file = unpack(octets)
    except FileRefused as refused:
        with speaking("en"):
            told_refusal(refused)
        return None
    pseudonyms = Pseudonyms(home="", computer="")
    assert preview(file, pseudonyms=pseudonyms)
    assert unpack(pack(file, secrets=(), pseudonyms=pseudonyms)).problems is not None
    told_subject(file.subject)
    for problem in (*file.problems, *(stage.problem for stage in file.stages if stage.problem)):
        explain(problem)
        ticket(problem, at=file.made_at)
    for change in compare(file, diagnosis()).changes:
        told_change(change)
    for name in file.environment:
        told_fact(name)
    return file


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_octets_are_refused(octets: bytes) -> None:
    assert opened(octets) is None
    assert opened(WHOLE[:4] + octets) is None


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), min_size=1, max_size=6))
def test_a_file_with_some_octets_changed_is_read_as_it_was_or_refused(changes: list[tuple[int, int]]) -> None:
    octets = bytearray(WHOLE)
    for place, difference in changes:
        octets[place] ^= difference
    file = opened(bytes(octets))
    assert file is None or file == diagnosis(wrong_password())


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 200), st.binary(max_size=40))
def test_a_file_with_a_piece_exchanged_is_read_as_it_was_or_refused(start: int, length: int, piece: bytes) -> None:
    file = opened(WHOLE[:start] + piece + WHOLE[start + length :])
    assert file is None or file == diagnosis(wrong_password())


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_part_with_letters_exchanged_and_all_checksums_right_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    content = PARTS[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 30, len(content))))
    piece = data.draw(st.text(max_size=12) | st.sampled_from(['"', "{}", "[", "\n", "null", "1e999", "\\u0000"]))
    changed = content[:start] + piece + content[end:]
    opened(forged({name: changed.encode("utf-8", "surrogatepass")}))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_a_part_with_a_value_exchanged_is_read_or_refused(name: str, data: st.DataObject) -> None:
    lines = [json.loads(line) for line in PARTS[name].splitlines()] or [{}]
    place: object = lines[data.draw(st.integers(0, len(lines) - 1))]
    while isinstance(place, dict) and place:
        member = data.draw(st.sampled_from(sorted(place)))
        inner = place[member]
        if isinstance(inner, dict) and inner and data.draw(st.booleans()):
            place = inner
            continue
        place[member] = data.draw(JSON)
        break
    opened(forged({name: b"".join(json.dumps(line).encode() + b"\n" for line in lines)}))
