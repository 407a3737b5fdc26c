"""Who changed what, when: written in the transaction of the change itself."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.handoff.wire import Audit, AuditEntry
from sendwright.service.tables import AuditRow

MOST_ENTRIES = 1_000


def record(
    session: AsyncSession, action: str, *, at: datetime, who: str, version: int | None = None, **detail: str
) -> None:
    """Add an entry; it becomes true together with the change that `session` makes.

    detail: free of secrets.
    """
    text = msgspec.json.encode(detail).decode()
    session.add(AuditRow(at=at, who=who, action=action, version=version, detail=text))


async def last_version(session: AsyncSession, action: str) -> int | None:
    """Return the version that `action` was last done to."""
    last = select(AuditRow.version).where(AuditRow.action == action).order_by(AuditRow.id.desc()).limit(1)
    return await session.scalar(last)


async def entries(session: AsyncSession) -> Audit:
    """Return the newest entries, newest first."""
    rows = await session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(MOST_ENTRIES))
    return Audit(
        tuple(
            AuditEntry(
                at=row.at,
                who=row.who,
                action=row.action,
                version=row.version,
                detail=msgspec.json.decode(row.detail, type=dict[str, str]),
            )
            for row in rows
        )
    )
