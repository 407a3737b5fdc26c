"""What matters most: damaged output is never taken for a right that nobody gave."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell import printed

from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.output import LONGEST_TEXT
from sendwright.providers.microsoft365.powershell.reading import read_output
from sendwright.providers.microsoft365.powershell.verdict import Shown

ANNA = Expected(mailbox="info@contoso.com", account="anna@contoso.com", name="Anna Dupont")
BEN = Expected(mailbox="info@contoso.com", account="ben.smith@contoso.com", name="Ben Smith")
APP = Expected(mailbox="info@contoso.com", client_id="1-2", control="director@contoso.com")
WITHOUT_BEN = (
    printed.SEND_AS_LIST,
    printed.SEND_AS_TABLE,
    printed.ONLY_SELF,
    printed.FULL_ACCESS_LIST,
    printed.FULL_ACCESS_TABLE,
    printed.MAILBOX_LIST,
    printed.NOT_FOUND_5,
)


@given(st.sampled_from(WITHOUT_BEN), st.data())
def test_output_that_lost_lines_grants_nobody_anything(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    kept = [line for line in lines if data.draw(st.booleans())]
    rights = read_output("\n".join(kept), BEN).rights
    assert not any(rights.get(name) for name in ("send-as", "send-on-behalf", "full-access"))


@given(st.sampled_from(WITHOUT_BEN), st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=400))
def test_output_that_was_cut_out_of_the_middle_grants_nobody_anything(text: str, begin: int, end: int) -> None:
    rights = read_output(text[begin:end], BEN).rights
    assert not any(rights.get(name) for name in ("send-as", "send-on-behalf", "full-access"))


@given(st.sampled_from(WITHOUT_BEN), st.permutations(range(6)))
def test_lines_out_of_order_grant_nobody_anything(text: str, order: list[int]) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    mixed = [lines[place] for place in order if place < len(lines)]
    rights = read_output("\n".join(mixed), BEN).rights
    assert not any(rights.get(name) for name in ("send-as", "send-on-behalf", "full-access"))


@given(st.integers(min_value=24, max_value=200))
def test_a_list_wrapped_at_any_width_reads_the_same(width: int) -> None:
    names = "{Carla Diaz, Dora Evans, Anna Dupont, Erik Frost, Frida Gold, Gina Hall}"
    head = "GrantSendOnBehalfTo : "
    wrapped = textwrap.wrap(names, max(width - len(head), 2), break_long_words=False)
    text = head + ("\n" + " " * len(head)).join(wrapped)
    assert read_output(text, ANNA).rights == {"send-on-behalf": True}
    assert read_output(text, BEN).rights == {"send-on-behalf": False}


@given(st.integers(min_value=4, max_value=15))
def test_a_table_too_narrow_for_the_account_is_unknown(width: int) -> None:
    cut = "anna@contoso.com"[: width - 1] + "\u2026"
    text = (
        f"{'Identity'.ljust(10)}{'Trustee'.ljust(max(width, 7) + 1)}{'AccessRights'}\n"
        f"{'--------'.ljust(10)}{'-------'.ljust(max(width, 7) + 1)}{'------------'}\n"
        f"{'info'.ljust(10)}{cut.ljust(max(width, 7) + 1)}{'{SendAs}'}"
    )
    reading = read_output(text, ANNA)
    assert "send-as" not in reading.rights
    assert reading.shown is Shown.PARTLY


@given(
    st.sampled_from(["True", "False", "Not Run", "", "Vrai", "0"]), st.sampled_from(["True", "False", "Not Run", ""])
)
def test_an_application_is_limited_only_if_that_was_printed(first: str, second: str) -> None:
    head, _, tail = printed.AUTHORIZED.partition("InScope              : True")
    text = f"{head}InScope              : {first}{tail.replace('False', second)}"
    rights = read_output(text, APP).rights
    assert rights.get("scope") is {"True": True, "False": False}.get(first)
    assert rights.get("limited") is {"True": False, "False": True}.get(second)


def test_a_denial_in_another_record_is_not_overlooked() -> None:
    for order in ((0, 1), (1, 0)):
        records = [
            printed.FULL_ACCESS_LIST,
            printed.FULL_ACCESS_LIST.replace("Deny         : False", "Deny         : True"),
        ]
        assert read_output("\n".join(records[place] for place in order), ANNA).rights == {"full-access": False}


def test_several_outputs_pasted_together_are_read_together() -> None:
    text = printed.SEND_AS_LIST + printed.FULL_ACCESS_TABLE + printed.MAILBOX_LIST + printed.SMTP_OFF
    reading = read_output(text, ANNA)
    assert reading.rights == {
        "send-as": True,
        "full-access": True,
        "send-on-behalf": True,
        "copies": True,
        "smtp": False,
    }
    assert reading.shown is Shown.RIGHT


def test_a_right_beside_an_error_is_still_seen_and_the_error_too() -> None:
    reading = read_output(printed.SEND_AS_LIST + printed.NO_COMMAND_7, ANNA)
    assert reading.rights == {"send-as": True}
    assert reading.shown is Shown.WRONG


@pytest.mark.parametrize(
    "piece",
    ["Identity : ", "a" * 99, "-", "- ", " " * 50, "{" * 20, "Trustee : anna@contoso.com\n", "\x1b[", "\x1b[0m", "+ ",
     "Identity Trustee\n-------- -------\n", "AccessRights : {SendAs}\n ", "\u2026", "'\u2019", ": : : ", "\n \n"],
)  # fmt: skip
def test_endless_repetition_is_read_in_its_time(piece: str) -> None:
    reading = read_output(piece * (2 * LONGEST_TEXT // len(piece)), ANNA)
    assert reading.shortened
    assert len(reading.lines) <= 1_000


@pytest.mark.parametrize(
    "text",
    [
        printed.SEND_AS_LIST,
        printed.SEND_AS_TABLE,
        printed.FULL_ACCESS_TABLE,
        printed.AUTHORIZED_TABLE,
        printed.TRACE_TABLE,
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "> ", ">", "> > ", "  ", "    ", ">   "])
def test_how_it_was_pasted_does_not_change_what_it_says(text: str, ends: str, before: str) -> None:
    pasted = ends.join(f"{before}{line}" for line in text.split("\n"))
    wish = APP if "InScope" in text else ANNA
    there, reading = read_output(text, wish), read_output(pasted, wish)
    assert (reading.shown, reading.rights) == (there.shown, there.rights)
    assert [line.mark for line in reading.lines] == [line.mark for line in there.lines]
    assert there.shown is Shown.RIGHT


def test_what_was_quoted_over_and_over_is_read_in_its_time() -> None:
    assert read_output(">" * 2_000 + "\n" + ">" * 1_999, ANNA).shown is Shown.NOTHING
