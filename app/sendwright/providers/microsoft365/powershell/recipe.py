"""One thing to run in PowerShell, and what it is for."""

from enum import StrEnum

import msgspec

from sendwright.document.blocks import Command
from sendwright.texts import text


class Purpose(StrEnum):
    """Whether a recipe gives something, looks at it or takes it back."""

    GRANT = "grant"
    VERIFY = "verify"
    UNDO = "undo"


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """name: its words are `microsoft365.powershell.recipes.<name>`, filled from values. command: ready to paste."""

    name: str
    purpose: Purpose
    command: str
    values: dict[str, str] = {}

    @property
    def block(self) -> Command:
        """The recipe as a part of a document."""
        return Command(label=text(f"microsoft365.powershell.recipes.{self.name}", **self.values), value=self.command)


def grant(name: str, *lines: str, **values: str) -> Recipe:
    """Return a recipe that gives something."""
    return Recipe(name=name, purpose=Purpose.GRANT, command="\n".join(lines), values=values)


def verify(name: str, *lines: str, **values: str) -> Recipe:
    """Return a recipe that looks at something and changes nothing."""
    return Recipe(name=name, purpose=Purpose.VERIFY, command="\n".join(lines), values=values)


def undo(name: str, *lines: str, **values: str) -> Recipe:
    """Return a recipe that takes back what another one gave."""
    return Recipe(name=name, purpose=Purpose.UNDO, command="\n".join(lines), values=values)
