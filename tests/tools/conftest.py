import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

Checkout = Callable[[dict[str, str]], Path]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Make a git checkout of files given as path and content; return its root."""

    def make(contents: dict[str, str]) -> Path:
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
        return tmp_path

    return make
