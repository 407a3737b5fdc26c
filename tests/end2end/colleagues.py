"""What the IT department may do in a practice while somebody sets up her provider."""

from collections.abc import Callable

from sendwright.practice.google import example
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.tenant import Right, Tenant
from sendwright.practice.rehearsal import Rehearsal


def _tenant(rehearsal: Rehearsal) -> Tenant:
    if rehearsal.microsoft is None:
        raise RuntimeError("the practice has not begun")
    return rehearsal.microsoft.tenant


def _workspace(rehearsal: Rehearsal) -> Workspace:
    if rehearsal.google is None:
        raise RuntimeError("the practice has not begun")
    return rehearsal.google.workspace


ERRANDS: dict[str, Callable[[Rehearsal], object]] = {
    "consents-for-all": lambda practice: _tenant(practice).consents.update(
        {CLIENT_ID: {"Mail.Send", "Mail.Send.Shared", "User.Read"}}
    ),
    "grants-send-as": lambda practice: _tenant(practice).grant(BEN, INFO, Right.SEND_AS),
    "trusts-application": lambda practice: _workspace(practice).policies.blocked.clear(),
    "delegates": lambda practice: _workspace(practice).delegations.update(
        {example.SERVICE_ACCOUNT_ID: {"https://www.googleapis.com/auth/gmail.send"}}
    ),
}
"""By name."""
