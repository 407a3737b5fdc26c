"""The admin consent endpoint: an administrator allows an application for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from sendwright.practice.answers import Answer, Redirect, extended
from sendwright.practice.microsoft import permissions
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.answers import Wanted, registered
from sendwright.practice.microsoft.authorize import delegated
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant


@dataclass(kw_only=True)
class AdminConsentRequest:
    """A request that was found good; implements answers.Purpose. old: of the form without a scope."""

    client: AppRegistration
    segment: str
    redirect_uri: str
    state: str
    scope: str
    old: bool = False
    prompt: str = "select_account"
    login_hint: str = ""
    device: bool = False
    for_organisation: bool = True

    def wanted(self, tenant: Tenant, person: Person) -> Wanted | None:
        """Return everything that is asked for: it is shown again to whoever consents again."""
        del tenant, person
        return self._wanted()

    def done(self, tenant: Tenant, person: Person) -> Answer:
        """Tell the application."""
        del person
        values = {"admin_consent": "True", "tenant": tenant.id}
        if not self.old:
            values["scope"] = self._granted()
        return Redirect(url=extended(self.redirect_uri, values | self._state()))

    def declined(self, tenant: Tenant | None) -> Answer:
        """Tell the application that nobody consented; `admin_consent` says True all the same, as Microsoft's does."""
        any_time = tenant or Tenant(id="", domain="", name="")
        error = "permission_denied" if self.old else "consent_required"
        refused = Refused(65004, error=error)
        said = "The admin canceled the request" if self.old else refused.description(any_time.now())
        values = {"admin_consent": "True", "error": error, "error_description": said}
        return Redirect(url=extended(self.redirect_uri, values | self._state()))

    def _wanted(self) -> Wanted:
        asked = permissions.parse(self.scope, client=self.client.client_id)
        everything = frozenset(
            one
            for resource, named in asked.resources.items()
            if permissions.DEFAULT in named
            for one in permissions.listed(resource, self.client.application)
        )
        return Wanted(delegated=delegated(self.scope, self.client), application=everything)

    def _granted(self) -> str:
        asked = permissions.parse(self.scope, client=self.client.client_id)
        words = []
        for resource, named in asked.resources.items():
            everything = permissions.listed(resource, self.client.delegated | self.client.application)
            words += [f"{resource}/{one}" for one in sorted(everything if permissions.DEFAULT in named else named)]
        return " ".join(words)

    def _state(self) -> dict[str, str]:
        return {"state": self.state} if self.state else {}


def read(query: Mapping[str, str], segment: str, *, directory: Directory, old: bool) -> AdminConsentRequest:
    """Check a request. Raises Refused: all of it is shown on Microsoft's own page."""
    directory.tenant(segment)
    for name in ("client_id", "redirect_uri") if old else ("client_id", "redirect_uri", "scope"):
        if not query.get(name):
            raise Refused(90014, value=name)
    client = directory.client(query["client_id"], segment)
    if not registered(query["redirect_uri"], client):
        raise Refused(50011, client=client.client_id)
    scope = f"{permissions.GRAPH}/{permissions.DEFAULT}" if old else query["scope"]
    made = AdminConsentRequest(
        client=client,
        segment=segment,
        redirect_uri=query["redirect_uri"],
        state=query.get("state", ""),
        scope=scope,
        old=old,
    )
    permissions.parse(scope, client=client.client_id)
    return made
