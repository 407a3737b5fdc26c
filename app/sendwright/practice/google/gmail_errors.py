"""The errors of the Gmail API in the shapes in which Google answers them (developers.google.com/gmail/api/guides)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

_SERVICE: Final = "gmail.googleapis.com"
_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"


@dataclass(eq=False)
class Denied(Exception):
    """The interface refuses.

    status: of HTTP. reason: in errors[], with its domain. message: as Google words it. state: `status` of the body,
    empty for none. detail: reason in details[], empty for none, with its metadata. header: the fault lies in
    `Authorization`. body: answered as it is.
    """

    status: int
    reason: str
    message: str
    domain: str = "global"
    state: str = ""
    detail: str = ""
    metadata: Mapping[str, str] | None = None
    header: bool = False
    body: bytes | None = None

    def shape(self) -> dict[str, object]:
        """Return the body."""
        one: dict[str, object] = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.header:
            one |= {"location": "Authorization", "locationType": "header"}
        error: dict[str, object] = {"code": self.status, "message": self.message, "errors": [one]}
        if self.state:
            error["status"] = self.state
        if self.detail:
            info = {"@type": _INFO, "reason": self.detail, "domain": "googleapis.com"}
            error["details"] = [info | {"metadata": dict(self.metadata or {})}]
        return {"error": error}


def invalid_credentials() -> Denied:
    """An access token that does not count, or none."""
    said = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential."
    )
    return Denied(401, "authError", said, state="UNAUTHENTICATED", header=True)


def scope_insufficient(method: str) -> Denied:
    """The token was not granted for this."""
    return Denied(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        state="PERMISSION_DENIED",
        detail="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        metadata={"service": _SERVICE, "method": method},
    )


def not_configured(project: str) -> Denied:
    """The Gmail API is not enabled in the client's project."""
    page = f"https://console.developers.google.com/apis/api/{_SERVICE}/overview?project={project}"
    said = (
        f"Gmail API has not been used in project {project} before or it is disabled. Enable it by visiting {page} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and "
        "retry."
    )
    return Denied(
        403,
        "accessNotConfigured",
        said,
        domain="usageLimits",
        state="PERMISSION_DENIED",
        detail="SERVICE_DISABLED",
        metadata={"service": _SERVICE, "consumer": f"projects/{project}", "activationUrl": page},
    )


def no_mailbox() -> Denied:
    """The account has no Gmail."""
    return Denied(400, "failedPrecondition", "Mail service not enabled", state="FAILED_PRECONDITION")


def no_subject() -> Denied:
    """A service account that acts for nobody."""
    return Denied(400, "failedPrecondition", "Precondition check failed.", state="FAILED_PRECONDITION")


def delegation_denied(user: str) -> Denied:
    """Another's mailbox."""
    return Denied(403, "forbidden", f"Delegation denied for {user}", state="PERMISSION_DENIED")


def invalid(message: str, *, reason: str = "invalidArgument") -> Denied:
    """A message or a request that cannot be taken."""
    return Denied(400, reason, message, state="INVALID_ARGUMENT")


def not_found() -> Denied:
    """What is not there."""
    return Denied(404, "notFound", "Requested entity was not found.", state="NOT_FOUND")


def too_large() -> Denied:
    """More than Gmail takes."""
    return Denied(413, "uploadTooLarge", "Request is too large.")


def too_many_at_once() -> Denied:
    """More requests of a mailbox at the same time than are allowed."""
    said = "Too many concurrent requests for user"
    return Denied(429, "rateLimitExceeded", said, state="RESOURCE_EXHAUSTED")


def rate(until: datetime | None, *, status: int = 403, reason: str = "rateLimitExceeded", mail: bool = False) -> Denied:
    """The rate of a user: the time stands in the message, there is no Retry-After. mail: the limit of the account."""
    words = "User-rate limit exceeded."
    if until is not None:
        words += f"  Retry after {until:%Y-%m-%dT%H:%M:%S}.{until.microsecond // 1000:03}Z"
    state = "PERMISSION_DENIED" if status == 403 else "RESOURCE_EXHAUSTED"  # noqa: PLR2004 - of HTTP
    return Denied(status, reason, words + (" (Mail sending)" if mail else ""), domain="usageLimits", state=state)


def ordered(status: int, reason: str, until: datetime | None, body: bytes | None) -> Denied:
    """Return what a test or a scenario has ordered. reason: the usual one of the status where empty."""
    if status in {403, 429} and reason in {"", "rateLimitExceeded", "userRateLimitExceeded"}:
        found = rate(until, status=status, reason=reason or "rateLimitExceeded")
        return replace(found, body=body)
    usual = {401: "authError", 500: "backendError", 502: "badGateway", 503: "backendError", 504: "backendError"}
    state = {401: "UNAUTHENTICATED", 500: "INTERNAL", 503: "UNAVAILABLE"}.get(status, "")
    return Denied(status, reason or usual.get(status, "failed"), "Backend Error", state=state, body=body)
