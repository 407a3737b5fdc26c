"""What a version signs in with: its stored credentials, a grant, or what the backend has of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import kind_of
from sendwright.senders.credentials import REFRESH_TOKEN
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.envelope import Envelope
from sendwright.service.grant_store import DISCONNECTED
from sendwright.service.grants import Grants
from sendwright.service.own_credentials import OwnCredentials
from sendwright.service.profile_checks import check_credentials
from sendwright.service.tables import CredentialRow, ProfileRow
from sendwright.service.trouble import Trouble


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a version signs in with. grant: keeps its refresh token. refused: the code of why it may not sign in."""

    credentials: dict[str, Secret]
    grant: GrantKeeper | None
    refused: str = ""


class ProfileSecrets:
    """Stores and opens what versions sign in with, encrypted at rest and bound to its place."""

    def __init__(self, envelope: Envelope, grants: Grants, own: OwnCredentials) -> None:
        self._envelope = envelope
        self._grants = grants
        self._own = own

    async def keep(self, session: AsyncSession, row: ProfileRow, credentials: Mapping[str, Secret]) -> None:
        """Store the credentials of a new version; a refresh token goes into a grant of its own.

        Raises Trouble where the backend has nothing that the version needs of it, or a secret would go to a strange
        place, and ProfileUnusable.
        """
        kept = dict(credentials)
        await self._own.find(session, profile_of(row), kept)
        if REFRESH_TOKEN in kept:
            row.grant_id = await self._grants.store.begin(session, kept.pop(REFRESH_TOKEN))
        for field, secret in kept.items():
            self._add(session, row.version, field, secret)

    async def take_over(self, session: AsyncSession, row: ProfileRow, source: ProfileRow) -> None:
        """Let a new version sign in as `source` does; both share its grant then. One without secrets lends none.

        Where the new one names no contact, that of `source` is told of trouble. The end of the sign-in stays what it
        was. Raises Trouble `credentials-of-another-account` where they are not for the same, `credentials-wrong-names`
        where they are not what the new one needs, `sign-in-disconnected` where a person ended it, as `keep`, and
        EnvelopeBroken.
        """
        if await self._grants.store.is_ended(session, source.grant_id):
            raise Trouble(DISCONNECTED)
        stored = await self._stored(session, source.version)
        names = stored.keys() | ({REFRESH_TOKEN} if source.grant_id else set())
        if names and not _same_sign_in(profile_of(row), profile_of(source)):
            raise Trouble("credentials-of-another-account")
        check_credentials(profile_of(row), names)
        row.grant_id, row.credential = source.grant_id, source.credential
        row.contact = row.contact or source.contact
        row.expires_at = source.expires_at
        for field, secret in stored.items():
            self._add(session, row.version, field, secret)
        await self._own.find(session, profile_of(row), stored)

    async def open(self, session: AsyncSession, row: ProfileRow) -> Opened:
        """Return what a version signs in with. Raises EnvelopeBroken.

        Nothing is handed out where the platform took away what the backend adds, or a place that the profile names.
        """
        profile, credentials = profile_of(row), await self._stored(session, row.version)
        try:
            own = await self._own.find(session, profile, credentials)
        except Trouble as trouble:
            return Opened(credentials={}, grant=None, refused=trouble.code)
        except ProfileUnusable:  # its sender says so when it is made
            return Opened(credentials={}, grant=None)
        keeper = None if row.grant_id is None else self._grants.keeper(row.grant_id)
        return Opened(credentials=credentials | dict(own.credentials if own else {}), grant=keeper)

    async def _stored(self, session: AsyncSession, version: int) -> dict[str, Secret]:
        rows = await session.scalars(select(CredentialRow).where(CredentialRow.version == version))
        return {
            each.field: Secret(self._envelope.decrypt(each.value, place=_place(version, each.field)).decode())
            for each in rows
        }

    def _add(self, session: AsyncSession, version: int, field: str, secret: Secret) -> None:
        value = self._envelope.encrypt(secret.reveal().encode(), place=_place(version, field))
        session.add(CredentialRow(version=version, field=field, value=value))


def profile_of(row: ProfileRow) -> SenderProfile:
    """Return the profile that a row holds."""
    return msgspec.json.decode(row.profile, type=SenderProfile)


def _same_sign_in(one: SenderProfile, other: SenderProfile) -> bool:
    """Tell whether both sign in as the same at the same place: otherwise a secret would end up somewhere else."""
    if (one.sender, one.provider) != (other.sender, other.provider):
        return False
    try:
        mine, theirs = (kind_of(profile).sign_in(profile) for profile in (one, other))
    except ProfileUnusable:
        return False
    return _folded(mine) == _folded(theirs)


def _folded(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value.lower() if isinstance(value, str) else value for name, value in facts.items()}


def _place(version: int, field: str) -> tuple[str, ...]:
    return ("profile", str(version), field)
