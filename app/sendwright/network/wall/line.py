"""One connection by which a way is looked at: lines, a change to TLS, certificates."""

import asyncio
import re
import ssl
from typing import Final, Self

import msgspec

from sendwright.network.certificates import CertificateFacts, chain_of
from sendwright.network.failures import TEXT_LIMIT
from sendwright.network.noting import note_handshake, noting_handshake
from sendwright.recording.event import Layer
from sendwright.recording.recorder import Recorder
from sendwright.recording.smtp_transcript import SmtpTranscript, transcript_of
from sendwright.recording.visible import visible

_LONGEST_LINE: Final = 8_192
_MOST_LINES: Final = 200
_CODE_LENGTH: Final = 3
_CODE: Final = re.compile(r"[2-5][0-9]{2}")


class NoReply(Exception):
    """What came is no reply of SMTP; the text is the beginning of it, empty where the connection ended."""


class Reply(msgspec.Struct, frozen=True):
    """An SMTP reply (RFC 5321 section 4.2): its code, and the words of each line."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words as the server sent them, with the code before the first one."""
        return f"{self.code} {' '.join(self.lines)}"[:TEXT_LIMIT].rstrip()


class Line:
    """A connection that stands; whoever opened it closes it. Methods raise OSError, ValueError and NoReply."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recorder: Recorder, *, address: str = ""
    ) -> None:
        self._reader, self._writer, self._recorder = reader, writer, recorder
        own, port = (writer.get_extra_info("sockname") or ("127.0.0.1", 0))[:2]  # none where it was reset already
        self.own = str(own).partition("%")[0]
        self.address = address
        self._transcript: SmtpTranscript | None = transcript_of(recorder, port=port)

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS side, None in clear."""
        found = self._writer.get_extra_info("ssl_object")
        return found if isinstance(found, ssl.SSLObject) else None

    @property
    def chain(self) -> tuple[CertificateFacts, ...]:
        """The certificates as they were sent, the server's own first; empty in clear."""
        return () if self.tls is None else chain_of(self.tls)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close at once."""
        self._writer.transport.abort()

    async def reply(self) -> Reply:
        """Read an SMTP reply of any number of lines."""
        lines: list[str] = []
        while len(lines) < _MOST_LINES:
            line = await self.read_line()
            digits, separator = line[:_CODE_LENGTH], line[_CODE_LENGTH : _CODE_LENGTH + 1]
            if _CODE.fullmatch(digits) is None or separator not in {"", " ", "-"}:
                raise NoReply(line)
            lines.append(line[_CODE_LENGTH + 1 :])
            if separator != "-":
                found = Reply(int(digits), tuple(lines))
                if self._transcript is not None:
                    self._transcript.heard(found.code, "\n".join(lines))
                return found
        raise NoReply(lines[0])

    async def ask(self, words: str) -> Reply:
        """Send a command and read its reply."""
        await self.say(words)
        return await self.reply()

    async def say(self, words: str) -> None:
        """Send a command without waiting for the reply."""
        if self._transcript is not None:
            self._transcript.said(*words.encode("ascii").split(b" "))
        await self.write(f"{words}\r\n".encode("ascii"))

    async def write(self, data: bytes) -> None:
        """Send `data` as it is."""
        self._writer.write(data)
        await self._writer.drain()

    async def read_line(self) -> str:
        """Return the next line without its end. Raises NoReply where the other side ended."""
        read = await self._reader.readline()
        if not read:
            raise NoReply("")
        return visible(read[:_LONGEST_LINE].rstrip(b"\r\n").decode("utf-8", "backslashreplace"))

    async def secure(self, context: ssl.SSLContext, *, name: str, looking: bool = False) -> None:
        """Change to TLS as the client of `name`. looking: `context` verifies nothing."""
        with noting_handshake(self._recorder, name=name):
            await self._writer.start_tls(context, server_hostname=name)
        if self.tls is not None:
            note_handshake(self._recorder, self.tls, name=name, chain=self.chain, looking=looking)

    def heard_http(self, status: int, text: str, *, host: str) -> None:
        """Tell the recorder of an answer over HTTP."""
        self._recorder.note(Layer.HTTP, "heard", text=text, status=str(status), host=host)

    def said_http(self, text: str, *, host: str) -> None:
        """Tell the recorder of a request over HTTP."""
        self._recorder.note(Layer.HTTP, "said", text=text, host=host)
