"""Who signed in."""

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account at a provider, as the verified id_token names it.

    tenant: id of the organisation (`tid`); oid: id of the account in it; both together are the stable key. username:
    as shown (`preferred_username`), may change. name: as shown.
    """

    tenant: str
    oid: str
    username: str
    name: str = ""

    def same_as(self, other: "Account") -> bool:
        """Whether both are the same account of the same organisation, whatever it is called now."""
        return (self.tenant.lower(), self.oid.lower()) == (other.tenant.lower(), other.oid.lower())
