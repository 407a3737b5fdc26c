"""The parameters of an answer are a mapping that shows its names only."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.callback import read_callback, read_form
from sendwright.oauth.parameters import Parameters


def test_it_is_what_it_was_made_of() -> None:
    found = Parameters({"code": "4/0A-secret", "state": "s"})
    assert found == {"code": "4/0A-secret", "state": "s"}
    assert found["code"] == "4/0A-secret"
    assert found.get("error") is None
    assert ("code" in found, len(found), list(found)) == (True, 2, ["code", "state"])
    assert {**found} == dict(found)
    with pytest.raises(KeyError):
        found["error"]


def test_it_does_not_change_with_what_it_was_made_of() -> None:
    values = {"code": "c"}
    found = Parameters(values)
    values["code"] = "another"
    assert found["code"] == "c"
    with pytest.raises(TypeError):
        found["code"] = "another"  # type: ignore[index]


@pytest.mark.parametrize("form", ["{}", "{!r}", "{!s}"])
def test_it_shows_its_names(form: str) -> None:
    assert form.format(Parameters({"code": "4/0A-secret", "state": "s"})) == "Parameters(code, state)"


async def test_what_holds_it_shows_no_more() -> None:
    query = "code=4%2F0A-secret&state=also-secret"
    for found in (
        read_callback(f"http://localhost/?{query}", redirect_uri="http://localhost"),
        read_form(query.encode()),
    ):
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        future.set_result(found)
        task = asyncio.ensure_future(asyncio.sleep(0, found))
        await task
        shown = f"{future!r} {task!r} {[found]!r} { ({'a': found})!r}"
        assert "secret" not in shown
        assert shown.count("Parameters(") >= 2


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_any_mapping_stays_the_same(values: dict[str, str]) -> None:
    assert Parameters(values) == values
    assert Parameters(values) == Parameters(values)
