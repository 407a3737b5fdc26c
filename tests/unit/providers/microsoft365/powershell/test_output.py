import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell import printed

from sendwright.providers.microsoft365.powershell.output import LONGEST_TEXT, MOST_LINES, Record, parse


def values(record: Record) -> dict[str, str]:
    return {key: value.text for key, value in record.values.items()}


def test_a_list_falls_into_objects_at_its_empty_lines() -> None:
    output = parse(printed.SEND_AS_LIST)
    assert [values(record)["trustee"] for record in output.records] == ["NT AUTHORITY\\SELF", "anna@contoso.com"]
    assert all("Get-RecipientPermission" in record.command for record in output.records)


def test_a_property_that_comes_again_begins_another_object() -> None:
    output = parse("Name : a\nAge : 1\nName : b\nAge : 2")
    assert [values(record) for record in output.records] == [{"name": "a", "age": "1"}, {"name": "b", "age": "2"}]


def test_a_value_that_goes_on_below_is_read_whole() -> None:
    output = parse(
        "GrantSendOnBehalfTo : {Anna Dupont, Ben\n                      Smith, Carla}\nName                : x"
    )
    [record] = output.records
    assert record.values["grantsendonbehalfto"].members == ("Anna Dupont", "Ben Smith", "Carla")
    assert values(record)["name"] == "x"


def test_a_colon_inside_a_value_belongs_to_it() -> None:
    [record] = parse("Identity : contoso.onmicrosoft.com/a:b").records
    assert values(record) == {"identity": "contoso.onmicrosoft.com/a:b"}


def test_an_empty_value_is_empty() -> None:
    [record] = parse("SmtpClientAuthenticationDisabled :").records
    assert values(record) == {"smtpclientauthenticationdisabled": ""}
    assert record.values["smtpclientauthenticationdisabled"].truth is None


@pytest.mark.parametrize("text", [printed.SEND_AS_TABLE, printed.SEND_AS_TABLE.replace("\n", "\r\n")])
def test_a_table_is_read_by_the_line_below_its_titles(text: str) -> None:
    output = parse(text)
    assert [values(record)["trustee"] for record in output.records] == ["NT AUTHORITY\\SELF", "anna@contoso.com"]
    assert [values(record)["inherited"] for record in output.records] == ["False", "False"]


def test_titles_of_two_words_are_one_title() -> None:
    [record] = parse(printed.TRACE_TABLE).records
    assert values(record)["recipientaddress"] == "anna@contoso.com"
    assert values(record)["status"] == "Delivered"


@pytest.mark.parametrize("width", range(12, 60, 7))
def test_columns_may_be_of_any_width(width: int) -> None:
    head = "Trustee".ljust(width) + "AccessRights".ljust(width + 8) + "Deny"
    rule = "-------".ljust(width) + "------------".ljust(width + 8) + "----"
    row = "anna@x.org".ljust(width) + "{SendAs}".ljust(width + 8) + "False"
    [record] = parse(f"{head}\n{rule}\n{row}").records
    assert values(record) == {"trustee": "anna@x.org", "accessrights": "{SendAs}", "deny": "False"}


def test_blanks_that_a_mail_program_squeezed_do_not_matter_where_each_value_is_one_word() -> None:
    text = "Identity   Trustee            Deny\n--------   -------            ----\ninfo anna@contoso.com False"
    [record] = parse(text).records
    assert values(record) == {"identity": "info", "trustee": "anna@contoso.com", "deny": "False"}


def test_a_row_that_falls_into_no_columns_is_told_and_not_guessed() -> None:
    head = "Identity   Trustee            Deny\n--------   -------            ----"
    text = f"{head}\ninfoinfoinfo anna@contoso.com and more False"
    output = parse(text)
    assert output.records == ()
    assert output.unreadable == (2,)


@pytest.mark.parametrize("end", ["\u2026", "..."])
def test_a_value_that_did_not_fit_its_column_is_known_to_be_cut(end: str) -> None:
    text = f"Identity Trustee        Deny\n-------- -------        ----\ninfo     anna.dupont@{end} False"
    [record] = parse(text.replace(f"{end} False", f"{end}".ljust(3) + " False")).records
    assert record.values["trustee"].cut


@pytest.mark.parametrize(
    ("said", "truth"), [("True", True), ("False", False), ("", None), ("Not Run", None), ("true", True)]
)
def test_a_switch_reads_alike_in_every_language(said: str, truth: bool | None) -> None:
    [record] = parse(f"InScope : {said}").records
    assert record.values["inscope"].truth is truth


def test_the_colours_of_powershell_7_are_not_part_of_the_words() -> None:
    text = "\x1b[32;1mTrustee      : \x1b[0manna@contoso.com\n\x1b[32;1mAccessRights : \x1b[0m{SendAs}"
    [record] = parse(text).records
    assert values(record) == {"trustee": "anna@contoso.com", "accessrights": "{SendAs}"}


def test_what_is_too_long_is_read_in_part_and_says_so() -> None:
    assert parse("x" * (LONGEST_TEXT + 1)).shortened
    many = parse("a : b\n" * (MOST_LINES + 5))
    assert many.shortened
    assert len(many.lines) == MOST_LINES
    assert not parse(printed.SEND_AS_LIST).shortened


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "hello",
        ":",
        " : ",
        "a:",
        "---",
        "--- ---\n",
        "x\n-",
        "Identity\n--------",
        "\x00\x00",
        "a\tb : c",
        "\ud800",
    ],
)
def test_what_is_no_output_is_survived(text: str) -> None:
    assert isinstance(parse(text).records, tuple)


@given(st.text(max_size=400))
def test_anything_is_survived(text: str) -> None:
    output = parse(text)
    assert len(output.lines) <= MOST_LINES
    for record in output.records:
        assert all(0 <= value.line < len(output.lines) for value in record.values.values())


@given(
    st.lists(
        st.sampled_from(["Identity : a", "User  : b", "---- ---", "----", " : ", "", "   x", "a b", "+ c", "PS> Get-x"])
    )
)
def test_any_order_of_lines_is_survived(lines: list[str]) -> None:
    output = parse("\n".join(lines))
    assert [line.strip() for line in output.lines] == [line.strip() for line in "\n".join(lines).split("\n")]


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z][a-z]{1,12}", fullmatch=True), st.from_regex(r"[a-z0-9@.]{1,30}", fullmatch=True)
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda pair: pair[0].lower(),
    )
)
def test_a_list_that_was_printed_is_read_back(pairs: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in pairs)
    text = "\n".join(f"{name.ljust(width)} : {value}" for name, value in pairs)
    [record] = parse(text).records
    assert values(record) == {name.lower(): value for name, value in pairs}


@given(
    st.lists(
        st.lists(st.from_regex(r"[a-z0-9@.]{1,20}", fullmatch=True), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_a_table_that_was_printed_is_read_back(rows: list[list[str]]) -> None:
    titles = ["Identity", "Trustee", "Deny"]
    widths = [max(len(cell) for cell in column) for column in zip(titles, *rows, strict=True)]
    rule = ["-" * len(title) for title in titles]
    text = "\n".join(
        " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        for cells in (titles, rule, *rows)
    )
    assert [list(values(record).values()) for record in parse(text).records] == rows
