"""Lists the project's own files: those that git tracks or would track."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = {"__pycache__", "build", "dist"}
OWN = {".ci", ".github", ".gitignore"}


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files of the checkout `root` whose names end in one of `suffixes` (all without any), sorted.

    Without git's own folder, as in an unpacked archive, everything counts that no tool of the project made.
    """
    for name in sorted(_tracked(root) if (root / ".git").exists() else _found(root)):
        path = root / name
        if path.name.endswith(suffixes or "") and path.is_file():
            yield path


def _tracked(root: Path) -> list[str]:
    # The checkout may belong to another user than the one who checks it, as on build machines.
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z"]
    listing = subprocess.run(
        [*command, "--cached", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    )
    return [name for name in listing.stdout.split("\0") if name]


def _found(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name in OWN or not (name in MADE or name.startswith("."))]
        for name in names:
            if name in OWN or not name.startswith("."):
                yield (Path(folder) / name).relative_to(root).as_posix()
