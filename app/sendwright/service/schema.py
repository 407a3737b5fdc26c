"""Brings the database to this program's version at every start, in one transaction; refuses a newer one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import ArgumentError

from sendwright.service.database import open_database
from sendwright.service.refusal import StartRefused
from sendwright.service.tables import InstallationRow

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def configuration() -> Config:
    """Return Alembic's configuration for the migrations that belong to this program."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def check_url(url: str) -> None:
    """Raise StartRefused `database-unusable` or `database-in-memory` where no backend can work on `url`."""
    try:
        database = open_database(url)
    except (ArgumentError, ImportError) as error:  # no URL, or one of a database without its driver
        raise StartRefused("database-unusable", reason=type(error).__name__) from None
    if database.engine.url.database in {None, "", ":memory:"}:
        raise StartRefused("database-in-memory")


async def upgrade(url: str, *, to: str = "head") -> None:
    """Create or upgrade the database at `url`.

    StartRefused `database-newer` and `database-foreign` are raised before any change.
    """
    database = open_database(url, foreign_keys=False)
    try:
        async with database.engine.execution_options(writing=True).begin() as connection:
            await connection.run_sync(_upgrade, to)
    finally:
        await database.close()


async def require_current(url: str) -> None:
    """Raise StartRefused `backend-outdated` where the database, which is in use, is not of this version."""
    database = open_database(url)
    try:
        async with database.engine.connect() as connection:
            heads = await connection.run_sync(lambda each: MigrationContext.configure(each).get_current_heads())
    finally:
        await database.close()
    if set(heads) != set(ScriptDirectory.from_config(configuration()).get_heads()):
        raise StartRefused("backend-outdated")


def _upgrade(connection: Connection, to: str) -> None:
    config = configuration()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    tables = inspect(connection).get_table_names()
    if tables and not (heads and InstallationRow.__tablename__ in tables):
        raise StartRefused("database-foreign")
    if not known.issuperset(heads):
        raise StartRefused("database-newer")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
