"""Who signed in."""

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person's account at a provider, as the verified id_token names it.

    tenant, oid: together the stable key. At Microsoft the ids of the organisation (`tid`) and of the account in it; at
    Google the issuer and `sub`. username: as shown (`preferred_username`, at Google `email`), may change. name: as
    shown. domain: of the Google Workspace (`hd`), empty elsewhere and for a personal account.
    """

    tenant: str
    oid: str
    username: str
    name: str = ""
    domain: str = ""

    def same_as(self, other: "Account") -> bool:
        """Whether both are the same account of the same organisation, whatever it is called now."""
        return (self.tenant.lower(), self.oid.lower()) == (other.tenant.lower(), other.oid.lower())
