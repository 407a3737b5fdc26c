"""The example file that platforms start from: every key is in it, and it can be used as it is."""

import re

import msgspec
import pytest

from sendwright import resources
from sendwright.deployment import BackendPlace, Deployment, Features, Google, Kind, Microsoft, Platform, load
from sendwright.deployment.colour import READABLE, WHITE, contrast
from sendwright.deployment.load import READERS, SECTIONS

EXAMPLE = resources.path("templates/deployment.example.toml")


def tables(text: str) -> dict[str, set[str]]:
    """Return the keys under each table, those behind a # included."""
    found: dict[str, set[str]] = {}
    current = ""
    for line in text.splitlines():
        if head := re.fullmatch(r"\[+(\w+)\]+", line):
            current = head[1]
            found.setdefault(current, set())
        elif key := re.match(r"#?(\w+) = ", line):
            found[current].add(key[1])
    return found


def test_the_example_has_every_key_and_no_other() -> None:
    expected = {name: {field.name for field in msgspec.structs.fields(of)} for name, of in SECTIONS.items()}
    expected["kinds"] = {field.name for field in msgspec.structs.fields(Kind)}
    assert tables(EXAMPLE.read_text(encoding="utf-8")) == expected


def test_the_example_can_be_used_as_it_is() -> None:
    found = load(EXAMPLE, {})
    assert found.platform.name == "Example Platform"
    assert found.kinds[0].label == "Comment"
    assert [kind.id for kind in found.kinds] == [kind.id for kind in Deployment().kinds]


@pytest.mark.parametrize("of", [Platform, BackendPlace, Microsoft, Google, Features, Kind])
def test_every_key_of_a_section_is_read_and_documented(of: type[msgspec.Struct]) -> None:
    names = {field.name for field in msgspec.structs.fields(of)}
    assert set(READERS[of]) == names
    assert of.__doc__ is not None
    assert all(re.search(rf"\b{name}\b", of.__doc__) for name in names)


def test_the_neutral_accent_is_readable() -> None:
    assert contrast(Deployment().platform.accent, WHITE) >= READABLE
