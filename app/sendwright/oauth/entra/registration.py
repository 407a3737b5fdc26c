"""The application that asks: which registration, in which organisation and cloud."""

import msgspec

from sendwright.oauth.entra.cloud import CLOUDS, Cloud

ANY_ORGANISATION = "organizations"
"""Tenant of a first sign-in: work accounts of any organisation, no personal ones."""

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of personal accounts."""


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """An app registration as one organisation uses it.

    client_id: application id. tenant: id of the organisation, one of its domains, or ANY_ORGANISATION. cloud: a key of
    CLOUDS. login, graph: replace the cloud's addresses, for practice and tests only. own: the organisation made it, so
    that what is wrong with it is for its administrator to mend, and not for the platform.
    """

    client_id: str
    tenant: str = ANY_ORGANISATION
    cloud: str = "global"
    login: str = ""
    graph: str = ""
    own: bool = False

    @property
    def place(self) -> Cloud:
        """The cloud with its addresses, those of a practice in their place."""
        cloud = CLOUDS[self.cloud]
        return msgspec.structs.replace(cloud, login=self.login or cloud.login, graph=self.graph or cloud.graph)

    @property
    def authority(self) -> str:
        """The address of the tenant at the sign-in host."""
        return f"{self.place.login}/{self.tenant}"

    def scope(self, permission: str) -> str:
        """Return a Graph permission such as `Mail.Send` as the scope that asks for it."""
        return f"{CLOUDS[self.cloud].graph}/{permission}"
