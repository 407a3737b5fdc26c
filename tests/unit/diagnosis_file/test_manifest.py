"""The manifest: what lists the other parts, and by what one knows that they are whole."""

from hashlib import sha256

import msgspec
import pytest
from tests.unit.diagnosis_file.made import NOON

from sendwright.diagnosis_file import FileRefused
from sendwright.diagnosis_file.manifest import NAME, SCHEMA, Listed, Manifest, listed, read_manifest

PARTS = {"a.jsonl": b"{}\n{}\n", "b.jsonl": b""}


def entries(**changed: object) -> dict[str, bytes]:
    manifest = Manifest(program="0.1.0", made_at=NOON, language="en", entries=listed(PARTS))
    return {NAME: msgspec.json.encode({**msgspec.to_builtins(manifest), **changed}), **PARTS}


def test_a_part_is_listed_with_what_it_can_be_checked_by() -> None:
    assert listed(PARTS) == (
        Listed(name="a.jsonl", size=6, sha256=sha256(b"{}\n{}\n").hexdigest(), lines=2),
        Listed(name="b.jsonl", size=0, sha256=sha256(b"").hexdigest(), lines=0),
    )


def test_a_manifest_that_fits_its_parts_is_returned() -> None:
    found = read_manifest(entries())
    assert (found.schema, found.program, found.made_at, found.language) == (SCHEMA, "0.1.0", NOON, "en")


def test_parts_may_be_listed_in_another_order_and_with_more_said_of_them() -> None:
    more = [{**msgspec.to_builtins(part), "kind": "text"} for part in reversed(listed(PARTS))]
    assert len(read_manifest(entries(entries=more, chapters=[])).entries) == 2


@pytest.mark.parametrize(
    "changed", [{"name": "c.jsonl"}, {"size": 7}, {"sha256": "0" * 64}, {"sha256": ""}, {"lines": 3}]
)
def test_one_wrong_fact_about_a_part_is_enough(changed: dict[str, object]) -> None:
    first, second = msgspec.to_builtins(listed(PARTS))
    with pytest.raises(FileRefused) as refused:
        read_manifest(entries(entries=[{**first, **changed}, second]))
    assert refused.value.code == "checksum"


def test_a_manifest_that_does_not_come_first_is_none() -> None:
    whole = entries()
    manifest = whole.pop(NAME)
    for order in ({**whole, NAME: manifest}, whole, {}):
        with pytest.raises(FileRefused) as refused:
            read_manifest(order)
        assert refused.value.code == "not-a-diagnosis"
