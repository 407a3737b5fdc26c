"""A program of the system is asked once, and never waited for long."""

import shutil
from pathlib import Path

import pytest

from sendwright.network import asked_program
from sendwright.network.asked_program import said_by


def program(folder: Path, script: str) -> str:
    file = folder / "program"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('echo "$1 and $2"', "list and all of it\n"),
        ("exit 1", ""),
        ("printf '\\377'", ""),
        ("echo no >&2", ""),
    ],
)
def test_what_it_prints_counts_and_nothing_else(tmp_path: Path, script: str, said: str) -> None:
    assert said_by(program(tmp_path, script), "list", "all of it") == said


def test_one_that_is_not_there_says_nothing() -> None:
    assert said_by("/nonexistent/program") == ""


def test_one_that_cannot_be_started_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: str(tmp_path))
    assert said_by("anything") == ""


def test_one_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_program, "PATIENCE_S", 0.1)
    assert said_by(program(tmp_path, "exec sleep 60")) == ""
