"""Turns what goes wrong in an SMTP dialogue into evidence: one table, one place."""

import re

import msgspec
from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import TEXT_LIMIT, observe
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.recording.redactor import Redactor
from sendwright.recording.visible import visible
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition

Condition = NetworkCondition | SmtpCondition

ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)")
"""An enhanced status code (RFC 3463) at the beginning of a reply's text."""

UNREADABLE = "Malformed SMTP response line: "
"""What aiosmtplib puts before the words of a server that speaks no SMTP."""

TABLE: tuple[tuple[type[Exception], System, Condition], ...] = (
    (SMTPServerDisconnected, System.SOCKET, NetworkCondition.CONNECTION_DROPPED),
    (SMTPTimeoutError, System.SOCKET, NetworkCondition.CONNECTION_TIMED_OUT),
    (SMTPResponseException, System.SMTP, SmtpCondition.NONSENSE_REPLY),
)
"""What aiosmtplib raises below its own SMTP class; the first row whose class fits decides."""

SYSTEMS = {"dns": System.DNS, "tls": System.TLS, "connection": System.SOCKET, "network": System.SOCKET}
"""Who spoke, by the first word of a condition; everybody else is the SMTP server."""

OBSERVED = (SMTPServerDisconnected, SMTPTimeoutError, SMTPResponseException, OSError, Failure)
"""What a Witness can turn into a SendFailed."""


class Witness:
    """Says what was seen on one connection, without its credentials.

    values: facts that every piece of evidence carries, such as host and port; the session adds to them.
    """

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.redactor = Redactor()

    def words(self, text: str) -> str:
        """Return the other side's words as they may be shown and logged, at most 2,000 characters."""
        return visible(self.redactor.clean(text))[:TEXT_LIMIT]

    def seen(self, stage: str, condition: Condition, *, text: str = "", **values: str) -> SendFailed:
        """Return the failure for an observation that has no reply code."""
        system = SYSTEMS.get(condition.value.partition("-")[0], System.SMTP)
        evidence = Evidence(stage=stage, system=system, condition=condition.value, text=self.words(text))
        return SendFailed(self._with(evidence, values))

    def refused(
        self, stage: str, response: SMTPResponse, *, condition: Condition | None = None, **values: str
    ) -> SendFailed:
        """Return the failure for a reply that is not the wished one."""
        code = ENHANCED.match(response.message)
        evidence = Evidence(
            stage=stage,
            system=System.SMTP,
            condition=None if condition is None else condition.value,
            reply=response.code,
            enhanced=code[1] if code else None,
            text=self.words(response.message),
        )
        return SendFailed(self._with(evidence, values))

    def failed(self, stage: str, error: BaseException) -> SendFailed:
        """Return the failure for an exception of OBSERVED.

        The exception is kept as its cause where it cannot hold a server's words: those may repeat
        credentials.
        """
        if isinstance(error, SendFailed):
            return error
        if isinstance(error, Failure):
            failure = SendFailed(self._with(error.evidence, {}))
            failure.__cause__ = error.__cause__
            return failure
        row = next((row for row in TABLE if isinstance(error, row[0])), None)
        if row is None:
            failure = SendFailed(self._with(observe(error, stage=stage), {}))
            failure.__cause__ = error
            return failure
        _, system, condition = row
        said = error.message.removeprefix(UNREADABLE) if isinstance(error, SMTPResponseException) else ""
        evidence = Evidence(stage=stage, system=system, condition=condition.value, text=self.words(said))
        failure = SendFailed(self._with(evidence, {}))
        failure.__cause__ = error.__cause__
        return failure

    def _with(self, evidence: Evidence, values: dict[str, str]) -> Evidence:
        known = self.values | evidence.values | values
        cleaned = {name: self.words(value) for name, value in known.items()}
        return msgspec.structs.replace(evidence, text=self.words(evidence.text), values=cleaned)


def changed(failure: SendFailed, **fields: object) -> SendFailed:
    """Return `failure` with other fields in its evidence, and the same cause."""
    other = SendFailed(msgspec.structs.replace(failure.evidence, **fields))
    other.__cause__ = failure.__cause__
    return other
