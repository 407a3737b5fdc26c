"""Who may consent to what, and what a consent changes."""

from enum import StrEnum

from sendwright.practice.microsoft.answers import Purpose, Wanted
from sendwright.practice.microsoft.permissions import needs_administrator
from sendwright.practice.microsoft.tenant import Person, Role, Tenant, UserConsent


class Verdict(StrEnum):
    """What somebody may do: consent alone, either alone or for all, only for all; or ask, or find an administrator."""

    ALONE = "alone"
    EITHER = "either"
    ALL = "all"
    REQUEST = "request"
    ADMIN = "admin"


_FOR_APPLICATIONS = {Role.PRIVILEGED_ROLE_ADMINISTRATOR, Role.GLOBAL_ADMINISTRATOR}
"""Who may grant an application permissions of Graph; the others only what people use when signed in."""


def may(purpose: Purpose, tenant: Tenant, person: Person, wanted: Wanted) -> Verdict:
    """Return what `person` may do about `wanted`."""
    if wanted.application and not person.roles & _FOR_APPLICATIONS:
        return Verdict.ADMIN
    if purpose.for_organisation:
        return Verdict.ALL if person.administrator else Verdict.ADMIN
    if person.administrator:
        return Verdict.EITHER
    policy = tenant.policies.user_consent
    if policy is UserConsent.ALLOWED and not needs_administrator(wanted.delegated):
        return Verdict.ALONE
    return Verdict.REQUEST if policy is UserConsent.REQUEST else Verdict.ADMIN


def consent(tenant: Tenant, person: Person, client_id: str, wanted: Wanted, *, everybody: bool) -> None:
    """Write down what was consented to."""
    if not everybody:
        tenant.own_consents.setdefault((client_id, person.username), set()).update(wanted.delegated)
        return
    tenant.consents.setdefault(client_id, set()).update(wanted.delegated)
    if wanted.application:
        tenant.app_roles.setdefault(client_id, set()).update(wanted.application)
