"""Tells from the codes of a refusal which right it was that lacked, and what a proof is worth."""

from enum import StrEnum
from typing import Final

from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.cells import APPLICATION, Combination, combinations
from sendwright.senders.graph.settings import Route, Way


class Missing(StrEnum):
    """The right that lacks, as a Proof names it."""

    SEND_AS = "send-as"  # or Send on Behalf: either would have done
    SEND_ON_BEHALF = "send-on-behalf"
    FULL_ACCESS = "full-access"
    SCOPE = "scope"
    POLICY = "policy"
    UNKNOWN = ""


_SEND_AS_CODES: Final = frozenset({"ErrorSendAsDenied"})
_DENIED_CODES: Final = frozenset({"ErrorAccessDenied", "AccessDenied", "accessDenied", "Forbidden"})
_SCOPE_CODES: Final = frozenset(
    {"Authorization_RequestDenied", "NoPermissionsInAccessToken", "ErrorInsufficientPermissionsInAccessToken"}
)
_SEND_AS_STATUS: Final = frozenset({"5.2.252", "5.7.60"})
_POLICY_STATUS: Final = frozenset({"5.7.139"})
_SIGN_IN_REFUSED: Final = "5.7.3"
_KEPT_OUT: Final = "graph-app-kept-out-of-mailbox"

_SEND_AS_PROBLEMS: Final = frozenset({"sender-not-allowed"})
_SCOPE_PROBLEMS: Final = frozenset(
    {"consent-missing", "consent-needs-admin", "consent-declined", "scope-invalid", "oauth-permission-missing",
     "graph-permission-missing", "application-not-in-tenant"}
)  # fmt: skip
_POLICY_PROBLEMS: Final = frozenset(
    {"conditional-access-blocked", "security-policy-blocked", "device-not-managed", "device-sign-in-required",
     "client-app-not-approved", "mfa-required", "mfa-registration-required", "account-at-risk",
     "network-restricts-tenants", "application-disabled", "application-assignment-required", _KEPT_OUT}
)  # fmt: skip


def missing(problem: Problem, of: Combination, state: MicrosoftAnswers) -> Missing:
    """Return the right that `problem` shows to lack. Codes decide; the other side's sentences do not."""
    evidence = problem.evidence
    if evidence.reason in _SEND_AS_CODES or evidence.enhanced in _SEND_AS_STATUS:
        return Missing.SEND_AS
    if evidence.reason in _SCOPE_CODES:
        return Missing.SCOPE
    if evidence.reason in _DENIED_CODES:
        return _denied(problem, of, state)
    if evidence.enhanced in _POLICY_STATUS:
        return Missing.POLICY
    if evidence.enhanced == _SIGN_IN_REFUSED and of.route is Route.SMTP and state.shared:
        return Missing.FULL_ACCESS  # `user=` names a mailbox that the token's owner may not open
    for codes, right in (
        (_SCOPE_PROBLEMS, Missing.SCOPE),
        (_POLICY_PROBLEMS, Missing.POLICY),
        (_SEND_AS_PROBLEMS, Missing.SEND_AS),
    ):
        if problem.code in codes:
            return right
    return Missing.UNKNOWN


def good(proof: Proof | None, of: Combination, state: MicrosoftAnswers) -> bool:
    """Tell whether `proof` shows what was wished for.

    A control mailbox is kept out only if Microsoft said so: a lost connection says nothing, and an application that
    may not send at all is no limited one.
    """
    if proof is None:
        return False
    if not of.control:
        return proof.accepted
    wanted = state.proofs.get(APPLICATION)
    return not proof.accepted and proof.missing in {Missing.SCOPE, Missing.POLICY} and bool(wanted and wanted.accepted)


def reaches_all(state: MicrosoftAnswers) -> bool:
    """Tell whether the application was seen to send as the control mailbox."""
    return any(one.control and (proof := state.proofs.get(one.id)) and proof.accepted for one in combinations(state))


def proven_routes(state: MicrosoftAnswers) -> tuple[Route, ...]:
    """Return the routes that a real send has proven, the best first."""
    return tuple(
        one.route for one in combinations(state) if not one.control and good(state.proofs.get(one.id), one, state)
    )


def _denied(problem: Problem, of: Combination, state: MicrosoftAnswers) -> Missing:
    """Tell what Graph means by its plain no: the token's permissions say what it cannot be."""
    if state.way is Way.APPLICATION:
        return Missing.POLICY if problem.code == _KEPT_OUT else Missing.SCOPE
    needed = {"mail.send.shared"} if state.shared else {"mail.send"}
    have = {scope.rpartition("/")[2].casefold() for scope in state.scopes}
    if have and not needed & have:
        return Missing.SCOPE
    if of.route is Route.MAILBOX:
        return Missing.FULL_ACCESS
    return Missing.UNKNOWN if have else Missing.SCOPE
