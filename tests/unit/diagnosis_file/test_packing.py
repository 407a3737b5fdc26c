"""A diagnosis written down: whole, the same every time, with nobody's address in it."""

import json
from datetime import timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.diagnosis_file.made import (
    ADDRESS,
    HOST,
    NOON,
    contents,
    diagnosis,
    expired,
    hiding,
    nobody_hidden,
    packed,
    wrong_password,
)

from sendwright.diagnosis_file import DiagnosisFile, Shown, pack, preview, unpack
from sendwright.diagnosis_file.limits import LARGEST_NUMBER, LINES
from sendwright.recording.event import Event, Layer
from sendwright.texts import speaking

PARTS = [
    "manifest.json",
    "diagnosis.jsonl",
    "stages.jsonl",
    "problems.jsonl",
    "events.jsonl",
    "screens.jsonl",
    "environment.jsonl",
    "wall.jsonl",
    "sides.jsonl",
]


@pytest.mark.parametrize("problem", [None, wrong_password(), expired()])
def test_what_was_packed_comes_out_again(problem: object) -> None:
    file = diagnosis(problem)
    assert unpack(packed(file)) == file


def test_maps_and_two_sided_tests_come_out_again() -> None:
    file = diagnosis(wall={"ports": [{"port": 587, "open": True}]}, sides={"desk": {"stages": []}, "backend": None})
    assert unpack(packed(file)) == file


def test_a_file_with_nothing_in_it_comes_out_again() -> None:
    file = DiagnosisFile(made_at=NOON, program="0.1.0", language="nl", subject={})
    assert unpack(packed(file)) == file


def test_the_moment_is_told_in_utc_whatever_the_zone_was() -> None:
    file = diagnosis(made_at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))))
    found = unpack(packed(file))
    assert found.made_at == NOON
    assert found.made_at.utcoffset() == timedelta(0)


def test_the_same_contents_give_the_same_octets() -> None:
    first, second = (pack(diagnosis(wrong_password()), secrets=(), pseudonyms=hiding()) for _ in range(2))
    assert first == second


def test_another_program_finds_the_manifest_first_and_every_part_as_it_says() -> None:
    entries = contents(packed(diagnosis(wrong_password())))
    assert list(entries) == PARTS
    manifest = json.loads(entries["manifest.json"])
    assert manifest["schema"] == "sendwright.diagnosis-file/1"
    assert (manifest["program"], manifest["made_at"]) == ("0.1.0", "2026-11-20T12:00:00Z")
    assert [entry["name"] for entry in manifest["entries"]] == PARTS[1:]
    for entry in manifest["entries"]:
        content = entries[entry["name"]]
        assert (entry["size"], entry["lines"]) == (len(content), len(content.splitlines()))
        assert all(isinstance(json.loads(line), dict) for line in content.splitlines())


def test_the_report_is_the_one_that_the_doctor_prints_in_the_language_of_then() -> None:
    with speaking("en"):
        entries = contents(packed(diagnosis(wrong_password(), language="fr")))
    report = json.loads(entries["diagnosis.jsonl"])
    assert report["schema"] == "sendwright.diagnosis/1"
    assert (report["verdict"], report["problem"]) == ("failed", "auth-wrong-credentials")
    assert report["problems"][0]["title"].startswith("Le nom d")
    assert [stage["id"] for stage in report["stages"]][:2] == ["resolve", "connect"]


def test_stages_of_another_kind_keep_their_own_order() -> None:
    file = diagnosis(wrong_password())
    entries = contents(packed(msgspec.structs.replace(file, subject={"kind": "gmail"}, stages=file.stages[4:6])))
    assert [stage["id"] for stage in json.loads(entries["diagnosis.jsonl"])["stages"]] == ["sign-in", "sender"]


def test_addresses_are_replaced_everywhere_and_by_the_same_name() -> None:
    screen = {"type": "form", "fields": [{"name": "username", "value": "anna.berger"}], "values": {"username": "anna"}}
    file = diagnosis(wrong_password(), screens=(Shown(at=NOON, screen=screen),), wall={"asked_by": ADDRESS})
    entries = contents(pack(file, secrets=(), pseudonyms=hiding()))
    whole = b"".join(entries.values())
    assert b"anna" not in whole
    assert b"person-1@contoso.com" in entries["stages.jsonl"]
    assert b"person-1@contoso.com" in entries["events.jsonl"]
    assert b"person-1@contoso.com" in entries["wall.jsonl"]
    assert HOST.encode() in entries["diagnosis.jsonl"]


