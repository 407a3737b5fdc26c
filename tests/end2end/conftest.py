"""A display and a home for whole programs."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.end2end.home import Home, home
from tests.servers.keychain import SecretService
from tests.servers.requirements import require


@pytest.fixture(scope="session")
def display() -> Iterator[dict[str, str]]:
    """An X server of our own; it chooses its number itself and says it when it is ready."""
    require("Xvfb")
    program = shutil.which("Xvfb") or "Xvfb"
    reader, writer = os.pipe()
    command = (program, "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
    server = subprocess.Popen(
        command, pass_fds=(writer,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            number = said.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def own_home(tmp_path: Path, secret_service: SecretService, display: dict[str, str]) -> Iterator[Home]:
    """A person's computer with a keychain and a display."""
    keychain = {
        name: value
        for name, value in secret_service.variables.items()
        if name in {"DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"}
    }
    with home(tmp_path / "home", keychain, display) as made:
        made.folder.mkdir()
        yield made
