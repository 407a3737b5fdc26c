"""What the simulated Google has given out: codes, refresh tokens, access tokens; all of them opaque."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sendwright.practice.google.permissions import IDENTITY, of_gmail
from sendwright.practice.google.refused import Refused, dead
from sendwright.practice.google.workspace import OAuthClient, Person, Workspace

CODE_LASTS: Final = timedelta(minutes=10)
TESTING_LASTS: Final = timedelta(days=7)


@dataclass(kw_only=True)
class Code:
    """An authorisation code, with what its redemption must agree with. offline: a refresh token follows."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scopes: frozenset[str]
    person: Person
    offline: bool
    ends: datetime
    redeemed: bool = False


@dataclass(kw_only=True)
class Refresh:
    """A refresh token. password: at the time, a change ends tokens of Gmail. ends: in publishing status Testing."""

    client_id: str
    project: str
    person: Person
    scopes: frozenset[str]
    password: str
    used_at: datetime
    ends: datetime | None = None
    revoked: bool = False


@dataclass(kw_only=True)
class Access:
    """An access token.

    client_id: of the OAuth client, or the service account's numeric id. person: whose mailbox it opens, None where a
    service account, or a federated `principal`, acts for nobody but itself.
    """

    client_id: str
    project: str
    scopes: frozenset[str]
    ends: datetime
    person: Person | None = None
    principal: str = ""
    password: str = ""
    revoked: bool = False


@dataclass
class Grants:
    """revoked: what was revoked, as (email, project)."""

    workspace: Workspace
    revoked: list[tuple[str, str]] = field(default_factory=list)
    _codes: dict[str, Code] = field(default_factory=dict)
    _refresh: dict[str, Refresh] = field(default_factory=dict)
    _access: dict[str, Access] = field(default_factory=dict)

    def code(self, code: Code) -> str:
        """Give out an authorisation code."""
        value = f"4/0A{secrets.token_urlsafe(52)}"
        self._codes[value] = code
        return value

    def redeem(self, value: str, client_id: str) -> Code:
        """Take an authorisation code. Raises Refused (invalid_grant): unknown, another's, used, too old."""
        found = self._codes.get(value)
        if found is None or found.client_id != client_id:
            raise dead("Malformed auth code.")
        if found.redeemed or self.workspace.now() > found.ends:
            raise dead("Bad Request")
        found.redeemed = True
        return found

    def refresh_token(self, client: OAuthClient, person: Person, scopes: frozenset[str]) -> tuple[str, datetime | None]:
        """Give out a refresh token and say when it ends; beyond the limit the oldest one goes in silence."""
        now = self.workspace.now()
        tested = client.testing and not client.internal and not self.workspace.trusts(client.client_id, person)
        ends = now + TESTING_LASTS if tested and not scopes <= IDENTITY else None
        value = f"1//{secrets.token_urlsafe(64)}"
        self._refresh[value] = Refresh(
            client_id=client.client_id,
            project=client.project,
            person=person,
            scopes=scopes,
            password=person.password,
            used_at=now,
            ends=ends,
        )
        alive = [one for one in self._refresh.values() if _is(one, client.client_id, person) and not one.revoked]
        for oldest in alive[: -self.workspace.policies.tokens_per_client]:
            oldest.revoked = True
        return value, ends

    def exchange(self, value: str, client: OAuthClient) -> Refresh:
        """Take a refresh token, which goes on. Raises Refused: invalid_grant for every reason there is."""
        found = self._refresh.get(value)
        now = self.workspace.now()
        if found is None or found.client_id != client.client_id or found.revoked:
            raise dead()
        if now > found.used_at + timedelta(seconds=self.workspace.policies.refresh_token_s):
            raise dead()
        if found.ends is not None and now > found.ends:
            raise dead()
        if not self._stands(found.person, found.password, found.scopes):
            raise dead()
        if self.workspace.blocks(client.client_id, found.person):
            raise Refused("admin_policy_enforced", "Access is blocked by an administrator of the organisation.")
        found.used_at = now
        return found

    def access_token(self, access: Access) -> str:
        """Give out an access token."""
        value = f"ya29.a0{secrets.token_urlsafe(140)}"
        if access.person is not None:
            access.password = access.person.password
        self._access[value] = access
        return value

    def read(self, value: str) -> Access | None:
        """Return what an access token stands for while it counts."""
        found = self._access.get(value)
        if found is None or found.revoked or self.workspace.now() >= found.ends:
            return None
        if found.person is not None and not self._stands(found.person, found.password, found.scopes):
            return None
        return found

    def revoke(self, value: str) -> bool:
        """End everything of the token's project for its person; whether there was anything to end."""
        found = self._refresh.get(value) or self._access.get(value)
        if found is None or found.revoked:
            return False
        found.revoked = True
        if found.person is not None:
            self._revoke(found.project, found.person)
        return True

    def _revoke(self, project: str, person: Person) -> None:
        given: list[Refresh | Access] = [*self._refresh.values(), *self._access.values()]
        for held in given:
            if held.project == project and held.person is person:
                held.revoked = True
        clients = {one.client_id for one in self.workspace.clients.values() if one.project == project}
        for client_id in clients:
            self.workspace.consents.pop((client_id, person.email), None)
        self.revoked.append((person.email, project))

    def _stands(self, person: Person, password: str, scopes: frozenset[str]) -> bool:
        known = self.workspace.person(person.email) is person and not person.suspended
        return known and (person.password == password or not of_gmail(scopes))


def _is(held: Refresh, client_id: str, person: Person) -> bool:
    return held.client_id == client_id and held.person is person


def bearer(header: str, grants: Grants) -> Access | None:
    """Return what `Authorization` stands for, None without a token that counts (RFC 6750 section 2.1)."""
    kind, _, token = header.partition(" ")
    return grants.read(token.strip()) if kind.lower() == "bearer" else None
