"""The platform's own sender: used while the organisation has none, never written, never shown."""

from pathlib import Path

import httpx
from tests.unit.service.backend_kit import PROFILE, running

from sendwright.profile import SenderProfile
from sendwright.service.platform_sender import open_platform_sender
from sendwright.service.settings import DataFolder

FILE = """
address = "platform@example.org"
alias = "Platform"
[smtp]
host = "smtp.example.org"
port = 465
security = "tls"
username = "robot"
password_file = "password"
ca_file = "ca.pem"
"""


def written(folder: Path, file: str = FILE) -> DataFolder:
    folder.joinpath("default-sender.toml").write_text(file)
    folder.joinpath("password").write_text("first line\r\nsecond line\n")
    folder.joinpath("ca.pem").write_text("PEM")
    return DataFolder(folder)


def test_it_is_read_with_its_password_and_authority(tmp_path: Path) -> None:
    sender = open_platform_sender(written(tmp_path))
    assert sender is not None
    assert sender.version == 0
    assert sender.profile == SenderProfile(
        provider="platform",
        sender="smtp",
        address="platform@example.org",
        alias="Platform",
        settings={
            "host": "smtp.example.org",
            "port": 465,
            "security": "tls",
            "username": "robot",
            "ca_pem": "PEM",
        },
    )
    assert sender.credentials["password"].reveal() == "first line"
    assert "first line" not in repr(sender)


def test_a_server_without_sign_in_needs_no_password(tmp_path: Path) -> None:
    lines = [line for line in FILE.splitlines() if not line.startswith(("username", "password", "ca_file"))]
    sender = open_platform_sender(written(tmp_path, "\n".join(lines)))
    assert sender is not None
    assert sender.credentials == {}
    assert sender.profile.settings["ca_pem"] is None


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert open_platform_sender(DataFolder(tmp_path)) is None


async def test_the_organisations_own_sender_comes_before_it(tmp_path: Path) -> None:
    written(tmp_path)
    async with running(tmp_path) as backend:
        in_force = backend.assembly.services.profiles.in_force
        before = await in_force()
        assert before is not None
        assert before.version == 0
        shown = (await backend.wizard.ask("GET", "/v1/organisation")).json()
        assert shown["default_sender"] == {"address": "platform@example.org", "alias": "Platform"}
        version = await backend.wizard.put_in_force(PROFILE)
        during = await in_force()
        assert during is not None
        assert during.version == version
        await backend.wizard.write("DELETE", "/v1/profiles/active")
        after = await in_force()
        assert after is not None
        assert after.version == 0


async def test_able_to_send_is_a_sender_and_a_worker(tmp_path: Path) -> None:
    async def ready(http: httpx.AsyncClient) -> tuple[int, str]:
        answer = await http.get("/readyz")
        return answer.status_code, answer.json().get("detail", "")

    async with running(tmp_path) as backend:
        http = backend.wizard.http
        assert await ready(http) == (503, "sender")
        await backend.wizard.put_in_force(PROFILE)
        assert await ready(http) == (200, "")
        backend.worker.alive = False
        assert await ready(http) == (503, "worker")
        alive = await http.get("/healthz")
        assert (alive.status_code, alive.json()["status"]) == (200, "alive")
        assert alive.json()["instance"] == backend.assembly.services.instance
    assert backend.worker.life == ["started", "stopped"]
