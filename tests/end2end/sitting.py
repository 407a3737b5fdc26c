"""Lets a person play her part at the window, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
from tests.end2end.home import ROOT, Home
from tests.end2end.window_part import WindowPart

Seen = list[dict[str, object]]


def sit_down(home: Home, part: WindowPart, pictures: Path) -> Seen:
    """Let a person play `part`; return what she saw and what the provider took, line by line."""
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    done = subprocess.run(
        (sys.executable, "-m", "tests.end2end.window_person"),
        input=msgspec.json.encode(msgspec.structs.replace(part, pictures=str(pictures))).decode(),
        env={**home.environment, "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines()]


def steps(seen: Seen) -> list[str]:
    """Return the steps that she saw, one after the other."""
    return [str(line["step"]) for line in seen if "step" in line]


def problems(seen: Seen) -> list[str]:
    """Return the problems at which she was stopped."""
    return [str(line["problem"]) for line in seen if line.get("kind") == "Stopped"]


def cells(seen: Seen, step: str) -> list[dict[str, str]]:
    """Return what the cells of a sheet said, for each time that it was shown."""
    return [line["cells"] for line in seen if line.get("step") == step and "cells" in line]  # type: ignore[misc]


def require_arrived(seen: Seen, *, address: str, alias: str, at_least: int) -> None:
    """Require that messages are shown with sender and alias in the inbox of the practice."""
    inbox = seen[-1]["inbox"]
    assert isinstance(inbox, list)
    assert inbox.count(alias) >= at_least
    assert inbox.count(address) >= at_least


def require_messages(seen: Seen, *, address: str, alias: str, at_least: int) -> None:
    """Require the same of what the provider told that it took."""
    taken = [line for line in seen if "message" in line and line["alias"] == alias]
    assert len(taken) >= at_least
    assert {line["address"] for line in taken} == {address}
