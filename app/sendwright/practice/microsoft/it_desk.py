"""The page on which the person who practises plays the IT department: rights, consents, rules."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import product
from types import MappingProxyType
from typing import Any, Final

from litestar import HttpMethod, Request, Response, route
from litestar.handlers import HTTPRouteHandler

from sendwright.practice.frame import Tick, items, link_back, way_back
from sendwright.practice.microsoft import pages
from sendwright.practice.microsoft.tenant import AppRegistration, Right, Tenant, UserConsent
from sendwright.texts import text

NAMES: Final[Mapping[Right, str]] = MappingProxyType(
    {Right.SEND_AS: "Send As", Right.SEND_ON_BEHALF: "Send on Behalf", Right.FULL_ACCESS: "Full Access"}
)
"""As Exchange shows them, in every language."""

DEVICE = 53000
BLOCKED = 53003


class ItDesk:
    """Changes a tenant as its IT would. log: what was changed."""

    def __init__(self, tenant: Tenant, log: list[str]) -> None:
        self._tenant = tenant
        self._log = log

    def routes(self) -> HTTPRouteHandler:
        """Return the page's route."""
        return route("/practice/it", http_method=[HttpMethod.GET, HttpMethod.POST])(self.answer)

    async def answer(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Show how it stands, after changing what was ticked."""
        done = ""
        if request.method == HttpMethod.POST:
            ticked = {name: str(value) for name, value in (await request.form()).items()}
            self.apply(ticked)
            self._log.append("the IT department changed something")
            done = f'<p id="done" role="status"><strong>{escape(text("practice.pages.it-done"))}</strong></p>'
        headers = {
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
        }
        back = request.query_params.get("back", "")
        return Response(self.page(done, back=back), headers=headers, media_type="text/html", status_code=200)

    def page(self, done: str = "", *, back: str = "") -> str:
        """Return the page. back: id of the sign-in that it leads back to, empty for none."""
        names = ", ".join(client.name for client in self._tenant.registrations.values())
        columns = "".join(f'<th scope="col">{escape(NAMES[right])}</th>' for right in Right)
        revoke = "".join(
            f'<button type="submit" name="revoke" value="{escape(one.username)}" id="revoke-{escape(one.username)}">'
            f"{escape(text('practice.pages.it-revoke', username=one.username))}</button>"
            for one in self._tenant.people.values()
        )
        markup = {
            "done": done,
            "way_back": link_back(back),
            "requests": self._requests(),
            "consents": "".join(tick.html() for tick in self._consents()),
            "columns": columns,
            "rights": "".join(self._rows()),
            "policies": "".join(tick.html() for tick in self._policies()),
            "revoke": revoke,
        }
        title = text("practice.pages.it-consents", application=names)
        return pages.page("it", {"consents_title": title, "flow": back, "back": way_back(back)}, markup)

    def apply(self, ticked: Mapping[str, str]) -> None:
        """Make it so: what is ticked is granted, what is not is taken back."""
        tenant = self._tenant
        for person, mailbox, right in self._pairs():
            if f"right-{person}-{mailbox}-{right}" in ticked:
                tenant.grant(person, mailbox, right)
            else:
                tenant.withdraw(person, mailbox, right)
        for client in tenant.registrations.values():
            self._apply_consents(client, ticked)
        policies = tenant.policies
        if ticked.get("user-consent", "").removeprefix("user-consent-") in set(UserConsent):
            policies.user_consent = UserConsent(ticked["user-consent"].removeprefix("user-consent-"))
        policies.device = (policies.device or DEVICE) if "device" in ticked else 0
        policies.blocked = (policies.blocked or BLOCKED) if "blocked" in ticked else 0
        policies.device_code = "device-code" in ticked
        policies.smtp_auth = "smtp" in ticked
        if ticked.get("revoke"):
            tenant.revoked.add(ticked["revoke"])

    def _apply_consents(self, client: AppRegistration, ticked: Mapping[str, str]) -> None:
        tenant, client_id = self._tenant, client.client_id
        if f"consent-people-{client_id}" in ticked:
            tenant.consents.setdefault(client_id, set()).update(client.delegated)
            tenant.requested = {one for one in tenant.requested if one[0] != client_id}
        else:
            tenant.consents.pop(client_id, None)
        if f"consent-application-{client_id}" in ticked:
            tenant.app_roles.setdefault(client_id, set()).update(client.application)
        else:
            tenant.app_roles.pop(client_id, None)
        wanted = {one for one in tenant.mailboxes if f"scope-{client_id}-{one}" in ticked}
        for mailbox in wanted - tenant.scoped.get(client_id, set()):
            tenant.scope(client_id, mailbox)
        kept = tenant.scoped.get(client_id, set()) - (set(tenant.mailboxes) - wanted)
        if kept:
            tenant.scoped[client_id] = kept
        else:
            tenant.scoped.pop(client_id, None)

    def _pairs(self) -> Iterator[tuple[str, str, Right]]:
        for person, mailbox, right in product(self._tenant.people.values(), self._tenant.mailboxes, Right):
            yield person.username.lower(), mailbox.lower(), right

    def _rows(self) -> Iterator[str]:
        for person, mailbox in product(self._tenant.people.values(), self._tenant.mailboxes):
            who, whose = person.username.lower(), mailbox.lower()
            cells = ""
            for right in Right:
                name = escape(f"right-{who}-{whose}-{right}")
                on = " checked" if (who, whose, right) in self._tenant.rights else ""
                label = escape(f"{who}, {whose}, {NAMES[right]}")
                cells += (
                    f'<td><input type="checkbox" name="{name}" value="yes" id="{name}" aria-label="{label}"{on}></td>'
                )
            yield f"<tr><td>{escape(who)}</td><td>{escape(whose)}</td>{cells}</tr>"

    def _consents(self) -> Iterator[Tick]:
        tenant = self._tenant
        for client_id, client in tenant.registrations.items():
            people = client.delegated <= tenant.consents.get(client_id, set())
            yield Tick(id=f"consent-people-{client_id}", label=text("practice.pages.it-consent-people"), on=people)
            roles = bool(tenant.app_roles.get(client_id))
            label = text("practice.pages.it-consent-application")
            yield Tick(id=f"consent-application-{client_id}", label=label, on=roles)
            for mailbox in tenant.mailboxes:
                label = text("practice.pages.it-scope", mailbox=mailbox)
                on = mailbox.lower() in tenant.scoped.get(client_id, set())
                yield Tick(id=f"scope-{client_id}-{mailbox}", label=label, on=on)

    def _policies(self) -> Iterator[Tick]:
        policies = self._tenant.policies
        for one in UserConsent:
            name = f"user-consent-{one}"
            on = policies.user_consent is one
            yield Tick(id=name, label=text(f"practice.pages.it-{name}"), on=on, group="user-consent")
        yield Tick(id="device", label=text("practice.pages.it-device"), on=bool(policies.device))
        yield Tick(id="blocked", label=text("practice.pages.it-blocked"), on=bool(policies.blocked))
        yield Tick(id="device-code", label=text("practice.pages.it-device-code"), on=policies.device_code)
        yield Tick(id="smtp", label=text("practice.pages.it-smtp"), on=policies.smtp_auth)

    def _requests(self) -> str:
        if not self._tenant.requested:
            return f'<p id="requests">{escape(text("practice.pages.it-no-requests"))}</p>'
        known = self._tenant.registrations
        asked = (
            f"{known[client].name if client in known else client}: {who}" for client, who in self._tenant.requested
        )
        return f'<ul id="requests">{items(sorted(asked))}</ul>'
