"""Every problem code that the interface lists comes of a server that behaves so, with words and a stage."""

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.unit.diagnosis import cases_connection, cases_mail
from tests.unit.diagnosis.cases_connection import Case
from tests.unit.diagnosis.walking import attempt, failure, message, verdicts, walk

from sendwright.diagnosis.report import report
from sendwright.diagnosis.stage import SMTP_STAGES, Verdict
from sendwright.problems.explanation import UNKNOWN, explain
from sendwright.senders.smtp.session import SmtpSession

CASES = (*cases_connection.CASES, *cases_mail.CASES)

LISTED = [
    "dns-name-not-found",
    "dns-no-address",
    "dns-resolver-failed",
    "connection-refused",
    "connection-timed-out",
    "network-unreachable",
    "not-an-smtp-server",
    "server-not-accepting",
    "wrong-security-mode",
    "connection-dropped",
    "starttls-not-offered",
    "starttls-refused",
    "tls-certificate-expired",
    "tls-certificate-not-yet-valid",
    "tls-certificate-self-signed",
    "tls-certificate-unknown-issuer",
    "tls-certificate-wrong-name",
    "tls-version-too-old",
    "tls-handshake-failed",
    "auth-not-offered",
    "auth-mechanism-unsupported",
    "auth-wrong-credentials",
    "auth-app-password-required",
    "auth-temporarily-refused",
    "auth-account-disabled",
    "smtp-auth-disabled-for-tenant",
    "smtp-auth-disabled-for-mailbox",
    "basic-auth-retired",
    "oauth-token-refused",
    "sender-not-allowed",
    "sender-domain-unresolvable",
    "recipient-unknown",
    "recipient-mailbox-full",
    "relay-denied",
    "greylisted",
    "message-too-large",
    "rejected-by-policy",
    "rejected-as-spam",
    "authentication-checks-failed",
    "sending-limit-reached",
    "server-busy",
    "unrecognised",
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_server_that_behaves_so_is_called_so(
    case: Case, request: pytest.FixtureRequest, certificates: Certificates
) -> None:
    target = case.start(request)
    asked = attempt(
        target,
        security=case.security,
        ca_pem=certificates.ca_file.read_text(),
        login=case.login,
        submit=message() if case.submit else None,
    )

    results = await walk(asked, target)

    failed = failure(results)
    assert failed.problem is not None
    assert (failed.problem.code, failed.id) == (case.code, case.stage)
    assert case.retry in {None, failed.problem.retry}
    order = SmtpSession.order(asked.settings)
    later = order[order.index(case.stage) + 1 :]
    assert {verdicts(results)[stage] for stage in later} <= {Verdict.NOT_REACHED}
    explanation = explain(failed.problem)
    assert target.host in explanation.what or "{host}" not in explanation.what
    assert UNKNOWN not in explanation.title + explanation.what


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_its_report_is_json_that_names_the_problem(
    case: Case, request: pytest.FixtureRequest, certificates: Certificates
) -> None:
    target = case.start(request)
    asked = attempt(
        target, security=case.security, ca_pem=certificates.ca_file.read_text(), login=case.login,
        submit=message() if case.submit else None,
    )  # fmt: skip

    written = msgspec.json.encode(report({"kind": "smtp"}, await walk(asked, target)))

    read = msgspec.json.decode(written)
    assert (read["schema"], read["verdict"], read["problem"]) == ("sendwright.diagnosis/1", "failed", case.code)
    assert [stage["id"] for stage in read["stages"]] == list(SMTP_STAGES)
    assert [problem["code"] for problem in read["problems"]] == [case.code]
    if case.login:
        assert case.login.secret not in written.decode()


def test_no_listed_code_is_without_a_server() -> None:
    assert set(LISTED) <= {case.code for case in CASES}


def test_the_interface_lists_forty_two_codes() -> None:
    assert len(LISTED) == len(set(LISTED)) == 42
