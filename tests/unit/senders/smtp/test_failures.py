"""What libraries raise, as evidence."""

import socket
import ssl

import pytest
from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPReadTimeoutError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from sendwright.network.failures import ResolveFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.failures import OBSERVED, Witness, changed


@pytest.fixture
def witness() -> Witness:
    return Witness({"host": "mail.example.org"})


@pytest.mark.parametrize(
    ("error", "system", "condition", "text"),
    [
        (SMTPServerDisconnected("Connection lost"), System.SOCKET, "connection-dropped", ""),
        (SMTPReadTimeoutError("Timed out"), System.SOCKET, "connection-timed-out", ""),
        (SMTPResponseException(-1, "Response too long"), System.SMTP, "nonsense-reply", "Response too long"),
        (SMTPResponseException(-1, "Malformed SMTP response line: hi"), System.SMTP, "nonsense-reply", "hi"),
        (SMTPAuthenticationError(334, "odd challenge"), System.SMTP, "nonsense-reply", "odd challenge"),
        (TimeoutError(), System.SOCKET, "connection-timed-out", ""),
        (BrokenPipeError(32, "x"), System.SOCKET, "connection-dropped", "Broken pipe"),
        (socket.gaierror(socket.EAI_AGAIN, "later"), System.DNS, "dns-resolver-failed", "later"),
    ],
)
def test_every_exception_has_its_row(
    *, witness: Witness, error: Exception, system: System, condition: str, text: str
) -> None:
    assert isinstance(error, OBSERVED)
    evidence = witness.failed("sender", error).evidence
    assert (evidence.stage, evidence.system, evidence.condition) == ("sender", system, condition)
    assert evidence.text == text
    assert evidence.values["host"] == "mail.example.org"


def test_causes_are_kept_where_they_hold_no_words_of_a_server(witness: Witness) -> None:
    broken = ConnectionResetError(104, "reset")
    assert witness.failed("greet", broken).__cause__ is broken
    lost = SMTPServerDisconnected("Connection lost")
    lost.__cause__ = broken
    assert witness.failed("greet", lost).__cause__ is broken
    assert witness.failed("greet", SMTPResponseException(-1, "words")).__cause__ is None


def test_failures_of_the_network_keep_their_evidence_and_cause(witness: Witness) -> None:
    cause = socket.gaierror(socket.EAI_NONAME, "no")
    resolve = ResolveFailed(
        Evidence(stage="resolve", system=System.DNS, condition="dns-name-not-found", values={"type": "A"})
    )
    resolve.__cause__ = cause
    failure = witness.failed("connect", resolve)
    assert isinstance(failure, SendFailed)
    assert failure.__cause__ is cause
    assert failure.evidence.stage == "resolve"
    assert failure.evidence.values == {"host": "mail.example.org", "type": "A"}
    assert witness.failed("greet", failure) is failure


def test_a_certificate_error_keeps_its_code(witness: Witness) -> None:
    error = ssl.SSLCertVerificationError("no")
    error.verify_code, error.verify_message = 10, "certificate has expired"
    evidence = witness.failed("secure", error).evidence
    assert (evidence.verify, evidence.text) == (10, "certificate has expired")
    assert classify(evidence).code == "tls-certificate-expired"


@pytest.mark.parametrize(
    ("message", "enhanced"),
    [
        ("5.7.8 Wrong", "5.7.8"),
        ("4.3.2", "4.3.2"),
        ("5.7.1\nmore", "5.7.1"),
        ("5.7.139 Disabled", "5.7.139"),
        ("6.0.0 no such class", None),
        ("5.7 too short", None),
        ("5.7.8.9 too long", None),
        ("sorry, 5.7.8", None),
        ("1.2.3.4 is blocked", None),
        ("", None),
    ],
)
def test_enhanced_codes_are_read_from_the_beginning(witness: Witness, message: str, enhanced: str | None) -> None:
    evidence = witness.refused("sender", SMTPResponse(550, message)).evidence
    assert (evidence.reply, evidence.enhanced, evidence.text) == (550, enhanced, message)


def test_words_are_cleaned_before_they_are_cut(witness: Witness) -> None:
    witness.redactor.learn(secret="canary-canary")
    words = witness.words("x" * 1_995 + "canary-canary" + "y" * 100)
    assert len(words) == 2_000
    assert "cana" not in words


def test_values_are_cleaned_too(witness: Witness) -> None:
    witness.redactor.learn(secret="canary-canary")
    evidence = witness.seen("submit", SmtpCondition.MESSAGE_TOO_LARGE, limit="canary-canary\x07").evidence
    assert evidence.values["limit"] == r"[…]\x07"


def test_an_exception_that_nobody_expected_is_a_fault_of_ours(witness: Witness) -> None:
    with pytest.raises(TypeError):
        witness.failed("submit", KeyError("x"))


def test_changing_evidence_keeps_the_cause(witness: Witness) -> None:
    before = witness.failed("submit", TimeoutError())
    after = changed(before, perhaps_sent=True)
    assert after.evidence.perhaps_sent
    assert not before.evidence.perhaps_sent
    assert after.__cause__ is before.__cause__
    assert after.evidence.values == before.evidence.values
