"""Google inside of the test: it checks what the real one checks, and lies where a test wants it to."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.unit.oauth.standing_in import NOW

from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.scopes import EMAIL, OPENID
from sendwright.secret import Secret

LOGIN = "https://login.practice.example"
GMAIL = "https://gmail.practice.example"
CLIENT_ID = "1234567890-abcdef.apps.googleusercontent.com"
CLIENT_SECRET = "GOCSPX-canary-of-the-client-secret"
REDIRECT = "http://127.0.0.1:50123"
SUB = "110169484474386276334"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
NEW_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})


def client(**changes: object) -> GoogleClient:
    given = {"client_id": CLIENT_ID, "secret": Secret(CLIENT_SECRET), "login": LOGIN, "gmail": GMAIL} | changes
    return GoogleClient(**given)


def refusal(error: str, words: str = "Bad Request", *, status: int = 400, **more: object) -> httpx.Response:
    return httpx.Response(status, json={"error": error, "error_description": words, **more})


@dataclass
class FakeGoogle:
    """claims, answer: what the test changes of them, None leaves a field out. answers: to token requests instead of its
    own, first come first served. published: keys, one list for each time that they are asked for, the last one stays.
    granted: what the person ticks, None is everything. hold: what an answer waits for."""

    claims: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    answers: list[httpx.Response | Exception] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: KEY)
    published: list[list[RSAKey]] = field(default_factory=lambda: [[KEY]])
    algorithm: str = "RS256"
    granted: tuple[str, ...] | None = None
    secret: str | None = CLIENT_SECRET
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    serial: int = 0
    hold: Callable[[], Any] | None = None

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.serve), follow_redirects=False)

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def forms(self) -> list[dict[str, str]]:
        return [form for method, path, form in self.asked if (method, path) == ("POST", "/token")]

    def sign_in(self, url: str, **more: str) -> dict[str, str]:
        """What a person does on the sign-in page: return what the redirect address then gets."""
        base, _, query = url.partition("?")
        asked = dict(parse_qsl(query, strict_parsing=True))
        assert base == f"{LOGIN}/o/oauth2/v2/auth"
        assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
        assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "offline")
        self.serial += 1
        code = f"4/0Acode-{self.serial}-{'x' * 40}"
        self.codes[code] = asked
        scope = " ".join(self.ticked(asked["scope"]))
        return {"code": code, "state": asked["state"], "scope": scope, "authuser": "0", "prompt": "consent", **more}

    def ticked(self, scope: str) -> list[str]:
        """The scopes that an answer names: those of the identity are granted in any case."""
        words = scope.split()
        return [word for word in words if self.granted is None or word in {OPENID, EMAIL, *self.granted}]

    async def serve(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode(), strict_parsing=bool(request.content)))
        self.asked.append((request.method, request.url.path, form))
        self.headers.append(request.headers)
        assert str(request.url).startswith(f"{LOGIN}/"), request.url
        if self.hold is not None:
            await self.hold()
        match request.url.path:
            case "/oauth2/v3/certs":
                keys = self.published.pop(0) if len(self.published) > 1 else self.published[0]
                return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in keys]})
            case "/token":
                return self.next_answer() or self.token(form)
            case "/revoke":
                return self.next_answer() or self.revoke(form)
        return httpx.Response(404)

    def next_answer(self) -> httpx.Response | None:
        if not self.answers:
            return None
        first = self.answers.pop(0)
        if isinstance(first, Exception):
            raise first
        return first

    def token(self, form: dict[str, str]) -> httpx.Response:
        if form["client_id"] != CLIENT_ID:
            return refusal("invalid_client", "The OAuth client was not found.", status=401)
        if form.get("client_secret") != self.secret:
            return refusal("invalid_client", "Unauthorized", status=401)
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] not in self.refresh:
                return refusal("invalid_grant", "Token has been expired or revoked.")
            return self.tokens(form.get("scope") or "everything")
        asked = self.codes.pop(form["code"], None)
        if asked is None:
            return refusal("invalid_grant", "Malformed auth code.")
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return refusal("invalid_grant", "Invalid code verifier.")
        if form["redirect_uri"] != asked["redirect_uri"]:
            return refusal("redirect_uri_mismatch")
        return self.tokens(asked["scope"], nonce=asked["nonce"])

    def revoke(self, form: dict[str, str]) -> httpx.Response:
        if form["token"] not in self.refresh:
            return refusal("invalid_token", "Token expired or revoked")
        self.refresh.discard(form["token"])
        return httpx.Response(200, json={})

    def tokens(self, scope: str, *, nonce: str | None = None) -> httpx.Response:
        self.serial += 1
        body: dict[str, Any] = {
            "access_token": f"ya29.access-{self.serial}-{'a' * 60}",
            "expires_in": 3599,
            "scope": " ".join(self.ticked(scope)),
            "token_type": "Bearer",
        }
        if nonce is not None:
            refresh = f"1//refresh-{self.serial}-{'y' * 60}"
            self.refresh.add(refresh)
            body |= {"refresh_token": refresh, "id_token": self.id_token(nonce)}
        body |= self.answer
        return httpx.Response(200, json={name: value for name, value in body.items() if value is not None})

    def id_token(self, nonce: str) -> str:
        claims = {
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "iss": "https://accounts.google.com",
            "iat": int((NOW - timedelta(minutes=1)).timestamp()),
            "exp": int((NOW + timedelta(hours=1)).timestamp()),
            "sub": SUB,
            "email": "alice@example.org",
            "email_verified": True,
            "hd": "example.org",
            "nonce": nonce,
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, kept, self.key, algorithms=["RS256", "ES256"])
