from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sendwright.desktop.consent import availability
from sendwright.desktop.consent.availability import obstacle
from sendwright.desktop.consent.net_errors import VERIFY, failed_load, refused_certificate
from sendwright.desktop.consent.place import Place
from sendwright.desktop.theme.theme import Theme
from sendwright.problems.classify import classify
from sendwright.texts import text


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (-7, "connection-timed-out"),
        (-21, "network-unreachable"),
        (-100, "connection-dropped"),
        (-101, "connection-dropped"),
        (-102, "connection-refused"),
        (-105, "dns-name-not-found"),
        (-106, "network-unreachable"),
        (-107, "tls-handshake-failed"),
        (-111, "proxy-refused-tunnel"),
        (-113, "tls-version-too-old"),
        (-115, "proxy-authentication-required"),
        (-118, "connection-timed-out"),
        (-127, "proxy-authentication-required"),
        (-130, "proxy-unreachable"),
        (-137, "dns-resolver-failed"),
        (-200, "tls-certificate-wrong-name"),
        (-201, "tls-certificate-expired"),
        (-202, "tls-certificate-unknown-issuer"),
        (-206, "tls-certificate-revoked"),
        (-207, "tls-certificate-unsuitable"),
        (-299, "unrecognised"),
        (-9999, "unrecognised"),
    ],
)
def test_what_the_browser_reports_is_explained_like_everywhere_else(number: int, code: str) -> None:
    seen = failed_load(number, "net::ERR_SOMETHING", host="login.microsoftonline.com")
    problem = classify(seen)
    assert problem.code == code or (code == "unrecognised" and problem.evidence.condition == "connection-failed")
    assert seen.values["host"] == "login.microsoftonline.com"
    assert len(seen.text) <= 2000


def test_a_number_without_words_is_still_told() -> None:
    assert "-9999" in failed_load(-9999, "", host="example.org").text


@pytest.mark.parametrize("number", [*VERIFY, -214])
def test_a_bad_certificate_is_never_anything_else(number: int) -> None:
    problem = classify(refused_certificate(number, "x" * 5000, host="example.org"))
    assert problem.code.startswith("tls-")
    assert problem.evidence.stage == "secure"


@pytest.fixture
def switches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The kernel's switches, none of them there."""
    for name in ("_OFF", "_FORBIDDEN", "_RESTRICTED"):
        file, value = getattr(availability, name)
        monkeypatch.setattr(availability, name, (tmp_path / Path(file).name, value))
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "content", "found"),
    [
        ("max_user_namespaces", "0\n", "sandbox"),
        ("max_user_namespaces", "63000\n", ""),
        ("unprivileged_userns_clone", "0\n", "sandbox"),
        ("unprivileged_userns_clone", "1\n", ""),
        ("apparmor_restrict_unprivileged_userns", "1\n", "sandbox"),
        ("apparmor_restrict_unprivileged_userns", "0\n", ""),
        ("apparmor_restrict_unprivileged_userns", "\xff", ""),
        ("another", "0", ""),
    ],
)
def test_where_linux_locks_nothing_away_there_is_no_browser(
    switches: Path, file: str, content: str, found: str
) -> None:
    (switches / file).write_text(content, encoding="latin-1")
    assert obstacle({}, root=False) == found


@pytest.mark.usefixtures("switches")
@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "sandbox"),
        ({"QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"}, "sandbox"),
        ({"QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --no-sandbox"}, ""),
        ({"QTWEBENGINE_DISABLE_SANDBOX": "1"}, ""),
    ],
)
def test_root_has_a_browser_only_where_somebody_else_answers_for_it(environment: dict[str, str], found: str) -> None:
    assert obstacle(environment, root=True) == found


def test_elsewhere_root_has_one(switches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert obstacle({}, root=True) == ""


def test_without_the_library_there_is_none(switches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert obstacle({}, root=False) == "missing"


def test_the_lock_stands_there_only_when_what_is_shown_came_safely(theme: Theme, qtbot: QtBot) -> None:
    place = Place(theme)
    qtbot.addWidget(place)
    host = "login.microsoftonline.com"
    place.show_place(host, secure=False)
    assert place.lock.name != "lock"
    assert place.state.text() == text("consent.loading")
    place.show_place(host, secure=True)
    assert (place.lock.name, place.host.text()) == ("lock", "login.microsoftonline.com")
    assert place.accessibleName() == f"login.microsoftonline.com {text('consent.encrypted')}"
    place.show_nowhere()
    assert place.lock.name != "lock"
    assert place.accessibleName() == "login.microsoftonline.com"


def test_a_very_long_host_is_shown_whole(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    place = Place(theme)
    place.setParent(holder)
    place.show_place("login.microsoftonline.com." + "a" * 60 + "." + "b" * 60 + ".example", secure=True)
    place.resize(300, place.heightForWidth(300))
    assert place.host.heightForWidth(200) > place.host.heightForWidth(2000)
