"""Starts the wizard as `sendwright` without words does, and watches its first page."""

import sys

from painted import FirstPaint

from sendwright.__main__ import main
from sendwright.desktop.pages.page import Page


def watched() -> None:
    """Let every page be watched from its making; the first to be painted ends the program."""
    make = Page.__init__
    hook = FirstPaint()

    def make_and_watch(page: Page, *positional: object, **named: object) -> None:
        make(page, *positional, **named)
        hook.watch(page)

    Page.__init__ = make_and_watch


if __name__ == "__main__":
    watched()
    sys.argv = ["sendwright"]
    sys.exit(main())
