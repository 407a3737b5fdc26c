"""The database below the stores: moments, writers side by side, rules that hold, one that is busy."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.schema import CreateTable
from tests.unit.service.backend_kit import PROFILE, START, code_of, running

from sendwright.service import audit, database, queue_tables, tables
from sendwright.service.database import Base, Database, Moment, open_database, sqlite_url
from sendwright.service.schema import upgrade
from sendwright.service.tables import AuditRow, CredentialRow, InForceRow

DIALECTS = [sqlite.dialect(), postgresql.dialect()]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Database]:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    found = open_database(url)
    yield found
    await found.close()


@given(
    moment=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1)),  # noqa: DTZ001 - drawn below
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_a_moment_goes_in_of_any_zone_and_comes_out_in_utc(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for dialect in DIALECTS:
        stored = Moment().process_bind_param(aware, dialect)
        assert stored == aware
        assert stored is not None
        for read in (stored, stored.replace(tzinfo=None)):  # with and without the database knowing zones
            found = Moment().process_result_value(read, dialect)
            assert found == aware
            assert found is not None
            assert found.tzinfo is UTC


def test_no_moment_stays_none_and_one_without_zone_is_refused() -> None:
    for dialect in DIALECTS:
        assert Moment().process_bind_param(None, dialect) is None
        assert Moment().process_result_value(None, dialect) is None
        with pytest.raises(ValueError, match="time zone"):
            Moment().process_bind_param(START.replace(tzinfo=None), dialect)


async def test_a_moment_survives_the_database_to_the_microsecond(opened: Database) -> None:
    moment = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-5)))
    async with opened.writing() as session:
        audit.record(session, "x", at=moment, who="w")
    async with opened.reading() as session:
        [entry] = (await audit.entries(session)).entries
    assert entry.at == moment


async def test_writers_side_by_side_wait_for_each_other(opened: Database) -> None:
    async def add() -> None:
        async with opened.writing() as session:
            seen = (await session.scalars(select(InForceRow.revision))).one()
            await asyncio.sleep(0)  # the moment in which another one would change what was read
            await session.execute(update(InForceRow).values(revision=seen + 1))

    await asyncio.gather(*(add() for _ in range(30)))
    async with opened.reading() as session:
        assert (await session.scalars(select(InForceRow.revision))).one() == 30


async def test_a_reader_sees_what_was_true_when_it_began(opened: Database) -> None:
    async with opened.reading() as reader:
        before = (await reader.scalars(select(InForceRow.revision))).one()
        async with opened.writing() as writer:
            await writer.execute(update(InForceRow).values(revision=7))
        assert (await reader.scalars(select(InForceRow.revision))).one() == before == 0
    async with opened.reading() as reader:
        assert (await reader.scalars(select(InForceRow.revision))).one() == 7


async def test_a_secret_belongs_to_a_version(opened: Database) -> None:
    with pytest.raises(IntegrityError):
        async with opened.writing() as session:
            session.add(CredentialRow(version=9, field="password", value=b"x"))


async def test_only_a_version_can_be_in_force(opened: Database) -> None:
    with pytest.raises(IntegrityError):
        async with opened.writing() as session:
            await session.execute(update(InForceRow).values(version=9))


async def test_a_database_that_stays_busy_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    async with running(tmp_path) as backend:
        body = await backend.wizard.body(PROFILE)
        headers = {"If-Match": await backend.wizard.etag()}
        other = open_database(backend.folder.database_url)
        async with other.writing() as session:
            await session.execute(text("UPDATE in_force SET revision = revision"))
            answer = await backend.wizard.ask("POST", "/v1/profiles", json=body, headers=headers)
            assert (answer.status_code, code_of(answer)) == (503, "backend-busy")
            assert answer.headers["retry-after"] == "1"
            assert (await backend.wizard.ask("GET", "/v1/organisation")).status_code == 200
        await other.close()
        answer = await backend.wizard.ask("POST", "/v1/profiles", json=body, headers=headers)
        assert answer.status_code == 201


async def test_a_write_that_cannot_begin_raises_before_anything_is_read(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    first = open_database(url)
    second = open_database(url + "?timeout=0.05")
    async with first.writing() as session:
        await session.execute(text("UPDATE in_force SET revision = 1"))
        async with second.engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA busy_timeout=50")
            await connection.rollback()
            with pytest.raises(OperationalError, match="locked"):
                await connection.exec_driver_sql("UPDATE in_force SET revision = 2")
    await first.close()
    await second.close()


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
@pytest.mark.parametrize("dialect", DIALECTS, ids=["sqlite", "postgresql"])
def test_every_table_can_be_made_on_either_database(table: object, dialect: object) -> None:
    statement = str(CreateTable(table).compile(dialect=dialect))  # type: ignore[arg-type]
    assert statement.strip().startswith("CREATE TABLE")


def test_every_constraint_has_a_name_that_a_later_step_can_use() -> None:
    assert {tables.ProfileRow.__tablename__, queue_tables.NotificationRow.__tablename__} <= set(Base.metadata.tables)
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            assert constraint.name, table.name


async def test_the_audit_is_newest_first_and_does_not_grow_the_answer_without_end(opened: Database) -> None:
    async with opened.writing() as session:
        for number in range(audit.MOST_ENTRIES + 5):
            audit.record(session, "x", at=START, who="w", version=number, detail_of=str(number))
    async with opened.reading() as session:
        entries = (await audit.entries(session)).entries
    assert len(entries) == audit.MOST_ENTRIES
    assert [entry.version for entry in entries[:2]] == [1004, 1003]
    assert entries[0].detail == {"detail_of": "1004"}


async def test_an_audit_entry_without_its_change_does_not_stay(opened: Database) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - what is tested is how the block ends
        async with opened.writing() as session:
            audit.record(session, "x", at=START, who="w")
            await session.flush()
            raise RuntimeError
    async with opened.reading() as session:
        assert (await session.scalars(select(AuditRow))).all() == []
