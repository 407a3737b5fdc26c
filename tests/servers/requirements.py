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
        give_up(f"not installed: {', '.join(missing)}")
    if root and os.geteuid() != 0:
        give_up(f"{programs[0]} starts only as root")


def give_up(reason: str) -> NoReturn:
    """Skip for this reason; fail where servers are required."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
