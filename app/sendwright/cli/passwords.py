"""Where a command gets a password from: a file, a variable, standard input or a question, never an argument."""

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from sendwright.cli.interruption import interruptible
from sendwright.cli.small_file import FileUnreadable, read_small_text
from sendwright.providers.custom_smtp.connection import fits_as_password
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
            return _secret(found)
        if self.file is not None:
            return _secret(_first_line(self._from_file(self.file)))
        if may_ask and self.standard_input.isatty():
            return _secret(_first_line(self._asked()))
        raise PasswordUnavailable(text("doctor.password.none"))

    def _asked(self) -> str:
        try:
            with interruptible():
                return self.ask(text("doctor.password.ask"))
        except EOFError:
            return ""

    def _from_file(self, name: str) -> str:
        try:
            with interruptible():
                return self.standard_input.readline(LONGEST) if name == STANDARD_INPUT else read_small_text(name)
        except (FileUnreadable, ValueError) as error:  # ValueError: bytes on standard input that are no text
            raise PasswordUnavailable(text("doctor.password.file", file=name)) from error


def _first_line(words: str) -> str:
    return words.removeprefix("\ufeff").partition("\n")[0].removesuffix("\r")


def _secret(password: str) -> Secret:
    if not password:
        raise PasswordUnavailable(text("doctor.password.empty"))
    if not fits_as_password(password):
        raise PasswordUnavailable(text("custom_smtp.password.invalid"))
    return Secret(password)
