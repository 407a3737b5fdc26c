"""The page on which the person who practises plays the administrator of the Workspace."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.practice.answers import Page
from sendwright.practice.browsing import AnyRequest, answered, form
from sendwright.practice.frame import Tick, link_back, way_back
from sendwright.practice.google import pages
from sendwright.practice.google.permissions import KNOWN
from sendwright.practice.google.workspace import OAuthClient, Person, SendAs, Workspace
from sendwright.texts import text

_STATES = ("neither", "trusted", "blocked")


class AdminDesk:
    """Changes a Workspace as its administrator would. log: what was changed."""

    def __init__(self, workspace: Workspace, log: list[str]) -> None:
        self._workspace = workspace
        self._log = log

    def routes(self) -> HTTPRouteHandler:
        """Return the page's route."""
        return route("/practice/admin", http_method=[HttpMethod.GET, HttpMethod.POST])(self.answer)

    async def answer(self, request: AnyRequest) -> Response[Any]:
        """Show how it stands, after changing what was ticked and typed."""
        done = ""
        if request.method == HttpMethod.POST:
            self.apply(await form(request))
            self._log.append("the administrator changed something")
            done = f'<p id="done" role="status"><strong>{escape(text("practice.pages.it-done"))}</strong></p>'
        return answered(Page(html=self.page(done, back=request.query_params.get("back", ""))))

    def page(self, done: str = "", *, back: str = "") -> str:
        """Return the page. back: id of the sign-in that it leads back to, empty for none."""
        markup = {
            "done": done,
            "way_back": link_back(back),
            "clients": "".join(self._clients()),
            "delegations": "".join(self._delegations()),
            "people": "".join(tick.html() for person in self._own() for tick in self._of(person)),
            "policies": self._relay().html(),
        }
        return pages.page("admin", {"flow": back, "back": way_back(back)}, markup)

    def apply(self, fields: Mapping[str, str]) -> None:
        """Make it so: what is ticked holds, what is not does not; what is typed is added."""
        workspace, policies = self._workspace, self._workspace.policies
        for client_id in workspace.clients:
            state = fields.get(f"access-{client_id}", "").rpartition("-")[2]
            policies.trusted.discard(client_id)
            policies.blocked.discard(client_id)
            if state == "trusted":
                policies.trusted.add(client_id)
            if state == "blocked":
                policies.blocked.add(client_id)
        for account in workspace.service_accounts.values():
            if (typed := fields.get(f"scopes-{account.unique_id}")) is not None:
                self._list(account.unique_id, typed)
        if fields.get("delegate-id", "").strip():
            self._list(fields["delegate-id"].strip(), fields.get("delegate-scopes", ""))
        for person in self._own():
            person.suspended = f"suspended-{person.email}" in fields
            for one in person.send_as.values():
                one.pending = f"alias-{person.email}-{one.address}" not in fields
        self._add_alias(fields.get("alias-person", ""), fields.get("alias-address", ""))
        policies.relay = "relay" in fields

    def _list(self, unique_id: str, typed: str) -> None:
        """List a delegation as the console takes it: scopes separated by commas; none takes the entry away."""
        scopes = {one for one in typed.replace(",", " ").split() if one in KNOWN}
        if scopes:
            self._workspace.delegations[unique_id] = scopes
        else:
            self._workspace.delegations.pop(unique_id, None)

    def _add_alias(self, email: str, typed: str) -> None:
        person = self._workspace.person(email) if email.strip() else None
        if person is None or not typed.strip():
            return
        try:
            address = parse_address(typed).text
        except AddressInvalid:
            return
        person.send_as.setdefault(address, SendAs(address=address))

    def _own(self) -> list[Person]:
        return [one for one in self._workspace.people.values() if one.domain == self._workspace.domain]

    def _clients(self) -> Iterator[str]:
        for client in self._workspace.clients.values():
            yield f"<h3>{escape(client.name)}</h3><p><small>{escape(client.client_id)}</small></p>"
            yield from (tick.html() for tick in self._states(client))

    def _states(self, client: OAuthClient) -> Iterator[Tick]:
        policies = self._workspace.policies
        now = "blocked" if client.client_id in policies.blocked else "neither"
        now = "trusted" if client.client_id in policies.trusted else now
        for state in _STATES:
            label = text(f"practice.google.admin-{state}")
            group = f"access-{client.client_id}"
            yield Tick(id=f"{group}-{state}", label=label, on=state == now, group=group)

    def _delegations(self) -> Iterator[str]:
        for unique_id in self._workspace.delegations:
            name = escape(f"scopes-{unique_id}")
            label = escape(text("practice.google.admin-scopes-of", client=unique_id))
            scopes = escape(", ".join(sorted(self._workspace.delegations[unique_id])))
            yield f'<label for="{name}">{label}</label><input type="text" id="{name}" name="{name}" value="{scopes}">'

    def _of(self, person: Person) -> Iterator[Tick]:
        label = text("practice.google.admin-suspended", person=person.email)
        yield Tick(id=f"suspended-{person.email}", label=label, on=person.suspended)
        for one in person.send_as.values():
            label = text("practice.google.admin-alias-confirmed", person=person.email, address=one.address)
            yield Tick(id=f"alias-{person.email}-{one.address}", label=label, on=not one.pending)

    def _relay(self) -> Tick:
        return Tick(id="relay", label=text("practice.google.admin-relay"), on=self._workspace.policies.relay)
