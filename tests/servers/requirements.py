"""Says what a machine lacks to run a server: the test is skipped, or fails where servers are required."""

import os
import shutil
from typing import NoReturn

import pytest

REQUIRED = "SENDWRIGHT_REQUIRE_SERVERS"


def require(*programs: str, root: bool = False) -> None:
    """Skip unless all programs are there (and we are root); fail where servers are required."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        _give_up(f"not installed: {', '.join(missing)}")
    if root and os.geteuid() != 0:
        _give_up(f"{programs[0]} starts only as root")


def _give_up(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
