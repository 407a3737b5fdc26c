"""Reads lines of JSON that a stranger may have written."""

import msgspec

from sendwright.diagnosis_file import limits
from sendwright.diagnosis_file.refusals import FileRefused, Refusal
from sendwright.recording.visible import visible


class Budget:
    """How many values may still be read."""

    def __init__(self, nodes: int) -> None:
        self._left = nodes

    def spend(self) -> None:
        """Take one. Raises FileRefused when there is none left."""
        self._left -= 1
        if self._left < 0:
            raise FileRefused(Refusal.TOO_COMPLEX)


def read_lines(content: bytes, budget: Budget) -> list[object]:
    """Return the value of each line as builtins, control characters in strings made visible. Raises FileRefused."""
    if not content:
        return []
    if b"\0" in content:
        raise FileRefused(Refusal.NOT_TEXT)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileRefused(Refusal.NOT_TEXT) from error
    if not content.endswith(b"\n"):
        raise FileRefused(Refusal.DAMAGED)
    if content.count(b"\n") > limits.LINES:
        raise FileRefused(Refusal.TOO_COMPLEX)
    return [_read(line, budget) for line in content[:-1].split(b"\n")]


def _read(line: bytes, budget: Budget) -> object:
    if len(line) > limits.LINE:
        raise FileRefused(Refusal.TOO_COMPLEX)
    try:
        value = msgspec.json.decode(line)
    except RecursionError as error:
        raise FileRefused(Refusal.TOO_COMPLEX) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FileRefused(Refusal.CONTENT) from error
    return _plain(value, budget, limits.DEPTH)


def _plain(value: object, budget: Budget, depth: int) -> object:
    budget.spend()
    if depth < 0:
        raise FileRefused(Refusal.TOO_COMPLEX)
    match value:
        case str():
            return visible(value)
        case dict():
            return {visible(str(name)): _plain(inner, budget, depth - 1) for name, inner in value.items()}
        case list():
            return [_plain(inner, budget, depth - 1) for inner in value]
        case int() if abs(value) > limits.LARGEST_NUMBER:
            raise FileRefused(Refusal.CONTENT)
        case _:
            return value
