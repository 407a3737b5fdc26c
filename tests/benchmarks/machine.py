"""The facts about this machine without which no figure means anything."""

import os
import platform
import shutil
import sqlite3
import ssl
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.whole_process import ROOT

PACKAGES = ("PySide6_Essentials", "aiosmtplib", "dbos", "litestar", "sqlalchemy", "uvicorn")


def facts() -> dict[str, str]:
    """Return name and value of each fact, in the order in which they are shown."""
    found = {
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "load": _load(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    found["Postfix"] = _first_line("postconf", "-h", "mail_version")
    found["commit"] = _first_line("git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=8")
    return found


def _load() -> str:
    """Others who use the processor at this moment are the commonest reason for a strange figure."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _first_line(program: str, *words: str) -> str:
    if shutil.which(program) is None:
        return "missing"
    done = subprocess.run((program, *words), capture_output=True, text=True, check=False)
    return done.stdout.partition("\n")[0] or "unknown"
