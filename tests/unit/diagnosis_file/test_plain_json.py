"""Lines of JSON that a stranger wrote: plain data within limits, or a refusal."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendwright.diagnosis_file import FileRefused, limits
from sendwright.diagnosis_file.plain_json import Budget, read_lines

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-limits.LARGEST_NUMBER, limits.LARGEST_NUMBER) | st.text("abc äß漢\n"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=15,
)


def nodes(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(nodes, inner))


def code_of(content: bytes, budget: int = 1000) -> str:
    with pytest.raises(FileRefused) as refused:
        read_lines(content, Budget(budget))
    return refused.value.code


@settings(deadline=None)
@given(st.lists(VALUES, max_size=5))
def test_what_json_says_is_what_is_read(values: list[object]) -> None:
    content = b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)
    assert read_lines(content, Budget(limits.NODES)) == values


@settings(deadline=None)
@given(VALUES)
def test_every_value_is_counted_against_the_budget(value: object) -> None:
    content = json.dumps(value).encode() + b"\n"
    assert read_lines(content, Budget(nodes(value))) == [value]
    assert code_of(content, nodes(value) - 1) == "too-complex"


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_any_octets_are_plain_data_or_refused(content: bytes) -> None:
    try:
        read_lines(content, Budget(1000))
    except FileRefused as refused:
        assert refused.code in {"not-text", "damaged", "content", "too-complex"}  # noqa: PT017 - either may happen


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"1", "damaged"),
        (b"\r\n", "content"),
        (b"\n\n", "content"),
        (b"{'a': 1}\n", "content"),
        (b"// c\n1\n", "content"),
        (b'"\\ud83d"\n', "content"),
        (b"Infinity\n", "content"),
        (b"-1e400\n", "content"),
        (b"0x10\n", "content"),
        (b"\x80\n", "not-text"),
        (b"\xc0\x80\n", "not-text"),
        (b"\0\n", "not-text"),
        (b"[" * 2000 + b"\n", "too-complex"),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) in {code, "content"} if code == "too-complex" else code_of(content) == code


def test_line_ends_of_windows_are_white_space_to_json() -> None:
    assert read_lines(b'{"a": 1}\r\n{}\r\n', Budget(10)) == [{"a": 1}, {}]


def test_no_octets_are_no_lines() -> None:
    assert read_lines(b"", Budget(0)) == []


def test_text_separators_inside_a_string_do_not_end_a_line() -> None:
    assert read_lines('"a\u2028b\x85"\n'.encode(), Budget(10)) == [r"a\u2028b\x85"]
