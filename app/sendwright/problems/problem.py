"""A failure with a name: what it is, who has to act, whether to try again."""

from enum import StrEnum

import msgspec

from sendwright.problems.evidence import Evidence

_TRANSIENT, _PERMANENT = 4, 5


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


class Side(StrEnum):
    """Whose side the cause lies on: the sender's with its servers and settings, or the recipient's."""

    OURS = "ours"
    THEIRS = "theirs"
    UNKNOWN = "unknown"


class Finality(StrEnum):
    """Whether it may pass by itself, or stays until somebody acts."""

    DEFERRED = "deferred"
    FINAL = "final"
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

    label: key of the button's words. value: the command to copy (or the key of a request that is passed on to whoever
    has to act, where `said` stands for the other side's words), the page to open, the field to change (its
    name in the form), or the seconds to wait. proposal: what to put into that field, where it is known. path: where
    that is found in an administration page, as its menus are called in English, joined by ` > `.
    Placeholders in braces are filled from the problem's values by `explanation.explain`; `{name|usual}` says what
    stands where the value is not known. A link (https) of which a part is not known is not offered.
    """

    kind: RemedyKind
    label: str
    value: str = ""
    proposal: str = ""
    path: str = ""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A named problem.

    code: kebab-case, never changes. values: what its texts need. evidence: what it was recognised by. verify_with:
    command that shows whether it is mended, empty where there is none. fact, checked: where the explanation comes
    from, and when that was last looked at (ISO 8601 date or month). Its words are the texts `problems.<code>.title`,
    `.what`, the list `.why` (most likely first) and, where the usual words do not do, `.verify`.
    """

    code: str
    owner: Owner
    retry: Retry
    confidence: Confidence
    evidence: Evidence
    remedies: tuple[Remedy, ...] = ()
    values: dict[str, str] = {}
    learn_more: str = ""
    side: Side = Side.UNKNOWN
    verify_with: str = ""
    fact: str = ""
    checked: str = ""

    @property
    def finality(self) -> Finality:
        """Whether it may pass by itself: as a server's reply says, else as the advice on trying again implies."""
        said = _severity(self.evidence)
        if said is not None:
            return Finality.DEFERRED if said == _TRANSIENT else Finality.FINAL
        if self.confidence is Confidence.UNKNOWN:
            return Finality.UNKNOWN
        return Finality.DEFERRED if self.retry in {Retry.NOW, Retry.LATER} else Finality.FINAL


def _severity(evidence: Evidence) -> int | None:
    """Return the first digit of a refusal (RFC 5321 section 4.2.1, RFC 3463 section 2), None where none was given."""
    if evidence.reply is not None:
        digit = evidence.reply // 100
    else:
        digit = int(evidence.enhanced[0]) if evidence.enhanced and evidence.enhanced[0].isdecimal() else 0
    return digit if digit in {_TRANSIENT, _PERMANENT} else None
