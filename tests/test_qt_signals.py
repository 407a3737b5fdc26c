import subprocess
import sys
from importlib.metadata import requires, version

from packaging.requirements import Requirement

EMISSIONS = 5000

EMIT = """
import sys
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(int)

heard = []
bell = Bell()
bell.rung.connect(heard.append)
before = sys.getrefcount(True)
for number in range(int(sys.argv[1])):
    bell.rung.emit(number)
print(len(heard), before - sys.getrefcount(True))
"""


def pinned() -> Requirement:
    """The project's own requirement of Qt."""
    (found,) = (
        requirement
        for requirement in map(Requirement, requires("sendwright") or ())
        if requirement.name.lower().replace("_", "-") == "pyside6-essentials"
    )
    return found


def test_five_thousand_signals_leave_the_interpreter_alive() -> None:
    # PySide6 6.12.0 loses a reference of True per emission: CPython 3.11 aborts after some 580 of them.
    done = subprocess.run([sys.executable, "-c", EMIT, str(EMISSIONS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    heard, lost = map(int, done.stdout.split())
    assert heard == EMISSIONS
    assert abs(lost) < EMISSIONS // 10


def test_the_qt_that_aborts_is_shut_out() -> None:
    assert not pinned().specifier.contains("6.12.0")
    assert pinned().specifier.contains("6.11.3")


def test_the_installed_qt_is_one_that_the_project_asks_for() -> None:
    assert version("PySide6_Essentials") in pinned().specifier
    assert version("shiboken6") == version("PySide6_Essentials")
