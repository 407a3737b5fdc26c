"""Success is told from what only looks like it."""

import pytest

from sendwright.problems.pasted.success import went_well


@pytest.mark.parametrize(
    "line",
    [
        "250",
        "220 mail.example.org ESMTP",
        "250 2.1.0 Ok",
        "250-PIPELINING",
        "250-SIZE 52428800",
        "250 SMTPUTF8",
        "S: 250 ok",
        "SERVER -> CLIENT: 235 2.7.0 Accepted",
        "<~  354 End data with <CR><LF>.<CR><LF>",
        "334 VXNlcm5hbWU6",
        "221 2.0.0 Bye",
        "dsn=2.0.0, status=sent (250 ok)",
        "stat=Sent (ok)",
        "delivery 12: success: 192.0.2.7 accepted message.",
        "1tDxyz-000000012Ab-0001 => bob@example.com R=dnslookup",
        "1tDxyz-000000012Ab-0001 Completed",
        "Verify return code: 0 (ok)",
    ],
)
def test_an_answer_or_record_of_success(line: str) -> None:
    assert went_well(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "250 people live in the village",
        "220 volts are dangerous",
        "room 250",
        "12:250 Ok",
        "550 5.1.1 Ok",
        "2500 Ok",
        "status=deferred",
        "the project is Completed",
        "290 what is this",
        "no success here",
    ],
)
def test_what_only_looks_like_it(line: str) -> None:
    assert not went_well(line)
