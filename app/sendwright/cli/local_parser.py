"""A parser of arguments whose own words, too, are in the language in use."""

import argparse
from collections.abc import Iterable

from typing_extensions import override

from sendwright.texts import text


class _LocalFormatter(argparse.HelpFormatter):
    @override
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable["argparse._MutuallyExclusiveGroup"],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, f"{text('cli.usage')} " if prefix is None else prefix)


class LocalParser(argparse.ArgumentParser):
    """Prints its help in the language in use; the parsers of its commands do the same.

    The sentence about a wrong argument stays English: argparse makes it, and gives no place to put another.
    """

    def __init__(self, *, prog: str, description: str | None = None, allow_abbrev: bool = False) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=_LocalFormatter,
            add_help=False,
            allow_abbrev=allow_abbrev,
        )
        self._positionals.title = text("cli.arguments")
        self._optionals.title = text("cli.options")
        self.add_argument("-h", "--help", action="help", help=text("cli.show-help"))
