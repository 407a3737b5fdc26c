"""The table and its JSON, of made-up measurements."""

import json

import pytest
from tests.benchmarks.line import Line
from tests.benchmarks.table import SCHEMA, Measured, as_json, as_text

MACHINE = {"cores": "2", "Python": "3.11.7"}
NOTE = "whole processes"
START = Measured(
    row="start",
    lines=(
        Line(
            what="--version", unit="ms", ours=(30.0, 20.0, 41.0), against="pass", theirs=(10.0, 10.0, 10.0), note=NOTE
        ),
        Line(what="--help", unit="ms", ours=(1234.5,), aim="≤ 1.3", note=NOTE),
        Line(what="other", unit="", note="something else"),
    ),
)
MISSING = Measured(row="notifications", trouble="not installed: stunnel4")


def shown(*measured: Measured) -> list[str]:
    return as_text(MACHINE, measured).splitlines()


def test_the_machine_comes_first() -> None:
    assert shown(START)[0] == "cores 2, Python 3.11.7"


def test_a_row_shows_median_and_spread_of_both_and_their_ratio() -> None:
    line = next(line for line in shown(START) if "--version" in line)
    assert line.split() == [
        "start", "--version,", "ms", "[1]",
        "30.0", "(20.0..41.0)", "10.0", "(10.0..10.0)", "pass", "3.00", "(2.00..4.10)",
    ]  # fmt: skip


def test_the_name_of_a_row_stands_at_its_first_line_only() -> None:
    assert [line.startswith("start") for line in shown(START) if "," in line and "ms" in line] == [True, False]


def test_nothing_compared_leaves_its_columns_empty_and_keeps_the_aim() -> None:
    line = next(line for line in shown(START) if "--help" in line)
    assert line.split() == ["--help,", "ms", "[1]", "1234", "(1234..1234)", "≤", "1.3"]


def test_each_note_stands_once_below_the_table() -> None:
    assert shown(START)[-2:] == ["[1] whole processes", "[2] something else"]


def test_the_columns_stand_below_each_other() -> None:
    lines = shown(START)
    heads = next(line for line in lines if "against" in line and "ratio" in line and "aim" in line)
    row = next(line for line in lines if "--version" in line)
    help_row = next(line for line in lines if "--help" in line)
    assert row.index("3.00") == heads.index("ratio")
    assert row.index("10.0") == heads.index("against")
    assert help_row.index("≤") == heads.index("aim")
    assert not any(line.endswith(" ") for line in lines)


def test_a_row_that_could_not_be_measured_says_why_below_the_table() -> None:
    lines = shown(MISSING, START)
    assert "notifications  not measured [1]" in lines
    assert "[1] not installed: stunnel4" in lines


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.01234, "0.0123"),
        (2.0, "2.00"),
        (15.94, "15.9"),
        (99.96, "100"),
        (100.4, "100"),
        (22175.3, "22175"),
    ],
)
def test_three_digits_mean_something(value: float, words: str) -> None:
    line = Measured(row="r", lines=(Line(what="w", unit="s", ours=(value,)),))
    assert f"{words} ({words}..{words})" in as_text({}, [line])


def test_the_json_has_every_single_value_and_the_ratio() -> None:
    found = json.loads(as_json(MACHINE, [START, MISSING]))
    assert found["schema"] == SCHEMA
    assert found["machine"] == MACHINE
    assert found["not_measured"] == {"notifications": "not installed: stunnel4"}
    first, second, _ = found["lines"]
    assert (first["row"], first["ours"], first["theirs"]) == ("start", [30.0, 20.0, 41.0], [10.0, 10.0, 10.0])
    assert first["ratio"] == {"median": 3.0, "least": 2.0, "most": 4.1}
    assert second["ratio"] is None
    assert second["aim"] == "≤ 1.3"
