"""Judges what was printed about rights on a mailbox: Send As, Send on Behalf, Full Access, kind, copies."""

from collections.abc import Sequence

from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.output import Record, Value
from sendwright.providers.microsoft365.powershell.verdict import Finding, Judgement, attention, good, wrong

_SELF = ("nt authority\\self", "self")
_KINDS = {"usermailbox", "sharedmailbox", "roommailbox", "equipmentmailbox", "linkedmailbox", "schedulingmailbox"}
"""RecipientTypeDetails that have a mailbox in Exchange Online. Remote… ones lie in a server of the organisation's."""


def recipient_permissions(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-RecipientPermission: whether the account has Send As."""
    found = [record for record in records if record.has("Trustee", "AccessRights")]
    return _entries(found, wish, who="Trustee", right="SendAs", name="send-as")


def mailbox_permissions(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-MailboxPermission: whether the account has Full Access."""
    found = [record for record in records if record.has("User", "AccessRights")]
    return _entries(found, wish, who="User", right="FullAccess", name="full-access")


def mailbox(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-Mailbox and Get-EXOMailbox: Send on Behalf, the kind of mailbox, where copies go."""
    findings: list[Finding] = []
    rights: dict[str, bool] = {}
    for record in records:
        address = record.get("PrimarySmtpAddress")
        if address is not None and not address.cut and not wish.is_mailbox(address.text):
            findings.append(wrong(address.line, "other-mailbox", mailbox=wish.mailbox, printed=address.text))
            continue
        if (behalf := record.get("GrantSendOnBehalfTo")) is not None:
            findings.append(_on_behalf(behalf, wish, rights))
        if (kind := record.get("RecipientTypeDetails")) is not None and not kind.cut:
            there = kind.text.lower() in _KINDS
            findings.append(
                good(kind.line, "kind-good", kind=kind.text) if there else wrong(kind.line, "kind", kind=kind.text)
            )
        for key in ("MessageCopyForSentAsEnabled", "MessageCopyForSendOnBehalfEnabled"):
            copy = record.get(key)
            if copy is not None and copy.truth:
                rights["copies"] = True
                findings.append(good(copy.line, "copies", mailbox=wish.mailbox))
    return Judgement(findings=tuple(findings), rights=rights)


def _entries(found: Sequence[Record], wish: Expected, *, who: str, right: str, name: str) -> Judgement:
    """Judge a list of who has `right`; an entry that denies it weighs more than one that grants it."""
    if not found or not wish.account:
        return Judgement()
    findings: list[Finding] = []
    granted = denied = doubtful = False
    for record in found:
        identity, entry, rights = record.get("Identity"), record.values[who.lower()], record.values["accessrights"]
        if identity is not None and not identity.cut and not wish.is_mailbox(identity.text):
            findings.append(wrong(identity.line, "other-mailbox", mailbox=wish.mailbox, printed=identity.text))
            continue
        match = None if entry.cut else wish.is_account(entry.text)
        if match is None:
            doubtful = True
            findings.append(attention(entry.line, "unclear", printed=entry.text))
        elif not match:
            findings += _somebody_else(entry, wish, name)
        elif _denies(record):
            denied = True
            findings.append(wrong(entry.line, f"{name}-denied", account=wish.account))
        elif right.lower() in {member.lower() for member in rights.members}:
            granted = True
            findings.append(good(rights.line, f"{name}-there", account=wish.account, mailbox=wish.mailbox))
        else:
            findings.append(attention(rights.line, f"{name}-other-right", printed=rights.text))
    if not (granted or denied or doubtful) and not any(finding.mark == "wrong" for finding in findings):
        last = found[-1].values[who.lower()]
        findings = [finding for finding in findings if finding.line != last.line]
        findings.append(wrong(last.line, f"{name}-absent", account=wish.account))
    known = {} if doubtful and not granted and not denied else {name: granted and not denied}
    return Judgement(findings=tuple(findings), rights=known)


def _somebody_else(entry: Value, wish: Expected, name: str) -> list[Finding]:
    if entry.text.lower() in _SELF:
        return []
    local, _, domain = wish.account.lower().partition("@")
    printed, _, other = entry.text.lower().partition("@")
    if domain and other and printed == local:
        return [wrong(entry.line, "almost", printed=entry.text, account=wish.account)]
    del name
    return []


def _denies(record: Record) -> bool:
    deny, control = record.get("Deny"), record.get("AccessControlType")
    return bool((deny and deny.truth) or (control and control.text.lower() == "deny"))


def _on_behalf(behalf: Value, wish: Expected, rights: dict[str, bool]) -> Finding:
    """Judge the list of those who may send on behalf. It names objects as the organisation calls them, or by id."""
    if not wish.account:
        return attention(behalf.line, "not-for-applications")
    matches = [wish.is_account(member) for member in behalf.members]
    if True in matches:
        rights["send-on-behalf"] = True
        return good(behalf.line, "on-behalf-there", account=wish.account, mailbox=wish.mailbox)
    if behalf.cut or None in matches:
        return attention(behalf.line, "unclear", printed=behalf.text)
    rights["send-on-behalf"] = False
    return attention(behalf.line, "on-behalf-absent", account=wish.account)
