"""The proxy that this computer is set up with, from wherever it is set."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network import system_proxies
from sendwright.network.desktop_proxies import DesktopSettings
from sendwright.network.system_proxies import (
    Proxy,
    SystemProxies,
    Without,
    no_proxies,
    read_proxy,
    read_system_proxies,
)
from sendwright.secret import Secret

NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(system_proxies, "desktop_settings", DesktopSettings)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("http://proxy.example.org:3128", Proxy(host="proxy.example.org", port=3128)),
        ("proxy.example.org:8080", Proxy(host="proxy.example.org", port=8080)),
        ("http://proxy.example.org", Proxy(host="proxy.example.org", port=80)),
        ("https://proxy.example.org", Proxy(host="proxy.example.org", port=443, tls=True)),
        ("http://[2001:db8::1]:3128/", Proxy(host="2001:db8::1", port=3128)),
        (
            "http://anna:p%40ss%3A@proxy.example.org:3128",
            Proxy(host="proxy.example.org", port=3128, login=Secret("anna:p@ss:")),
        ),
        ("http://anna@proxy.example.org:1", Proxy(host="proxy.example.org", port=1, login=Secret("anna:"))),
        ("socks5://proxy.example.org:1080", None),
        ("socks5h://proxy.example.org:1080", None),
        ("http://proxy.example.org:banana", None),
        ("http://proxy.example.org:99999", None),
        ("http://", None),
        ("http://[broken", None),
    ],
)
def test_an_address_of_a_proxy_is_read_or_refused(place: str, expected: Proxy | None) -> None:
    assert read_proxy(place) == expected


@given(st.text(max_size=60))
def test_no_address_whatever_makes_the_reader_fail(place: str) -> None:
    found = read_proxy(place)
    assert found is None or found.host


def test_a_login_does_not_print() -> None:
    proxy = read_proxy("http://anna:wax-Falke@proxy.example.org:3128")
    assert proxy is not None
    settings = SystemProxies(places={"https": "http://anna:wax-Falke@proxy.example.org:3128"})
    assert proxy.place == "proxy.example.org:3128"
    for shown in (repr(proxy), str(proxy), repr(settings), str(settings), proxy.place):
        assert "Falke" not in shown


def test_an_address_of_the_sixth_version_stands_in_brackets() -> None:
    assert Proxy(host="2001:db8::1", port=3128).place == "[2001:db8::1]:3128"


@pytest.mark.parametrize(
    ("environment", "host", "expected"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "example.org", "p:1"),
        ({"https_proxy": "http://p:1"}, "example.org", "p:1"),
        ({"ALL_PROXY": "http://p:1"}, "example.org", "p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "example.org", Without.NONE_SET),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org"}, "example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org"}, "mail.example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example.org"}, "mail.example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org:443"}, "example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other.example, *"}, "example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "10.1.2.3", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "192.0.2.1", "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "ample.org"}, "example.org", "p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "localhost", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "127.0.0.1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "::1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "::ffff:127.0.0.1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "[::1]", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "::", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "LocalHost.", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "127.9.9.9", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1"}, "::ffff:192.0.2.1", "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "[2001:db8::1]"}, "2001:db8::1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "[2001:db8::1]:443"}, "2001:db8::1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "2001:db8::/32"}, "[2001:db8::7]", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "2001:db8::/32"}, "2001:db9::7", "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org:8443"}, "example.org", "p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "EXAMPLE.ORG."}, "Example.org", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, "192.0.2.1", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b\u00fccher.example"}, "xn--bcher-kva.example", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "xn--bcher-kva.example"}, "B\u00fccher.example", Without.BYPASSED),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".b\u00fccher.example"}, "a.b\u00fccher.example", Without.BYPASSED),
        ({"https_proxy": "http://low:1", "HTTPS_PROXY": "http://up:2"}, "example.org", "low:1"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://up:2"}, "example.org", Without.NONE_SET),
        ({"HTTPS_PROXY": "http://anna:\udcff@p:1"}, "example.org", Without.OTHER_KIND),
        ({"ALL_PROXY": "socks5h://p:1080"}, "example.org", Without.OTHER_KIND),
        ({"HTTPS_PROXY": "socks5://p:1"}, "example.org", Without.OTHER_KIND),
        ({"NO_PROXY": "example.org"}, "example.org", Without.NONE_SET),
        ({}, "example.org", Without.NONE_SET),
    ],
)
def test_the_environment_is_read_as_others_read_it(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], host: str, expected: str | Without
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = read_system_proxies().choose(host)
    assert (found.place if isinstance(found, Proxy) else found) == expected


def test_the_environment_comes_before_the_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = DesktopSettings(places={"https": "http://desktop:2"}, direct=("intern.example.org",))
    monkeypatch.setattr(system_proxies, "desktop_settings", lambda: desktop)
    of_desktop = read_system_proxies()
    assert of_desktop.choose("example.org") == Proxy(host="desktop", port=2)
    assert of_desktop.choose("intern.example.org") is Without.BYPASSED
    monkeypatch.setenv("HTTPS_PROXY", "http://environment:1")
    assert read_system_proxies().choose("example.org") == Proxy(host="environment", port=1)


def test_a_script_of_the_desktop_is_known_to_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_proxies, "desktop_settings", lambda: DesktopSettings(by_script=True))
    assert read_system_proxies().choose("example.org") is Without.BY_SCRIPT


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_windows_and_macos_are_asked_in_their_own_way(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(system_proxies.sys, "platform", system)
    monkeypatch.setattr(system_proxies, "getproxies", lambda: {"https": "https://registry.example.org:8443"})
    monkeypatch.setattr(system_proxies, "proxy_bypass", lambda host: host == "intranet")
    settings = read_system_proxies()
    assert settings.choose("example.org") == Proxy(host="registry.example.org", port=8443, tls=True)
    assert settings.choose("intranet") is Without.BYPASSED


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_each_scheme_has_its_own_proxy(scheme: str) -> None:
    settings = SystemProxies(places={"http": "http://one:1", "https": "http://two:2"})
    found = settings.choose("example.org", scheme=scheme)
    assert isinstance(found, Proxy)
    assert found.host == {"http": "one", "https": "two"}[scheme]


def test_no_proxies_are_none() -> None:
    assert no_proxies().choose("example.org") is Without.NONE_SET


@pytest.mark.parametrize(
    ("port", "expected"), [(8443, Without.BYPASSED), (443, "p:1"), (None, "p:1"), (587, "p:1"), (84430, "p:1")]
)
def test_an_exception_with_a_port_is_for_that_port_alone(
    monkeypatch: pytest.MonkeyPatch, port: int | None, expected: str | Without
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", "other.example, .example.org:8443")
    found = read_system_proxies().choose("mail.example.org", port=port)
    assert (found.place if isinstance(found, Proxy) else found) == expected


@pytest.mark.parametrize("name", ["FTP_PROXY", "GIT_PROXY", "RSYNC_PROXY", "NO_PROXY"])
def test_a_variable_that_is_not_for_the_web_does_not_hide_the_desktop(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    desktop = DesktopSettings(places={"https": "http://desktop:2"})
    monkeypatch.setattr(system_proxies, "desktop_settings", lambda: desktop)
    monkeypatch.setenv(name, "http://elsewhere:1")
    assert read_system_proxies().choose("example.org") == Proxy(host="desktop", port=2)


@pytest.mark.parametrize("places", [{"socks": "socks://p:1080"}, {"http": "http://p:1", "socks": "socks4://p:1080"}])
def test_a_socks_proxy_that_stands_alone_is_not_passed_over(places: Mapping[str, str]) -> None:
    assert SystemProxies(places=places).choose("example.org") is Without.OTHER_KIND
    both = SystemProxies(places={**places, "https": "http://web:3128"})
    assert both.choose("example.org") == Proxy(host="web", port=3128)


@pytest.mark.parametrize("by_script", [True, False])
def test_a_script_of_windows_or_macos_is_known_to_decide(monkeypatch: pytest.MonkeyPatch, *, by_script: bool) -> None:
    monkeypatch.setattr(system_proxies.sys, "platform", "darwin")
    monkeypatch.setattr(system_proxies, "getproxies", dict)
    monkeypatch.setattr(system_proxies, "script_chooses", lambda system: by_script and system == "darwin")
    expected = Without.BY_SCRIPT if by_script else Without.NONE_SET
    assert read_system_proxies().choose("example.org") is expected


@given(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=4), st.none() | st.integers(0, 70_000))
def test_no_host_and_no_exceptions_whatever_make_choosing_fail(host: str, listed: list[str], port: int | None) -> None:
    settings = SystemProxies(places={"https": "http://p:1"}, listed=tuple(listed))
    found = settings.choose(host, port=port)
    assert found == Proxy(host="p", port=1) or found is Without.BYPASSED
    assert settings.choose("127.0.0.1", port=port) is Without.BYPASSED
