"""One way out of this network, and what became of it, as data."""

from enum import StrEnum
from typing import Final

import msgspec

from sendwright.problems.evidence import Evidence


class Route(StrEnum):
    """How a connection leaves: directly by one family of addresses, or through the proxy of the system."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    PROXY = "proxy"


DIRECT: Final = (Route.IPV4, Route.IPV6)


class Speech(StrEnum):
    """What a port speaks: mail that turns to TLS on demand (RFC 3207), mail in TLS (RFC 8314), or the web in TLS."""

    SMTP = "smtp"
    SMTPS = "smtps"
    HTTPS = "https"


class Port(msgspec.Struct, frozen=True, kw_only=True):
    """A port to try. outbound: networks block it outwards as a matter of course (RFC 5068), whoever asks."""

    number: int
    speech: Speech
    outbound: bool = False


USUAL_PORTS: Final = (
    Port(number=25, speech=Speech.SMTP, outbound=True),
    Port(number=465, speech=Speech.SMTPS),
    Port(number=587, speech=Speech.SMTP),
    Port(number=2525, speech=Speech.SMTP),
    Port(number=443, speech=Speech.HTTPS),
)
"""Where mail is handed over, and where the web is."""


class Verdict(StrEnum):
    """What became of a way.

    open: the server answered. refused: somebody said no. silent: no answer in time, which is how a filter looks that
    drops packets. unreachable: this computer has no way there. altered: somebody in between answered, or changed what
    was said. not-tried: there was nothing to try; `Way.reason` says why, and it is no failure.
    """

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    ALTERED = "altered"
    NOT_TRIED = "not-tried"


ANSWERED: Final = frozenset({Verdict.OPEN, Verdict.REFUSED, Verdict.ALTERED})
"""Verdicts that prove that packets come and go."""


class Reason(StrEnum):
    """Why a way was not tried; its words are the text `wall.reasons.<value>`."""

    NO_FAMILY = "no-family-here"
    NO_ADDRESS = "no-address"
    NO_NAME = "no-name"
    NO_PROXY = "no-proxy"
    BYPASSED = "proxy-bypassed"
    BY_SCRIPT = "proxy-by-script"
    OTHER_KIND = "proxy-of-another-kind"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way that was tried, or was not.

    speech: what the port speaks. address: who answered, empty through a proxy. banner: the first words of the server,
    or the answer of the proxy. starttls: whether the change to TLS was offered, None where nobody was asked. secured:
    TLS was agreed and the certificate verified as everywhere in this program. issuer: of the server's certificate (RFC
    4514). public: whether the public authorities vouch for that certificate, None where that is not known. problem:
    code of what is wrong, None where nothing is. evidence: what was seen of it. date: the other side's time (RFC 3339).
    """

    host: str
    port: int
    speech: Speech
    route: Route
    verdict: Verdict
    took_ms: float = 0.0
    address: str = ""
    banner: str = ""
    starttls: bool | None = None
    secured: bool = False
    issuer: str = ""
    public: bool | None = None
    problem: str | None = None
    reason: Reason | None = None
    evidence: Evidence | None = None
    date: str = ""

    @property
    def connected(self) -> bool:
        """Whether a connection stood, through a proxy or without one."""
        return self.verdict in {Verdict.OPEN, Verdict.ALTERED}

    @property
    def stood(self) -> bool:
        """Whether a connection stood before the other side fell silent."""
        return self.verdict is Verdict.SILENT and self.evidence is not None and self.evidence.stage != "connect"

    @property
    def spoke(self) -> bool:
        """Whether somebody at the other end said something: a proxy may call a way open before it has tried it."""
        return self.connected and bool(self.banner or self.secured or self.issuer)

    @property
    def values(self) -> dict[str, str]:
        """What explanations of it need."""
        security = "starttls" if self.speech is Speech.SMTP else "tls"
        return {"host": self.host, "port": str(self.port), "security": security}
