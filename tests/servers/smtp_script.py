"""What a scripted SMTP server shall answer and do wrong, as plain data."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from tests.servers.certificates import Certificate

MAX_SIZE = 10_240_000


@dataclass(frozen=True)
class Say:
    """Bytes sent as they are: half lines, other protocols, several replies at once."""

    data: bytes


@dataclass(frozen=True)
class Drop:
    """The connection ends, after `say`; with `reset` by RST, else by FIN without a TLS farewell."""

    say: bytes = b""
    reset: bool = False


@dataclass(frozen=True)
class Silence:
    """No answer, ever; the connection stays open."""


@dataclass(frozen=True)
class Trickle:
    """Bytes sent one by one, `pause` seconds apart."""

    data: bytes
    pause: float = 0.005


@dataclass(frozen=True)
class Flood:
    """`size` bytes of one reply that does not end: of lines, or of a single line."""

    size: int
    lines: bool = True


@dataclass(frozen=True)
class Delay:
    """`then`, after `seconds`."""

    seconds: float
    then: "Answer"


# bytes: one reply, CRLF added; the connection closes after a 421. A tuple: the first time, the second time,
# and so on; its last answer stays; counted over all connections of the server. No tuples inside a Delay.
Answer = bytes | Say | Drop | Silence | Trickle | Flood | Delay | tuple["Answer", ...]


def reply(answer: Answer) -> bytes:
    """Give what the client reads in the end, as far as it is a reply: that decides what comes next."""
    match answer:
        case bytes():
            return answer
        case Say(data) | Trickle(data):
            return data
        case Delay(_, then):
            return reply(then)
        case _:
            return b""


class Security(Enum):
    """When the server speaks TLS."""

    PLAINTEXT = "plaintext"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, kw_only=True)
class Script:
    """A server that behaves, unless told otherwise, like an ordinary submission server that takes every mail.

    `mail` and `rcpt` may map single addresses to answers, `auth` single mechanisms; what the map lacks is
    accepted (or, for `auth`, judged by `accounts`: user name to password or token; without any, all fit).
    """

    greeting: Answer = b"220 mail.example.org ESMTP scripted"
    ehlo: Answer | None = None  # instead of the extensions below
    helo: Answer = b"250 mail.example.org"
    starttls: Answer = b"220 2.0.0 Ready to start TLS"
    auth: Answer | Mapping[str, Answer] = field(default_factory=dict)
    mail: Answer | Mapping[str, Answer] = field(default_factory=dict)
    rcpt: Answer | Mapping[str, Answer] = field(default_factory=dict)
    data: Answer = b"354 End data with <CR><LF>.<CR><LF>"
    end_of_data: Answer = b"250 2.0.0 Ok: queued as SCRIPTED"
    rset: Answer = b"250 2.0.0 Ok"
    noop: Answer = b"250 2.0.0 Ok"
    quit: Answer = b"221 2.0.0 Bye"
    unknown: Answer = b"500 5.5.2 Command not recognised"

    extensions: tuple[str, ...] = (
        "PIPELINING",
        f"SIZE {MAX_SIZE}",
        "8BITMIME",
        "SMTPUTF8",
        "ENHANCEDSTATUSCODES",
    )
    mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN")
    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth_required: bool = False  # MAIL before AUTH gets 530 5.7.0

    security: Security = Security.PLAINTEXT
    offers_starttls: bool = True  # only where security is STARTTLS
    auth_before_tls: bool = False  # offers AUTH where it would go over in clear
    certificate: Certificate | None = None
    newest_tls: ssl.TLSVersion | None = None  # caps the version, for instance TLSv1_1
    handshake: Answer | None = None  # instead of the TLS handshake, after the client's first bytes

    drop_in_message_after: int | None = None  # octets of the message that are read before the connection ends
