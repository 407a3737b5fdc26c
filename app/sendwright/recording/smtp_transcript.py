"""Tells a recorder what was said and heard on one SMTP connection, without what signs in and without messages."""

from collections.abc import Sequence
from typing import Final

from sendwright.recording.event import Layer
from sendwright.recording.grammar import STAND_IN
from sendwright.recording.recorder import SIGNING_IN, Recorder, Silence
from sendwright.secret import Secret

CONTINUE: Final = 334
DECLINED: Final = b"*"
"""What cancels an AUTH dialogue (RFC 4954 section 4)."""

_SHORTEST_LEARNED: Final = 8
_LONGEST_LINE: Final = 2_000


class SmtpTranscript:
    """The dialogue of one connection, in the order in which it was spoken.

    Every client's line of an AUTH dialogue (RFC 4954) and every challenge is replaced whole, and learned: servers
    repeat it. Replies to it lose whatever looks like base64. connection: its number, so that connections that run
    side by side can be told apart.
    """

    def __init__(self, recorder: Recorder, *, connection: str) -> None:
        self._recorder = recorder
        self._values = {"connection": connection}
        self._signing_in = False

    def said(self, *words: bytes) -> None:
        """Note a command as it leaves."""
        if self._signing_in:
            self._note("said", self._answer(words))
        elif words[:1] and words[0].upper() == b"AUTH":
            self._signing_in = True
            self._note("said", self._auth(words))
        else:
            self._note("said", _text(b" ".join(words)))

    def heard(self, code: int, message: str) -> None:
        """Note a reply as it is taken: its code once, so that a secret that is broken over its lines is still seen."""
        if not self._signing_in:
            self._note("heard", f"{code} {message}", code=code)
            return
        self._signing_in = code == CONTINUE
        words = STAND_IN if message and self._signing_in else message
        self._recorder.note(Layer.SMTP, "heard", text=f"{code} {words}", code=str(code), **self._values, **SIGNING_IN)

    def sent_message(self, size: int) -> None:
        """Note that the message's end left; size: octets of the content, which is never kept."""
        self._recorder.note(Layer.SMTP, "message", text=".", size=str(size), **self._values)

    def failed(self, what: str) -> None:
        """Note that no reply came, or none that is one."""
        self._recorder.note(Layer.SMTP, "failed", text=what, **self._values, **(SIGNING_IN if self._signing_in else {}))

    def closed(self) -> None:
        """Note the end of the connection."""
        self._recorder.note(Layer.TCP, "closed", **self._values)

    def _auth(self, words: Sequence[bytes]) -> str:
        """Return the command with its mechanism, without the initial response."""
        said = b" ".join(words).split(b" ", 2)
        if len(said) < len(("AUTH", "mechanism", "response")):
            return _text(b" ".join(said))
        self._learn(said[2])
        return f"{_text(b' '.join(said[:2]))} {STAND_IN}"

    def _answer(self, words: Sequence[bytes]) -> str:
        line = b" ".join(words)
        if line in (b"", DECLINED):
            return _text(line)
        self._learn(line)
        return STAND_IN

    def _learn(self, line: bytes) -> None:
        if len(line) >= _SHORTEST_LEARNED:
            self._recorder.learn(Secret(_text(line)))

    def _note(self, name: str, text: str, *, code: int | None = None) -> None:
        values = self._values if code is None else self._values | {"code": str(code)}
        self._recorder.note(Layer.SMTP, name, text=text[: _LONGEST_LINE * 20], **values)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def transcript_of(recorder: Recorder, *, port: int) -> SmtpTranscript | None:
    """Return the transcript of the connection from our `port`; None where nobody listens, which costs nothing."""
    return None if isinstance(recorder, Silence) else SmtpTranscript(recorder, connection=str(port))