def test_a_name_seen_alone_before_its_address_is_hidden_too() -> None:
    events = (
        Event(at_ms=1.0, layer=Layer.SMTP, name="heard", text="530 <anna.berger> must sign in"),
        Event(at_ms=2.0, layer=Layer.SMTP, name="said", text=f"MAIL FROM:<{ADDRESS}>"),
    )
    entries = contents(pack(diagnosis(events=events), secrets=(), pseudonyms=hiding()))
    assert b"anna" not in entries["events.jsonl"]


def test_addresses_stay_where_that_was_asked_for() -> None:
    entries = contents(pack(diagnosis(wrong_password()), secrets=(), pseudonyms=nobody_hidden()))
    assert ADDRESS.encode() in entries["events.jsonl"]


def test_the_preview_shows_every_line_of_the_file() -> None:
    file, pseudonyms = diagnosis(wrong_password()), hiding()
    shown = preview(file, pseudonyms=pseudonyms)
    saved = contents(pack(file, secrets=(), pseudonyms=pseudonyms))
    assert [entry.name for entry in shown] == PARTS
    assert {entry.name: list(entry.lines) for entry in shown} == {
        name: content.decode().splitlines() for name, content in saved.items()
    }


def test_the_preview_makes_visible_what_would_turn_the_line() -> None:
    shown = preview(diagnosis(environment={"locale": "a\u202eb\x9b\u2028\x85c"}), pseudonyms=nobody_hidden())
    lines = "".join(line for entry in shown for line in entry.lines)
    assert not {"\u202e", "\x9b"} & set(lines)
    assert r"a\u202eb\x9b\u2028\x85c" in lines
    assert [len(entry.lines) for entry in shown if entry.name == "environment.jsonl"] == [1]


def test_the_address_of_a_sign_in_page_stays_out() -> None:
    screen = {"type": "consent", "step": "connect", "url": "https://login.example.org/?state=a1b2c3"}
    entries = contents(packed(diagnosis(screens=(Shown(at=NOON, screen=screen),))))
    assert b"login.example.org" not in b"".join(entries.values())
    assert json.loads(entries["screens.jsonl"])["screen"]["step"] == "connect"


@pytest.mark.parametrize(
    ("odd", "written"),
    [
        (float("nan"), 0.0),
        (float("inf"), 0.0),
        (LARGEST_NUMBER + 1, str(LARGEST_NUMBER + 1)),
        (LARGEST_NUMBER, LARGEST_NUMBER),
        (True, True),
        (None, None),
        ("\udcff", r"\udcff"),
        ((1, "a"), [1, "a"]),
        ({7: "a"}, {"7": "a"}),
    ],
)
def test_what_json_cannot_hold_is_written_as_what_it_can(odd: object, written: object) -> None:
    assert unpack(packed(diagnosis(wall={"seen": odd}))).wall == {"seen": written}


def test_of_very_many_events_the_first_and_the_last_are_kept() -> None:
    events = tuple(Event(at_ms=float(number), layer=Layer.TCP, name="tick") for number in range(LINES + 10))
    kept = unpack(packed(diagnosis(events=events))).events
    assert len(kept) == LINES
    assert (kept[0].at_ms, kept[-1].at_ms) == (0.0, LINES + 9.0)


PLAIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Cs", "Cn")))


@settings(deadline=None)
@given(
    text=PLAIN,
    values=st.dictionaries(PLAIN, PLAIN, max_size=4),
    took=st.floats(0, 1e9),
    tree=st.recursive(
        st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | PLAIN,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=12,
    ),
)
def test_whatever_was_seen_comes_out_again(text: str, values: dict[str, str], took: float, tree: object) -> None:
    events = (Event(at_ms=took, layer=Layer.HTTP, name="heard", text=text, values=values),)
    file = diagnosis(events=events, wall={"seen": tree}, environment=values)
    assert unpack(packed(file)) == file


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_keeps_a_file_from_being_written_and_read(text: str, name: str) -> None:
    file = diagnosis(
        wrong_password(),
        events=(Event(at_ms=1.0, layer=Layer.SMTP, name="heard", text=text, values={name: text}),),
        wall={name: [text]},
    )
    assert unpack(pack(file, secrets=(), pseudonyms=hiding())).subject == file.subject
