"""Every code that is raised has words, and no words wait for a code that nobody raises."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import sendwright
from sendwright import resources

PACKAGE = Path(sendwright.__file__).parent


def raised_codes() -> Iterator[str]:
    """Return the codes of all AddressInvalid in the source."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AddressInvalid":
                assert isinstance(node.args[0], ast.Constant), f"{file}: a code is written out"
                yield str(node.args[0].value)


def yielded_codes() -> Iterator[str]:
    """Return the codes of all warnings in the source."""
    source = (PACKAGE / "address" / "cautions.py").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def texts_of_addresses() -> dict[str, object]:
    return tomllib.loads(resources.path("texts/en/address.toml").read_text(encoding="utf-8"))


def test_codes_and_words_are_the_same_set() -> None:
    assert set(raised_codes()) == set(texts_of_addresses()) - {"warnings"}


def test_warnings_and_words_are_the_same_set() -> None:
    warnings = texts_of_addresses()["warnings"]
    assert isinstance(warnings, dict)
    assert set(yielded_codes()) == set(warnings)


def test_every_reason_of_a_deployment_file_is_one_that_is_given() -> None:
    reasons = tomllib.loads(resources.path("texts/en/deployment.toml").read_text(encoding="utf-8"))["reasons"]
    sources = "".join(file.read_text(encoding="utf-8") for file in (PACKAGE / "deployment").glob("*.py"))
    unused = {name for name in reasons if f'"{name}"' not in sources and f"reasons.{name}" not in sources}
    assert unused == set()
