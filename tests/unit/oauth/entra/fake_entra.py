"""An identity platform inside of the test: it checks what the real one checks, and lies where a test wants it to."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.unit.oauth.standing_in import NOW

from sendwright.oauth.entra.registration import Registration

LOGIN = "https://login.practice.example"
TENANT = "0b9e1f52-3c7d-4a86-b1de-5520c7f4a913"
OTHER_TENANT = "77777777-3c7d-4a86-b1de-5520c7f4a913"
CLIENT = "6f2d1c34-9a7b-4e58-8c11-d0b2a94e7731"
OID = "aaaaaaaa-1111-4222-8333-444444444444"
REDIRECT = "http://localhost:50123/"
TRACE = "11111111-2222-4333-8444-555555555555"
CORRELATION = "99999999-2222-4333-8444-555555555555"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
GRAPH = "https://graph.microsoft.com"
MAIL = f"{GRAPH}/Mail.Send"


def registration(**changes: object) -> Registration:
    return Registration(**{"client_id": CLIENT, "tenant": TENANT, "login": LOGIN, **changes})


def refusal(error: str, number: int, words: str = "no", status: int = 400, **more: object) -> httpx.Response:
    details = f"Trace ID: {TRACE}\r\nCorrelation ID: {CORRELATION}\r\nTimestamp: 2026-11-20 12:00:00Z"
    said = f"AADSTS{number}: {words}\r\n{details}"
    body = {
        "error": error,
        "error_description": said,
        "error_codes": [number],
        "timestamp": "2026-11-20 12:00:00Z",
        "trace_id": TRACE,
        "correlation_id": CORRELATION,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
        **more,
    }
    return httpx.Response(status, json=body)


@dataclass
class FakeEntra:
    """claims, answer, metadata: what the test changes of them, None leaves a field out. refusals: answers to token
    requests, first come first served. key: signs. granted: what the person agrees to, None is everything."""

    claims: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    refusals: list[httpx.Response | Exception] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: KEY)
    published: list[RSAKey] = field(default_factory=lambda: [KEY])
    algorithm: str = "RS256"
    granted: set[str] | None = None
    tenant: str = TENANT
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    serial: int = 0
    page: Callable[[dict[str, str]], httpx.Response] | None = None
    hold: Callable[[], Any] | None = None

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.serve), follow_redirects=False)

    def paths(self) -> list[str]:
        return [path.rpartition("/")[2] for _, path, _ in self.asked]

    def forms(self, grant: str) -> list[dict[str, str]]:
        return [form for _, _, form in self.asked if form.get("grant_type") == grant]

    def sign_in(self, url: str, **more: str) -> dict[str, str]:
        """What a person does on the sign-in page: return what the redirect address then gets."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.serial += 1
        code = f"0.code-{self.serial}-{'x' * 40}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "session_state": "s", **more}

    async def serve(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode()))
        query = dict(parse_qsl(request.url.query.decode()))
        self.asked.append((request.method, request.url.path, form or query))
        self.headers.append(request.headers)
        assert str(request.url).startswith(f"{LOGIN}/"), request.url
        if self.hold is not None:
            await self.hold()
        match request.url.path.rpartition("/")[2]:
            case "openid-configuration":
                return self.discovery(request.url.path.split("/")[1])
            case "keys":
                return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.published]})
            case "devicecode":
                return self.next_refusal() or self.device(form)
            case "authorize":
                assert self.page is not None
                return self.page(query)
            case "token":
                return self.next_refusal() or self.token(form)
        return httpx.Response(404)

    def next_refusal(self) -> httpx.Response | None:
        if not self.refusals:
            return None
        first = self.refusals.pop(0)
        if isinstance(first, Exception):
            raise first
        return first

    def discovery(self, segment: str) -> httpx.Response:
        if segment.lower() not in {self.tenant, "contoso.com", "organizations"}:
            return refusal("invalid_tenant", 90002, f"Tenant '{segment}' not found.")
        issued = "{tenantid}" if segment == "organizations" else self.tenant
        base = f"{LOGIN}/{'organizations' if segment == 'organizations' else self.tenant}"
        found = {
            "issuer": f"{LOGIN}/{issued}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "tenant_region_scope": "EU",
        } | self.metadata
        return httpx.Response(200, json={name: value for name, value in found.items() if value is not None})

    def device(self, form: dict[str, str]) -> httpx.Response:
        assert form["client_id"] == CLIENT
        body = {
            "user_code": "ABCD-1234",
            "device_code": "device-code-of-forty-letters-xxxxxxxxxxxx",
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900,
            "interval": 5,
            "message": "To sign in …",
        } | self.answer
        return httpx.Response(200, json={name: value for name, value in body.items() if value is not None})

    def token(self, form: dict[str, str]) -> httpx.Response:
        assert form["client_id"] == CLIENT
        match form["grant_type"]:
            case "authorization_code":
                asked = self.codes.pop(form["code"], None)
                if asked is None:
                    return refusal(
                        "invalid_grant", 54005, f"OAuth2 Authorization code {form['code']} was already redeemed."
                    )
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
                    return refusal("invalid_grant", 501481, "The Code_Verifier does not match")
                assert form["redirect_uri"] == asked["redirect_uri"]
                return self.tokens(form["scope"], nonce=asked["nonce"])
            case "refresh_token":
                if form["refresh_token"] not in self.refresh:
                    return refusal("invalid_grant", 700082, "The refresh token has expired due to inactivity.")
                return self.tokens(form["scope"])
            case "client_credentials":
                return self.tokens(form["scope"], person=False)
            case _:
                return self.tokens(f"{MAIL} openid profile offline_access")

    def tokens(self, scope: str, *, nonce: str | None = None, person: bool = True) -> httpx.Response:
        resources = {word.rpartition("/")[0] for word in scope.split()} - {""}
        if len(resources) > 1:
            return refusal("invalid_request", 700022, "more than one resource")
        names = [word for word in scope.split() if word != "offline_access"]
        if self.granted is not None:
            names = [name for name in names if name.rpartition("/")[2] in self.granted | {"openid", "profile"}]
            if not any("/" in name for name in names):
                return refusal("invalid_grant", 65001, "not consented")
        self.serial += 1
        access = jwt.encode({"alg": "RS256"}, {"scp": scope, "n": self.serial, "roles": ["Mail.Send"]}, KEY)
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "expires_in": 3599,
            "ext_expires_in": 3599,
            "access_token": access,
        }
        if person:
            refresh = f"0.refresh-{self.serial}-{'y' * 60}"
            self.refresh.add(refresh)
            body |= {"scope": " ".join(names), "refresh_token": refresh, "id_token": self.id_token(nonce)}
            account = {"uid": OID, "utid": self.tenant}
            body["client_info"] = base64.urlsafe_b64encode(json.dumps(account).encode()).decode()
        body |= self.answer
        return httpx.Response(200, json={name: value for name, value in body.items() if value is not None})

    def id_token(self, nonce: str | None) -> str:
        claims = {
            "aud": CLIENT,
            "iss": f"{LOGIN}/{TENANT}/v2.0",
            "iat": int((NOW - timedelta(minutes=1)).timestamp()),
            "nbf": int((NOW - timedelta(minutes=1)).timestamp()),
            "exp": int((NOW + timedelta(hours=1)).timestamp()),
            "sub": "pairwise",
            "tid": TENANT,
            "oid": OID,
            "preferred_username": "alice@contoso.com",
            "name": "Alice Ansbach",
            "nonce": nonce,
            "ver": "2.0",
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, kept, self.key, algorithms=["RS256", "PS256"])
