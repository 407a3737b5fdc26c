"""The backend as a process of its own: started, killed, stopped, looked at."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.servers.certificates import Certificates
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script, Security

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.connection_code import parse_connection_code
from sendwright.handoff.runtime_file import RunningBackend, read_runtime_file
from sendwright.network.system import system_network
from sendwright.profile import SenderProfile
from sendwright.secret import Secret

PROGRAM = (sys.executable, "-m", "sendwright")
ROOT = Path(__file__).parents[3]
READY_S = 40.0
PASSWORD = "canary-Pa55word-never-shown"


@dataclass
class Process:
    """A started `serve`; out: where it writes."""

    data: Path
    process: subprocess.Popen[bytes]
    out: Path

    @property
    def running(self) -> RunningBackend:
        found = read_runtime_file(self.data)
        assert found is not None, self.words
        return found

    @property
    def words(self) -> str:
        return self.out.read_text()

    async def ready(self) -> None:
        """Wait until this very process says where it listens."""
        for _ in range(int(READY_S / 0.05)):
            found = read_runtime_file(self.data)
            if found is not None and found.pid == self.process.pid:
                return
            assert self.process.poll() is None, self.words
            await asyncio.sleep(0.05)
        raise AssertionError(self.words)

    async def ended(self) -> int:
        """Wait for the end; return the exit code."""
        return await asyncio.to_thread(self.process.wait, READY_S)

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.ended()

    async def stop(self) -> int:
        """Ask it to end; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    def limit_files(self, size: int) -> None:
        """Let no file grow beyond `size` bytes: the next write fails as on a full disk."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def client(self, token: str | None) -> HttpBackend:
        return HttpBackend(
            BackendAddress(url=self.running.url),
            token=None if token is None else Secret(token),
            network=system_network(timeout_s=10.0),
        )

    async def enrol(self) -> str:
        """Return a token."""
        code = parse_connection_code((await connection_code(self.data)).stdout.decode())
        client = self.client(None)
        enrolment = await client.enrol(code.secret, device="a test")
        await client.close()
        return enrolment.token


def environment(more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "app"), "SENDWRIGHT_LANGUAGE": "en", **more}


def spawn(data: Path, *arguments: str, more: Mapping[str, str] = MappingProxyType({})) -> Process:
    out = data.with_name(f"{data.name}.out")
    with out.open("ab") as sink:
        process = subprocess.Popen(
            (*PROGRAM, "serve", "--data", str(data), *arguments), stdout=sink, stderr=sink, env=environment(more)
        )
    return Process(data, process, out)


@asynccontextmanager
async def process(
    data: Path, *arguments: str, more: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Process]:
    """Run `serve` until the end of the block, ready from the start."""
    started = spawn(data, *arguments, more=more)
    try:
        await started.ready()
        yield started
    finally:
        if started.process.poll() is None:
            await started.kill()


async def refused(data: Path, *arguments: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run `serve`, which must not start; return its words."""
    started = spawn(data, *arguments, more=more)
    before = len(started.words)
    try:
        assert await started.ended() == 1, started.words
    finally:
        started.process.kill()
    return started.words[before:]


async def connection_code(data: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run `connection-code`."""
    return await asyncio.to_thread(
        subprocess.run,
        (*PROGRAM, "connection-code", "--data", str(data), *arguments),
        capture_output=True,
        env=environment(),
        check=False,
        timeout=READY_S,
    )


def submission(certificates: Certificates, **script: object) -> Script:
    """Return a mail server that takes what signs in with PASSWORD."""
    return Script(
        security=Security.TLS,
        certificate=certificates.good,
        accounts={"robot": PASSWORD},
        auth_required=True,
        **script,  # type: ignore[arg-type]
    )


def profile_for(server: ScriptedSmtp, certificates: Certificates, alias: str = "Example") -> SenderProfile:
    """Return the profile that sends through `server`."""
    return SenderProfile(
        provider="custom_smtp",
        sender="smtp",
        address="notifications@example.org",
        alias=alias,
        settings={
            "host": "127.0.0.1",
            "port": server.port,
            "security": "tls",
            "username": "robot",
            "ca_pem": certificates.ca_file.read_text(),
        },
    )
