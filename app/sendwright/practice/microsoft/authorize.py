"""The authorisation request: checked as Microsoft checks it, answered by a code (RFC 6749 section 4.1, RFC 7636)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sendwright.practice.answers import Answer, Page, Redirect, extended
from sendwright.practice.microsoft import pages, permissions
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.answers import Wanted, registered
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.grants import CODE_LASTS, Code, Grants
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant
from sendwright.practice.pkce import is_challenge

MODES: Final = frozenset({"query", "fragment", "form_post"})


class Returned(Exception):
    """Refused in a way that the application is told of by its redirect URI."""

    def __init__(self, refused: Refused, redirect_uri: str, mode: str, state: str) -> None:
        super().__init__(refused.number)
        self.refused = refused
        self.redirect_uri = redirect_uri
        self.mode = mode
        self.state = state

    def answer(self, tenant: Tenant) -> Answer:
        """Return the way back to the application."""
        values = {"error": self.refused.error, "error_description": self.refused.description(tenant.now())}
        return back(self.redirect_uri, self.mode, values | ({"state": self.state} if self.state else {}))


@dataclass(kw_only=True)
class CodeRequest:
    """An authorisation request that was found good; implements answers.Purpose."""

    client: AppRegistration
    segment: str
    redirect_uri: str
    mode: str
    state: str
    nonce: str
    scope: str
    challenge: str
    grants: Grants
    prompt: str = ""
    login_hint: str = ""
    device: bool = False
    for_organisation: bool = False

    def wanted(self, tenant: Tenant, person: Person) -> Wanted | None:
        """Return what is missing; with prompt=consent everything that is asked for."""
        asked = delegated(self.scope, self.client)
        missing = asked - tenant.consented(self.client.client_id, person.username)
        if self.prompt == "consent":
            return Wanted(delegated=asked)
        return Wanted(delegated=missing) if missing else None

    def done(self, tenant: Tenant, person: Person) -> Answer:
        """Send a code."""
        code = self.grants.code(
            Code(
                client_id=self.client.client_id,
                redirect_uri=self.redirect_uri,
                challenge=self.challenge,
                nonce=self.nonce,
                scope=self.scope,
                tenant=tenant,
                person=person,
                ends=tenant.now() + CODE_LASTS,
            )
        )
        values = {"code": code, "session_state": secrets.token_hex(16)}
        return back(self.redirect_uri, self.mode, values | ({"state": self.state} if self.state else {}))

    def declined(self, tenant: Tenant | None) -> Answer:
        """Say that the person refused."""
        return self.returned(Refused(65004), tenant)

    def returned(self, refused: Refused, tenant: Tenant | None) -> Answer:
        """Tell the application of a refusal."""
        any_time = tenant or Tenant(id="", domain="", name="")
        return Returned(refused, self.redirect_uri, self.mode, self.state).answer(any_time)


def delegated(scope: str, client: AppRegistration) -> frozenset[str]:
    """Return the permissions a scope asks for on behalf of a person. Raises Refused."""
    found: frozenset[str] = frozenset()
    for resource, asked in permissions.parse(scope, client=client.client_id).resources.items():
        default = permissions.listed(resource, client.delegated) if permissions.DEFAULT in asked else frozenset()
        found |= default | (asked - {permissions.DEFAULT})
    return found


def read(query: Mapping[str, str], segment: str, *, directory: Directory, grants: Grants) -> CodeRequest:
    """Check an authorisation request.

    Raises Refused for what Microsoft shows on its own page (unknown tenant, application, redirect URI), Returned for
    what it tells the application.
    """
    directory.tenant(segment)
    if not query.get("client_id"):
        raise Refused(90014, value="client_id")
    client = directory.client(query["client_id"], segment)
    if not client.redirect_uris:
        raise Refused(500113, client=client.client_id)
    uri = query.get("redirect_uri", "")
    if not registered(uri, client):
        raise Refused(50011, client=client.client_id)
    mode = query.get("response_mode") or "query"
    made = CodeRequest(
        client=client,
        segment=segment,
        redirect_uri=uri,
        mode=mode if mode in MODES else "query",
        state=query.get("state", ""),
        nonce=query.get("nonce", ""),
        scope=query.get("scope", ""),
        challenge=query.get("code_challenge", ""),
        grants=grants,
        prompt=query.get("prompt", ""),
        login_hint=query.get("login_hint", ""),
    )
    try:
        _check(made, query, mode)
    except Refused as refused:
        raise Returned(refused, uri, made.mode, made.state) from refused
    return made


def _check(made: CodeRequest, query: Mapping[str, str], mode: str) -> None:
    response_type = query.get("response_type", "")
    if not response_type:
        raise Refused(90014, value="response_type")
    if response_type != "code":
        raise Refused(700054, value=response_type)
    if mode not in MODES:
        raise Refused(9002313)
    if not made.scope.strip():
        raise Refused(90014, value="scope")
    if made.prompt not in {"", "login", "none", "consent", "select_account"}:
        raise Refused(9002313)
    if query.get("code_challenge_method") != "S256" or not is_challenge(made.challenge):
        raise Refused(50147 if not made.challenge else 501491)
    delegated(made.scope, made.client)


def back(uri: str, mode: str, values: dict[str, str]) -> Answer:
    """Return the way back to the application, in the mode that it asked for."""
    if mode != "form_post":
        return Redirect(url=extended(uri, values, fragment=mode == "fragment"))
    nonce = secrets.token_urlsafe(12)
    return Page(html=pages.posting(uri, values, nonce=nonce), script=nonce)
