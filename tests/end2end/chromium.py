"""The person's own browser for real: Debian's Chromium, in which she clicks and types what she was told."""

import base64
import hashlib
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement
from tests.end2end.web_page import Rule, first_that_fits

BINARY = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
PATIENCE_S = 60.0
OURS = frozenset({"127.0.0.1", "localhost"})

_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--window-size=900,760",
)


class OwnChromium:
    """Opens addresses as the person's browser does, follows `rules`, and stays open like hers.

    authority_pem: who issued the certificate of a page over https; it is verified here, and its key alone is then good
    to Chromium, whose own store nobody adds to. picture: a file for the picture of the page with that name. away:
    closes the page in place of the first rule, as somebody who changed her mind.
    """

    def __init__(
        self, authority_pem: str, rules: Sequence[Rule], *, picture: Callable[[str], Path | None], away: bool = False
    ) -> None:
        self._context = ssl.create_default_context(cadata=authority_pem)
        self._rules = rules
        self._picture = picture
        self._away = away
        self._threads: list[Thread] = []
        self._done: set[Rule] = set()
        self.opened: list[str] = []
        self.failed: list[BaseException] = []
        self.agent = ""

    def open(self, address: str) -> None:
        """Open `address` and sign in there, in the background."""
        self.opened.append(address)
        thread = Thread(target=self._run, args=(address,), name="chromium")
        self._threads.append(thread)
        thread.start()

    @property
    def busy(self) -> bool:
        """Whether somebody still acts in it."""
        return any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Wait until it is done."""
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _run(self, address: str) -> None:
        try:
            with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
                driver = webdriver.Chrome(options=self._options(address, folder), service=Service(DRIVER))
                try:
                    self.agent = driver.execute_script("return navigator.userAgent")
                    self._visit(driver, address)
                finally:
                    driver.quit()
        except BaseException as error:  # noqa: BLE001 - it is told by whoever waits
            self.failed.append(error)

    def _options(self, address: str, folder: str) -> Options:
        options = Options()
        options.binary_location = BINARY
        for flag in (*_QUIET, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium's sandbox cannot be made for root
        if address.startswith("https:"):
            options.add_argument(f"--ignore-certificate-errors-spki-list={self._key_of(address)}")
        return options

    def _key_of(self, address: str) -> str:
        """Return the digest of the key in the page's certificate, which the authority issued (RFC 7469 section 2.4)."""
        parts = urlsplit(address)
        place = parts.hostname or "", parts.port or 443
        with (
            socket.create_connection(place, 10) as plain,
            self._context.wrap_socket(plain, server_hostname=place[0]) as secured,
        ):
            der = secured.getpeercert(binary_form=True) or b""
        key = load_der_x509_certificate(der).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(key).digest()).decode("ascii")

    def _visit(self, driver: webdriver.Chrome, address: str) -> None:
        driver.get(address)
        home = urlsplit(address).netloc
        until = monotonic() + PATIENCE_S
        while self._is_there(driver, home):
            if monotonic() > until:
                raise TimeoutError("the person's browser did not come to an end")
            if self._away:
                self._take(driver, "closed")
                return
            with suppress(StaleElementReferenceException):
                self._act(driver)
            sleep(0.05)
        self._take(driver, "own-browser-back")

    @staticmethod
    def _is_there(driver: webdriver.Chrome, home: str) -> bool:
        """Tell whether the browser has not come back to this computer yet, or shows a page that leads nowhere."""
        parts = urlsplit(driver.current_url)
        return parts.netloc == home and not driver.find_elements("id", "ended")

    def _act(self, driver: webdriver.Chrome) -> None:
        places = {name: self._found(driver, name) for rule in self._rules for name in (rule.see, rule.press)}
        try:
            rule = first_that_fits(self._rules, lambda name: places[name] is not None, self._done)
        except LookupError:
            return  # it is loading still, or is the last one
        see, press = places[rule.see], places[rule.press]
        if see is None or press is None:
            return
        if rule.once:
            self._done.add(rule)
        if rule.words:
            see.clear()
            see.send_keys(rule.words)
        self._take(driver, rule.see)
        press.click()
        self._left(driver, press)

    @staticmethod
    def _found(driver: webdriver.Chrome, name: str) -> WebElement | None:
        found = driver.find_elements("id", name)
        return found[0] if found and found[0].is_displayed() else None

    @staticmethod
    def _left(driver: webdriver.Chrome, pressed: WebElement) -> None:
        """Wait until the press led to another page; a box that was unticked stays where it is."""
        del driver
        until = monotonic() + 2.0
        while monotonic() < until:
            try:
                if pressed.get_attribute("type") == "checkbox":
                    return
            except WebDriverException:
                return
            sleep(0.02)

    def _take(self, driver: webdriver.Chrome, name: str) -> None:
        place = self._picture(name)
        if place is not None:
            driver.save_screenshot(str(place))
