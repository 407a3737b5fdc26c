import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.providers.microsoft365.powershell.tables import Column, cells, columns, cut_off, normal

HEAD = columns("Identity   Trustee            Deny", "--------   -------            ----")


def test_columns_begin_where_the_dashes_begin() -> None:
    assert (Column("identity", 0), Column("trustee", 11), Column("deny", 30)) == HEAD


@pytest.mark.parametrize(
    ("titles", "rule"),
    [
        ("Identity", ""),
        ("Identity", "        "),
        ("Identity", "---x----"),
        ("Identity", "========"),
        ("", "--------"),
        ("Identity", "-------- ----"),
        ("Identity : x", "AccessRights : y"),
    ],
)
def test_what_is_no_head_of_a_table_is_none(titles: str, rule: str) -> None:
    assert columns(titles, rule) == ()


def test_a_title_may_have_two_words_and_the_rule_may_be_shorter_than_it() -> None:
    found = columns("Sender Address Status", "-------------- ------")
    assert [column.key for column in found] == ["senderaddress", "status"]
    assert columns("A b  C", "-    -") == (Column("ab", 0), Column("c", 5))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("info       anna@contoso.com   False", ("info", "anna@contoso.com", "False")),
        ("info       anna smith         False", ("info", "anna smith", "False")),
        ("info       anna@contoso.com", ("info", "anna@contoso.com", "")),
        ("info", ("info", "", "")),
        ("           anna@contoso.com   False", ("", "anna@contoso.com", "False")),
        ("info anna@contoso.com False", ("info", "anna@contoso.com", "False")),
        ("information anna smith and more False", ()),
        ("informationanna@contoso.comFalseandmore", ()),
    ],
)
def test_a_row_falls_into_its_columns_or_is_not_read(line: str, found: tuple[str, ...]) -> None:
    assert cells(line, HEAD) == found


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        ("anna@con\u2026", True),
        ("anna@con...", True),
        ("{SendAs...}", True),
        ("{Anna, Ben\u2026}", True),
        ("anna@contoso.com", False),
        ("{SendAs}", False),
        ("", False),
        ("a...b", False),
    ],
)
def test_a_value_that_ends_in_dots_is_not_all_there(value: str, cut: bool) -> None:
    assert cut_off(value) is cut


@pytest.mark.parametrize(
    ("key", "name"), [("Trustee", "trustee"), ("Sender Address", "senderaddress"), (" In Scope ", "inscope")]
)
def test_a_property_is_known_by_its_name_however_it_is_written(key: str, name: str) -> None:
    assert normal(key) == name


@given(st.text(max_size=80), st.text(alphabet="- ", max_size=80), st.text(max_size=80))
def test_any_three_lines_are_survived(titles: str, rule: str, line: str) -> None:
    head = columns(titles, rule)
    found = cells(line, head) if head else ()
    assert len(found) in {0, len(head)}
