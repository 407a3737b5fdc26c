"""Recognises browsers inside other programs: Google lets nobody sign in with them (developers.googleblog.com, 2021)."""

import re
from collections.abc import Mapping
from typing import Final

_AGENTS: Final = re.compile(
    r"QtWebEngine/|QtWebKit|; wv\)|Electron/|CefSharp|\bCEF/|PhantomJS|JavaFX/|Awesomium/|FBA[NV]/|Instagram |\bLine/"
)
"""What they add to their names themselves; `; wv)` is Android's WebView."""

_APPLE: Final = re.compile(r"\((?:iPhone|iPad|Macintosh);")
"""WKWebView says AppleWebKit, and no Safari, as Apple's own browser does."""

_BRANDS: Final = ("WebView2", "Android WebView", "Electron", "QtWebEngine")
"""In Sec-CH-UA, where the name alone is that of a browser."""


def is_embedded(headers: Mapping[str, str]) -> bool:
    """Whether a request came from an embedded browser. headers: by their names in small letters."""
    agent = headers.get("user-agent", "")
    brands = headers.get("sec-ch-ua", "")
    web_view = _APPLE.search(agent) is not None and "AppleWebKit/" in agent and "Safari/" not in agent
    foreign = bool(headers.get("x-requested-with", "")) and "Android" in agent
    return bool(_AGENTS.search(agent)) or web_view or foreign or any(brand in brands for brand in _BRANDS)
