"""Signing in for another device (RFC 8628)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sendwright.practice.answers import Answer, Page
from sendwright.practice.microsoft import pages
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.answers import Wanted
from sendwright.practice.microsoft.authorize import delegated
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.grants import Device, Grants
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant
from sendwright.texts import text

LASTS: Final = timedelta(minutes=15)


def issue(form: Mapping[str, str], segment: str, *, directory: Directory, grants: Grants) -> Device:
    """Give out a device code. Raises Refused."""
    if not form.get("client_id"):
        raise Refused(90014, value="client_id")
    client = directory.client(form["client_id"], segment)
    if not client.public:
        raise Refused(7000218)
    if not form.get("scope"):
        raise Refused(90014, value="scope")
    delegated(form["scope"], client)
    now = directory.tenants[0].now()
    return grants.device(client_id=client.client_id, scope=form["scope"], segment=segment, now=now, lasts=LASTS)


@dataclass(kw_only=True)
class DeviceRequest:
    """What the person's code stands for; implements answers.Purpose."""

    client: AppRegistration
    given: Device
    segment: str
    prompt: str = "select_account"
    login_hint: str = ""
    device: bool = True
    for_organisation: bool = False

    def wanted(self, tenant: Tenant, person: Person) -> Wanted | None:
        """Return what is missing."""
        asked = delegated(self.given.scope, self.client)
        missing = asked - tenant.consented(self.client.client_id, person.username)
        return Wanted(delegated=missing) if missing else None

    def done(self, tenant: Tenant, person: Person) -> Answer:
        """Let the other device have its tokens."""
        self.given.tenant, self.given.person = tenant, person
        words = text("practice.pages.device-done", application=self.client.name)
        return Page(html=pages.page("ended", {"words": words}))

    def declined(self, tenant: Tenant | None) -> Answer:
        """Let the other device know."""
        del tenant
        self.given.declined = True
        return Page(html=pages.page("ended", {"words": text("practice.pages.device-declined")}))
