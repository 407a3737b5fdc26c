"""A proposal of server settings, with where it comes from and how far it can be trusted."""

from enum import StrEnum

import msgspec

from sendwright.senders.smtp.settings import Security


class UsernameKind(StrEnum):
    """How a server wants to be told who signs in."""

    ADDRESS = "address"
    LOCAL_PART = "local-part"
    LITERAL = "literal"
    OWN = "own"
    NONE = "none"


class UsernameForm(msgspec.Struct, frozen=True):
    """The user name belonging to an address. literal: the name itself (`apikey`), for LITERAL only."""

    kind: UsernameKind = UsernameKind.ADDRESS
    literal: str = ""

    def of(self, address: str) -> str:
        """Return the user name for `address`; empty where only the person knows it, or there is none."""
        match self.kind:
            case UsernameKind.ADDRESS:
                return address
            case UsernameKind.LOCAL_PART:
                return address.rpartition("@")[0]
            case UsernameKind.LITERAL:
                return self.literal
            case _:
                return ""


class Confidence(StrEnum):
    """How far settings can be trusted.

    TO_CONFIRM: a person has to look at the host before a password goes there.
    """

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    TO_CONFIRM = "to-confirm"


class Origin(msgspec.Struct, frozen=True):
    """Where settings come from. key: of the words (`custom_smtp.origin.…`). values: what was found there."""

    key: str
    values: dict[str, str] = {}


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that may work. note: text key of a remark or empty; the values of `origin` fill it."""

    host: str
    port: int
    security: Security
    username_form: UsernameForm
    origin: Origin
    confidence: Confidence
    note: str = ""

    @property
    def endpoint(self) -> tuple[str, int, Security]:
        """What makes two candidates the same."""
        return self.host, self.port, self.security


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said.

    source: id of the stage. candidates: best first. reason: kebab-case, why there is none or what went
    wrong. failed: the source could not be asked, so its silence says nothing. remarks: text keys with
    values, such as the name of a filter that hides the provider.
    """

    source: str
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    failed: bool = False
    remarks: tuple[Origin, ...] = ()
