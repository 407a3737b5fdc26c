"""Asks a program of the system for its settings."""

import shutil
import subprocess

PATIENCE_S = 3.0


def said_by(name: str, *words: str) -> str:
    """Return what the program prints; empty where it is not there, fails, or takes longer than three seconds.

    words: fixed ones, without anything from outside.
    """
    program = shutil.which(name)
    if program is None:
        return ""
    try:
        asked = subprocess.run(  # noqa: S603 - a fixed command without anything from outside
            [program, *words], capture_output=True, text=True, timeout=PATIENCE_S, check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return asked.stdout
