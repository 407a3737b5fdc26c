"""Judges what was printed about an application: its principal, its roles and what they reach."""

from collections.abc import Iterator, Sequence

from sendwright.providers.microsoft365.powershell.application_recipes import ROLE
from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.output import Record
from sendwright.providers.microsoft365.powershell.verdict import Finding, Judgement, attention, good, wrong

_SENDING = {ROLE.lower(), "application mail full access", "application exchange full access"}
"""Roles with which an application may send by Graph."""

_EVERYTHING = {"organization", "organizationconfig", "notrestricted"}


def authorization(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Test-ServicePrincipalAuthorization: the mailbox must be in scope, the control mailbox must not.

    The answer does not name the mailbox: the command above it does, else the order of the commands we wrote.
    """
    tests = [record for record in records if record.has("RoleName", "InScope")]
    if not tests:
        return Judgement()
    findings: list[Finding] = []
    reached: dict[str, bool] = {}
    for record, mailbox in _of_mailboxes(tests, wish):
        role, scope = record.values["rolename"], record.values["inscope"]
        if role.text.lower() not in _SENDING:
            continue
        if scope.truth is None:
            findings.append(attention(scope.line, "not-run"))
            continue
        reached[mailbox] = reached.get(mailbox, False) or scope.truth
        findings.append(_in_scope(scope.line, mailbox, wish, inside=scope.truth))
        if scope.truth and _unlimited(record):
            findings.append(wrong(role.line, "whole-organisation"))
    if not findings:
        findings.append(wrong(tests[0].first, "no-sending-role", role=ROLE))
        return Judgement(findings=tuple(findings), rights={"scope": False})
    rights = {}
    if wish.mailbox in reached:
        rights["scope"] = reached[wish.mailbox]
    if wish.control and wish.control in reached:
        rights["limited"] = not reached[wish.control]
    return Judgement(findings=tuple(findings), rights=rights)


def assignments(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-ManagementRoleAssignment: the role must be limited and switched on."""
    findings: list[Finding] = []
    for record in records:
        role = record.get("Role")
        if role is None or record.has("RoleName") or not wish.client_id or role.text.lower() not in _SENDING:
            continue
        enabled, scope = record.get("Enabled"), record.get("CustomResourceScope") or record.get("CustomRecipientScope")
        if enabled is not None and enabled.truth is False:
            findings.append(wrong(enabled.line, "assignment-off"))
        elif scope is not None and not scope.text:
            findings.append(wrong(scope.line, "assignment-unlimited"))
        else:
            findings.append(good(role.line, "assignment-there", role=role.text))
    return Judgement(findings=tuple(findings))


def principals(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get-ServicePrincipal: the object id must be that of the enterprise application.

    Get-MgServicePrincipal prints it as Id; where both were pasted they are compared.
    """
    mine = [
        record
        for record in records
        if wish.client_id and record.has("AppId") and record.values["appid"].text.lower() == wish.client_id.lower()
    ]
    real = next((record.values["id"].text.lower() for record in mine if record.has("Id")), "")
    findings: list[Finding] = []
    for record in mine:
        value = record.get("ObjectId") or record.get("ServiceId")
        if value is None or value.cut:
            continue
        if value.text.lower() == wish.client_id.lower():
            findings.append(wrong(value.line, "object-id-is-app-id"))
        elif real and value.text.lower() != real:
            findings.append(wrong(value.line, "object-id-of-registration", id=real))
        elif real:
            findings.append(good(value.line, "object-id-right"))
        else:
            findings.append(attention(value.line, "object-id-compare"))
    strangers = [record for record in records if record.has("AppId", "DisplayName") and record not in mine]
    if strangers and not mine and wish.client_id:
        line = strangers[0].values["appid"].line
        findings.append(wrong(line, "other-application", client_id=wish.client_id))
    return Judgement(findings=tuple(findings))


def access_policies(records: Sequence[Record], wish: Expected) -> Judgement:
    """Judge Get- and Test-ApplicationAccessPolicy, the older way to limit an application."""
    findings: list[Finding] = []
    rights: dict[str, bool] = {}
    if not wish.client_id:
        return Judgement()
    for record, mailbox in _of_mailboxes([one for one in records if one.has("AccessCheckResult")], wish):
        result = record.values["accesscheckresult"]
        granted = result.text.lower() == "granted"
        findings.append(_in_scope(result.line, mailbox, wish, inside=granted))
        rights["scope" if mailbox == wish.mailbox else "limited"] = granted is (mailbox == wish.mailbox)
    for record in records:
        access, app = record.get("AccessRight"), record.get("AppId")
        if access is None or app is None or app.text.lower() != wish.client_id.lower():
            continue
        name = "policy-denies" if access.text.lower() == "denyaccess" else "policy-restricts"
        findings.append(attention(access.line, name))
    return Judgement(findings=tuple(findings), rights=rights)


def _of_mailboxes(tests: Sequence[Record], wish: Expected) -> Iterator[tuple[Record, str]]:
    """Yield each test with the mailbox it was made of."""
    seen: set[str] = set()
    turn = 0
    order = (wish.mailbox, wish.control)
    for record in tests:
        named = next((one for one in order if one and one.lower() in record.command.lower()), "")
        role = record.get("RoleName")
        key = role.text.lower() if role else ""
        if key in seen:
            turn, seen = turn + 1, set()
        seen.add(key)
        yield record, named or (order[min(turn, 1)] or wish.mailbox)


def _in_scope(line: int, mailbox: str, wish: Expected, *, inside: bool) -> Finding:
    if mailbox == wish.mailbox:
        return good(line, "reaches", mailbox=mailbox) if inside else wrong(line, "does-not-reach", mailbox=mailbox)
    return wrong(line, "reaches-control", mailbox=mailbox) if inside else good(line, "kept-out", mailbox=mailbox)


def _unlimited(record: Record) -> bool:
    return any(
        value is not None and value.text.replace(" ", "").lower() in _EVERYTHING
        for value in (record.get("ScopeType"), record.get("AllowedResourceScope"))
    )
