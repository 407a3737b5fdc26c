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
