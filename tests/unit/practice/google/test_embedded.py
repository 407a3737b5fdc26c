"""Which browsers are those of other programs."""

import pytest
from tests.unit.practice.visiting import EMBEDDED, OWN_BROWSER

from sendwright.practice.google.embedded import is_embedded

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15"  # noqa: E501 - as it is
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
WEB_VIEW = ANDROID.replace("Pixel)", "Pixel; wv)")
EDGE_VIEW = '"Microsoft Edge WebView2";v="140", "Chromium";v="140"'


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": ""},
        {"user-agent": OWN_BROWSER},
        {"user-agent": CHROME, "sec-ch-ua": '"Chromium";v="140", "Google Chrome";v="140"'},
        {"user-agent": CHROME, "x-requested-with": "XMLHttpRequest"},
        {"user-agent": SAFARI},
        {"user-agent": ANDROID},
        {"user-agent": "Offline/1.0"},
    ],
)
def test_a_browser_of_its_own_is_none(headers: dict[str, str]) -> None:
    assert not is_embedded(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": EMBEDDED},
        {"user-agent": WEB_VIEW},
        {"user-agent": SAFARI.partition(" Version/")[0]},
        {"user-agent": f"{CHROME} Electron/38.0"},
        {"user-agent": f"{CHROME} CefSharp"},
        {"user-agent": f"{SAFARI} [FBAN/FBIOS]"},
        {"user-agent": "Mozilla/5.0 (X11) AppleWebKit/538.1 QtWebKit/5.9"},
        {"user-agent": ANDROID, "x-requested-with": "com.example.app"},
        {"user-agent": CHROME, "sec-ch-ua": EDGE_VIEW},
        {"user-agent": ANDROID, "sec-ch-ua": '"Android WebView";v="140"'},
        {"user-agent": CHROME, "sec-ch-ua": '"QtWebEngine";v="6"'},
    ],
)
def test_one_inside_of_another_program_shows(headers: dict[str, str]) -> None:
    assert is_embedded(headers)
