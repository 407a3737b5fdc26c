"""One connection to a loopback listener: a request in, an answer out, and the end."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Final

import h11

from sendwright.oauth.loopback_pages import PageWords, page, response
from sendwright.oauth.loopback_request import METHODS, Request

LONGEST_HEAD: Final = 65_536
LONGEST_BODY: Final = 32_768
_CHUNK = 8_192
_MOST_UNREAD = 1_048_576


class Unreadable(Exception):
    """What came is no request, or too long a one. status: of the answer to it."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Connection:
    """Reads and writes one exchange of HTTP/1.1 (RFC 9112); h11 knows the grammar."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)
        self._only_head = False

    async def read(self) -> Request | None:
        """Return the request; None where the other side went away before it was whole. Raises Unreadable, OSError."""
        try:
            head = await self._next()
            if not isinstance(head, h11.Request):
                return None
            self._only_head = head.method == b"HEAD"
            body = b""
            while isinstance(event := await self._next(), h11.Data):
                body += bytes(event.data)
                if len(body) > LONGEST_BODY:
                    raise Unreadable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except h11.RemoteProtocolError as error:
            raise Unreadable(HTTPStatus(error.error_status_hint)) from None
        if not isinstance(event, h11.EndOfMessage):
            return None
        return Request(
            method=head.method.decode("ascii"),
            target=head.target.decode("latin-1"),
            headers=tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers),
            body=body,
        )

    async def say(self, status: HTTPStatus, name: str, words: PageWords, *, location: str = "") -> None:
        """Answer with the page `name`. Raises OSError."""
        allow = METHODS if status is HTTPStatus.METHOD_NOT_ALLOWED else ""
        body = b"" if self._only_head else page(name, words)
        self._writer.write(response(self._http, status, body, location=location, allow=allow))
        await self._writer.drain()
        with suppress(OSError):
            self._writer.write_eof()

    async def finish(self) -> None:
        """Wait until the other side ends: with words of it unread, ours would be lost on the way. Raises OSError."""
        unread = 0
        while unread < _MOST_UNREAD and (chunk := await self._reader.read(_CHUNK)):
            unread += len(chunk)

    def drop(self) -> None:
        """End at once."""
        self._writer.transport.abort()

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_CHUNK))
        return event
