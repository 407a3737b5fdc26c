"""Writes the log: one JSON object a line, and of what happened only fields that are known to be harmless."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Final, TextIO

from typing_extensions import override

LOGGER: Final = "sendwright.service"

FIELDS: Final = frozenset(
    {
        "attempt",
        "code",
        "count",
        "fault",
        "kind",
        "method",
        "notification",
        "outcome",
        "problem",
        "revision",
        "route",
        "seconds",
        "stage",
        "status",
        "took_ms",
        "url",
        "verdict",
        "version",
    }
)
"""What `extra` may carry. No addresses, no names, no words of other programs: they may end in a ticket."""


class AllowedOnly(logging.Formatter):
    """Renders a record without anything that was not allowed.

    Our own loggers say an event's name and fields. Of other libraries only the logger's name is kept: their
    sentences are made of whatever they work on. Of an exception the type and the places are kept, not its
    text.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": moment, "level": record.levelname.lower()}
        if record.name.startswith("sendwright"):
            line["event"] = record.msg if isinstance(record.msg, str) else "unnamed"
            line |= {name: value for name, value in record.__dict__.items() if name in FIELDS}
        else:
            line["library"] = record.name
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def start_log(stream: TextIO) -> logging.Logger:
    """Send everything that is logged from now on to `stream`; return the backend's own logger."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(AllowedOnly())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    return logger


def _places(error: BaseException) -> list[str]:
    """Return the chain of an exception: its types, and where each came through."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)[-6:]
        places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
        said.append(f"{type(seen).__module__}.{type(seen).__qualname__} {places}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return said
