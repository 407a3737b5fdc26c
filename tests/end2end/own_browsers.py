"""The browsers of her own that a person at the window has, one for each sign-in page that is opened outside of it."""

from collections.abc import Callable
from pathlib import Path

from tests.end2end.chromium import OwnChromium
from tests.end2end.web_page import OwnBrowser
from tests.end2end.window_part import OwnBrowserKind, WindowPart


class OwnBrowsers:
    """picture: says where the next picture goes, None where none is wanted."""

    def __init__(self, part: WindowPart, *, picture: Callable[[str], Path | None]) -> None:
        self._part = part
        self._picture = picture
        self._opened: list[OwnBrowser | OwnChromium] = []

    def open(self, address: str, authority_pem: str) -> None:
        """Open a page in the next one, which believes the authority."""
        web, number = self._part.own_web, len(self._opened)
        rules = web[min(number, len(web) - 1)]
        browser: OwnBrowser | OwnChromium
        if self._part.own_browser is OwnBrowserKind.CHROMIUM:
            away = number < self._part.closes
            browser = OwnChromium(authority_pem, rules, picture=self._picture, away=away)
        else:
            browser = OwnBrowser(authority_pem, rules)
        self._opened.append(browser)
        browser.open(address)

    @property
    def closed(self) -> int:
        """The number of the page that she has closed without signing in, 0 where it is none or still open."""
        number = len(self._opened)
        return number if 0 < number <= self._part.closes and not self._opened[-1].busy else 0

    @property
    def failed(self) -> BaseException | None:
        """What went wrong in one of them."""
        return next((browser.failed[0] for browser in self._opened if browser.failed), None)

    def close(self) -> None:
        """Close them all. Raises what went wrong in one of them."""
        for browser in self._opened:
            browser.close()
        if self.failed is not None:
            raise self.failed
