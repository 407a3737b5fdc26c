import subprocess
import sys
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "app" / "sendwright"
EXTRAS = ("desktop", "service", "practice")
QUICK_S = 0.5

LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(cache_dir=sys.argv[1], no_logo=True))
"""

IMPORT_WITHOUT = """
import importlib, sys
blocked, modules = (part.split(",") for part in sys.argv[1:])
sys.modules.update(dict.fromkeys(blocked))  # None makes every import of the name fail
for module in modules:
    importlib.import_module(module)
print(len(modules))
"""

IMPORT_AND_SAY = """
import sys, time
started = time.process_time()
import sendwright.__main__
print(time.process_time() - started)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def python(code: str, *arguments: str) -> list[str]:
    """Run `code` in a fresh interpreter and return the lines it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def import_names(extra: str) -> set[str]:
    """The names under which the dependencies of `extra`, and of no smaller installation, are imported."""
    wanted = set()
    for line in requires("sendwright") or ():
        requirement = Requirement(line)
        if requirement.marker and requirement.marker.evaluate({"extra": extra}):
            wanted.add(canonicalize_name(requirement.name))
    return {
        module
        for module, distributions in packages_distributions().items()
        if wanted & {canonicalize_name(name) for name in distributions}
    }


def modules(*, of: str) -> list[str]:
    """All modules of the part `of`; the core is what needs no extra."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if (parts[0] if parts[0] in EXTRAS else "core") == of and "migrations" not in parts:
            found.append(".".join(("sendwright", *(part for part in parts if part != "__init__"))))
    return found


def test_every_import_keeps_to_the_layers(tmp_path: Path) -> None:
    # In a process of its own: it switches off the loggers that it finds.
    done = subprocess.run(
        [sys.executable, "-c", LINT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_extras_are_the_parts_that_stand_apart() -> None:
    assert "PySide6" in import_names("desktop")
    assert {"litestar", "dbos", "sqlalchemy"} <= import_names("service")
    assert "aiosmtpd" in import_names("practice")
    assert not import_names("desktop") & import_names("service")


@pytest.mark.parametrize("part", ["core", *EXTRAS])
def test_a_part_imports_without_the_dependencies_of_the_others(part: str) -> None:
    blocked = set().union(*(import_names(extra) for extra in EXTRAS if extra != part))
    blocked -= import_names(part) if part in EXTRAS else set()  # service and practice both answer web requests
    wanted = modules(of=part)
    assert wanted
    assert python(IMPORT_WITHOUT, ",".join(sorted(blocked)), ",".join(wanted)) == [str(len(wanted))]


def test_starting_is_quick_and_loads_neither_window_nor_backend() -> None:
    runs = [python(IMPORT_AND_SAY) for _ in range(3)]
    loaded = set(runs[0][1].split())
    assert not loaded & set().union(*(import_names(extra) for extra in EXTRAS))
    assert min(float(run[0]) for run in runs) < QUICK_S


def test_every_folder_says_in_one_sentence_what_it_is_for() -> None:
    for file in PACKAGE.rglob("__init__.py"):
        assert file.read_text(encoding="utf-8").startswith('"""'), file
