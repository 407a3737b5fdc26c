"""Faults that a test or a scenario orders: the next requests fail in the way it says."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How a request fails. path: part of its path; empty for any. mailbox: only of that one, empty for any.

    status: answered instead, 0 cuts the connection. code: the error of OAuth or Graph, the reason of Gmail.
    retry_after: the header, in seconds or as a date; of Gmail the time in its message, in seconds. body: answered as
    it is, in place of an error. after: the request is carried out first.
    """

    path: str = ""
    mailbox: str = ""
    status: int = 0
    code: str = ""
    retry_after: str = ""
    body: bytes | None = None
    after: bool = False


class Faults:
    """What is still to fail, in the order it was told."""

    def __init__(self) -> None:
        self._told: list[Fault] = []

    def tell(self, fault: Fault, *, times: int = 1) -> None:
        """Let the next `times` requests that `fault` is about fail."""
        self._told += [fault] * times

    def tell_all(self, faults: Iterable[Fault]) -> None:
        """Let requests fail one after the other."""
        self._told += faults

    def next(self, path: str, mailbox: str = "") -> Fault | None:
        """Take the fault that a request meets, None for none."""
        for place, fault in enumerate(self._told):
            if fault.path in path and fault.mailbox.lower() in ("", mailbox.lower()):
                return self._told.pop(place)
        return None

    @property
    def left(self) -> int:
        """How many have not been met yet."""
        return len(self._told)
