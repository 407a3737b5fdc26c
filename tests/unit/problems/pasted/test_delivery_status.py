"""The fields of delivery-status reports are read for each recipient."""

import pytest

from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.delivery_status import address_of, clues_of, looks_like_status, read_status, went_well

STATUS = """\
Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 4F1C2
Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; bob@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <bob@example.com>: Recipient
    address rejected

Final-Recipient: rfc822; ana@example.com
Action: delayed
Status: 4.7.1
Remote-MTA: dns; mx.example.com.
Diagnostic-Code: smtp; 450 4.7.1 Greylisted, try again in 300 seconds
"""


def _clues(**fields: str) -> list[Clue]:
    return list(clues_of({name.replace("_", "-"): value for name, value in fields.items()}, 0))


def test_the_message_and_each_recipient_have_their_fields() -> None:
    status = read_status(STATUS)
    assert status.message["reporting-mta"] == "dns; mail.example.org"
    assert status.message["x-postfix-queue-id"] == "4F1C2"
    assert [address_of(recipient["final-recipient"]) for recipient in status.recipients] == [
        "bob@example.com", "ana@example.com",
    ]  # fmt: skip
    assert status.recipients[0]["diagnostic-code"].endswith("Recipient address rejected")


def test_lost_blank_lines_do_not_mix_recipients() -> None:
    status = read_status(STATUS.replace("\n\n", "\n"))
    assert [recipient["action"] for recipient in status.recipients if "action" in recipient] == ["failed", "delayed"]


def test_a_recipient_s_reply_becomes_a_clue_with_its_values() -> None:
    clue = next(clues_of(read_status(STATUS).recipients[1], 5))
    seen = clue.evidence
    assert (seen.reply, seen.enhanced, seen.retry_after_s, clue.place) == (450, "4.7.1", 300, 5)
    assert {name: seen.values[name] for name in ("recipient", "host")} == {
        "recipient": "ana@example.com", "host": "mx.example.com",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "diagnosis", "reply", "enhanced", "errno"),
    [
        ("5.1.1", "smtp; 550 No such user", 550, "5.1.1", None),
        ("5.0.0", "smtp; 550 No such user", 550, None, None),
        ("5.1.1", "smtp; 550 5.7.1 Relaying denied", 550, "5.7.1", None),
        ("5.1.1", "550 5.7.1 Relaying denied", 550, "5.7.1", None),
        ("5.1.1", "", None, "5.1.1", None),
        ("4.4.1", "X-Postfix; connect to mx[192.0.2.7]:25: Connection refused", None, None, "ECONNREFUSED"),
        ("5.1.1 (bad destination)", "x-unix; user unknown", None, "5.1.1", None),
    ],
)
def test_the_sharpest_of_reply_status_and_words_is_taken(
    status: str, diagnosis: str, reply: int | None, enhanced: str | None, errno: str | None
) -> None:
    seen = _clues(action="failed", status=status, diagnostic_code=diagnosis)[0].evidence
    assert (seen.reply, seen.enhanced, seen.errno) == (reply, enhanced, errno)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "Relayed (to a list)"])
def test_success_has_no_clue(action: str) -> None:
    assert went_well({"action": action})
    assert _clues(action=action, status="2.0.0", diagnostic_code="smtp; 550 5.1.1 No") == []


@pytest.mark.parametrize("fields", [{}, {"action": "failed"}, {"action": "failed", "status": "nonsense"}])
def test_a_recipient_of_whom_nothing_is_told_has_no_clue(fields: dict[str, str]) -> None:
    assert _clues(**fields) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (STATUS, True),
        ("Final-Recipient: rfc822; a@example.org\nAction: failed", True),
        ("Action: failed", False),
        ("Status: 5.1.1\nSubject: x", False),
        ("The Action: failed\nand Diagnostic-Code: x", False),
        ("", False),
    ],
)
def test_a_piece_of_a_report_is_told_by_its_fields(text: str, found: bool) -> None:
    assert looks_like_status(text) is found


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("rfc822; bob@example.com", "bob@example.com"),
        ("rfc822;<bob@example.com>", "bob@example.com"),
        ("utf-8; bob@example.com", "bob@example.com"),
        ("dns; mx.example.com. (192.0.2.7, the server)", "mx.example.com"),
        ("", ""),
        ("bob@example.com", "bob@example.com"),
    ],
)
def test_addresses_and_hosts_are_bare(field: str, address: str) -> None:
    assert address_of(field) == address


def test_the_number_of_recipients_and_the_length_of_fields_have_an_end() -> None:
    many = read_status("Final-Recipient: rfc822; a@example.org\nAction: failed\n\n" * 5000)
    assert len(many.recipients) <= 201
    long = read_status("Action: failed\nDiagnostic-Code: smtp; 550\n" + "    words and more words\n" * 50_000)
    assert len(long.recipients[0]["diagnostic-code"]) < 5000
