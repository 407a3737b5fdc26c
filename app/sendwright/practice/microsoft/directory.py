"""Finds organisations, people and applications, by whatever a request calls them."""

from collections.abc import Iterator, Sequence

from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Tenant

ANY_WORK = "organizations"
ANY = "common"
ONLY_PERSONAL = "consumers"
SHARED_SEGMENTS = frozenset({ANY_WORK, ANY, ONLY_PERSONAL})


class Directory:
    """All organisations that are served here."""

    def __init__(self, tenants: Sequence[Tenant]) -> None:
        self.tenants = tuple(tenants)

    def tenant(self, segment: str) -> Tenant | None:
        """Return the organisation that the first part of an address names; None where it names none in particular.

        Raises Refused (90002) for a name that nobody has.
        """
        wanted = segment.lower()
        if wanted in SHARED_SEGMENTS:
            return None
        for tenant in self.tenants:
            if wanted in (tenant.id.lower(), tenant.domain.lower()):
                return tenant
        raise Refused(90002, tenant=segment)

    def by_id(self, wanted: str) -> Tenant:
        """Return the organisation of an id that was given out here."""
        return next(tenant for tenant in self.tenants if tenant.id == wanted)

    def client(self, client_id: str, segment: str) -> AppRegistration:
        """Return the registration. Raises Refused: 700016 unknown, 7000112 disabled, 50194 at the wrong address."""
        tenant = self.tenant(segment)
        for owner in self._owners_first(tenant):
            found = owner.registrations.get(client_id)
            if found is None:
                continue
            if tenant is None and not found.multi_tenant:
                raise Refused(50194, client=client_id)
            if tenant is not None and tenant is not owner and not found.multi_tenant:
                break
            if found.disabled:
                raise Refused(7000112, client=client_id)
            return found
        raise Refused(700016, client=client_id, tenant=tenant.name if tenant else segment)

    def account(self, username: str, segment: str) -> tuple[Tenant, Person]:
        """Return who signs in at an address, and in which organisation.

        Raises Refused: 50034 for nobody, 50020 for somebody of elsewhere, 50057 for a shared mailbox: its account
        is blocked from signing in.
        """
        tenant = self.tenant(segment)
        places = (tenant,) if tenant else tuple(self._reached(segment))
        found = [(place, person) for place in places if (person := place.person(username)) is not None]
        if found:
            return min(found, key=lambda one: bool(one[1].home))
        name = tenant.name if tenant else segment
        if any(place.mailbox(username) for place in places):
            raise Refused(50057, user=username)
        elsewhere = any(place.person(username) for place in self.tenants)
        raise Refused(50020 if elsewhere else 50034, user=username, tenant=name)

    def _reached(self, segment: str) -> Iterator[Tenant]:
        for tenant in self.tenants:
            if segment.lower() == ANY or tenant.personal == (segment.lower() == ONLY_PERSONAL):
                yield tenant

    def _owners_first(self, tenant: Tenant | None) -> list[Tenant]:
        return sorted(self.tenants, key=lambda owner: owner is not tenant)
