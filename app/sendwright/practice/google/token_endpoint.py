"""The token endpoint: every grant that the product uses, each with its refusals."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sendwright.oauth.google.scopes import OPENID
from sendwright.practice.google import assertions, permissions
from sendwright.practice.google.authorize import find_client
from sendwright.practice.google.grants import Access, Grants
from sendwright.practice.google.id_tokens import IdTokens
from sendwright.practice.google.refused import Refused, dead
from sendwright.practice.google.workspace import OAuthClient, Person, Workspace
from sendwright.practice.pkce import fits, is_verifier

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(kw_only=True)
class TokenEndpoint:
    """Answers requests for tokens. address: of itself, which assertions are made for."""

    workspace: Workspace
    grants: Grants
    id_tokens: IdTokens
    address: str

    def answer(self, form: Mapping[str, str]) -> dict[str, object]:
        """Return the token response. Raises Refused."""
        match form.get("grant_type", ""):
            case "authorization_code":
                return self._code(form, self._client(form))
            case "refresh_token":
                return self._refresh(form, self._client(form))
            case grant if grant == JWT_BEARER:
                return self._service_account(form)
            case other:
                raise Refused("unsupported_grant_type", f"Invalid grant_type: {other}")

    def _client(self, form: Mapping[str, str]) -> OAuthClient:
        if not form.get("client_id"):
            raise Refused("invalid_request", "Could not determine client ID from request.")
        client = find_client(form["client_id"], self.workspace)
        if not form.get("client_secret"):
            raise Refused("invalid_request", "client_secret is missing.")
        if not hmac.compare_digest(form["client_secret"].encode(), client.secret.encode()):
            raise Refused("invalid_client", "The provided client secret is invalid.", status=401)
        return client

    def _code(self, form: Mapping[str, str], client: OAuthClient) -> dict[str, object]:
        if not form.get("code"):
            raise Refused("invalid_request", "Missing required parameter: code")
        code = self.grants.redeem(form["code"], client.client_id)
        verifier = form.get("code_verifier", "")
        if not verifier:
            raise dead("Missing code verifier.")
        if not is_verifier(verifier) or not fits(verifier, code.challenge):
            raise dead("Invalid code verifier.")
        if form.get("redirect_uri", "") != code.redirect_uri:
            raise dead("Bad Request")
        found = self._access(client, code.person, code.scopes)
        if code.offline:
            token, ends = self.grants.refresh_token(client, code.person, code.scopes)
            found["refresh_token"] = token
            if ends is not None:
                found["refresh_token_expires_in"] = int((ends - self.workspace.now()).total_seconds())
        return self._with_id(found, client, code.person, code.scopes, nonce=code.nonce)

    def _refresh(self, form: Mapping[str, str], client: OAuthClient) -> dict[str, object]:
        if not form.get("refresh_token"):
            raise Refused("invalid_request", "Missing required parameter: refresh_token")
        held = self.grants.exchange(form["refresh_token"], client)
        scopes = held.scopes
        if form.get("scope", "").strip():
            scopes = permissions.read(form["scope"])
            if not scopes <= held.scopes:
                raise Refused("invalid_scope", BEYOND)
        found = self._access(client, held.person, scopes)
        if held.ends is not None:
            found["refresh_token_expires_in"] = int((held.ends - self.workspace.now()).total_seconds())
        return self._with_id(found, client, held.person, scopes, nonce="")

    def _service_account(self, form: Mapping[str, str]) -> dict[str, object]:
        claimed = assertions.check(form.get("assertion", ""), self.workspace, audience=self.address)
        return self._answer(
            Access(
                client_id=claimed.account.unique_id,
                project=claimed.account.project,
                scopes=claimed.scopes,
                ends=self.workspace.now() + timedelta(seconds=self.workspace.policies.access_token_s),
                person=claimed.person,
                principal=claimed.account.email,
            )
        )

    def _access(self, client: OAuthClient, person: Person, scopes: frozenset[str]) -> dict[str, object]:
        ends = self.workspace.now() + timedelta(seconds=self.workspace.policies.access_token_s)
        made = Access(client_id=client.client_id, project=client.project, scopes=scopes, ends=ends, person=person)
        return self._answer(made) | {"scope": permissions.listed(scopes)}

    def _answer(self, access: Access) -> dict[str, object]:
        lasts = self.workspace.policies.access_token_s
        return {"access_token": self.grants.access_token(access), "expires_in": lasts, "token_type": "Bearer"}

    def _with_id(
        self, found: dict[str, object], client: OAuthClient, person: Person, scopes: frozenset[str], *, nonce: str
    ) -> dict[str, object]:
        if OPENID not in scopes:
            return found
        token = self.id_tokens.made(
            person, client_id=client.client_id, nonce=nonce, access_token=str(found["access_token"]), scopes=scopes
        )
        return found | {"id_token": token}


BEYOND: Final = "The scope is beyond what was granted."
