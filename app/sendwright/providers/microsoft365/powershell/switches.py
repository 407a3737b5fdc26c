"""Judges what was printed about switches of the organisation and about what became of a message."""

from collections.abc import Sequence

from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.output import Record, Value
from sendwright.providers.microsoft365.powershell.verdict import Finding, Judgement, attention, good, wrong

_SMTP = "SmtpClientAuthenticationDisabled"
_STATES = {
    "delivered": good,
    "expanded": good,
    "failed": wrong,
    "quarantined": wrong,
    "filteredasspam": wrong,
    "pending": attention,
    "gettingstatus": attention,
}
"""Status of Get-MessageTraceV2."""


def submission(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-TransportConfig and Get-CASMailbox: the mailbox's own switch beats that of the organisation."""
    values = [(record, record.values[_SMTP.lower()]) for record in records if record.has(_SMTP)]
    if not values:
        return Judgement()
    own = [value for record, value in values if record.has("Name") or "casmailbox" in record.command.lower()]
    everybody = [value for _, value in values if value not in own]
    off = _off(own, everybody)
    findings = [
        _switch(value, of_mailbox=value in own, decisive=_decides(value, own), wish=wish) for _, value in values
    ]
    return Judgement(
        findings=tuple(finding for finding in findings if finding),
        rights={} if off is None else {"smtp": not off},
    )


def organisation(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-OrganizationConfig: nothing there is wrong for sending by Graph."""
    del wish
    findings: list[Finding] = []
    for record in records:
        direct, alias = record.get("RejectDirectSend"), record.get("SendFromAliasEnabled")
        if direct is not None and direct.truth is not None:
            findings.append(good(direct.line, "direct-send-off" if direct.truth else "direct-send-on"))
        if alias is not None and alias.truth is not None:
            findings.append(good(alias.line, "alias-kept") if alias.truth else attention(alias.line, "alias-rewritten"))
    return Judgement(findings=tuple(findings))


def traces(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-MessageTraceV2: what became of messages."""
    del wish
    findings = []
    for record in records:
        status = record.get("Status")
        if status is None or not record.has("RecipientAddress"):
            continue
        name = status.text.replace(" ", "").lower()
        remark = _STATES.get(name)
        findings.append(remark(status.line, f"trace-{name}") if remark else attention(status.line, "trace-other"))
    return Judgement(findings=tuple(findings))


def _off(own: Sequence[Value], everybody: Sequence[Value]) -> bool | None:
    for values in (own, everybody):
        for value in values:
            if value.truth is not None:
                return value.truth
    return None


def _decides(value: Value, own: Sequence[Value]) -> bool:
    return value in own or not any(one.truth is not None for one in own)


def _switch(value: Value, *, of_mailbox: bool, decisive: bool, wish: Expected) -> Finding | None:
    if value.truth is None:
        return attention(value.line, "smtp-follows") if of_mailbox else None
    if not value.truth:
        return good(value.line, "smtp-on")
    if not decisive:
        return None
    remark = wrong if wish.smtp else attention
    return remark(value.line, "smtp-off-mailbox" if of_mailbox else "smtp-off")
