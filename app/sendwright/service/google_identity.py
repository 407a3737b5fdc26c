"""Lends the backend's own identity at Google to profiles of service accounts that have no key."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import SIGNING_IDENTITY
from sendwright.senders.gmail.opening import gmail_settings
from sendwright.senders.gmail.settings import Way
from sendwright.service.google_file import PlatformIdentity
from sendwright.service.own_credentials import OwnCredential
from sendwright.service.trouble import Trouble


@dataclass(frozen=True)
class SigningIdentities:
    """own_credentials.Lender for Gmail. platform: what google.toml says."""

    platform: PlatformIdentity

    sender: Final = "gmail"

    @property
    def places(self) -> AbstractSet[str]:
        """The places of the file."""
        return self.platform.places

    async def find(
        self, session: AsyncSession, profile: SenderProfile, own: Mapping[str, Secret]
    ) -> OwnCredential | None:
        """Return the identity where a service account is to be signed for.

        Raises Trouble `signing-identity-absent`, `service-account-unknown` and `signing-domain-unknown`
        where the identity is not for that account or that domain, and ProfileUnusable.
        """
        del session, own
        settings = gmail_settings(profile)
        if settings.way is not Way.SERVICE_ACCOUNT or not settings.keyless:
            return None
        if self.platform.credential is None:
            raise Trouble("signing-identity-absent")
        if not self.platform.signs_for(settings.service_account):
            raise Trouble("service-account-unknown")
        self._require_domain(settings.account)
        return OwnCredential(id="signing-identity", credentials={SIGNING_IDENTITY: self.platform.credential})

    def require_mailbox(self, profile: SenderProfile, mailbox: str) -> None:
        """Raise Trouble `signing-domain-unknown` where it lies in a domain that the identity is not for."""
        settings = gmail_settings(profile)
        if settings.way is Way.SERVICE_ACCOUNT and settings.keyless:
            self._require_domain(mailbox)

    def _require_domain(self, mailbox: str) -> None:
        if not self.platform.acts_in(mailbox.rpartition("@")[2]):
            raise Trouble("signing-domain-unknown")
