"""Tells a recorder of requests and answers over HTTP: an httpx transport around the real one."""

import ssl
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Final, Self

import httpx
from typing_extensions import override

from sendwright.recording.bodies import readable, request_secrets
from sendwright.recording.event import Layer
from sendwright.recording.recorder import Recorder

SHOWN_OF_REQUEST: Final = ("client-request-id", "x-ms-client-request-id", "idempotency-key", "content-type")
SHOWN_OF_ANSWER: Final = (
    "date",
    "server",
    "via",
    "content-type",
    "content-length",
    "location",
    "retry-after",
    "request-id",
    "client-request-id",
    "x-request-id",
    "x-ms-request-id",
    "x-ms-ags-diagnostic",
    "x-ms-ests-server",
    "x-ms-httpver",
    "x-goog-request-id",
    "x-guploader-uploadid",
    "x-amzn-requestid",
    "x-cache",
    "cf-ray",
    "proxy-status",
    "x-squid-error",
)
"""Header fields by which an answer is followed up, or by which somebody in between is known."""

CHALLENGES: Final = ("www-authenticate", "proxy-authenticate")
"""Shown as they are but for what looks like a token (`recording.grammar`)."""

BODY_LIMIT: Final = 8 * 1024
"""Octets of an error's body that are looked at; of other bodies nothing is."""


class RecordingTransport(httpx.AsyncBaseTransport):
    """Hands requests to `inner` and tells `recorder`: request line, status, chosen header fields, bodies of errors.

    What a request carries to sign in is learned, so that no answer can bring it back. Connections and TLS below are
    told too, where `inner` is httpx's own.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, recorder: Recorder) -> None:
        self._inner = inner
        self._recorder = recorder

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for secret in request_secrets(request):
            self._recorder.learn(secret)
        url = str(request.url)
        about = {"host": request.url.host, "method": request.method}
        self._recorder.note(
            Layer.HTTP, "said", text=f"{request.method} {url}", **about, **_chosen(request.headers, SHOWN_OF_REQUEST)
        )
        request.extensions.setdefault("trace", _Trace(self._recorder))
        try:
            response = await self._inner.handle_async_request(request)
        except Exception as error:
            self._recorder.note(Layer.HTTP, "failed", text=str(error), error=type(error).__name__, **about)
            raise
        status = str(response.status_code)
        self._recorder.note(
            Layer.HTTP,
            "heard",
            text=f"{_version(response)} {status} {response.reason_phrase}",
            status=status,
            **about,
            **_chosen(response.headers, SHOWN_OF_ANSWER + CHALLENGES),
        )
        if response.is_error and isinstance(response.stream, httpx.AsyncByteStream):
            overheard = _Overheard(response, response.stream, recorder=self._recorder, about=about)
            if response.is_stream_consumed or response.is_closed:  # read already, by whoever made it
                overheard.note(response.content, unpacked=True)
            else:
                response.stream = overheard
        return response

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()

    @override
    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    @override
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._inner.__aexit__(exc_type, exc_value, traceback)


class _Overheard(httpx.AsyncByteStream):
    """The body of an error; what was read of it is noted when it is closed."""

    def __init__(
        self, response: httpx.Response, inner: httpx.AsyncByteStream, *, recorder: Recorder, about: dict[str, str]
    ) -> None:
        self._inner = inner
        self._headers = response.headers
        self._recorder = recorder
        self._values = about | {"status": str(response.status_code)}
        self._taken = bytearray()
        self._noted = False

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._taken += part[: BODY_LIMIT + 1 - len(self._taken)]
            yield part

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()
        if not self._noted and self._taken:
            self._noted = True
            self.note(bytes(self._taken))

    def note(self, body: bytes, *, unpacked: bool = False) -> None:
        """Note the beginning of `body`; unpacked: its content coding was undone already."""
        headers = httpx.Headers() if unpacked else self._headers
        text = readable(body[:BODY_LIMIT], headers, whole=len(body) <= BODY_LIMIT)
        self._recorder.note(Layer.HTTP, "body", text=text, **self._values)


class _Trace:
    """What httpcore tells of a connection (its documented `trace` extension), told on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._where: dict[str, str] = {}

    async def __call__(self, event: str, info: dict[str, Any]) -> None:
        name = event.partition(".")[2]  # `connection.connect_tcp.started`: whose connection does not matter
        match name:
            case "connect_tcp.started":
                self._where = {"address": _word(info.get("host")), "port": str(info.get("port", ""))}
                self._recorder.note(Layer.TCP, "connecting", **self._where)
            case "connect_tcp.complete":
                self._recorder.note(Layer.TCP, "connected", **self._where)
            case "start_tls.started":
                self._recorder.note(Layer.TLS, "started", host=_word(info.get("server_hostname")))
            case "start_tls.complete":
                self._recorder.note(Layer.TLS, "handshake", **_agreed(info.get("return_value")))
            case "connect_tcp.failed" | "start_tls.failed":
                layer = Layer.TCP if name.startswith("connect") else Layer.TLS
                error = info.get("exception")
                self._recorder.note(layer, "failed", text=str(error), error=type(error).__name__, **self._where)
            case _:
                pass


def _agreed(stream: Any) -> dict[str, str]:  # noqa: ANN401 - httpcore's stream, which has no public type here
    tls = stream.get_extra_info("ssl_object") if hasattr(stream, "get_extra_info") else None
    if not isinstance(tls, ssl.SSLObject | ssl.SSLSocket):
        return {}
    cipher = tls.cipher()
    return {"version": tls.version() or "", "cipher": cipher[0] if cipher else ""}


def _chosen(headers: httpx.Headers, names: tuple[str, ...]) -> dict[str, str]:
    return {name.replace("-", "_"): headers[name] for name in names if name in headers}


def _version(response: httpx.Response) -> str:
    return _word(response.extensions.get("http_version", b"HTTP/1.1"))


def _word(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
