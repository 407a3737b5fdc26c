"""The authorisation request: checked as Google checks it, answered by a code (RFC 6749 section 4.1, RFC 7636)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sendwright.practice.answers import Redirect, extended
from sendwright.practice.google import permissions
from sendwright.practice.google.grants import CODE_LASTS, Code, Grants
from sendwright.practice.google.refused import Refused, missing
from sendwright.practice.google.workspace import OAuthClient, Person, Workspace
from sendwright.practice.pkce import is_challenge

PROMPTS: Final = frozenset({"none", "consent", "select_account"})
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(kw_only=True)
class CodeRequest:
    """An authorisation request that was found good. scopes: by their long names. domain: `hd`."""

    client: OAuthClient
    redirect_uri: str
    state: str
    nonce: str
    scopes: frozenset[str]
    challenge: str
    prompts: frozenset[str]
    offline: bool
    further: bool
    login_hint: str
    domain: str

    def done(
        self, person: Person, scopes: frozenset[str], *, asked: bool, workspace: Workspace, grants: Grants
    ) -> Redirect:
        """Send a code. asked: the person was asked for consent just now, which a refresh token depends on."""
        code = grants.code(
            Code(
                client_id=self.client.client_id,
                redirect_uri=self.redirect_uri,
                challenge=self.challenge,
                nonce=self.nonce,
                scopes=scopes,
                person=person,
                offline=self.offline and asked,
                ends=workspace.now() + CODE_LASTS,
            )
        )
        values = {"code": code, "scope": permissions.listed(scopes), "authuser": "0"}
        values |= {"hd": person.domain} if person.domain else {}
        return self._back(values | {"prompt": "consent" if asked else "none"})

    def refused(self, error: str) -> Redirect:
        """Tell the application of an error."""
        return self._back({"error": error})

    def _back(self, values: dict[str, str]) -> Redirect:
        said = ({"state": self.state} if self.state else {}) | values
        return Redirect(url=extended(self.redirect_uri, said))


def read(query: Mapping[str, str], workspace: Workspace) -> CodeRequest:
    """Check an authorisation request. Raises Refused: all of it is shown to the person, the application hears nothing.

    A challenge is demanded of every client: Google's own lets one be left out.
    """
    client = find_client(query.get("client_id", ""), workspace)
    for name in ("redirect_uri", "response_type"):
        if not query.get(name):
            raise missing(name)
    _check_redirect(query["redirect_uri"], client)
    if query["response_type"] != "code":
        raise Refused("unsupported_response_type", f"Invalid response_type: {query['response_type']}")
    prompts = frozenset(query.get("prompt", "").split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", f"Invalid parameter value for prompt: {query['prompt']}")
    challenge = query.get("code_challenge", "")
    if query.get("code_challenge_method") != "S256" or not is_challenge(challenge):
        raise Refused("invalid_request", "Invalid parameter value for code_challenge or code_challenge_method")
    return CodeRequest(
        client=client,
        redirect_uri=query["redirect_uri"],
        state=query.get("state", ""),
        nonce=query.get("nonce", ""),
        scopes=permissions.read(query.get("scope", "")),
        challenge=challenge,
        prompts=prompts,
        offline=query.get("access_type", "online") == "offline",
        further=query.get("include_granted_scopes", "") == "true",
        login_hint=query.get("login_hint", ""),
        domain=query.get("hd", ""),
    )


def find_client(client_id: str, workspace: Workspace) -> OAuthClient:
    """Return the OAuth client. Raises Refused: invalid_request, invalid_client, deleted_client."""
    if not client_id:
        raise missing("client_id")
    found = workspace.clients.get(client_id)
    if found is None:
        raise Refused("invalid_client", "The OAuth client was not found.", status=401)
    if found.deleted:
        raise Refused("deleted_client", "The OAuth client was deleted.", status=401)
    return found


def _check_redirect(uri: str, client: OAuthClient) -> None:
    """Take any loopback address of a desktop client, whatever its port and path (RFC 8252 section 7.3)."""
    if client.kind != "desktop":
        if uri not in client.redirect_uris:
            raise Refused("redirect_uri_mismatch", f"The redirect URI {uri} is not one of the client's.")
        return
    if uri.startswith("urn:ietf:wg:oauth:2.0:oob"):
        raise Refused("invalid_request", "The out-of-band flow has been blocked.")
    try:
        parts = urlsplit(uri)
        good = parts.scheme == "http" and parts.hostname in _HERE and parts.username is None and not parts.fragment
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise Refused("redirect_uri_mismatch", f"The redirect URI {uri} is no loopback address.")
