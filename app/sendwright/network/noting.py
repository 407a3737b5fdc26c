"""Tells a recorder how TLS was agreed, and with whose certificates."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ssl import SSLObject

import msgspec

from sendwright.network.failures import STAGE_SECURE, observe
from sendwright.recording.event import Layer
from sendwright.recording.recorder import Recorder, Silence


@contextmanager
def noting_handshake(recorder: Recorder, *, name: str) -> Iterator[None]:
    """Note that TLS begins with the server `name`, and why it failed where it does."""
    recorder.note(Layer.TLS, "started", host=name)
    try:
        yield
    except OSError as error:
        seen = observe(error, stage=STAGE_SECURE)
        found = {"condition": seen.condition, "verify": seen.verify, "errno": seen.errno} | seen.values
        values = {key: str(value) for key, value in found.items() if value is not None}
        recorder.note(Layer.TLS, "failed", text=seen.text, host=name, **values)
        raise


def note_handshake(
    recorder: Recorder, tls: SSLObject, *, name: str, chain: Sequence[msgspec.Struct], looking: bool = False
) -> None:
    """Note what was agreed with the server `name`, and each certificate as it was sent, its own first.

    chain: CertificateFacts. looking: nothing was verified, the connection only served to look.
    """
    if isinstance(recorder, Silence):
        return
    cipher = tls.cipher()
    purpose = {"purpose": "look"} if looking else {}
    recorder.note(
        Layer.TLS, "handshake", host=name, version=tls.version() or "", cipher=cipher[0] if cipher else "", **purpose
    )
    for place, certificate in enumerate(chain, start=1):
        facts = {
            key: ", ".join(fact) if isinstance(fact, tuple) else str(fact)
            for key, fact in msgspec.structs.asdict(certificate).items()
        }
        recorder.note(Layer.TLS, "certificate", place=str(place), **facts, **purpose)
