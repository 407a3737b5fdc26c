"""`sendwright serve` as a process of its own, for tests that stop, kill or starve it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from tests.servers.certificates import Certificates
from tests.servers.ports import free_port
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Delay, Script, Security

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.runtime_file import read_runtime_file
from sendwright.handoff.wire import Notifications, NotificationState
from sendwright.secret import Secret
from sendwright.service.database import open_database
from sendwright.service.enrolment import issue_code
from sendwright.service.settings import DataFolder

PATIENCE_S = 60.0

HURRIED = """
poll_s = 0.05
care_every_s = 1.0
stranded_after_s = 3.0
[retry]
first_s = 0.5
soon_s = 0.2
least_s = 0.1
repair_s = 0.5
longest_s = 1.0
[limits.smtp]
at_once = 4
starts = 10000
period_s = 1.0
"""


@dataclass
class BackendProcess:
    """`sendwright serve` in a process of its own, on one port for all its lives."""

    folder: DataFolder
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    lives: int = 0
    process: asyncio.subprocess.Process | None = None
    log: Path = Path(os.devnull)

    async def start(self) -> None:
        words = ("serve", "--data", str(self.folder.path), "--listen", f"127.0.0.1:{self.port}")
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "sendwright", *words, env=self.environment, stdout=log, stderr=log
            )
        self.lives += 1

    async def listening(self) -> None:
        """Wait until this life says where it listens."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE_S):
            while (running := read_runtime_file(self.folder.path)) is None or running.pid != self.process.pid:
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.02)

    async def kill(self) -> int:
        assert self.process is not None
        self.process.kill()
        return await self.process.wait()

    async def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)


def thoughtful(certificates: Certificates, seconds: float) -> Script:
    """Takes every message, but thinks a while before it says so: the moment in which a kill hurts."""
    slow = Delay(seconds, b"250 2.0.0 Ok: queued as SCRIPTED")
    return Script(security=Security.STARTTLS, certificate=certificates.good, end_of_data=slow)


@asynccontextmanager
async def backend_of(tmp_path: Path, mail_server: ScriptedSmtp, authority: Path) -> AsyncIterator[BackendProcess]:
    folder = DataFolder(tmp_path / "backend")
    folder.create()
    folder.path.joinpath("queue.toml").write_text(HURRIED)
    folder.path.joinpath("authority.pem").write_bytes(authority.read_bytes())
    folder.default_sender.write_text(
        'address = "notifications@example.org"\nalias = "Example"\n[smtp]\nhost = "127.0.0.1"\n'
        f'port = {mail_server.port}\nsecurity = "starttls"\nca_file = "authority.pem"\n'
    )
    home = {name: str(tmp_path / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    backend = BackendProcess(folder, {**os.environ, **home}, log=tmp_path / "backend.log")
    try:
        yield backend
    finally:
        if backend.process is not None and backend.process.returncode is None:
            await backend.kill()


async def enrolled(backend: BackendProcess) -> HttpBackend:
    database = open_database(backend.folder.database_url)
    secret = await issue_code(database, valid=timedelta(hours=1), now=datetime.now(UTC))
    await database.close()
    address = BackendAddress(url=f"http://127.0.0.1:{backend.port}")
    newcomer = HttpBackend(address, token=None)
    enrolment = await newcomer.enrol(secret, device="test")
    await newcomer.close()
    return HttpBackend(address, token=Secret(enrolment.token))


async def every_state(client: HttpBackend) -> tuple[NotificationState, ...]:
    answer = await client._exchange.ask("GET", "/v1/notifications?limit=1000")
    return msgspec.json.decode(answer.body, type=Notifications).notifications
