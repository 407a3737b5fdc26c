"""The token endpoint: every grant that the product uses, each with its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sendwright.practice.microsoft import permissions
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.client_proof import prove
from sendwright.practice.microsoft.directory import SHARED_SEGMENTS, Directory
from sendwright.practice.microsoft.grants import Family, Grants
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant
from sendwright.practice.microsoft.tokens import Tokens, client_info
from sendwright.practice.pkce import fits, is_verifier

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(kw_only=True)
class TokenEndpoint:
    """Answers requests for tokens. interval_s: how long an application waits between two questions about a device."""

    directory: Directory
    grants: Grants
    tokens: Tokens
    login: str
    interval_s: float = 5.0

    def answer(self, segment: str, form: Mapping[str, str]) -> dict[str, object]:
        """Return the token response. Raises Refused."""
        self.directory.tenant(segment)
        for name in ("client_id", "grant_type"):
            if not form.get(name):
                raise Refused(90014, value=name)
        client = self.directory.client(form["client_id"], segment)
        match form["grant_type"]:
            case "authorization_code":
                return self._code(segment, form, client)
            case "refresh_token":
                return self._refresh(segment, form, client)
            case grant if grant == DEVICE_GRANT:
                return self._device(segment, form, client)
            case "client_credentials":
                return self._application(segment, form, client)
            case other:
                raise Refused(70003, value=other)

    def _code(self, segment: str, form: Mapping[str, str], client: AppRegistration) -> dict[str, object]:
        for name in ("code", "redirect_uri", "code_verifier"):
            if not form.get(name):
                raise Refused(90014, value=name)
        self._person_grant(segment, form, client)
        code = self.grants.redeem(form["code"], client.client_id)
        self._in_place(segment, code.tenant)
        if form["redirect_uri"] != code.redirect_uri:
            raise Refused(50011, error="invalid_grant", client=client.client_id)
        verifier = form["code_verifier"]
        if not is_verifier(verifier):
            raise Refused(501491, error="invalid_grant")
        if not fits(verifier, code.challenge):
            raise Refused(501481)
        family = _family(client, code.tenant, code.person)
        scope = form.get("scope") or code.scope
        return self._person(form, client, family, code.person, scope, nonce=code.nonce, asked=code.scope)

    def _refresh(self, segment: str, form: Mapping[str, str], client: AppRegistration) -> dict[str, object]:
        if not form.get("refresh_token"):
            raise Refused(90014, value="refresh_token")
        self._person_grant(segment, form, client)
        family = self.grants.exchange(form["refresh_token"], client.client_id)
        self._in_place(segment, family.tenant)
        person = family.tenant.person(family.username)
        if person is None:
            raise Refused(50034, user=family.username, tenant=family.tenant.name)
        if person.disabled:
            raise Refused(50057)
        if family.tenant.policies.blocked:
            raise Refused(family.tenant.policies.blocked, error="invalid_grant", client=client.client_id)
        scope = form.get("scope") or "openid offline_access"
        return self._person(form, client, family, person, scope, nonce="", asked="offline_access")

    def _device(self, segment: str, form: Mapping[str, str], client: AppRegistration) -> dict[str, object]:
        self._person_grant(segment, form, client)
        device = self.grants.device_by_code(form.get("device_code", ""))
        if device is None or device.client_id != client.client_id:
            raise Refused(70018)
        now = (device.tenant or self.directory.tenants[0]).now()
        if device.declined:
            raise Refused(65004, error="authorization_declined")
        if now > device.ends or device.redeemed:
            raise Refused(70019)
        if device.person is None or device.tenant is None:
            early = device.asked_at is not None and now < device.asked_at + timedelta(seconds=self.interval_s * 0.5)
            device.asked_at = now
            raise Refused(70016, error="slow_down" if early else "")
        device.redeemed = True
        family = _family(client, device.tenant, device.person)
        return self._person(form, client, family, device.person, device.scope, nonce="", asked=device.scope)

    def _application(self, segment: str, form: Mapping[str, str], client: AppRegistration) -> dict[str, object]:
        tenant = self.directory.tenant(segment)
        if tenant is None or segment in SHARED_SEGMENTS:
            raise Refused(9001023)
        asked = permissions.parse(form.get("scope", ""), client=client.client_id)
        if len(asked.resources) != 1 or asked.permissions != {permissions.DEFAULT}:
            raise Refused(70011, value=form.get("scope", ""))
        base = f"{self.login}/{segment}"
        audiences = {f"{base}/oauth2/v2.0/token", f"{base}/v2.0", f"{self.login}/{tenant.id}/oauth2/v2.0/token"}
        prove(form, client, tenant, frozenset(audiences))
        if not tenant.knows(client.client_id):
            raise Refused(700016, client=client.client_id, tenant=tenant.name)
        (audience,) = asked.resources
        roles = permissions.listed(audience, tenant.app_roles.get(client.client_id, set()))
        access = self.tokens.access_token(
            tenant, client_id=client.client_id, audience=audience, permissions=roles, person=None
        )
        lasts = tenant.policies.access_token_s - 1
        return {"token_type": "Bearer", "expires_in": lasts, "ext_expires_in": lasts, "access_token": access}

    def _person_grant(self, segment: str, form: Mapping[str, str], client: AppRegistration) -> None:
        if not client.public:
            tenant = self.directory.tenant(segment) or self.directory.tenants[0]
            prove(form, client, tenant, frozenset({f"{self.login}/{segment}/oauth2/v2.0/token"}))
        elif "client_secret" in form or "client_assertion" in form:
            raise Refused(700025)

    def _in_place(self, segment: str, of: Tenant) -> None:
        tenant = self.directory.tenant(segment)
        if tenant is not None and tenant is not of:
            raise Refused(700016 if tenant.personal else 70000, tenant=tenant.name)

    def _person(
        self,
        form: Mapping[str, str],
        client: AppRegistration,
        family: Family,
        person: Person,
        scope: str,
        *,
        nonce: str,
        asked: str,
    ) -> dict[str, object]:
        tenant = family.tenant
        wanted = permissions.parse(scope, client=client.client_id)
        if len(wanted.resources) > 1:
            raise Refused(700022)
        consented = tenant.consented(client.client_id, person.username)
        audience, named = next(iter(wanted.resources.items()), (permissions.GRAPH, frozenset({"User.Read"})))
        if permissions.DEFAULT not in named and not named <= consented:
            raise Refused(65001, error="invalid_grant", client=client.client_id)
        granted = permissions.listed(audience, consented)
        lasts = tenant.policies.access_token_s - 1
        found: dict[str, object] = {
            "token_type": "Bearer",
            "scope": " ".join([*(f"{audience}/{one}" for one in sorted(granted)), "openid", "profile", "email"]),
            "expires_in": lasts,
            "ext_expires_in": lasts,
            "access_token": self.tokens.access_token(
                tenant, client_id=client.client_id, audience=audience, permissions=granted, person=person
            ),
        }
        if "offline_access" in asked.split():
            found["refresh_token"] = self.grants.refresh_token(family)
        if "openid" in wanted.sign_in | permissions.parse(asked).sign_in:
            found["id_token"] = self.tokens.id_token(tenant, person, client_id=client.client_id, nonce=nonce)
        if form.get("client_info") == "1":
            found["client_info"] = client_info(tenant, person)
        return found


def _family(client: AppRegistration, tenant: Tenant, person: Person) -> Family:
    return Family(client_id=client.client_id, tenant=tenant, username=person.username, signed_in_at=tenant.now())
