"""What stands in the database: no secret in clear, nothing that can be moved, nothing half-written."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from tests.unit.service.backend_kit import CANARY, PROFILE, Backend, code_of, running

from sendwright.service.envelope import EnvelopeBroken


def stored_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def in_force(backend: Backend) -> tuple[int, str] | None:
    sender = await backend.assembly.services.profiles.in_force()
    return None if sender is None else (sender.version, sender.credentials["password"].reveal())


async def test_a_secret_never_stands_in_a_file_an_answer_or_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.put_in_force(PROFILE, CANARY)
        paths = ("organisation", "keys", "profiles", f"profiles/{version}", "audit")
        answers = [(await wizard.ask("GET", f"/v1/{path}")).text for path in paths]
        answers.append(repr(backend.assembly.services))
        backend.diagnosis.fault = RuntimeError(CANARY)
        answers.append(repr(await wizard.test(version)))
        token = wizard.token
        assert await in_force(backend) == (version, CANARY)
    for needle in (CANARY, CANARY.encode().hex(), token):
        assert needle.encode() not in stored_bytes(tmp_path)
        assert all(needle not in answer for answer in answers)
    assert token not in caplog.text


@pytest.mark.parametrize("table", ["credentials", "sealing_keys"])
async def test_swapped_or_altered_values_do_not_open(tmp_path: Path, table: str) -> None:
    async with running(tmp_path) as backend:
        first = await backend.wizard.put_in_force(PROFILE, "the first")
        second = await backend.wizard.put_in_force(PROFILE, "the second")
        async with backend.assembly.services.database.writing() as session:
            if table == "credentials":
                await session.execute(
                    text(
                        "UPDATE credentials SET value = (SELECT value FROM credentials WHERE version = :first)"
                        " WHERE version = :second"
                    ),
                    {"first": first, "second": second},
                )
            else:
                await session.execute(text("UPDATE sealing_keys SET private_key = CAST(x'01' || private_key AS BLOB)"))
        if table == "credentials":
            with pytest.raises(EnvelopeBroken):
                await backend.assembly.services.profiles.in_force()
            answer = await backend.wizard.ask("POST", f"/v1/profiles/{second}/test", json={"to": None})
            assert (answer.status_code, code_of(answer)) == (500, "backend-storage-damaged")
            restored = await backend.wizard.write("POST", f"/v1/profiles/{first}/restore")
            assert restored.status_code == 200
            refused = await backend.wizard.write("POST", f"/v1/profiles/{second}/restore")
            assert code_of(refused) == "backend-storage-damaged"
            assert await in_force(backend) == (first, "the first")
    if table == "sealing_keys":
        with pytest.raises(EnvelopeBroken):
            async with running(tmp_path):
                pytest.fail("it started")


@asynccontextmanager
async def full_disk(backend: Backend) -> AsyncIterator[None]:
    """Let the database grow by not a single page: what SQLite says then is what it says on a full disk."""
    engine = backend.assembly.services.database.engine

    def limit(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count=1")
        cursor.close()

    await engine.dispose()  # the limit is each connection's own: only new ones get it
    event.listen(engine.sync_engine, "connect", limit)
    yield
    event.remove(engine.sync_engine, "connect", limit)
    await engine.dispose()


async def test_on_a_full_disk_the_old_sender_stays_and_the_answer_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.put_in_force(PROFILE, CANARY)
        organisation = (await wizard.ask("GET", "/v1/organisation")).json()
        body = await wizard.body(PROFILE, "x" * 20_000)
        audit = (await wizard.ask("GET", "/v1/audit")).json()
        async with full_disk(backend):
            answer = await wizard.write("POST", "/v1/profiles", json=body)
            assert (answer.status_code, code_of(answer)) == (507, "storage-full")
            assert (await wizard.ask("GET", "/v1/organisation")).json() == organisation
            assert (await wizard.ask("GET", "/v1/audit")).json() == audit
            assert len((await wizard.ask("GET", "/v1/profiles")).json()["profiles"]) == 1
            assert await in_force(backend) == (version, CANARY)
        assert (await wizard.write("POST", "/v1/profiles", json=body)).status_code == 201


STEPS = ("stage", "test", "activate", "restore", "default")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("statement", range(12))
async def test_whatever_statement_fails_the_old_sender_stays(tmp_path: Path, step: str, statement: int) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        former = await wizard.put_in_force(PROFILE, "the former")
        version = await wizard.put_in_force(PROFILE, CANARY)
        staged = await wizard.stage(PROFILE, "the next")
        if step == "activate":
            await wizard.test(staged)
        body = await wizard.body(PROFILE, "another")
        organisation = await wizard.ask("GET", "/v1/organisation")
        audit = (await wizard.ask("GET", "/v1/audit")).json()
        headers = {"If-Match": organisation.headers["etag"], "Idempotency-Key": "k"}
        method, path, content = {
            "stage": ("POST", "/v1/profiles", body),
            "test": ("POST", f"/v1/profiles/{staged}/test", {"to": None}),
            "activate": ("POST", f"/v1/profiles/{staged}/activate", None),
            "restore": ("POST", f"/v1/profiles/{former}/restore", None),
            "default": ("DELETE", "/v1/profiles/active", None),
        }[step]
        async with failing_statement(backend, statement) as failed:
            answer = await wizard.ask(method, path, json=content, headers=headers)
        if not failed:
            assert answer.status_code < 300
            return
        if step == "test" and answer.status_code == 200:
            assert answer.text.splitlines()[-1] == '{"verdict":"failed","code":"storage-full"}'
        else:
            assert (answer.status_code, code_of(answer)) == (507, "storage-full")
        after = await wizard.ask("GET", "/v1/organisation")
        assert (after.json(), after.headers["etag"]) == (organisation.json(), organisation.headers["etag"])
        assert (await wizard.ask("GET", "/v1/audit")).json() == audit
        assert await in_force(backend) == (version, CANARY)
        again = await wizard.ask(method, path, json=content, headers=headers)
        assert again.status_code < 300


@asynccontextmanager
async def failing_statement(backend: Backend, number: int) -> AsyncIterator[list[str]]:
    """Make the statement `number` after the request was let in fail as on a full disk; yield what failed."""
    failed: list[str] = []
    seen = -2  # BEGIN and SELECT of the access token

    def fail(  # noqa: PLR0917 - SQLAlchemy calls it so
        connection: object, cursor: object, statement: str, parameters: object, context: object, many: bool
    ) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            failed.append(statement)
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    engine = backend.assembly.services.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    yield failed
    event.remove(engine, "before_cursor_execute", fail)
