"""Brings a person in a terminal to somebody else's sign-in page: her own browser, or any device and a code."""

import os
import sys
import webbrowser
from collections.abc import Callable
from urllib.parse import urlsplit

from rich.text import Text

from sendwright.cli.document_view import draw_qr
from sendwright.cli.questions import Questions, pick_of
from sendwright.network.page_address import may_be_opened
from sendwright.screens import Answer, Consent, ConsentWay
from sendwright.texts import text

OpenPage = Callable[[str], bool]
"""Opens an address in the person's own browser; returns whether one was started."""


def open_page(address: str) -> bool:
    """Open a page where there is a display: without one, a browser would take over the terminal."""
    if not may_be_opened(address) or not has_display():
        return False
    try:
        return webbrowser.open(address, new=2)
    except webbrowser.Error:
        return False


def has_display() -> bool:
    """Whether windows can be shown: X11 and Wayland name their display, other systems always have one."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def ask_consent(consent: Consent, questions: Questions, *, opening: OpenPage = open_page) -> Answer:
    """Say where to sign in; return the answer that waits for it, or another way. Raises Back and Cancelled.

    No page can be shown in a terminal: instead of an embedded one the other ways are offered.
    """
    out = questions.out
    match consent.way:
        case ConsentWay.EMBEDDED:
            out.print(text("terminal.consent.no-window"), markup=False)
            picks = [pick_of(action) for action in consent.actions]
            return {"action": questions.choose(picks, picks[0].value if picks else "")}
        case ConsentWay.BROWSER:
            opened = opening(consent.url)
            key = "opened" if opened else "open-this"
            out.print(text(f"terminal.consent.{key}", host=urlsplit(consent.url).hostname or ""), markup=False)
            _address(consent.url, questions)
        case ConsentWay.DEVICE:
            out.print(text("terminal.consent.device"), markup=False)
            _address(consent.url, questions)
            out.print(Text(f"    {consent.user_code}", style="bold"))
            if out.is_terminal:
                out.print(draw_qr(consent.url), highlight=False)
    out.print(text("terminal.consent.waiting"), style="dim", markup=False)
    return {}


def _address(address: str, questions: Questions) -> None:
    questions.out.print(Text(f"    {address}", style="bold", no_wrap=True, overflow="ignore"), soft_wrap=True)
