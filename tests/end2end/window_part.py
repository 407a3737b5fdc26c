"""What a person does who sets up a provider with a sign-in page at the window, as data."""

from enum import StrEnum

import msgspec
from tests.end2end.web_page import Rule


class OwnBrowserKind(StrEnum):
    """What her own browser is: a reader of pages, which is quick, or Debian's Chromium."""

    READER = "reader"
    CHROMIUM = "chromium"


class WindowPart(msgspec.Struct, frozen=True, kw_only=True):
    """scenario: of the practice. answers: by step, one for each time it is shown; the last one counts from then on.

    An answer has fields, `choice` and `action`; `cell` presses the button of a cell, `wait` nothing. web: what she does
    on sign-in pages in the window; own_web: in a browser of her own, one list for each time that it opens, the last one
    counts from then on. own_browser: which one that is. closes: how often she closes its page at once, and cancels in
    the window. colleagues: what IT does while a step is shown for the `grants_at`th time; between: what IT does while
    she is away. sittings: the step at which she closes the window, for each time that she sits down; the last one ends.
    pictures: a folder, empty for none.
    """

    scenario: str
    answers: dict[str, list[dict[str, str]]]
    web: list[Rule] = []
    own_web: list[list[Rule]] = []
    own_browser: OwnBrowserKind = OwnBrowserKind.READER
    closes: int = 0
    colleagues: dict[str, str] = {}
    grants_at: int = 1
    between: str = ""
    sittings: tuple[str, ...] = ("done",)
    pictures: str = ""
