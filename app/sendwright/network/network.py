"""The way to other computers: one value that is handed to whatever needs the network."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from sendwright.network.resolver import Resolver
from sendwright.recording.recorder import Recorder, Silence


@dataclass(frozen=True, kw_only=True)
class Network:
    """How names are resolved and certificates are verified.

    tls: makes a verifying client context; its argument is a PEM text of further authorities to trust, or
    None; it raises `network.failures.TrustFailed` for a text that is no such thing. timeout_s: seconds that
    one network operation may take before it counts as timed out. recorder: is told of what happens.
    """

    resolver: Resolver
    tls: Callable[[str | None], ssl.SSLContext]
    timeout_s: float = 15.0
    recorder: Recorder = field(default_factory=Silence)
