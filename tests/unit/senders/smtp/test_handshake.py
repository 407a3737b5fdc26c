"""What a second look makes of a failed handshake."""

import ssl
from typing import cast

import pytest

from sendwright.network.certificates import CertificateFacts, Offer
from sendwright.network.conditions import NetworkCondition
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.failures import Witness
from sendwright.senders.smtp.handshake import alerted_in_clear, explained, spoken_in_clear
from sendwright.senders.smtp.second_look import SecondLook
from sendwright.senders.smtp.settings import Security

LEAF = CertificateFacts(
    subject="CN=mail.example.org",
    issuer="CN=mail.example.org",
    names=("mail.example.org", "192.0.2.1"),
    not_before="2020-01-01T00:00:00Z",
    not_after="2021-01-01T00:00:00Z",
    fingerprint="AB:CD",
)


class Look:
    """Sees what it was told to see, and notes where it looked."""

    def __init__(self, *, offer: Offer | None = None, line: str = "") -> None:
        self.looked: list[str] = []
        self._offer = offer
        self._line = line

    async def tls(self) -> Offer | None:
        self.looked.append("tls")
        return self._offer

    async def starttls(self) -> Offer | None:
        self.looked.append("starttls")
        return self._offer

    async def first_line(self) -> str:
        self.looked.append("first line")
        return self._line


@pytest.fixture
def witness() -> Witness:
    return Witness({"host": "mail.example.org"})


def failed(condition: NetworkCondition, *, verify: int | None = None, cause: Exception | None = None) -> SendFailed:
    evidence = Evidence(
        stage="secure", system=System.SOCKET, condition=condition.value, verify=verify, values={"kept": "yes"}
    )
    failure = SendFailed(evidence)
    failure.__cause__ = cause
    return failure


async def explain(failure: SendFailed, look: Look, witness: Witness, security: Security = Security.TLS) -> Evidence:
    result = await explained(failure, security=security, look=cast("SecondLook", look), witness=witness)
    assert result.__cause__ is failure.__cause__ or result.evidence.condition != failure.evidence.condition
    return result.evidence


@pytest.mark.parametrize("security", list(Security))
async def test_a_refused_certificate_is_described(witness: Witness, security: Security) -> None:
    look = Look(offer=Offer(version="TLSv1.3", chain=(LEAF,)))
    failure = failed(NetworkCondition.TLS_CERTIFICATE_REFUSED, verify=10)
    evidence = await explain(failure, look, witness, security)
    assert look.looked == [security.value]
    assert evidence.verify == 10
    assert evidence.values == {
        "kept": "yes",
        "names": "mail.example.org, 192.0.2.1",
        "not_before": LEAF.not_before,
        "not_after": LEAF.not_after,
        "subject": LEAF.subject,
        "issuer": LEAF.issuer,
        "fingerprint": "AB:CD",
    }


async def test_a_vague_verdict_of_the_system_is_made_precise(witness: Witness) -> None:
    cause = ssl.SSLCertVerificationError("untrusted root")
    cause.verify_code = 0x800B0109
    failure = failed(NetworkCondition.TLS_CERTIFICATE_REFUSED, verify=20, cause=cause)
    evidence = await explain(failure, Look(offer=Offer(version="TLSv1.3", chain=(LEAF,))), witness)
    assert evidence.verify == 10


@pytest.mark.parametrize("offer", [None, Offer(version="TLSv1.3", chain=())])
async def test_without_a_second_look_the_verdict_stands(witness: Witness, offer: Offer | None) -> None:
    failure = failed(NetworkCondition.TLS_CERTIFICATE_REFUSED, verify=18)
    assert await explain(failure, Look(offer=offer), witness) == failure.evidence


@pytest.mark.parametrize("condition", [NetworkCondition.TLS_HANDSHAKE_FAILED, NetworkCondition.CONNECTION_DROPPED])
@pytest.mark.parametrize("version", ["SSLv3", "TLSv1", "TLSv1.1"])
async def test_a_retired_version_explains_it(witness: Witness, condition: NetworkCondition, version: str) -> None:
    look = Look(offer=Offer(version=version, chain=(LEAF,)))
    evidence = await explain(failed(condition), look, witness)
    assert (evidence.system, evidence.condition) == (System.TLS, "tls-version-too-old")
    assert (evidence.values["version"], evidence.errno) == (version, None)


async def test_a_version_that_is_fine_explains_nothing(witness: Witness) -> None:
    look = Look(offer=Offer(version="TLSv1.2", chain=(LEAF,)))
    evidence = await explain(failed(NetworkCondition.TLS_HANDSHAKE_FAILED), look, witness)
    assert (evidence.condition, evidence.values["version"]) == ("tls-handshake-failed", "TLSv1.2")


@pytest.mark.parametrize(
    ("line", "condition"),
    [
        ("220 mail.example.org ESMTP", "wrong-security-mode"),
        ("554-no", "wrong-security-mode"),
        ("SSH-2.0-OpenSSH", "not-an-smtp-server"),
        ("", "tls-handshake-failed"),
    ],
)
async def test_words_in_clear_explain_implicit_tls(witness: Witness, line: str, condition: str) -> None:
    look = Look(line=line)
    evidence = await explain(failed(NetworkCondition.TLS_HANDSHAKE_FAILED), look, witness)
    assert look.looked == ["tls", "first line"]
    assert evidence.condition == condition
    assert evidence.text == line


async def test_after_starttls_nobody_wonders_about_words_in_clear(witness: Witness) -> None:
    look = Look(line="220 mail.example.org")
    failure = failed(NetworkCondition.CONNECTION_DROPPED)
    assert await explain(failure, look, witness, Security.STARTTLS) == failure.evidence
    assert look.looked == ["starttls"]


@pytest.mark.parametrize("condition", [NetworkCondition.CONNECTION_TIMED_OUT, NetworkCondition.TLS_AUTHORITY_INVALID])
async def test_what_is_clear_needs_no_second_look(witness: Witness, condition: NetworkCondition) -> None:
    look = Look()
    failure = failed(condition)
    assert await explain(failure, look, witness) == failure.evidence
    assert look.looked == []


def test_silence_in_clear_says_nothing(witness: Witness) -> None:
    assert spoken_in_clear("", witness=witness) is None


@pytest.mark.parametrize(
    ("number", "condition"),
    [(70, NetworkCondition.TLS_VERSION_TOO_OLD), (40, NetworkCondition.TLS_HANDSHAKE_FAILED)],
)
def test_an_alert_instead_of_tls_is_understood(witness: Witness, number: int, condition: NetworkCondition) -> None:
    failure = alerted_in_clear(b"\x15\x03\x01\x00\x02\x02" + bytes([number]), witness=witness)
    assert failure is not None
    assert (failure.evidence.system, failure.evidence.condition) == (System.TLS, condition.value)
    assert failure.evidence.values == {"host": "mail.example.org", "alert": str(number)}
    assert failure.evidence.text == ""


@pytest.mark.parametrize("spoken", [b"", b"250 Ok\r\n", b"\x15\x03\x01\x00\x02\x02", b"\x16\x03\x01\x00\x02\x02F"])
def test_whatever_else_comes_before_tls_is_no_alert(witness: Witness, spoken: bytes) -> None:
    assert alerted_in_clear(spoken, witness=witness) is None
