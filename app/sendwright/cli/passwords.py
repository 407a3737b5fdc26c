"""Where a command gets a password from: a file, a variable, standard input or a question, never an argument."""

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from sendwright.secret import Secret
from sendwright.texts import text

STANDARD_INPUT = "-"
LONGEST = 64 * 1024


class PasswordUnavailable(Exception):
    """The password cannot be had; the text says why and names no secret."""


@dataclass(frozen=True, kw_only=True)
class PasswordSource:
    """file: a path, or `-` for standard input. variable: of the environment. Neither: it is asked at a terminal."""

    file: str | None = None
    variable: str | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    standard_input: TextIO = field(default_factory=lambda: sys.stdin)
    ask: Callable[[str], str] = getpass.getpass

    def read(self, *, may_ask: bool) -> Secret:
        """Return the password. Raises PasswordUnavailable."""
        if self.variable is not None:
            found = self.environment.get(self.variable)
            if not found:
                raise PasswordUnavailable(text("doctor.password.variable", name=self.variable))
            return Secret(found)
        if self.file == STANDARD_INPUT:
            return self._first_line(self.standard_input.readline(LONGEST))
        if self.file is not None:
            return self._first_line(self._from_file(self.file))
        if may_ask and self.standard_input.isatty():
            return self._first_line(self.ask(text("doctor.password.ask")))
        raise PasswordUnavailable(text("doctor.password.none"))

    def _from_file(self, name: str) -> str:
        try:
            with Path(name).expanduser().open(encoding="utf-8") as opened:
                return opened.readline(LONGEST)
        except (OSError, UnicodeDecodeError) as error:
            raise PasswordUnavailable(text("doctor.password.file", file=name)) from error

    def _first_line(self, line: str) -> Secret:
        password = line.rstrip("\r\n")
        if not password:
            raise PasswordUnavailable(text("doctor.password.empty"))
        return Secret(password)
