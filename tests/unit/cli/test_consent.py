"""Somebody else's sign-in page, as far as a terminal can lead to it."""

import io
import webbrowser

import pytest
from rich.console import Console

from sendwright.cli.consent import ask_consent, has_display, open_page
from sendwright.cli.questions import Back, Questions
from sendwright.screens import Action, Consent, ConsentWay

ADDRESS = "https://login.example.org/organizations/oauth2/v2.0/authorize?client_id=1&state=" + "s" * 80
CONSENT = Consent(
    step="ms-consent",
    title="start.title",
    url=ADDRESS,
    actions=(Action(name="browser", label="start.check.label"), Action(name="device", label="start.open.label")),
)


def questions(*typed: str, terminal: bool = False) -> tuple[Questions, io.StringIO]:
    lines, out = iter(typed), io.StringIO()
    console = Console(file=out, width=80, emoji=False, force_terminal=terminal, color_system=None)
    return Questions(out=console, line=lambda _: next(lines), secret=lambda _: next(lines)), out


@pytest.mark.parametrize(("typed", "action"), [("", "browser"), ("1", "browser"), ("2", "device")])
def test_instead_of_an_embedded_page_the_other_ways_are_offered(typed: str, action: str) -> None:
    asking, out = questions(typed)
    assert ask_consent(CONSENT, asking, opening=lambda _: pytest.fail("nothing is opened")) == {"action": action}
    assert ADDRESS not in out.getvalue()


def test_one_can_go_back_instead() -> None:
    asking, _ = questions("<")
    with pytest.raises(Back):
        ask_consent(CONSENT, asking)


@pytest.mark.parametrize(("opens", "words"), [(True, "Your browser shows"), (False, "Open this address in a browser")])
def test_the_own_browser_is_opened_once_and_the_address_stands_there_whole(opens: bool, words: str) -> None:
    opened: list[str] = []

    def opening(address: str) -> bool:
        opened.append(address)
        return opens

    asking, out = questions()
    consent = Consent(step="s", title="start.title", url=ADDRESS, way=ConsentWay.BROWSER)
    assert ask_consent(consent, asking, opening=opening) == {}
    assert opened == [ADDRESS]
    assert words in out.getvalue()
    assert any(ADDRESS in line for line in out.getvalue().splitlines())


@pytest.mark.parametrize("terminal", [True, False])
def test_a_device_code_stands_below_the_address_it_is_typed_at(terminal: bool) -> None:
    asking, out = questions(terminal=terminal)
    consent = Consent(
        step="s", title="start.title", url="https://login.example.org/device", way=ConsentWay.DEVICE, user_code="AB12C"
    )
    assert ask_consent(consent, asking, opening=lambda _: pytest.fail("nothing is opened")) == {}
    shown = out.getvalue()
    assert shown.index("https://login.example.org/device") < shown.index("AB12C")
    assert ("█" in shown) is terminal


@pytest.mark.parametrize(
    ("address", "display", "opened"),
    [
        ("https://login.example.org/", ":0", True),
        ("https://login.example.org/", "", False),
        ("http://login.example.org/", ":0", False),
        ("file:///etc/passwd", ":0", False),
        ("javascript:alert(1)", ":0", False),
    ],
)
def test_only_https_is_opened_and_only_where_there_is_a_display(
    monkeypatch: pytest.MonkeyPatch, address: str, display: str, opened: bool
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(webbrowser, "open", lambda url, new: seen.append(url) or True)
    assert open_page(address) is opened
    assert seen == ([address] if opened else [])


def test_a_computer_without_a_browser_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(url: str, new: int) -> bool:
        raise webbrowser.Error("no browser")

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", broken)
    assert open_page("https://login.example.org/") is False


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert has_display()
