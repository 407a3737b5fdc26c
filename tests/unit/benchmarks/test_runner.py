"""The runner: which rows there are, which are run, and what it says when one cannot be."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.benchmarks.line import Line
from tests.benchmarks.row import Row, UnmeasurableError
from tests.benchmarks.rows import ROWS, chosen
from tests.benchmarks.runner import main

ROOT = Path(__file__).resolve().parents[3]


def counted(runs: int) -> Iterator[Line]:
    yield Line(what="runs", unit="", ours=tuple(float(number) for number in range(1, runs + 1)))


def broken(runs: int) -> Iterator[Line]:
    yield Line(what="never shown", unit="", ours=(1.0,))
    raise RuntimeError("the sink is gone")


COUNTED = Row(name="counted", says="how often it is repeated", measure=counted, runs=3)
LACKING = Row(name="lacking", says="needs what nobody has", measure=counted, needs=("no-such-program",))
BROKEN = Row(name="broken", says="breaks in the middle", measure=broken)


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # the runner adds to it


def ran(*words: str, rows: tuple[Row, ...] = (COUNTED, LACKING)) -> tuple[int, str, str]:
    out, said = io.StringIO(), io.StringIO()
    return main(words, rows, out=out, said=said), out.getvalue(), said.getvalue()


def test_the_rows_are_listed_with_what_they_say_and_nothing_is_measured() -> None:
    code, out, said = ran("--list", rows=ROWS)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [row.name for row in ROWS]
    assert all(row.says in out for row in ROWS)
    assert said == ""


def test_the_programs_own_start_lists_the_same_rows() -> None:
    command = (sys.executable, "tests/benchmarks", "--list")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [row.name for row in ROWS]


def test_names_are_unique_and_fit_for_a_command_line() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() for name in names)


def test_a_row_runs_alone_by_its_name() -> None:
    assert chosen(("start", "idle")) == tuple(row for name in ("start", "idle") for row in ROWS if row.name == name)
    assert chosen(()) == ROWS


def test_only_what_is_asked_for_is_measured_as_often_as_asked() -> None:
    code, out, said = ran("counted", "--runs", "5")
    assert code == 0
    assert "3.00 (1.00..5.00)" in out
    assert "lacking" not in out
    assert said == "measuring counted\n"


def test_without_a_number_each_row_has_its_own() -> None:
    assert "2.00 (1.00..3.00)" in ran("counted")[1]


def test_an_unknown_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ran("speed")
    assert ended.value.code == 2
    assert "there is no 'speed'" in capsys.readouterr().err


def test_a_row_that_lacks_a_program_says_so_and_does_not_fail() -> None:
    code, out, _ = ran()
    assert code == 0
    assert "not measured [1]" in out
    assert "[1] not installed: no-such-program" in out
    assert "2.00 (1.00..3.00)" in out


def test_a_row_that_lacks_a_program_raises_before_it_measures() -> None:
    with pytest.raises(UnmeasurableError, match="no-such-program"):
        LACKING.lines(None)


def test_a_row_that_breaks_leaves_the_others_and_the_exit_code_tells() -> None:
    code, out, _ = ran(rows=(BROKEN, COUNTED))
    assert code == 1
    assert "not measured [1]" in out
    assert "[1] RuntimeError: the sink is gone" in out
    assert "never shown" not in out
    assert "2.00 (1.00..3.00)" in out


def test_json_is_all_that_is_printed_when_asked_for() -> None:
    code, out, said = ran("counted", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["lines"][0]["ours"] == [1.0, 2.0, 3.0]
    assert found["machine"]["cores"].isdecimal()
    assert found["machine"]["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert said == "measuring counted\n"
