"""Opens pages in the person's own browser."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_page(address: str) -> None:
    """Open `address`; nothing but https is ever opened, whoever wrote it."""
    url = QUrl(address)
    if url.scheme() == "https":
        QDesktopServices.openUrl(url)
