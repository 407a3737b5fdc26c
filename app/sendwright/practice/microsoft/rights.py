"""What Exchange decides about a message that is handed over: whose it is, whether it may go, where its copy lies."""

from dataclasses import dataclass

from sendwright.practice.microsoft.tenant import Right, Tenant
from sendwright.practice.microsoft.tokens import Bearer


class Denied(Exception):
    """Refused. code: as Graph names it; status: of HTTP; said: its message. body: answered instead of these."""

    def __init__(self, status: int, code: str, said: str, *, retry_after: str = "", body: bytes | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.said = said
        self.retry_after = retry_after
        self.body = body


ACCESS_DENIED = "Access is denied. Check credentials and try again."
SEND_AS_DENIED = (
    "The user account which was used to submit this request does not have the right to send mail on behalf of the "
    "specified sending account., Cannot submit message."
)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """As whom a message goes. sender: who shows as having sent it on behalf of `mailbox`, empty for nobody.

    copies: the mailboxes in whose Sent Items it lies.
    """

    mailbox: str
    sender: str = ""
    copies: tuple[str, ...] = ()


def own_mailbox(tenant: Tenant, bearer: Bearer) -> str:
    """Return the mailbox of who signed in. Raises Denied."""
    if bearer.application:
        raise Denied(400, "BadRequest", "/me request is only valid with delegated authentication flow.")
    return mailbox(tenant, bearer.username)


def mailbox(tenant: Tenant, wanted: str) -> str:
    """Return the address of a mailbox. Raises Denied: nobody's, or somebody's who has none."""
    found = tenant.mailbox(wanted)
    if found is not None:
        return found
    if tenant.person(wanted) or any(person.oid == wanted for person in tenant.people.values()):
        said = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise Denied(404, "MailboxNotEnabledForRESTAPI", said)
    raise Denied(404, "ErrorInvalidUser", f"The requested user '{wanted}' is invalid.")


def may_use(tenant: Tenant, bearer: Bearer, at: str) -> None:
    """Check that the bearer may hand over messages at the mailbox `at`. Raises Denied."""
    if bearer.application:
        if "Mail.Send" not in bearer.permissions and not tenant.scopes(bearer.client_id, at):
            raise Denied(403, "ErrorAccessDenied", ACCESS_DENIED)
        return
    if not bearer.permissions & {"Mail.Send", "Mail.Send.Shared"}:
        raise Denied(403, "ErrorAccessDenied", ACCESS_DENIED)
    own = tenant.mailbox(bearer.username)
    if at == own:
        return
    if "Mail.Send.Shared" not in bearer.permissions or not tenant.holds(bearer.username, at, Right.FULL_ACCESS):
        raise Denied(403, "ErrorAccessDenied", ACCESS_DENIED)


def identity(tenant: Tenant, bearer: Bearer, *, at: str, sender: str) -> Identity:
    """Return as whom a message of `sender` (empty: of `at` itself) goes that was handed over to Graph at `at`.

    Raises Denied: ErrorSendAsDenied without Send As and Send on Behalf, ErrorAccessDenied without Mail.Send.Shared.
    """
    actor = at if bearer.application else (tenant.mailbox(bearer.username) or bearer.username.lower())
    wanted = tenant.mailbox(sender) if sender else at
    if wanted != actor and not bearer.application and "Mail.Send.Shared" not in bearer.permissions:
        raise Denied(403, "ErrorAccessDenied", ACCESS_DENIED)
    found = acting(tenant, actor=actor, wanted=wanted, at=at)
    if found is None:
        raise Denied(403, "ErrorSendAsDenied", SEND_AS_DENIED)
    return found


def acting(tenant: Tenant, *, actor: str, wanted: str | None, at: str) -> Identity | None:
    """Return as whom a message goes that `actor` hands over at the mailbox `at` as `wanted`; None for not at all.

    Send As comes before Send on Behalf where both are held.
    """
    if wanted is None:
        return None
    if wanted == actor:
        return Identity(mailbox=wanted, copies=(at,))
    policies = tenant.policies
    if tenant.holds(actor, wanted, Right.SEND_AS):
        return Identity(mailbox=wanted, copies=_copies(at, wanted, also=policies.copy_for_send_as))
    if tenant.holds(actor, wanted, Right.SEND_ON_BEHALF):
        copies = _copies(at, wanted, also=policies.copy_for_send_on_behalf)
        return Identity(mailbox=wanted, sender=actor, copies=copies)
    return None


def _copies(at: str, wanted: str, *, also: bool) -> tuple[str, ...]:
    return (at, wanted) if also and wanted != at else (at,)
