"""Leads somebody through signing in and consenting, one page after the other."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from sendwright.practice.answers import Answer, Page
from sendwright.practice.frame import items
from sendwright.practice.microsoft import pages
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.answers import Purpose, Wanted
from sendwright.practice.microsoft.consents import Verdict, consent, may
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.grants import Grants
from sendwright.practice.microsoft.tenant import Person, Tenant

EMBEDDED = "QtWebEngine"
"""In the user agent of every browser that Qt embeds: such a browser cannot prove which device it runs on."""


@dataclass
class Browser:
    """A browser session. accounts: who has signed in, as (id of the tenant, user name)."""

    accounts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(kw_only=True)
class SignIn:
    """How far somebody has come. pick: accounts of this browser are offered. ended: it has been answered."""

    purpose: Purpose
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    typed: str = ""
    tenant: Tenant | None = None
    person: Person | None = None
    authenticated: bool = False
    approved: bool = False
    pick: bool = True
    ended: bool = False


@dataclass(kw_only=True)
class Reception:
    """Answers the pages of sign-ins."""

    directory: Directory
    grants: Grants

    def begin(self, sign_in: SignIn, browser: Browser, agent: str) -> Answer:
        """Return the first page. Raises Refused (50058, 65001) where prompt=none cannot be kept."""
        purpose = sign_in.purpose
        known = self._known(sign_in, browser)
        hinted = [one for one in known if one[1].username.lower() == purpose.login_hint.lower()]
        silent = hinted or (known if len(known) == 1 and not purpose.login_hint else [])
        if silent and purpose.prompt in {"", "none", "consent"}:
            self._take(sign_in, silent[0])
        if purpose.prompt == "none":
            if sign_in.person is None or sign_in.tenant is None:
                raise Refused(50058)
            if purpose.wanted(sign_in.tenant, sign_in.person):
                raise Refused(65001, client=purpose.client.client_id)
        wrong = None
        if sign_in.person is None and purpose.login_hint and purpose.prompt != "select_account":
            wrong = self._name(sign_in, purpose.login_hint)
        return self.show(sign_in, browser, agent, wrong=wrong)

    def answer(self, sign_in: SignIn, fields: Mapping[str, str], browser: Browser, agent: str) -> Answer:
        """Take what was typed or pressed and return what comes next."""
        action = fields.get("action", "")
        if action == "cancel":
            sign_in.ended = True
            return sign_in.purpose.declined(sign_in.tenant)
        if action in {"accept", "request"} and _ready(sign_in):
            return self._consented(sign_in, fields, browser=browser, agent=agent)
        wrong: Refused | None = None
        if action == "deny":
            sign_in.authenticated = False
            wrong = Refused(50074)
        elif action == "approve":
            sign_in.approved = sign_in.authenticated
        elif action in {"as-admin", "other"} or action.startswith("account-"):
            self._choose(sign_in, action, browser)
        elif sign_in.person is None and "username" in fields:
            wrong = self._name(sign_in, fields["username"])
        elif not sign_in.authenticated and "password" in fields:
            wrong = self._authenticate(sign_in, fields["password"], browser)
        return self.show(sign_in, browser, agent, wrong=wrong)

    def show(self, sign_in: SignIn, browser: Browser, agent: str, *, wrong: Refused | None = None) -> Answer:
        """Return the page that comes next."""
        tenant, person = sign_in.tenant, sign_in.person
        if wrong is not None and wrong.number not in pages.ON_THE_PAGE:
            return Page(html=pages.refusal(wrong, tenant or self.directory.tenants[0], flow=sign_in.id))
        frame = {"flow": sign_in.id, "application": sign_in.purpose.client.name}
        message = {"message": pages.message(wrong)}
        if tenant is None or person is None:
            known = self._known(sign_in, browser)
            if known and sign_in.pick:
                return Page(html=pages.page("account", frame, message | {"accounts": _accounts(known)}))
            return Page(html=pages.page("username", frame | {"username": sign_in.typed}, message))
        frame |= {"username": person.username, "organisation": tenant.name}
        if not sign_in.authenticated:
            return Page(html=pages.page("password", frame, message))
        if person.mfa and not sign_in.approved:
            return Page(html=pages.page("approve", frame, message))
        refused = _policy(sign_in.purpose, tenant, person, agent)
        if refused is not None:
            demanded = refused.number == tenant.policies.device
            return Page(html=pages.refusal(refused, tenant, device=demanded, flow=sign_in.id))
        wanted = sign_in.purpose.wanted(tenant, person)
        if wanted is None:
            return self._finish(sign_in, tenant, person)
        return _asking(sign_in.purpose, tenant, person, wanted, frame)

    def _choose(self, sign_in: SignIn, action: str, browser: Browser) -> None:
        known = self._known(sign_in, browser)
        place = action.removeprefix("account-")
        if place.isdecimal() and int(place) < len(known):
            self._pick(sign_in, known[int(place)])
        else:
            sign_in.tenant = sign_in.person = None
            sign_in.typed, sign_in.authenticated, sign_in.approved, sign_in.pick = "", False, False, False

    def _consented(self, sign_in: SignIn, fields: Mapping[str, str], *, browser: Browser, agent: str) -> Answer:
        action = fields["action"]
        tenant, person, purpose = sign_in.tenant, sign_in.person, sign_in.purpose
        if tenant is None or person is None or _policy(purpose, tenant, person, agent) is not None:
            return self.show(sign_in, browser, agent)
        wanted = purpose.wanted(tenant, person)
        if wanted is None:
            return self._finish(sign_in, tenant, person)
        verdict = may(purpose, tenant, person, wanted)
        if action == "request" and verdict is Verdict.REQUEST:
            tenant.requested.add((purpose.client.client_id, person.username))
            return Page(html=pages.page("requested", {"flow": sign_in.id, "application": purpose.client.name}))
        if action == "accept" and verdict in {Verdict.ALONE, Verdict.EITHER, Verdict.ALL}:
            everybody = verdict is Verdict.ALL or (verdict is Verdict.EITHER and "organisation" in fields)
            consent(tenant, person, purpose.client.client_id, wanted, everybody=everybody)
            return self._finish(sign_in, tenant, person)
        return self.show(sign_in, browser, agent)

    def _finish(self, sign_in: SignIn, tenant: Tenant, person: Person) -> Answer:
        sign_in.ended = True
        return sign_in.purpose.done(tenant, person)

    def _name(self, sign_in: SignIn, typed: str) -> Refused | None:
        sign_in.typed = typed.strip()[:320]
        try:
            sign_in.tenant, sign_in.person = self.directory.account(sign_in.typed, sign_in.purpose.segment)
        except Refused as refused:
            return refused
        return None

    def _authenticate(self, sign_in: SignIn, password: str, browser: Browser) -> Refused | None:
        tenant, person = sign_in.tenant, sign_in.person
        if tenant is None or person is None:
            return None
        if person.locked:
            return Refused(50053)
        if password != person.password:
            return Refused(50126)
        if person.password_expired:
            return Refused(50055)
        sign_in.authenticated = True
        self.grants.signed_in(tenant, person)
        if (tenant.id, person.username) not in browser.accounts:
            browser.accounts.append((tenant.id, person.username))
        return None

    def _known(self, sign_in: SignIn, browser: Browser) -> list[tuple[Tenant, Person]]:
        wanted = self.directory.tenant(sign_in.purpose.segment)
        known = []
        for tenant_id, username in browser.accounts:
            tenant = self.directory.by_id(tenant_id)
            person = tenant.person(username)
            if person is not None and (wanted is None or wanted is tenant):
                known.append((tenant, person))
        return known

    def _pick(self, sign_in: SignIn, known: tuple[Tenant, Person]) -> None:
        if sign_in.purpose.prompt == "login":
            sign_in.tenant, sign_in.person = known
        else:
            self._take(sign_in, known)

    def _take(self, sign_in: SignIn, known: tuple[Tenant, Person]) -> None:
        sign_in.tenant, sign_in.person = known
        sign_in.authenticated = sign_in.approved = True


def _ready(sign_in: SignIn) -> bool:
    person = sign_in.person
    return person is not None and sign_in.authenticated and (sign_in.approved or not person.mfa)


def _policy(purpose: Purpose, tenant: Tenant, person: Person, agent: str) -> Refused | None:
    policies, client = tenant.policies, purpose.client
    values = {"client": client.client_id, "user": person.username, "tenant": tenant.name}
    if person.disabled:
        return Refused(50057, **values)
    if policies.blocked:
        return Refused(policies.blocked, **values)
    if purpose.device and not policies.device_code:
        return Refused(53003, **values)
    if policies.device and (purpose.device or EMBEDDED in agent):
        return Refused(policies.device, **values)
    if client.assigned is not None and person.username.lower() not in {one.lower() for one in client.assigned}:
        return Refused(50105, **values)
    return None


def _asking(purpose: Purpose, tenant: Tenant, person: Person, wanted: Wanted, frame: dict[str, str]) -> Answer:
    verdict = may(purpose, tenant, person, wanted)
    meanings = {
        "permissions": items(pages.permission(one) for one in sorted(wanted.delegated)),
        "application_permissions": items(pages.permission_of_application(one) for one in sorted(wanted.application)),
    }
    if verdict is Verdict.ADMIN:
        refused = Refused(90094)
        return Page(html=pages.page("approval", frame | {"said": refused.sentence()}, meanings))
    if verdict is Verdict.REQUEST:
        refused = Refused(90095)
        return Page(html=pages.page("request", frame | {"said": refused.sentence()}, meanings))
    tick = pages.organisation_tick() if verdict is Verdict.EITHER else ""
    whole = pages.organisation_note(tenant) if verdict is Verdict.ALL else ""
    return Page(html=pages.page("consent", frame, meanings | {"tick": tick + whole}))


def _accounts(known: list[tuple[Tenant, Person]]) -> str:
    return "".join(
        f'<li><button type="submit" name="action" value="account-{place}" id="account-{place}">'
        f"{escape(person.name)}<br><small>{escape(person.username)} · {escape(tenant.name)}</small></button></li>"
        for place, (tenant, person) in enumerate(known)
    )
