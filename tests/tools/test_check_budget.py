import check_budget
import pytest
from tests.tools.conftest import Checkout
from tree import ROOT


def python(lines: int) -> str:
    return "pass\n" * lines


def wrong(checkout: Checkout, contents: dict[str, str]) -> list[str]:
    return check_budget.findings(checkout(contents))[1]


def test_a_small_well_tested_project_is_within_its_budget(checkout: Checkout) -> None:
    assert wrong(checkout, {"app/a.py": python(100), "tests/test_a.py": python(120), "tests/b.py": python(30)}) == []


@pytest.mark.parametrize("folder", ["app", "tests"])
def test_a_file_over_400_lines_is_named(checkout: Checkout, folder: str) -> None:
    contents = {f"{folder}/{n}.py": python(10) for n in range(20)}
    contents |= {
        f"{folder}/long.py": python(401),
        "tests/enough.py": python(400),
        "tests/more.py": python(400),
    }
    assert f"{folder}/long.py: 401 lines, at most 400" in wrong(checkout, contents)


def test_exactly_400_lines_are_allowed(checkout: Checkout) -> None:
    contents = {f"tests/{n}.py": python(10) for n in range(20)} | {"tests/long.py": python(400)}
    assert wrong(checkout, contents) == []


def test_many_middling_files_break_the_median(checkout: Checkout) -> None:
    found = wrong(checkout, {f"tests/{n}.py": python(121) for n in range(3)})
    assert found == ["the median file has 121 lines, at most 120"]


def test_more_than_a_tenth_of_big_files_is_too_much(checkout: Checkout) -> None:
    contents = {f"tests/{n}.py": python(1) for n in range(8)} | {f"tests/big{n}.py": python(301) for n in range(2)}
    assert wrong(checkout, contents) == ["80% of the files have 300 lines or fewer, at least 90 %"]


def test_empty_files_do_not_flatter_the_median(checkout: Checkout) -> None:
    contents = {f"tests/{n}.py": "" for n in range(5)} | {"tests/full.py": python(200)}
    assert wrong(checkout, contents) == ["the median file has 200 lines, at most 120"]


def test_too_few_tests_are_said_with_their_share(checkout: Checkout) -> None:
    found = wrong(checkout, {"app/a.py": python(100), "tests/test_a.py": python(100)})
    assert found == ["1.00 lines of tests for each line of code, at least 1.5"]


@pytest.mark.parametrize("name", ["utils", "helpers", "base", "manager", "common"])
def test_names_that_say_nothing_are_refused(checkout: Checkout, name: str) -> None:
    found = wrong(checkout, {f"tests/unit/{name}.py": python(1)})
    assert found == [f"tests/unit/{name}.py: the name says nothing; name what the module is"]


def test_ignored_files_do_not_count(checkout: Checkout) -> None:
    found = wrong(checkout, {".gitignore": "app/generated.py\n", "app/generated.py": python(900)})
    assert found == []


def test_the_table_tells_sizes_and_share(checkout: Checkout) -> None:
    table, _ = check_budget.findings(checkout({"app/a.py": python(10), "tests/test_a.py": python(20)}))
    assert table[1].split() == ["app", "1", "10", "10", "100%", "10"]
    assert table[2].split() == ["tools", "0", "0", "0", "100%", "0"]
    assert table[3].split() == ["tests", "1", "20", "20", "100%", "20"]
    assert table[4] == "2.00 lines of tests for each line of code"


def test_the_project_itself_is_measured() -> None:
    sizes = check_budget.lines_of(ROOT)
    assert sizes[next(path for path in sizes if path.name == "check_budget.py")] > 0
