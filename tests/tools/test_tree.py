import shutil
from pathlib import Path

import pytest
from tests.tools.conftest import Checkout
from tree import files

CONTENTS = {
    ".ci/run": "",
    ".gitignore": "*.log\n__pycache__/\n.venv/\nbuild/\n",
    ".venv/lib/other.py": "",
    "app/__pycache__/a.py": "",
    "app/a.py": "",
    "app/sendwright/b.py": "",
    "build/c.py": "",
    "README.md": "",
}
OWN = [".ci/run", ".gitignore", "README.md", "app/a.py", "app/sendwright/b.py"]


def names(root: Path, *suffixes: str) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files(root, *suffixes)]


@pytest.mark.parametrize("with_git", [True, False])
def test_what_the_project_wrote_is_listed_and_what_tools_made_is_not(checkout: Checkout, *, with_git: bool) -> None:
    root = checkout(CONTENTS)
    if not with_git:
        shutil.rmtree(root / ".git")
    assert names(root) == OWN


@pytest.mark.parametrize("with_git", [True, False])
def test_suffixes_narrow_the_list(checkout: Checkout, *, with_git: bool) -> None:
    root = checkout(CONTENTS)
    if not with_git:
        shutil.rmtree(root / ".git")
    assert names(root, ".py") == ["app/a.py", "app/sendwright/b.py"]
    assert names(root, ".py", ".md") == ["README.md", "app/a.py", "app/sendwright/b.py"]


def test_a_file_that_was_removed_but_not_yet_from_git_is_not_listed(checkout: Checkout) -> None:
    root = checkout(CONTENTS)
    (root / "README.md").unlink()
    assert "README.md" not in names(root)


def test_files_that_git_ignores_are_not_listed(checkout: Checkout) -> None:
    root = checkout(CONTENTS | {"noise.log": ""})
    assert "noise.log" not in names(root)
