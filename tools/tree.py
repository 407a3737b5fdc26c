"""Lists the project's own files: those that git tracks or would track."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files of the checkout `root` whose names end in one of `suffixes` (all without any), sorted.

    Raises CalledProcessError where `root` is no git checkout.
    """
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in sorted(filter(None, listing.stdout.split("\0"))):
        path = root / name
        if path.name.endswith(suffixes or "") and path.is_file():
            yield path
