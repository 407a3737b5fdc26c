"""The JSON that wizard and notification backend exchange; both sides validate with these types.

Field names are part of the interface (`/v1`): additions are free, a change of meaning needs a new version.
Times are RFC 3339 in UTC, made of aware datetimes.
"""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from sendwright.diagnosis.stage import Verdict
from sendwright.profile import SenderProfile

API_VERSION = 1


class EnrolmentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/enrolments.

    code: the one-time secret of a connection code. device: who enrols, for the audit.
    """

    code: str
    device: str


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """The access token, returned once and stored only as a digest."""

    token: str
    organisation: str


class DefaultSender(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's own sender, in force as long as the organisation has none."""

    address: str
    alias: str


class ProfileState(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the sender profile.

    trouble: code of a problem that stands between this version and its messages and that a person must mend, such
    as a sign-in that ended. works: whether messages leave in spite of it. expires_at: when its credential ends by
    itself, where that is known. contact: who is told.

    state: `staged` (stored, not used), `in-force`, `former`. credential: fingerprint of the sealed
    credentials (first 16 hex digits of SHA-256), never the credentials; None where the profile needs none.
    """

    version: int
    state: Literal["staged", "in-force", "former"]
    profile: SenderProfile
    credential: str | None
    created_at: datetime
    created_by: str
    tested_at: datetime | None = None
    test_verdict: str | None = None
    activated_at: datetime | None = None
    trouble: str | None = None
    works: bool = False
    expires_at: datetime | None = None
    contact: str = ""


class Organisation(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/organisation.

    etag of the answer names the version in force: profile writes send it as If-Match.
    """

    name: str
    workspaces: tuple[str, ...]
    default_sender: DefaultSender
    in_force: ProfileState | None
    api_version: int = API_VERSION


class ProfileRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/profiles. credentials: a compact JWE of a JSON object of strings, or None.

    credentials_from: instead of credentials, the version whose credentials this one takes over; both share a refresh
    token then. contact: address of the person whom the backend tells when the connection needs her. expires_at: when
    the sign-in that is handed over ends by itself, where its provider said so; one that is taken over keeps its own.
    """

    profile: SenderProfile
    credentials: str | None
    note: str = ""
    credentials_from: int | None = None
    contact: str = ""
    expires_at: datetime | None = None


class TestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/profiles/{n}/test.

    to: where the backend's own test message goes; None tests without submitting. mailbox: send as this mailbox
    instead of the profile's, to see whether that is refused; such a test says nothing of the version and is not
    recorded as its test.
    """

    to: str | None = None
    mailbox: str | None = None


class TestEnd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last line of a test's stream, after one line for each stage (`diagnosis.stage.StageResult`).

    verdict: that of the worst stage. code: why the test itself could not be carried out, None where it could.
    A stream without this line was cut off.
    """

    verdict: Verdict
    code: str | None = None


class MicrosoftApplication(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/microsoft: the credential by which the backend acts as an application of the platform.

    client_id: empty where the platform has none. credential: what it signs in with; None: nothing, so the application
    way is closed. thumbprint: SHA-256 of the certificate, hexadecimal. not_after: when it ends.
    """

    client_id: str = ""
    credential: Literal["certificate", "secret"] | None = None
    thumbprint: str = ""
    not_after: datetime | None = None


class CertificateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/microsoft/certificates: a new key pair for an organisation's own registration `client_id`."""

    client_id: str


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation uploads to its registration. The private key never leaves the backend.

    id: named in a profile's settings. pem: the certificate. thumbprint: SHA-1 of its DER form, hexadecimal capitals, as
    the portal shows it. thumbprint_sha256: the same by SHA-256.
    """

    id: str
    client_id: str
    pem: str
    thumbprint: str
    thumbprint_sha256: str
    not_after: datetime


class ConsentQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/microsoft/consent asks whether the application may act in `tenant` (id or domain) by now.

    client_id, certificate: a registration of the organisation's own and the backend's certificate for it; empty: the
    platform's. cloud: a key of oauth.entra.cloud.CLOUDS. login, graph: for practice and tests.
    """

    tenant: str
    cloud: str = "global"
    client_id: str = ""
    certificate: str = ""
    login: str = ""
    graph: str = ""


class ConsentState(msgspec.Struct, frozen=True, kw_only=True):
    """granted: there is a token, and `roles` says what it allows (app permissions; empty where Exchange scopes them).

    missing: the application is not known in the tenant yet. refused: `problem` (its code) says why. tenant: its id.
    """

    state: Literal["granted", "missing", "refused"]
    roles: tuple[str, ...] = ()
    tenant: str = ""
    problem: str | None = None


class GoogleIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/google: how the backend can sign for a service account that has no key.

    identity: the principal that must be a Service Account Token Creator of that account, as Google names it; empty
    where the backend has no identity at Google, so that a key is needed.
    """

    identity: str = ""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """DELETE /v1/profiles/active: the platform's default sender is in force again.

    revoked: whether the sign-in was ended at its provider, None where that was not asked for. problem: code of why it
    was not.
    """

    revoked: bool | None = None
    problem: str | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """GET /healthz.

    instance: random for each start, so that another program on the same port is told apart.
    """

    instance: str
    status: str = "alive"
    api_version: int = API_VERSION


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Who changed what, when.

    action: `enrolled`, `profile-staged`, `profile-tested`, `profile-activated` and so on.
    """

    at: datetime
    who: str
    action: str
    version: int | None = None
    detail: dict[str, str] = {}


class Audit(msgspec.Struct, frozen=True):
    """GET /v1/audit, newest first."""

    entries: tuple[AuditEntry, ...]


class Profiles(msgspec.Struct, frozen=True):
    """GET /v1/profiles, newest first."""

    profiles: tuple[ProfileState, ...]


NotificationKind = Literal[
    "comment",
    "task",
    "rights-request",
    "audit-invitation",
    "user-invitation",
    "reminder",
    "compliance-alert",
    "incident",
    "workflow",
    "test",
]

NOTIFICATION_KINDS: tuple[NotificationKind, ...] = get_args(NotificationKind)


class NotificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/notifications. priority: 1 (first) to 9. not_after: later than that it is not sent any more.

    deduplication_key: a second request with the same key is answered with the first one's notification.
    """

    kind: NotificationKind
    to: str
    subject: str
    text: str = ""
    html: str = ""
    priority: int = 5
    deduplication_key: str | None = None
    not_after: datetime | None = None
    workspace: str | None = None


NotificationStateName = Literal["queued", "sending", "sent", "retrying", "failed", "expired"]


class NotificationState(msgspec.Struct, frozen=True, kw_only=True):
    """GET /v1/notifications/{id}.

    attempts: how often it was tried. next_attempt_at: when retrying. problem: code of the last problem.
    provider_id: the mail service's own id once sent. perhaps_twice: an answer was cut off once, so the
    recipient may have two.
    """

    id: str
    kind: str
    to: str
    subject: str
    state: NotificationStateName
    message_id: str
    created_at: datetime
    updated_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    problem: str | None = None
    problem_text: str = ""
    provider_id: str | None = None
    profile_version: int | None = None
    perhaps_twice: bool = False


class Notifications(msgspec.Struct, frozen=True):
    """GET /v1/notifications, newest first.

    counts: how many notifications are in each state, all of them and not only those listed.
    oldest_unfinished_at: when the oldest was accepted that is queued, sending or retrying.
    """

    notifications: tuple[NotificationState, ...]
    counts: dict[str, int] = {}
    oldest_unfinished_at: datetime | None = None


class ProblemDocument(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457 problem document; `code` is ours and kebab-case, decisions hang on it."""

    status: int
    code: str
    title: str = ""
    detail: str = ""
    type: str = "about:blank"
