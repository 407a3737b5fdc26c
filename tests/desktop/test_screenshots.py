"""The tool that draws all pages draws them."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from tests.desktop import samples
from tests.desktop.states import STATES

TOOL = Path(__file__).parents[2] / "tools" / "screenshots.py"


def pictures(folder: Path, *words: str) -> dict[str, QImage]:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--into", str(folder), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {Path(line).parent for line in done.stdout.splitlines()} == {folder}
    return {file.stem: QImage(str(file)) for file in folder.glob("*.png")}


def test_a_page_is_drawn_in_every_look(tmp_path: Path) -> None:
    drawn = pictures(tmp_path, "sender")
    assert set(drawn) == {
        f"sender-{look}" for look in ("light", "dark", "small", "smallest", "large-text", "dense", "tall")
    }
    light, dark, dense = (drawn[f"sender-{look}"] for look in ("light", "dark", "dense"))
    assert (light.width(), light.height()) == (960, 680)
    assert (dense.width(), dense.height()) == (1920, 1360)
    assert light.pixelColor(959, 0).lightness() > 200
    assert dark.pixelColor(959, 0).lightness() < 60


@pytest.mark.parametrize("name", ["connect-wrong", "practice", "platform-waiting"])
def test_a_state_is_drawn_too(tmp_path: Path, name: str) -> None:
    drawn = pictures(tmp_path, name, STATES[name].page, "--look", "light")
    assert len(drawn) == 2
    assert drawn[f"{name}-light"] != drawn[f"{STATES[name].page}-light"]


def test_an_unknown_look_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    words = [sys.executable, str(TOOL), "--look", "sepia", "--into", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "large-text" in done.stderr


def test_every_state_happens_to_a_page_that_there_is() -> None:
    assert {state.page for state in STATES.values()} <= set(samples.SCREENS)
    assert not set(STATES) & set(samples.SCREENS)
