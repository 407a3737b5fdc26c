"""The key pairs that wizards seal credentials for; the private halves are encrypted at rest."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from joserfc.jwk import ECKey
from sqlalchemy import select

from sendwright.handoff.sealing import new_sealing_key, open_sealed, published
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.database import Database
from sendwright.service.envelope import Envelope
from sendwright.service.tables import SealingKeyRow


class SealingKeys:
    """All key pairs of this backend, newest first; new seals are made for the first one."""

    def __init__(self, keys: Sequence[ECKey]) -> None:
        self._keys = tuple(keys)

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """Return the public halves as a JWK set."""
        return published(self._keys)

    def open(self, sealed: str, *, profile: SenderProfile) -> dict[str, Secret]:
        """Return the credentials that were sealed for this backend and `profile`.

        Raises sealing.SealBroken.
        """
        return open_sealed(sealed, self._keys, profile=profile)


async def open_sealing_keys(database: Database, envelope: Envelope, *, clock: Callable[[], datetime]) -> SealingKeys:
    """Return the key pairs, making the first one where there is none. Raises envelope.EnvelopeBroken."""
    async with database.writing() as session:
        rows = list(await session.scalars(select(SealingKeyRow).order_by(SealingKeyRow.created_at.desc())))
        if not rows:
            key = new_sealing_key()
            private = msgspec.json.encode(key.as_dict(private=True))
            row = SealingKeyRow(
                kid=key.kid or "",
                private_key=envelope.encrypt(private, place=_place(key.kid or "")),
                created_at=clock(),
            )
            session.add(row)
            rows = [row]
    return SealingKeys([_load(row, envelope) for row in rows])


def _load(row: SealingKeyRow, envelope: Envelope) -> ECKey:
    private = envelope.decrypt(row.private_key, place=_place(row.kid))
    return ECKey.import_key(msgspec.json.decode(private, type=dict[str, str | list[str]]))


def _place(kid: str) -> tuple[str, ...]:
    return ("sealing-key", kid)
