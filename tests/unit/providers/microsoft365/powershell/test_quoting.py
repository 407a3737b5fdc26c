import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell.hostile import HOSTILE
from tests.unit.providers.microsoft365.powershell.tokenizer import SINGLE, Token, tokens

from sendwright.providers.microsoft365.powershell.quoting import (
    LONGEST,
    QUOTES,
    REMOVED,
    equals,
    literal,
    odata,
    visible,
)

ANYTHING = st.text(max_size=200)
NASTY = st.text(
    alphabet=st.sampled_from([*QUOTES, '"', "\n", "$", "(", ")", "`", "#", "<", ">", ";", "|", "a", "\u202e"])
)


def test_all_the_signs_that_powershell_takes_for_a_quote_are_known() -> None:
    assert set(QUOTES) == set(SINGLE)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_name_stays_one_string(value: str) -> None:
    assert tokens(literal(value)) == [Token("string", visible(value))]


@given(ANYTHING | NASTY)
def test_whatever_it_is_called_it_stays_one_string_and_reads_as_it_is_shown(value: str) -> None:
    assert tokens(literal(value)) == [Token("string", visible(value))]


@given(ANYTHING | NASTY)
def test_no_value_takes_more_than_one_line(value: str) -> None:
    written = literal(value)
    assert not set(written) & set("\n\r\x00\x1b\u202e\u2066")
    assert written.splitlines() == [written]


@given(NASTY, NASTY)
def test_what_follows_a_value_is_what_was_written_there(first: str, second: str) -> None:
    line = f"Add-X -Identity {literal(first)} -Trustee {literal(second)} -Confirm:$false"
    kinds = [token.kind for token in tokens(line)]
    assert kinds == ["word", "word", "string", "word", "string", "word"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("info@contoso.com", "'info@contoso.com'"),
        ("O'Brien", "'O''Brien'"),
        ("O\u2019Brien", "'O\u2019\u2019Brien'"),
        ("a\u201bb", "'a\u201b\u201bb'"),
        ("", "''"),
        ("$x", "'$x'"),
        ("a`b", "'a`b'"),
    ],
)
def test_a_quote_is_doubled_and_nothing_else_is_touched(value: str, written: str) -> None:
    assert literal(value) == written


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\t", "\x00", "\x1b", "\u2028", "\u2029", "\u0085", "\u202e", "\u200b", "\ud800"]
)
def test_what_cannot_be_seen_is_replaced_visibly(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a{REMOVED}b"


def test_a_value_without_end_is_cut_visibly() -> None:
    assert len(visible("x" * 10_000)) == LONGEST
    assert visible("x" * 10_000).endswith("\u2026")
    assert visible("x" * LONGEST) == "x" * LONGEST


@given(ANYTHING | NASTY)
def test_a_filter_stays_one_string_whose_inner_string_ends_where_it_should(value: str) -> None:
    [token] = tokens(equals("PrimarySmtpAddress", value))
    assert token.kind == "string"
    head, inner = token.text.split(" -eq ", 1)
    assert head == "PrimarySmtpAddress"
    assert inner[0] == inner[-1] == "'"
    assert "'" not in inner[1:-1].replace("''", "")
    assert not set(inner[1:-1]) & set("\u2018\u2019\u201a\u201b\u201c\u201d\u201e")


def test_an_apostrophe_in_a_filter_is_doubled_for_both_parsers() -> None:
    assert equals("PrimarySmtpAddress", "o'brien@contoso.com") == "'PrimarySmtpAddress -eq ''o''''brien@contoso.com'''"


def test_a_filter_for_graph_is_written_in_its_own_language() -> None:
    assert odata("appId", "1-2") == "'appId eq ''1-2'''"


@given(ANYTHING | NASTY)
def test_a_filter_for_graph_stays_one_string(value: str) -> None:
    [token] = tokens(odata("appId", value))
    assert token.kind == "string"
    assert token.text.startswith("appId eq '")
