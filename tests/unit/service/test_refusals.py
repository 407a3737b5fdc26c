"""Every reason not to start has words, and every word a reason."""

import ast
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendwright import resources
from sendwright.service import main
from sendwright.service.refusal import StartRefused
from sendwright.service.trouble import STATUS

FOLDER = Path(main.__file__).parent
TEXTS = tomllib.loads(resources.path("texts/en/service.toml").read_text(encoding="utf-8"))


def calls(name: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the code and the values of every `name("code", value=…)` in the package."""
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                for code in codes(node.args[0]) if node.args else ():
                    yield code, frozenset(keyword.arg or "" for keyword in node.keywords)


def codes(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


REFUSED = sorted(calls("StartRefused"), key=str)


@pytest.mark.parametrize(("code", "values"), REFUSED, ids=[code for code, _ in REFUSED])
def test_a_reason_not_to_start_has_words_for_its_values(code: str, values: frozenset[str]) -> None:
    words = TEXTS["refused"][code]
    wanted = {name for _, name, _, _ in string.Formatter().parse(words) if name}
    assert wanted <= values
    refused = StartRefused(code, **dict.fromkeys(values, "VALUE"))
    assert "VALUE" in refused.words or not wanted
    assert str(refused) == code


def test_no_words_are_left_over() -> None:
    assert set(TEXTS["refused"]) == {code for code, _ in REFUSED}
    assert set(TEXTS["trouble"]) == set(STATUS)


def test_every_code_that_is_raised_has_a_status() -> None:
    raised = {code for code, _ in calls("Trouble")}
    assert raised <= set(STATUS)
    assert len(raised) > 15


@pytest.mark.parametrize("code", sorted(TEXTS["refused"]))
def test_the_words_say_what_to_do_without_blame(code: str) -> None:
    words = TEXTS["refused"][code]
    assert words.endswith((".", "chmod 600", "{data}"))
    assert "!" not in words
    assert not {"invalid", "illegal", "error", "please"} & set(words.lower().replace(".", "").split())


@pytest.mark.parametrize("code", sorted(TEXTS["help"]))
def test_help_is_one_line_without_a_full_stop(code: str) -> None:
    words = TEXTS["help"][code]
    assert not words.endswith(".")
    assert words[0].islower()
    assert "\n" not in words
