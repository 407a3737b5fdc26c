"""The JSON of the map is documented, word by word."""

import re
from pathlib import Path

import msgspec
import pytest
from tests.unit.network.wall.made_walls import open_way, silent_way, wall_of

from sendwright.network.wall.draw import MOST_ADDRESSES
from sendwright.network.wall.wall import SCHEMA, Outcome, WallReport, wall_report
from sendwright.network.wall.way import USUAL_PORTS, Reason, Route, Speech, Verdict, Way

PAGE = Path(__file__).parents[4] / "docs/network-map.md"
WORDS = PAGE.read_text("utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", WORDS, flags=re.DOTALL)))


@pytest.mark.parametrize("described", [WallReport, Way])
def test_every_member_has_its_line(described: type[msgspec.Struct]) -> None:
    lines = "\n".join(line.split("|")[1] for line in WORDS.splitlines() if line.startswith("| `"))
    assert {name for name in described.__struct_fields__ if f"`{name}`" not in lines} == set()


@pytest.mark.parametrize("values", [Outcome, Verdict, Route, Speech, Reason])
def test_every_value_is_named(values: type[Outcome | Verdict | Route | Speech | Reason]) -> None:
    assert {str(value) for value in values} <= NAMED


def test_the_example_is_of_the_form_that_is_written() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", WORDS, re.DOTALL)
    read = msgspec.json.decode(example, type=WallReport)
    assert read.schema == SCHEMA
    assert list(msgspec.json.decode(example)) == list(WallReport.__struct_fields__)


def test_the_ports_and_the_number_of_addresses_are_those_of_the_program() -> None:
    assert all(str(usual.number) in WORDS for usual in USUAL_PORTS)
    assert MOST_ADDRESSES == 6
    assert "six of a family" in WORDS


def test_the_json_has_a_schema_and_keeps_to_it() -> None:
    schema = msgspec.json.schema(WallReport)
    required = schema["$defs"]["WallReport"]["required"]
    assert {"host", "verdict", "at", "ways", "findings"} <= set(required)
    report = wall_report(wall_of(open_way(465), silent_way(587), port=587))
    assert msgspec.json.decode(msgspec.json.encode(report), type=WallReport) == report
