"""Opens pages in the person's own browser, and mails in her own mail program."""

from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from sendwright.network.page_address import may_be_opened

LONGEST_MAIL = 1900
"""Letters of an address of a mail that every mail program takes; Windows hands on about 2,000."""


def open_page(address: str) -> bool:
    """Open `address`, return whether a browser took it; it must be one that `may_be_opened`."""
    return may_be_opened(address) and bool(QDesktopServices.openUrl(QUrl(address)))


def mail_address(to: str, *, subject: str, body: str) -> str:
    """Return the `mailto:` address (RFC 6068) of a mail, empty where it is too long for some mail programs.

    Everything is encoded, so nothing in the words becomes a further header.
    """
    body = body.replace("\r\n", "\n").replace("\n", "\r\n")
    address = f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
    return address if len(address) <= LONGEST_MAIL else ""


def open_mail(to: str, *, subject: str, body: str) -> bool:
    """Open a new mail in the person's own mail program; nothing is sent by that. Return whether one took it."""
    address = mail_address(to, subject=subject, body=body)
    return bool(address) and bool(QDesktopServices.openUrl(QUrl(address, QUrl.ParsingMode.StrictMode)))
