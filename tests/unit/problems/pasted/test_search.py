"""Plain text is searched for clues and for signs of success."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.search import search

DEFERRED = "postfix/smtp[1]: {id}: to=<{to}>, dsn=4.7.1, status=deferred (host mx said: 450 4.7.1 Greylisted)"
SENT = "postfix/smtp[1]: {id}: to=<{to}>, dsn=2.0.0, status=sent (250 ok)"
MINE = {"id": "4F1C2550", "to": "bob@example.com"}


def _codes(text: str) -> list[str]:
    return [clue.evidence.code for clue in search(text).clues]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", []),
        ("nothing", []),
        ("550 5.1.1 No", ["550 5.1.1"]),
        ("550 5.1.1 connection refused", ["550 5.1.1"]),
        ("connection refused\n550 5.1.1 No", ["ECONNREFUSED", "550 5.1.1"]),
        ("dsn=4.4.1 (connect to mx[192.0.2.7]:25: Connection refused)", ["ECONNREFUSED"]),
        ("dsn=4.4.1 (something else)", ["4.4.1"]),
        ("HTTP/1.1 407 Proxy Authentication Required", ["HTTP 407"]),
        ("SMTP Error: Could not authenticate.", ["sign-in-refused"]),
        ("535 5.7.139 No\nSMTP Error: Could not authenticate.", ["535 5.7.139"]),
        ("aadsts50076: x", ["AADSTS50076"]),
        ("Code: ErrorOfTomorrow\nMessage: No", ["ErrorOfTomorrow"]),
        ("Error: AADSTS50076 and ECONNREFUSED", ["AADSTS50076", "ECONNREFUSED"]),
    ],
)
def test_clues_come_in_the_order_of_the_text(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("lines", "codes", "well"),
    [
        ([DEFERRED.format(**MINE), SENT.format(**MINE)], [], 2),
        ([DEFERRED.format(**MINE), DEFERRED.format(**MINE), SENT.format(**MINE)], [], 3),
        ([SENT.format(**MINE), DEFERRED.format(**MINE)], ["450 4.7.1"], 1),
        ([DEFERRED.format(**MINE), SENT.format(**{**MINE, "to": "ana@example.com"})], ["450 4.7.1"], 1),
        ([DEFERRED.format(**MINE), SENT.format(**{**MINE, "id": "5A521000"})], ["450 4.7.1"], 1),
        ([DEFERRED.format(**MINE)], ["450 4.7.1"], 0),
    ],
    ids=["sent-later", "sent-at-last", "sent-before", "another-recipient", "another-message", "not-sent"],
)
def test_a_deferral_that_passed_by_itself_is_no_problem(lines: list[str], codes: list[str], well: int) -> None:
    found = search("\n".join(lines))
    assert ([clue.evidence.code for clue in found.clues], found.went_well) == (codes, well)


def test_a_refusal_is_a_problem_whatever_was_sent_later() -> None:
    refused = DEFERRED.format(**MINE).replace("deferred", "bounced").replace("450 4.7.1", "550 5.7.1")
    assert _codes(f"{refused}\n{SENT.format(**MINE)}") == ["550 5.7.1"]


@pytest.mark.parametrize(
    ("text", "well"), [("250 ok", 1), ("250-a\n250 ok", 1), ("220 mx ESMTP\n221 Bye", 2), ("x", 0)]
)
def test_lines_of_success_are_counted(text: str, well: int) -> None:
    assert search(text).went_well == well


@given(st.text(alphabet=st.characters(exclude_categories=("C",))))
def test_places_lie_in_the_text(text: str) -> None:
    assert all(0 <= clue.place <= len(text) for clue in search(text).clues)
