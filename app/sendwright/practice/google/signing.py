"""Signing without a key: federated identities, and signBlob of the IAM Credentials API (cloud.google.com/iam/docs)."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from sendwright.practice.browsing import AnyRequest, as_json, form
from sendwright.practice.google import permissions
from sendwright.practice.google.grants import Access, Grants, bearer
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Workspace

EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a kind, not a token
SIGNS: Final = frozenset({permissions.IAM, permissions.CLOUD})


class _Blob(msgspec.Struct, frozen=True):
    payload: str


@dataclass(frozen=True, kw_only=True)
class _Denied:
    status: int
    state: str
    message: str
    reason: str = ""

    def response(self) -> Response[Any]:
        """Return what is answered."""
        error: dict[str, object] = {"code": self.status, "message": self.message, "status": self.state}
        if self.reason:
            info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": self.reason}
            error["details"] = [info | {"domain": "iam.googleapis.com"}]
        return as_json({"error": error}, status=self.status)


class Signing:
    """Signs for service accounts with keys that Google keeps; each is made when it is needed first."""

    def __init__(self, workspace: Workspace, *, grants: Grants, log: list[str]) -> None:
        self._workspace = workspace
        self._grants = grants
        self._log = log
        self._keys: dict[str, tuple[str, RSAPrivateKey]] = {}

    def routes(self) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
        """Return the routes."""
        exchange = route("/v1/token", http_method=HttpMethod.POST)(self.exchange)
        return exchange, route("/v1/projects/-/serviceAccounts/{named:str}", http_method=HttpMethod.POST)(self.sign)

    async def exchange(self, request: AnyRequest) -> Response[Any]:
        """Exchange the token of another provider for one that stands for its principal (RFC 8693)."""
        try:
            return as_json(self._exchanged(await form(request)))
        except Refused as refused:
            self._log.append(f"exchange: {refused.error}")
            return as_json(refused.body(), status=refused.status)

    async def sign(self, request: AnyRequest, named: FromPath[str]) -> Response[Any]:
        """Sign what is sent along (projects.serviceAccounts.signBlob)."""
        email, _, method = named.partition(":")
        access = bearer(request.headers.get("authorization", ""), self._grants)
        denied = self._denied(access, email, method)
        self._log.append(f"{method} {email}: {denied.status if denied else 'signed'}")
        if denied is not None:
            return denied.response()
        try:
            payload = base64.b64decode(msgspec.json.decode(await request.body(), type=_Blob).payload, validate=True)
        except (binascii.Error, ValueError):
            return _Denied(status=400, state="INVALID_ARGUMENT", message="Invalid value for payload").response()
        key_id, key = self._key(email)
        signature = key.sign(payload, PKCS1v15(), SHA256())
        return as_json({"keyId": key_id, "signedBlob": base64.b64encode(signature).decode("ascii")})

    def _exchanged(self, fields: Mapping[str, str]) -> dict[str, object]:
        if fields.get("grant_type") != EXCHANGE:
            raise Refused("unsupported_grant_type", "Invalid grant_type")
        principal = self._workspace.identities.get(fields.get("subject_token", ""))
        if principal is None:
            raise Refused("invalid_grant", "The subject token could not be verified.")
        scopes = permissions.read(fields.get("scope", permissions.CLOUD))
        lasts = self._workspace.policies.access_token_s
        ends = self._workspace.now() + timedelta(seconds=lasts)
        access = Access(client_id="", project="", scopes=scopes, ends=ends, principal=principal)
        return {
            "access_token": self._grants.access_token(access),
            "issued_token_type": ACCESS_TOKEN,
            "token_type": "Bearer",
            "expires_in": lasts,
        }

    def _denied(self, access: Access | None, email: str, method: str) -> _Denied | None:
        account = self._workspace.service_accounts.get(email)
        if access is None:
            said = "Request had invalid authentication credentials."
            return _Denied(status=401, state="UNAUTHENTICATED", message=said)
        if method != "signBlob" or account is None or account.disabled:
            said = "Requested entity was not found."
            return _Denied(status=404, state="NOT_FOUND", message=said)
        if not access.scopes & SIGNS:
            said = "Request had insufficient authentication scopes."
            reason = "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
            return _Denied(status=403, state="PERMISSION_DENIED", message=said, reason=reason)
        who = access.person.email if access.person else access.principal
        if who not in account.signers:
            said = "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist)."
            return _Denied(status=403, state="PERMISSION_DENIED", message=said, reason="IAM_PERMISSION_DENIED")
        return None

    def _key(self, email: str) -> tuple[str, RSAPrivateKey]:
        if email not in self._keys:
            key_id, key = secrets.token_hex(20), generate_private_key(public_exponent=65537, key_size=2048)
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            self._workspace.service_accounts[email].keys[key_id] = public.decode("ascii")
            self._keys[email] = key_id, key
        return self._keys[email]
