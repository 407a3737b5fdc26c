"""What the backend adds of its own to the credentials of a profile, and the places that it brings credentials to."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import kind_of
from sendwright.service.trouble import Trouble

PLACE_UNKNOWN: Final = "application-place-unknown"


@dataclass(frozen=True, kw_only=True)
class OwnCredential:
    """What the backend signs in with by itself.

    id: names it for good. credentials: by the names of `senders.credentials`. not_after: when it ends, None where
    nobody told. expired, expires_soon: the problems of its end.
    """

    id: str
    credentials: Mapping[str, Secret]
    not_after: datetime | None = None
    expired: str = ""
    expires_soon: str = ""


class Lender(Protocol):
    """Has credentials of the backend's own for the profiles of one kind of sender."""

    @property
    def sender(self) -> str:
        """The kind of sender."""
        ...

    @property
    def places(self) -> AbstractSet[str]:
        """What may stand in the place of the provider's own hosts, as the platform's file lists it."""
        ...

    async def find(
        self, session: AsyncSession, profile: SenderProfile, own: Mapping[str, Secret]
    ) -> OwnCredential | None:
        """Return what `profile` signs in with, None where it needs nothing of the backend's. own: what came with it.

        Raises Trouble where there is none, senders.unusable.ProfileUnusable and EnvelopeBroken.
        """
        ...

    def require_mailbox(self, profile: SenderProfile, mailbox: str) -> None:
        """Raise Trouble where what the backend adds must not be tried with another mailbox than that of `profile`."""
        ...


class OwnCredentials:
    """All that the backend has of its own. Without a lender no profile has anything of it, and none names a place."""

    def __init__(self, lenders: Sequence[Lender] = ()) -> None:
        self._lenders = {lender.sender: lender for lender in lenders}

    def require_place(self, profile: SenderProfile) -> None:
        """Raise Trouble `application-place-unknown` for a place that nothing which is kept here is brought to.

        Whoever may stage a profile must have no credential brought elsewhere: not one of the backend's, nor, by way of
        a profile in force that somebody else connects again, the token of a person. Raises ProfileUnusable.
        """
        lender = self._lenders.get(profile.sender)
        require_listed(kind_of(profile).places(profile), frozenset() if lender is None else lender.places)

    async def find(
        self, session: AsyncSession, profile: SenderProfile, own: Mapping[str, Secret]
    ) -> OwnCredential | None:
        """Return what the backend adds to `own`, as `Lender.find`; raises as that and as `require_place`."""
        self.require_place(profile)
        lender = self._lenders.get(profile.sender)
        return None if lender is None else await lender.find(session, profile, own)

    def require_mailbox(self, profile: SenderProfile, mailbox: str) -> None:
        """Raise as `Lender.require_mailbox`: a test may name a mailbox that no profile would be staged with."""
        lender = self._lenders.get(profile.sender)
        if lender is not None:
            lender.require_mailbox(profile, mailbox)


def require_listed(wanted: AbstractSet[str], listed: AbstractSet[str]) -> None:
    """Raise Trouble `application-place-unknown` unless all that is wanted is listed."""
    if not wanted <= listed:
        raise Trouble(PLACE_UNKNOWN)
