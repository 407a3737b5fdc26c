"""Who this backend is and the key of its encrypted values: made at the first start, found ever after."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from sendwright.service.database import Database
from sendwright.service.envelope import KEY_BYTES, Envelope
from sendwright.service.key_sources import EnvironmentKey, KeySource
from sendwright.service.refusal import StartRefused
from sendwright.service.tables import InstallationRow


async def open_envelope(
    database: Database,
    *,
    environment: EnvironmentKey,
    sources: Sequence[KeySource],
    preferred: str,
    clock: Callable[[], datetime],
) -> tuple[Envelope, bool]:
    """Return the envelope of this installation, and whether it was made just now.

    A key in the environment is used before any other. sources: places to keep a key in; `preferred` names the
    one for a new installation, an old one remembers its own. Raises StartRefused where the key is missing or
    another one than the database was written with; nothing is changed then.
    """
    async with database.reading() as session:
        row = await session.scalar(select(InstallationRow))
    name = row.key_source if row else preferred
    source = next((source for source in sources if source.name == name), None)
    key = await environment.fetch()
    if key is not None or source is None:
        source = environment
    else:
        key = await source.fetch()
    if row is not None:
        return _known(row, key, source), False
    if key is None:
        key = os.urandom(KEY_BYTES)
        await source.keep(key)
    installation = str(uuid4())
    envelope = Envelope(key, installation=installation)
    async with database.writing() as session:
        session.add(
            InstallationRow(id=1, name=installation, key_id=envelope.key_id, key_source=source.name, created_at=clock())
        )
    return envelope, True


def _known(row: InstallationRow, key: bytes | None, source: KeySource) -> Envelope:
    if key is None:
        raise StartRefused("key-missing", where=source.where)
    envelope = Envelope(key, installation=row.name)
    if envelope.key_id != row.key_id:
        raise StartRefused("key-wrong", where=source.where)
    return envelope
