"""The database grows step by step, whole or not at all, and what it becomes is what the program expects."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from sendwright.service import grant_tables, queue_tables, schema, tables
from sendwright.service.database import Base, open_database, sqlite_url
from sendwright.service.refusal import StartRefused
from sendwright.service.schema import configuration, require_current, upgrade

BAD_STEP = '''"""A step that fails in its middle."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("INSERT INTO in_force (id, version, revision) VALUES (7, NULL, 0)")
    op.execute("DROP TABLE not_there")
'''


def revisions() -> list[str]:
    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def names(file: Path) -> set[str]:
    with opened(file) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


async def test_the_steps_lead_to_what_the_program_expects(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    expected = {tables.ProfileRow, queue_tables.NotificationRow, grant_tables.GrantRow, grant_tables.NoticeRow}
    assert {each.__tablename__ for each in expected} < set(Base.metadata.tables)
    database = open_database(url)

    def compare(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(compare) == []
    await database.close()


async def test_every_step_can_be_the_last_one_and_the_next_one_go_on_from_it(tmp_path: Path) -> None:
    file = tmp_path / "backend.db"
    for revision in revisions():
        await upgrade(sqlite_url(file), to=revision)
        with opened(file) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
    await upgrade(sqlite_url(file))
    with opened(file) as connection:
        assert connection.execute("SELECT id, version, revision FROM in_force").fetchall() == [(1, None, 0)]


def test_the_steps_are_one_line() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1
    assert revisions() == sorted(revisions())


@pytest.mark.parametrize("fresh", [True, False])
async def test_a_step_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fresh: bool
) -> None:
    file = tmp_path / "backend.db"
    if not fresh:
        await upgrade(sqlite_url(file))
    before = names(file)
    last = revisions()[-1]
    steps = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, steps, ignore=shutil.ignore_patterns("__pycache__"))
    (steps / "versions" / "m9000_bad.py").write_text(BAD_STEP.format(revision="9000", before=last))
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    with pytest.raises(OperationalError, match="not_there"):
        await upgrade(sqlite_url(file))
    assert names(file) == before
    if not fresh:
        with opened(file) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(last,)]
            assert connection.execute("SELECT count(*) FROM in_force").fetchone() == (1,)
    monkeypatch.undo()
    await upgrade(sqlite_url(file))


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "backend.db"
    await upgrade(sqlite_url(file))
    with opened(file) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    with pytest.raises(StartRefused) as caught:
        await upgrade(sqlite_url(file))
    assert caught.value.code == "database-newer"
    assert "Nothing was changed" in caught.value.words


@pytest.mark.parametrize(
    "words",
    [
        "CREATE TABLE customers (name TEXT)",
        "CREATE TABLE profiles (name TEXT)",
        "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('4e2f')",
    ],
)
async def test_the_database_of_another_program_is_refused_as_it_is(tmp_path: Path, words: str) -> None:
    file = tmp_path / "theirs.db"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.executescript(words)
        before = list(theirs.iterdump())
    with pytest.raises(StartRefused) as caught:
        await upgrade(sqlite_url(file))
    assert caught.value.code == "database-foreign"
    assert caught.value.words
    with closing(sqlite3.connect(file)) as theirs:
        assert list(theirs.iterdump()) == before


async def test_a_backend_that_runs_with_another_version_is_told_from_this_one(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "backend.db")
    for revision in revisions()[:-1]:
        await upgrade(url, to=revision)
        with pytest.raises(StartRefused) as caught:
            await require_current(url)
        assert caught.value.code == "backend-outdated"
        assert caught.value.words
    await upgrade(url)
    await require_current(url)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "backend.db"
    file.write_text("something else entirely, and long enough to be looked at by SQLite" * 20)
    before = file.read_bytes()
    with pytest.raises(Exception, match="not a database"):
        await upgrade(sqlite_url(file))
    assert file.read_bytes() == before


async def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    database = open_database(url)
    async with database.reading() as session:
        found = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    await database.close()
    assert found == ["wal", 2, 1, 10_000]


async def test_reading_changes_nothing_and_a_failed_write_neither(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    database = open_database(url)
    change = text("UPDATE in_force SET revision = revision + 1")
    async with database.reading() as session:
        await session.execute(change)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - what is tested is how the block ends
        async with database.writing() as session:
            await session.execute(change)
            raise ZeroDivisionError
    async with database.writing() as session:
        await session.execute(change)
    async with database.reading() as session:
        assert await session.scalar(text("SELECT revision FROM in_force")) == 1
    await database.close()


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////tmp/x.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////tmp/x.db", "sqlite+aiosqlite"),
    ],
)
def test_a_plain_url_gets_its_asynchronous_driver(url: str, driver: str) -> None:
    assert open_database(url).engine.url.drivername == driver
