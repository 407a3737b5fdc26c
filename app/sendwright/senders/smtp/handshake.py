"""Explains a TLS handshake that failed, by a second look at the server."""

import re
import ssl

from sendwright.network.certificates import CertificateFacts, refine
from sendwright.network.conditions import NetworkCondition
from sendwright.problems.evidence import System
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.failures import Witness, changed
from sendwright.senders.smtp.second_look import SecondLook
from sendwright.senders.smtp.settings import Security

SMTP_LINE = re.compile(r"[2-5]\d\d[ -]")
RETIRED = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
STAGE = "secure"

ALERT_RECORD, ALERT_DESCRIPTION = b"\x15\x03", 6
"""How a record that holds an alert begins, and where in it stands what it says (RFC 8446 sections 5.1 and 6)."""
ALERT_PROTOCOL_VERSION = 70

UNCLEAR = frozenset(
    {
        NetworkCondition.TLS_HANDSHAKE_FAILED.value,
        NetworkCondition.TLS_VERSION_TOO_OLD.value,
        NetworkCondition.CONNECTION_DROPPED.value,
    }
)
"""What a look can make clear: servers that speak old versions, or no TLS at all, often just hang up."""


async def explained(failure: SendFailed, *, security: Security, look: SecondLook, witness: Witness) -> SendFailed:
    """Return `failure` with what a second look adds: the certificate, the TLS version, the right mode."""
    evidence = failure.evidence
    if evidence.verify is None and evidence.condition not in UNCLEAR:
        return failure
    offer = await (look.tls() if security is Security.TLS else look.starttls())
    if evidence.verify is not None:
        return _with_certificate(failure, offer.chain[0]) if offer and offer.chain else failure
    if offer is not None:
        known = evidence.values | {"version": offer.version}
        if offer.version not in RETIRED:
            return changed(failure, values=known)
        condition = NetworkCondition.TLS_VERSION_TOO_OLD.value
        return changed(failure, system=System.TLS, condition=condition, errno=None, values=known)
    if security is Security.TLS:
        return spoken_in_clear(await look.first_line(), witness=witness) or failure
    return failure


def alerted_in_clear(spoken: bytes, *, witness: Witness) -> SendFailed | None:
    """Return the failure of a server that gives TLS up before it begins; None where `spoken` is no such alert.

    A server that cannot speak TLS at all, such as one whose versions are all retired, may send its alert at once
    (RFC 8446 sections 5.1 and 6): nobody put those bytes before TLS.
    """
    if not spoken.startswith(ALERT_RECORD) or len(spoken) <= ALERT_DESCRIPTION:
        return None
    number = spoken[ALERT_DESCRIPTION]
    version = number == ALERT_PROTOCOL_VERSION
    condition = NetworkCondition.TLS_VERSION_TOO_OLD if version else NetworkCondition.TLS_HANDSHAKE_FAILED
    return witness.seen(STAGE, condition, alert=str(number))


def spoken_in_clear(line: str, *, witness: Witness) -> SendFailed | None:
    """Return the failure of implicit TLS on a port that says `line` in clear; None where it says nothing."""
    if SMTP_LINE.match(line):
        return witness.seen(STAGE, SmtpCondition.WRONG_SECURITY_MODE, text=line, other=Security.STARTTLS.value)
    return witness.seen(STAGE, SmtpCondition.NOT_AN_SMTP_SERVER, text=line) if line else None


def _with_certificate(failure: SendFailed, certificate: CertificateFacts) -> SendFailed:
    evidence = failure.evidence
    known = {
        "names": ", ".join(certificate.names),
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "fingerprint": certificate.fingerprint,
    }
    cause = failure.__cause__
    verify = evidence.verify
    if isinstance(cause, ssl.SSLCertVerificationError):
        verify = refine(cause, certificate=certificate)
    return changed(failure, verify=verify, values=evidence.values | known)
