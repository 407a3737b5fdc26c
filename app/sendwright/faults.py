"""Writes down a fault of our own, so that support can read what the person is not shown."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

from sendwright import __version__
from sendwright.storage import folders


def write_log(error: BaseException, *, file: Path | None = None) -> Path:
    """Add `error` with its traceback to the log and return its path; that it cannot be written is no new fault."""
    log = file or folders().log / "sendwright.log"
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {__version__}"
    words = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.touch(mode=0o600)
        with log.open("a", encoding="utf-8") as out:
            out.write(f"{moment}\n{words}\n")
    except OSError:
        pass
    return log
