"""What a person does on a sign-in page, as data, and how she does it in the window or in a browser of her own."""

import asyncio
import json
import ssl
from collections.abc import Callable, Sequence
from threading import Thread
from urllib.parse import urlsplit

import httpx
import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from tests.unit.practice.microsoft.visiting import OWN_BROWSER, Person

from sendwright.desktop.consent.browser import Browser

LONGEST_PAGES = 20
TRIES = 5
GONE = "(gone)"
"""How often something is typed that did not arrive."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """On a page that has an element with the id `see`: type `words` into it, if any, and press `press`.

    once: after that it counts no more, and the next rule that fits does.
    """

    see: str
    press: str
    words: str = ""
    once: bool = False


def first_that_fits(rules: Sequence[Rule], there: Callable[[str], bool], done: set[Rule]) -> Rule:
    """Return the first rule for what is there. Raises LookupError: the person does not know what to do."""
    for rule in rules:
        if there(rule.see) and there(rule.press) and rule not in done:
            return rule
    raise LookupError("nobody told what to do on this page")


class WindowHand:
    """Clicks and types in the browser of the window, with the mouse and the keyboard.

    done: rules that count no more; it is added to.
    """

    def __init__(
        self, browser: Browser, rules: Sequence[Rule], *, picture: Callable[[str], None], done: set[Rule]
    ) -> None:
        self._browser = browser
        self._rules = rules
        self._picture = picture
        self._done = done
        self._loads = 0
        self._acted_at = 0
        browser.page.loadFinished.connect(self._loaded)

    def _loaded(self, ok: bool) -> None:
        del ok
        self._loads += 1

    def act(self) -> None:
        """Do what is to be done on the page that is shown, once for each page."""
        if self._loads == self._acted_at and self._loads:
            return
        there = self._places()
        if not there:
            return
        self._acted_at = self._loads
        rule = first_that_fits(self._rules, there.__contains__, self._done)
        if rule.once:
            self._done.add(rule)
        self._picture(rule.see)
        if rule.words and not self._type(rule):
            return
        if rule.press != rule.see or not rule.words:
            self._click(self._places().get(rule.press, there[rule.press]))

    def _type(self, rule: Rule) -> bool:
        """Type until it stands there: a page that is still being made loses the first keys.

        Return whether the page is still there: one that was finished late is acted on twice, and may be going already.
        """
        for _ in range(TRIES):
            self._click(self._places().get(rule.see, (0.0, 0.0)))
            QTest.keyClick(self._canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(self._canvas, rule.words)
            QTest.qWait(80)
            stands = self._ask(f"document.getElementById({json.dumps(rule.see)})?.value ?? {json.dumps(GONE)}")
            if stands in {rule.words, GONE}:
                return stands != GONE
        raise TimeoutError(f"nothing can be typed into {rule.see}")

    def _ask(self, script: str) -> str:
        """Return what the page says; nothing where it does not answer."""
        said: list[str] = []
        self._browser.page.runJavaScript(script, lambda value: said.append(value or ""))
        for _ in range(100):
            if said:
                return said[0]
            QTest.qWait(20)
        return ""

    @property
    def _canvas(self) -> QWidget:
        return self._browser.view.focusProxy() or self._browser.view

    def _click(self, place: tuple[float, float]) -> None:
        zoom = self._browser.page.zoomFactor()
        QTest.mouseClick(
            self._canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(place[0] * zoom), round(place[1] * zoom))
        )
        QTest.qWait(80)

    def _places(self) -> dict[str, tuple[float, float]]:
        """Return where the elements are that the rules name; brings the one that matters into sight."""
        names = sorted({name for rule in self._rules for name in (rule.see, rule.press)})
        script = f"""(() => {{
            const found = {{}};
            for (const name of {json.dumps(names)}) {{
                const element = document.getElementById(name);
                if (!element) continue;
                element.scrollIntoView({{block: "nearest"}});
                const box = element.getBoundingClientRect();
                found[name] = [box.x + box.width / 2, box.y + box.height / 2];
            }}
            return JSON.stringify(found);
        }})()"""
        return {name: (x, y) for name, (x, y) in json.loads(self._ask(script) or "{}").items()}


class OwnBrowser:
    """A browser of the person's own, in a thread of its own: it opens an address and follows it to its end."""

    def __init__(self, authority_pem: str, rules: Sequence[Rule]) -> None:
        self._context = ssl.create_default_context(cadata=authority_pem)
        self._rules = rules
        self._threads: list[Thread] = []
        self.opened: list[str] = []
        self.failed: list[BaseException] = []

    def open(self, address: str) -> None:
        """Open `address` and sign in there, in the background."""
        self.opened.append(address)
        thread = Thread(target=self._run, args=(address,))
        self._threads.append(thread)
        thread.start()

    @property
    def busy(self) -> bool:
        """Whether somebody still acts in it."""
        return any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Wait until it is done."""
        for thread in self._threads:
            thread.join(30)

    def _run(self, address: str) -> None:
        try:
            asyncio.run(self._visit(address))
        except BaseException as error:  # noqa: BLE001 - it is told by whoever waits
            self.failed.append(error)

    async def _visit(self, address: str) -> None:
        async with httpx.AsyncClient(
            verify=self._context, headers={"user-agent": OWN_BROWSER}, trust_env=False
        ) as client:
            person = await Person(client).open(address)
            done: set[Rule] = set()
            for _ in range(LONGEST_PAGES):
                if person.left_to:
                    break
                rule = first_that_fits(self._rules, person.page.ids.__contains__, done)
                if rule.once:
                    done.add(rule)
                field = person.page.tags[rule.see].get("name", "")
                await person.press(rule.press, **({field: rule.words} if rule.words else {}))
            if urlsplit(person.left_to).hostname in {"localhost", "127.0.0.1"}:
                await client.get(person.left_to, follow_redirects=True)
