"""A failure with a name: what it is, who has to act, whether to try again."""

from enum import StrEnum

import msgspec

from sendwright.problems.evidence import Evidence


class Owner(StrEnum):
    """Who has to act."""

    YOU = "you"
    MICROSOFT_365_ADMIN = "microsoft-365-admin"
    EXCHANGE_ADMIN = "exchange-admin"
    GOOGLE_WORKSPACE_ADMIN = "google-workspace-admin"
    MAIL_SERVER_ADMIN = "mail-server-admin"
    DNS_ADMIN = "dns-admin"
    NETWORK_ADMIN = "network-admin"
    MAILBOX_OWNER = "mailbox-owner"
    RECIPIENT = "recipient"
    PLATFORM_VENDOR = "platform-vendor"
    NOBODY = "nobody"


class Retry(StrEnum):
    """When trying again makes sense."""

    NOW = "now"
    LATER = "later"
    AFTER_FIX = "after-fix"
    NEVER = "never"


class Confidence(StrEnum):
    """How sure the explanation is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class RemedyKind(StrEnum):
    """What pressing a remedy's button does."""

    COPY = "copy"
    OPEN = "open"
    CHANGE = "change"
    WAIT = "wait"
    RETRY = "retry"


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do about a problem.

    label: key of the button's words. value: the command to copy, the page to open, the field to change (its
    name in the form), or the seconds to wait. proposal: what to put into that field, where it is known.
    Placeholders in braces are filled from the problem's values by `explanation.explain`.
    """

    kind: RemedyKind
    label: str
    value: str = ""
    proposal: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A named problem.

    code: kebab-case, never changes. values: what its texts need. evidence: what it was recognised by. Its
    words are the texts `problems.<code>.title`, `.what` and the list `.why` (most likely first).
    """

    code: str
    owner: Owner
    retry: Retry
    confidence: Confidence
    evidence: Evidence
    remedies: tuple[Remedy, ...] = ()
    values: dict[str, str] = {}
    learn_more: str = ""
