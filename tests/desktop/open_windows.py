"""Opens the one window with a wizard in it, and ends it with the test."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from pytestqt.qtbot import QtBot
from tests.desktop.hand_made import hand_made_world

from sendwright import faults
from sendwright.deployment import Deployment
from sendwright.desktop.engine import Engine
from sendwright.desktop.opening import Opening, OpenWizard
from sendwright.desktop.preferences import PassingPreferences
from sendwright.desktop.theme.theme import Theme
from sendwright.storage import Folders
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.wizard import Wizard

MakeOpening = Callable[..., Opening]


@pytest.fixture
def log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    places = Folders(configuration=tmp_path / "c", data=tmp_path / "d", log=tmp_path / "log", locks=tmp_path / "locks")
    monkeypatch.setattr(faults, "folders", lambda: places)
    return places.log


@pytest.fixture
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Others may be practising on this computer too."""
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def make_opening(
    theme: Theme, engine: Engine, qtbot: QtBot, log_folder: Path, own_temporary_folder: Path
) -> Iterator[MakeOpening]:
    folder = own_temporary_folder.parent
    assert log_folder.parent == folder
    made: list[Opening] = []
    ended: set[Opening] = set()

    async def usual() -> Wizard:
        return await open_wizard(hand_made_world(folder), NoDrafts())

    def make(real: OpenWizard = usual, deployment: Deployment | None = None) -> Opening:
        opening = Opening(theme, engine, deployment or Deployment(), real=real, preferences=PassingPreferences())
        made.append(opening)
        opening.ended.connect(lambda _: ended.add(opening))
        return opening

    yield make
    for opening in made:
        if opening not in ended and opening.view is not None:
            opening.window.close()
            qtbot.waitUntil(lambda opening=opening: opening in ended, timeout=20_000)
        shiboken6.delete(opening.window)


def ready(opening: Opening, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: opening.view is not None and opening.view.page is not None, timeout=20_000)


def step_of(opening: Opening) -> str:
    assert opening.conductor is not None
    return opening.conductor.scene.screen.step
