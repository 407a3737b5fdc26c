"""What a version signs in with: its stored credentials, a grant, or what the backend has as an application."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import kind_of
from sendwright.senders.credentials import REFRESH_TOKEN
from sendwright.senders.graph.settings import Way
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.application_credentials import ApplicationCredentials
from sendwright.service.envelope import Envelope
from sendwright.service.grants import Grants
from sendwright.service.profile_checks import check_credentials
from sendwright.service.profile_standing import graph_settings
from sendwright.service.tables import CredentialRow, ProfileRow
from sendwright.service.trouble import Trouble


class ProfileSecrets:
    """Stores and opens what versions sign in with, encrypted at rest and bound to its place."""

    def __init__(self, envelope: Envelope, grants: Grants, applications: ApplicationCredentials) -> None:
        self._envelope = envelope
        self._grants = grants
        self._applications = applications

    async def keep(self, session: AsyncSession, row: ProfileRow, credentials: Mapping[str, Secret]) -> None:
        """Store the credentials of a new version; a refresh token goes into a grant of its own.

        Raises Trouble where an application has nothing to sign in with, or a token would go to a strange place.
        """
        settings, kept = graph_settings(profile_of(row)), dict(credentials)
        if settings is not None:
            self._applications.require_place(settings)
        if REFRESH_TOKEN in kept:
            row.grant_id = await self._grants.store.begin(session, kept.pop(REFRESH_TOKEN))
        for field, secret in kept.items():
            self._add(session, row.version, field, secret)
        await self._application(session, profile_of(row), kept)

    async def take_over(self, session: AsyncSession, row: ProfileRow, source: ProfileRow) -> None:
        """Let a new version sign in as `source` does; both share its grant then. One without secrets lends none.

        Where the new one names no contact, that of `source` is told of trouble.

        Raises Trouble `credentials-of-another-account` where they are not for the same, `credentials-wrong-names` where
        they are not what the new one needs, and EnvelopeBroken.
        """
        stored = await self._stored(session, source.version)
        names = stored.keys() | ({REFRESH_TOKEN} if source.grant_id else set())
        if names and not _same_sign_in(profile_of(row), profile_of(source)):
            raise Trouble("credentials-of-another-account")
        check_credentials(profile_of(row), names)
        row.grant_id, row.credential = source.grant_id, source.credential
        row.contact = row.contact or source.contact
        for field, secret in stored.items():
            self._add(session, row.version, field, secret)
        await self._application(session, profile_of(row), stored)

    async def open(self, session: AsyncSession, row: ProfileRow) -> tuple[dict[str, Secret], GrantKeeper | None]:
        """Return the credentials by name, and who keeps the grant. Raises EnvelopeBroken.

        An application whose credential is gone has none: its sender says so when it is made.
        """
        credentials = await self._stored(session, row.version)
        with suppress(Trouble):
            credentials |= await self._application(session, profile_of(row), credentials)
        return credentials, None if row.grant_id is None else self._grants.keeper(row.grant_id)

    async def _application(
        self, session: AsyncSession, profile: SenderProfile, stored: Mapping[str, Secret]
    ) -> Mapping[str, Secret]:
        settings = graph_settings(profile)
        if settings is None or settings.way is not Way.APPLICATION:
            return {}
        return (await self._applications.find(session, settings, stored)).credentials

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
