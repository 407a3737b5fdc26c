"""One thing of a list in the terminal: what does not fit goes on below its words, and no line ends in blanks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.text import Text

_NARROWEST = 40
"""Columns that are left for words, however narrow the terminal is."""


@dataclass(frozen=True)
class Item:
    """words: plain, never markup. first: stands before them and is as wide as what is left free below."""

    words: str
    first: str = "  "
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Break the words into lines of the terminal's width."""
        width = max(options.max_width - len(self.first), _NARROWEST)
        before = self.first
        for line in Text(self.words, style=self.style).wrap(console, width, overflow="fold"):
            line.rstrip()
            whole = Text(before, style=self.style, no_wrap=True, overflow="ignore")
            yield whole.append_text(line)
            before = " " * len(self.first)
