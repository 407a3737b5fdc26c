"""What the simulated sign-in service has given out: authorisation codes, refresh tokens, device codes."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.tenant import Person, Reuse, Tenant

CODE_LASTS: Final = timedelta(minutes=10)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(kw_only=True)
class Code:
    """An authorisation code, with what its redemption must agree with."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    tenant: Tenant
    person: Person
    ends: datetime
    redeemed: bool = False


@dataclass(kw_only=True)
class Family:
    """The refresh tokens that follow from one sign-in."""

    client_id: str
    tenant: Tenant
    username: str
    signed_in_at: datetime
    revoked: bool = False


@dataclass(kw_only=True)
class _Refresh:
    family: Family
    issued_at: datetime
    replaced: bool = False


@dataclass(kw_only=True)
class Device:
    """A sign-in on another device. tenant, person: None until somebody has signed in."""

    code: str
    user_code: str
    client_id: str
    scope: str
    segment: str
    ends: datetime
    tenant: Tenant | None = None
    person: Person | None = None
    declined: bool = False
    redeemed: bool = False
    asked_at: datetime | None = None


@dataclass
class Grants:
    """reuse_detections: how often a refresh token was used that another one had replaced."""

    reuse_detections: int = 0
    _codes: dict[str, Code] = field(default_factory=dict)
    _refresh: dict[str, _Refresh] = field(default_factory=dict)
    _devices: dict[str, Device] = field(default_factory=dict)

    def code(self, code: Code) -> str:
        """Give out an authorisation code."""
        value = f"0.A{secrets.token_urlsafe(48)}"
        self._codes[value] = code
        return value

    def redeem(self, value: str, client_id: str) -> Code:
        """Take an authorisation code. Raises Refused: 70000 unknown or another's, 54005 used, 70008 too old."""
        found = self._codes.get(value)
        if found is None or found.client_id != client_id:
            raise Refused(70000)
        if found.redeemed:
            raise Refused(54005)
        if found.tenant.now() > found.ends:
            raise Refused(70008)
        found.redeemed = True
        return found

    def refresh_token(self, family: Family) -> str:
        """Give out the next refresh token of `family`."""
        value = f"1.A{secrets.token_urlsafe(64)}"
        self._refresh[value] = _Refresh(family=family, issued_at=family.tenant.now())
        return value

    def exchange(self, value: str, client_id: str) -> Family:
        """Take a refresh token; the caller gives out the next one.

        Raises Refused: 70000 unknown or another application's, 50173 revoked, 700082 not used for too long, 70043
        sign-in frequency.
        """
        found = self._refresh.get(value)
        if found is None or found.family.client_id != client_id:
            raise Refused(70000)
        family, tenant = found.family, found.family.tenant
        if found.replaced:
            self.reuse_detections += 1
            if tenant.policies.reuse is Reuse.REVOKE:
                family.revoked = True
            if tenant.policies.reuse is Reuse.REFUSE:
                raise Refused(70000)
        if family.revoked or family.username.lower() in {one.lower() for one in tenant.revoked}:
            raise Refused(50173)
        if tenant.now() > found.issued_at + timedelta(seconds=tenant.policies.refresh_token_s):
            raise Refused(700082)
        frequency = tenant.policies.sign_in_frequency_s
        if frequency and tenant.now() > family.signed_in_at + timedelta(seconds=frequency):
            raise Refused(70043)
        found.replaced = True
        return family

    def signed_in(self, tenant: Tenant, person: Person) -> None:
        """Take note of a sign-in by hand: what was revoked before stays so, what follows counts again."""
        if person.username.lower() not in {one.lower() for one in tenant.revoked}:
            return
        for found in self._refresh.values():
            if found.family.tenant is tenant and found.family.username == person.username:
                found.family.revoked = True
        tenant.revoked = {one for one in tenant.revoked if one.lower() != person.username.lower()}

    def device(self, *, client_id: str, scope: str, segment: str, now: datetime, lasts: timedelta) -> Device:
        """Give out a device code and the code that the person types."""
        made = Device(
            code=secrets.token_urlsafe(48),
            user_code="".join(secrets.choice(_LETTERS) for _ in range(9)),
            client_id=client_id,
            scope=scope,
            segment=segment,
            ends=now + lasts,
        )
        self._devices[made.code] = made
        return made

    def device_by_code(self, code: str) -> Device | None:
        """Return what the application asks about."""
        return self._devices.get(code)

    def device_by_user_code(self, typed: str, now: datetime) -> Device | None:
        """Return what a typed code belongs to, as long as it counts; blanks, hyphens, small letters are fine."""
        wanted = "".join(letter for letter in typed.upper() if letter.isalnum())
        for found in self._devices.values():
            if found.user_code == wanted and found.person is None and not found.declined and now <= found.ends:
                return found
        return None
