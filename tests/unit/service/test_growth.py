"""What an older version wrote is there after the next one has started."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from tests.unit.service.backend_kit import Clock

from sendwright.secret import Secret
from sendwright.service.database import open_database, sqlite_url
from sendwright.service.enrolment import EnrolmentStore
from sendwright.service.envelope import Envelope
from sendwright.service.profiles import ProfileStore
from sendwright.service.schema import configuration, upgrade

STEPS = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
MOMENT = "2026-03-01 12:00:00.000000"
PROFILE = (
    '{"address":"notifications@example.org","alias":"Example","provider":"custom_smtp",'
    '"schema":"sendwright.profile/1","sender":"smtp","settings":{"host":"smtp.example.org","port":587,'
    '"security":"starttls","username":"robot"}}'
)


def fill(file: Path, envelope: Envelope) -> None:
    """Write what a backend of step 0001 had written: a version in force, a former one, a device, the audit."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO profiles VALUES (?, ?, 'abc', '', ?, 'Ann', ?, 'passed', ?)",
            [(version, PROFILE, MOMENT, MOMENT, MOMENT) for version in (1, 2)],
        )
        connection.executemany(
            "INSERT INTO credentials VALUES (?, 'password', ?)",
            [
                (version, envelope.encrypt(b"canary %d" % version, place=("profile", str(version), "password")))
                for version in (1, 2)
            ],
        )
        connection.execute("UPDATE in_force SET version = 2, revision = 9")
        connection.execute(
            "INSERT INTO audit (at, who, action, version, detail) VALUES (?, 'Ann', 'profile-activated', 2, '{}')",
            (MOMENT,),
        )


@pytest.mark.parametrize("step", STEPS)
async def test_a_sender_in_force_stays_in_force_over_every_step(tmp_path: Path, step: str) -> None:
    file, envelope = tmp_path / "backend.db", Envelope(bytes(32), installation="x")
    await upgrade(sqlite_url(file), to=STEPS[0])
    fill(file, envelope)
    await upgrade(sqlite_url(file), to=step)
    await upgrade(sqlite_url(file))
    database = open_database(sqlite_url(file))
    store = ProfileStore(database, envelope, clock=Clock())
    sender = await store.in_force()
    assert sender is not None
    assert (sender.version, sender.credentials) == (2, {"password": Secret("canary 2")})
    async with database.reading() as session:
        state, etag = await store.current(session)
        assert etag == '"2-9"'
        assert state is not None
        assert state.activated_at == Clock().now
        assert [version.state for version in await store.states(session)] == ["in-force", "former"]
    enrolments = EnrolmentStore(database, envelope, clock=Clock())
    assert await enrolments.device("anything") is None
    await database.close()
