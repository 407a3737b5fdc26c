"""The two commands of the backend in this process: exit codes, and words on the right stream."""

import asyncio
import logging
import os
import signal
import sqlite3
import stat
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.unit.service.backend_kit import Clock

from sendwright.deployment import Deployment
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.runtime_file import read_runtime_file
from sendwright.service import main
from sendwright.service.database import open_database
from sendwright.service.enrolment import EnrolmentStore
from sendwright.service.envelope import Envelope, EnvelopeBroken
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder
from sendwright.service.trouble import Trouble


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SENDWRIGHT_LANGUAGE", "en")
    umask = os.umask(0o022)
    root, ours = logging.getLogger(), logging.getLogger("sendwright.service")
    before = (root.handlers, root.level, ours.level)
    yield
    root.handlers, root.level = before[0], before[1]
    ours.setLevel(before[2])
    os.umask(umask)


def serve_arguments(data: Path, **more: object) -> Namespace:
    usual: dict[str, object] = {
        "data": data,
        "database": None,
        "listen": "127.0.0.1:0",
        "certificate": None,
        "certificate_key": None,
        "behind_proxy": False,
        "key": "file",
    }
    return Namespace(**usual | more)


def code_arguments(data: Path, **more: object) -> Namespace:
    usual: dict[str, object] = {
        "data": data,
        "database": None,
        "url": None,
        "ca": None,
        "valid_minutes": 60,
        "passing": False,
    }
    return Namespace(**usual | more)


def serve(data: Path, **more: object) -> int:
    return main.serve(serve_arguments(data, **more), Deployment())


def issue(data: Path, **more: object) -> int:
    return main.issue_connection_code(code_arguments(data, **more), Deployment())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"listen": "0.0.0.0:80"}, "must be encrypted"),
        ({"listen": "nowhere"}, "no place to listen"),
        ({"database": "nonsense"}, "The database cannot be used"),
        ({"database": "sqlite://"}, "would be gone"),
        ({"database": "postgresql://user:canary@db.example.org/x"}, "The database cannot be used"),
        ({"certificate": Path("/gone.pem"), "certificate_key": Path("/gone.key")}, "certificate"),
    ],
)
def test_what_keeps_it_from_starting_is_said_on_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], more: dict[str, object], words: str
) -> None:
    assert serve(tmp_path / "data", **more) == 1
    out, complaint = capfd.readouterr()
    assert out == ""
    assert words in complaint.splitlines()[-1]
    assert "canary" not in complaint


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""])
def test_a_damaged_database_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes) -> None:
    (tmp_path / "backend.db").write_bytes(content)
    if not content:  # an empty file is a new database
        (tmp_path / "key").write_text("nonsense")
        (tmp_path / "key").chmod(0o600)
    assert serve(tmp_path) == 1
    complaint = capfd.readouterr().err
    assert ("cannot be read" if content else "not 32 bytes") in complaint
    if content:
        assert (tmp_path / "backend.db").read_bytes() == content


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        (StartRefused("database-newer"), "newer version"),
        (EnvelopeBroken("tag"), "cannot be read"),
        (OSError(28, "No space left on device"), "disk"),
        (sqlite3.OperationalError("full"), None),
        (ZeroDivisionError(), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_only_what_has_a_name_becomes_words(
    capfd: pytest.CaptureFixture[str], raised: Exception, words: str | None
) -> None:
    async def work() -> None:
        raise raised

    if words is None:
        with pytest.raises(type(raised)):
            main._carry_out(work)
    else:
        assert main._carry_out(work) == 1
        assert words in capfd.readouterr().err


def test_what_sqlite_itself_says_becomes_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "queue.db"
    file.write_bytes(b"not a database at all" * 100)

    async def work() -> None:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")

    assert main._carry_out(work) == 1
    assert "cannot be read" in capfd.readouterr().err


def test_a_command_that_ends_well_says_so() -> None:
    async def work() -> None:
        await asyncio.sleep(0)

    assert main._carry_out(work) == 0


def test_files_of_the_backend_are_for_its_user_alone(tmp_path: Path) -> None:
    async def work() -> None:
        (tmp_path / "file").write_text("x")

    main._carry_out(work)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_it_serves_until_the_signal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[int] = []

    def visit() -> None:
        for _ in range(200):
            running = read_runtime_file(tmp_path)
            if running is not None:
                seen.append(httpx.get(f"{running.url}/healthz").status_code)
                seen.append(issue_elsewhere(tmp_path))
                break
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        assert serve(tmp_path) == 0
    finally:
        visitor.join()
    assert seen == [200, 0]
    out = capfd.readouterr().out
    assert "listens at http://127.0.0.1:" in out
    assert "SW1-" in out
    assert read_runtime_file(tmp_path) is None


def issue_elsewhere(data: Path) -> int:
    """Issue a code from another thread, as another process would."""
    return issue(data)


def test_a_code_of_a_stopped_backend_needs_its_address(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert issue(tmp_path) == 1
    out, complaint = capfd.readouterr()
    assert (out, "No notification backend runs" in complaint) == ("", True)
    assert issue(tmp_path, url="https://notify.example.org") == 0
    out, complaint = capfd.readouterr()
    assert complaint == ""
    assert out.count("\n") == 1
    assert parse_connection_code(out).address.url == "https://notify.example.org"


@pytest.mark.parametrize("url", ["http://notify.example.org", "ftp://x", "nonsense", "https://user@example.org"])
def test_a_code_with_an_unsafe_address_is_not_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], url: str
) -> None:
    assert issue(tmp_path, url=url) == 1
    out, complaint = capfd.readouterr()
    assert out == ""
    assert f"may not connect to {url}" in complaint


@pytest.mark.parametrize("database", ["nonsense", "sqlite://"])
def test_a_code_for_no_database_is_not_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], database: str
) -> None:
    assert issue(tmp_path / "data", url="https://notify.example.org", database=database) == 1
    out, complaint = capfd.readouterr()
    assert out == ""
    assert "database" in complaint
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("content", [None, "\xff\xfe"])
def test_an_authority_that_cannot_be_read_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: str | None
) -> None:
    ca = tmp_path / "ca.pem"
    if content is not None:
        ca.write_text(content)
    assert issue(tmp_path / "data", url="https://notify.example.org", ca=ca) == 1
    assert str(ca) in capfd.readouterr().err


@pytest.mark.parametrize(("minutes", "later", "works"), [(5, 4, True), (5, 5, False), (600, 599, True)])
async def test_a_code_lives_as_long_as_was_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], minutes: int, later: int, *, works: bool
) -> None:
    issued = await asyncio.to_thread(issue, tmp_path, url="https://notify.example.org", valid_minutes=minutes)
    assert issued == 0
    code = parse_connection_code(capfd.readouterr().out)
    clock = Clock(now=main._now())
    clock.forward(minutes=later)
    database = open_database(DataFolder(tmp_path).database_url)
    store = EnrolmentStore(database, Envelope(bytes(32)), clock=clock)
    try:
        if works:
            assert await store.redeem(code.secret, device="d", key=None)
        else:
            with pytest.raises(Trouble) as caught:
                await store.redeem(code.secret, device="d", key=None)
            assert caught.value.code == "backend-code-expired"
    finally:
        await database.close()
