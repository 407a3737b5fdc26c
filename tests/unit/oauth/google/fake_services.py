"""The services of Google that a service account meets: the token endpoint, what signs, the exchange, the metadata."""

import base64
import json
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.unit.oauth.google.key_files import EMAIL, KEY
from tests.unit.oauth.standing_in import NOW

from sendwright.oauth.google.place import GooglePlace

PLACE: Final = GooglePlace()
STS: Final = "https://sts.googleapis.com/v1/token"
OPERATOR: Final = "backend@platform-project.iam.gserviceaccount.com"
OPERATOR_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIGNS: Final = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{EMAIL}:signBlob"

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"

Refusal = httpx.Response | Exception


def refusal(error: str, said: str = "", *, status: int = 400, **more: str) -> httpx.Response:
    """Return what a token endpoint answers."""
    return httpx.Response(status, json={"error": error, **({"error_description": said} if said else {}), **more})


def interface_refusal(status: int, name: str, message: str, reason: str = "", **facts: str) -> httpx.Response:
    """Return what an interface answers."""
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
    error: dict[str, object] = {"code": status, "message": message, "status": name}
    if reason:
        error["details"] = [{**detail, "metadata": facts}]
    return httpx.Response(status, json={"error": error})


class FakeServices:
    """web: as oauth.web.Web. asked: method and address of each request. refusals: by address, one for each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.assertions: list[dict[str, object]] = []
        self.headers: list[dict[str, object]] = []
        self.forms: list[dict[str, str]] = []
        self.bearers: list[str] = []
        self.refusals: dict[str, list[Refusal]] = {}
        self.answers: dict[str, dict[str, object]] = {}
        self.issued = 0

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer), trust_env=False)

    def near(self) -> httpx.AsyncClient:
        return self.web()

    def refuse(self, address: str, *refusals: Refusal) -> "FakeServices":
        self.refusals.setdefault(address, []).extend(refusals)
        return self

    def answer(self, request: httpx.Request) -> httpx.Response:
        address = str(request.url).partition("?")[0]
        self.asked.append((request.method, str(request.url)))
        if "authorization" in request.headers:
            self.bearers.append(request.headers["authorization"])
        waiting = self.refusals.get(address, [])
        if waiting:
            refused = waiting.pop(0)
            if isinstance(refused, Exception):
                raise refused
            return refused
        if address in self.answers:
            return httpx.Response(200, json=self.answers[address])
        if address.endswith("/token") and request.method == "POST":
            return self._token({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        if address.endswith(":signBlob"):
            payload = base64.b64decode(json.loads(request.content)["payload"])
            signed = KEY.sign(payload, padding.PKCS1v15(), hashes.SHA256())
            return httpx.Response(200, json={"keyId": "of-google", "signedBlob": base64.b64encode(signed).decode()})
        if address.endswith(":generateAccessToken"):
            expires = (NOW + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
            return httpx.Response(200, json={"accessToken": self._next("impersonated"), "expireTime": expires})
        return httpx.Response(404, json={"error": {"code": 404, "message": "no such thing", "status": "NOT_FOUND"}})

    def _token(self, form: dict[str, str]) -> httpx.Response:
        self.forms.append(form)
        if form["grant_type"] == _EXCHANGE:
            kind = "urn:ietf:params:oauth:token-type:access_token"
            answer: dict[str, object] = {"access_token": self._next("exchanged"), "issued_token_type": kind}
            return httpx.Response(200, json=answer | {"token_type": "Bearer", "expires_in": 3599})
        header, claims = _verified(form["assertion"])
        self.headers.append(header)
        self.assertions.append(claims)
        name = "delegated" if "sub" in claims else "own"
        return httpx.Response(200, json={"access_token": self._next(name), "expires_in": 3599, "token_type": "Bearer"})

    def _next(self, name: str) -> str:
        self.issued += 1
        return f"ya29.{name}-{self.issued}"


def _verified(assertion: str) -> tuple[dict[str, object], dict[str, object]]:
    """Return header and claims of a JWT that is signed by the service account's key, or by the operator's."""
    head, claims, signature = assertion.split(".")
    content = _json(claims)
    key = OPERATOR_KEY if content["iss"] == OPERATOR else KEY
    try:
        key.public_key().verify(_octets(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise AssertionError("signed by another key") from None
    return _json(head), content


def _json(part: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(_octets(part))
    return found


def _octets(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
