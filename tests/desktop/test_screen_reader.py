"""The real program on a real display, read and used through the eyes and hands of a screen reader."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desktop.screen_reader import CHECKED, LAUNCHER, ScreenReader, screen_reader, x_display
from tests.servers.fixtures import StartKeychain
from tests.servers.keychain import KeychainState
from tests.servers.requirements import require

from sendwright.texts import text

PROGRAM = "from sendwright.__main__ import main; import sys; sys.argv = ['sendwright']; sys.exit(main())"


@pytest.fixture
def reader(keychain: StartKeychain, tmp_path: Path) -> Iterator[ScreenReader]:
    """Start display, buses and program."""
    require("Xvfb", "dbus-daemon")
    if not LAUNCHER.exists():
        pytest.skip("not installed: at-spi2-core")
    bus = keychain(KeychainState.ABSENT)
    places = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    with x_display() as display:
        environment = {
            **os.environ,
            **bus.variables,
            **places,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "SENDWRIGHT_LANGUAGE": "en",
        }
        with screen_reader(environment, tmp_path) as found:
            program = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment)
            try:
                yield found
            finally:
                program.send_signal(signal.SIGTERM)
                assert program.wait(30) == 0


def test_it_reads_chooses_types_and_hears_what_is_wrong(reader: ScreenReader) -> None:
    card = reader.find(role="radio button", name=text("start.set-up.label"))
    assert card.description == text("start.set-up.detail")
    assert card.has(CHECKED)
    reader.find(role="label", name=text("start.title"))
    reader.find(role="button", name=text("wizard.continue")).press()

    code = reader.find(role="text", name=text("platform.code.field"))
    assert code.description == text("platform.code.help")
    assert reader.listen(text("platform.title"))
    reader.find(role="button", name=text("wizard.continue")).press()
    wrong = text("platform.code.missing")
    reader.find(role="label", name=wrong)
    assert code.description.startswith(wrong)

    code.type("not a code")
    reader.find(role="button", name=text("wizard.continue")).press()
    reader.find(role="label", name=text("platform.code.not-a-code"))
    other = reader.find(role="radio button", name=text("platform.local.label"))
    other.press()
    assert other.has(CHECKED)

    nameless = [
        thing.role
        for program in reader.programs
        for thing in program.everything()
        if thing.role in {"button", "push button", "radio button", "check box", "text", "password text", "combo box"}
        and not thing.name
    ]
    assert nameless == []
