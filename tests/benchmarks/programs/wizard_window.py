"""Starts the wizard as `sendwright` without words does, and watches its first page."""

import sys

from painted import FirstPaint

from sendwright.__main__ import main
from sendwright.desktop.window import Window


def watched() -> None:
    """Let the window tell which page to watch as soon as it has one."""
    draw = Window.draw
    hook = FirstPaint()

    def draw_and_watch(window: Window) -> None:
        draw(window)
        if window.page is not None:
            hook.watch(window.page)

    Window.draw = draw_and_watch


if __name__ == "__main__":
    watched()
    sys.argv = ["sendwright"]
    sys.exit(main())
