"""Opens the backend's database: SQLite on this computer now, PostgreSQL with the same code later.

Tables: `service.tables` holds those of profiles, enrolment and audit, `service.queue_tables` those of the
queue. Every module that declares tables derives them from `Base` and adds its own file to
`service/migrations/versions`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, MetaData, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

BUSY_TIMEOUT_MS = 10_000

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time: goes in aware, comes out in UTC, whether or not the database knows time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return None if value is None else value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def is_storable(moment: datetime) -> bool:
    """Tell whether the moment has a time zone and exists in UTC: at the ends of the calendar some do not."""
    if moment.tzinfo is None:
        return False
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


class Base(DeclarativeBase):
    """What every table of the backend derives from."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment}  # noqa: RUF012 - SQLAlchemy reads exactly this name and type


class Database:
    """The open database. Use `reading` for questions and `writing` for everything that changes a row.

    A transaction of `writing` takes the write lock at its start: SQLite refuses, without waiting, to turn a
    transaction that has read into one that writes once somebody else wrote in between.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._reading = async_sessionmaker(engine, expire_on_commit=False)
        self._writing = async_sessionmaker(engine.execution_options(writing=True), expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session whose changes are thrown away."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Open a session that is committed at the end of the block, or rolled back when the block raises."""
        async with self._writing.begin() as session:
            yield session

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def sqlite_url(file: Path) -> str:
    """Return the URL of the SQLite database `file`."""
    return f"sqlite+aiosqlite:///{file}"


def open_database(url: str, *, foreign_keys: bool = True) -> Database:
    """Return the database at `url`; connections are made when needed.

    foreign_keys: off only while migrations rebuild tables. A plain `sqlite:` or `postgresql:` URL gets its
    asynchronous driver.
    """
    parsed = make_url(url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    parsed = parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() != "sqlite":
        return Database(create_async_engine(parsed, pool_pre_ping=True))
    # isolation_level None: the driver begins no transaction by itself, `_begin` does, for CREATE TABLE too.
    engine = create_async_engine(parsed, connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000})
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged survives a power cut
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
    )

    def prepare(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401 - a pool record, unused
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return Database(engine)


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
