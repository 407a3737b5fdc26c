"""A thousand who knock at a loopback listener: by mistake, out of habit, and on purpose."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from tests.unit.oauth.wire import WHOLE_WINDOW

from sendwright.oauth.loopback_connection import LONGEST_BODY, LONGEST_HEAD

Headers = dict[str, str]

REBOUND = (
    "rebound.example.org:{port}",
    "localhost.example.org:{port}",
    "localhost.:{port}",
    "127.0.0.1.example.org:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0.0.0.0:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "[::1]:1",
    "localhost",
    "127.0.0.1",
    "user@localhost:{port}",
    "localhost:{port}, rebound.example.org",
)
LOADED = (
    {"sec-fetch-dest": "image"},
    {"sec-fetch-dest": "iframe"},
    {"sec-fetch-dest": "script"},
    {"sec-fetch-dest": "empty", "sec-fetch-mode": "cors"},
    {"sec-fetch-dest": "document", "sec-purpose": "prefetch"},
    {"sec-fetch-dest": "document", "sec-purpose": "prefetch;prerender"},
    {"purpose": "prefetch"},
    {"x-purpose": "preview"},
    {"x-moz": "prefetch"},
    {"sec-fetch-dest": "serviceworker"},
)
BY_HABIT = (
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/robots.txt",
    "/.well-known/appspecific/com.chrome.devtools.json",
    "/json/version",
    "/received",
    "/",
    "/?",
)
NO_HTTP = (
    b"",
    b"\r\n\r\n",
    b"\0" * 64,
    bytes.fromhex("16030100a5010000a10303") + bytes(range(160)),
    b"SSH-2.0-scanner\r\n",
    b"EHLO scanner\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /\r\n\r\n",
    b"\xff\xfeGET / HTTP/1.1\r\n\r\n",
)


@dataclass(frozen=True)
class Knock:
    """octets: as they are sent. rest: what follows after a while. host: where to. held: the connection is left open."""

    name: str
    octets: bytes
    rest: bytes = b""
    host: str = "127.0.0.1"
    held: bool = False


@dataclass
class Strangers:
    """Whoever knocks. genuine: the target of the genuine answer. other: of somebody else's, of another sign-in.

    addresses: where the listener listens. Of the genuine answer they use what no stranger can know, too: if not even
    that is taken in the wrong way, nothing less will be.
    """

    port: int
    genuine: str
    other: str
    addresses: tuple[str, ...]
    chance: random.Random

    def before(self) -> Knock:
        """Return one who is to get nowhere before the genuine answer, beside it, and after it."""
        kinds: tuple[Callable[[], Knock], ...] = (
            self._forged,
            self._rebound,
            self._loaded,
            self._by_habit,
            self._other_method,
            self._posted,
            self._malformed,
            self._no_http,
            self._huge,
            self._half_said,
            self._slow,
            self._pipelined,
            self._elsewhere,
        )
        return self.chance.choice(kinds)()

    def after(self) -> Knock:
        """Return one who comes when the answer was taken: also with all that made the genuine one count."""
        late = (self._again, self._again_but, self._again_by_the_other_name)
        return self.chance.choice(late)() if self.chance.random() < 0.4 else self.before()

    def _request(
        self, target: str, *, method: str = "GET", headers: Headers | None = None, host: str = "", body: bytes = b""
    ) -> bytes:
        given = {"host": (host or "127.0.0.1:{port}").format(port=self.port)}
        given |= WHOLE_WINDOW if headers is None else headers
        if body:
            given["content-length"] = str(len(body))
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    def _with(self, **changes: str | None) -> str:
        """Return the genuine target with other parameters; None leaves one out."""
        changed: dict[str, str | None] = {**self._parameters(), **changes}
        return f"/?{urlencode({name: value for name, value in changed.items() if value is not None})}"

    def _parameters(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.genuine).query).items()}

    def _forged(self) -> Knock:
        state = self._parameters()["state"]
        targets = (
            self.other,
            self._with(state=None),
            self._with(state=""),
            self._with(state=state[:-1]),
            self._with(state=f"{state}x"),
            self._with(state=state.swapcase()),
            self._with(state=parse_qs(urlsplit(self.other).query)["state"][0]),
            self._with(state=self.chance.randbytes(12).hex()),
            self._with(code=None),
            f"/?{urlencode({'error': 'access_denied', 'state': self.chance.random()})}",
            "/?error=access_denied",
            f"/?error=admin_policy_enforced&error_description={quote('<script>alert(1)</script>')}",
            f"/#{urlsplit(self.genuine).query}",
        )
        return Knock("forged", self._request(self.chance.choice(targets)), host=self._anywhere())

    def _anywhere(self) -> str:
        return self.chance.choice(self.addresses)

    def _rebound(self) -> Knock:
        return Knock("rebound", self._request(self.genuine, host=self.chance.choice(REBOUND)))

    def _loaded(self) -> Knock:
        return Knock("loaded ahead or inside", self._request(self.genuine, headers=self.chance.choice(LOADED)))

    def _by_habit(self) -> Knock:
        return Knock("by habit", self._request(self.chance.choice(BY_HABIT)), host=self._anywhere())

    def _other_method(self) -> Knock:
        method = self.chance.choice(("HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "get", "BREW", "CONNECT"))
        return Knock("another method", self._request(self.genuine, method=method))

    def _posted(self) -> Knock:
        query = urlsplit(self.genuine).query.encode()
        origin = self.chance.choice(("null", "https://accounts.google.com", "https://example.org", ""))
        form = {"content-type": "application/x-www-form-urlencoded", **({"origin": origin} if origin else {})}
        target = self.chance.choice(("/", self.genuine, "/received"))
        return Knock("posted", self._request(target, method="POST", headers=form, body=query))

    def _malformed(self) -> Knock:
        query = urlsplit(self.genuine).query
        state = quote(self._parameters()["state"])
        targets = (
            f"/?{query}&{query}",
            f"/?{query}&code=another",
            f"/?{query}&state={state}",
            f"/?state=forged&{query}",
            f"/?{query}&error=access_denied",
            f"/?code=%ff%fe&state={state}",
            f"/?code=a%0d%0aset-cookie:%20a=b&state={state}",
            f"/?code=a%00b&state={state}",
            f"/?{'&'.join(f'p{number}=x' for number in range(40))}&{query}",
            f"/?code={'c' * 20_000}&state={state}",
            f"/?state={state}",
            f"/?code=&state={state}",
        )
        return Knock("malformed", self._request(self.chance.choice(targets)))

    def _no_http(self) -> Knock:
        raw = self.chance.choice((*NO_HTTP, self.chance.randbytes(200), f"GET {self.genuine}\r\n\r\n".encode()))
        return Knock("no HTTP", raw, host=self._anywhere())

    def _huge(self) -> Knock:
        room = "a" * (LONGEST_HEAD + 8_192 + self.chance.randrange(9_000))  # it is read in pieces of 8,192
        raws = (
            self._request(f"/?{room}"),
            self._request(self.genuine, headers={"x-room": room}),
            self._request("/", method="POST", body=b"a" * (LONGEST_BODY + 1)),
            self._request(self.genuine, headers={"content-length": str(10**12)}),
        )
        return Knock("huge", self.chance.choice(raws))

    def _half_said(self) -> Knock:
        whole = self._request(self.genuine)
        cut = self.chance.randrange(1, len(whole) - 4)
        return Knock("half said", whole[:cut], held=self.chance.random() < 0.5)

    def _slow(self) -> Knock:
        whole = self._request(self.other)
        cut = self.chance.randrange(1, len(whole))
        return Knock("slow", whole[:cut], rest=whole[cut:])

    def _pipelined(self) -> Knock:
        first = self._request(self.chance.choice(("/favicon.ico", "/", self.other)))
        return Knock("pipelined", first + self._request(self.genuine))

    def _elsewhere(self) -> Knock:
        query = urlsplit(self.genuine).query
        where = (
            "/callback",
            "/received",
            "//",
            "/./",
            "/%2e%2e/",
            "/received/",
            "/index.html",
            "/oauth2/callback",
            "*",
        )
        return Knock("elsewhere", self._request(f"{self.chance.choice(where)}?{query}"), host=self._anywhere())

    def _again(self) -> Knock:
        return Knock("again", self._request(self.genuine))

    def _again_but(self) -> Knock:
        state = self._parameters()["state"]
        late = (
            self._with(code="4/0A-another-code"),
            f"/?{urlencode({'error': 'access_denied', 'state': state})}",
            self._with(scope="https://mail.google.com/"),
        )
        return Knock("again, but otherwise", self._request(self.chance.choice(late)))

    def _again_by_the_other_name(self) -> Knock:
        return Knock(
            "again, by another name", self._request(self.genuine, host="localhost:{port}"), host=self._anywhere()
        )
