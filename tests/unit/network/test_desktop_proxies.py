"""Settings of GNOME and KDE, as their programs and files write them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network import desktop_proxies
from sendwright.network.desktop_proxies import DesktopSettings, desktop_settings, matches, read_gnome, read_kde

GNOME = """\
org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1', '*.intern.example.org']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http authentication-password ''
org.gnome.system.proxy.http enabled false
org.gnome.system.proxy.http host 'web.example.org'
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.https host 'proxy.example.org'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host ''
org.gnome.system.proxy.socks port 0
"""
KDE = """\
[$Version]
update_info=kioslave.upd:kde2.2/r1

[Proxy Settings]
NoProxyFor=localhost,.intern.example.org 10.0.0.0/8
Proxy Config Script=
ProxyType=1
ReversedException=false
httpProxy=http://web.example.org 8080
httpsProxy=http://proxy.example.org 3128
"""


def test_gnome_names_a_proxy_for_each_scheme() -> None:
    found = read_gnome(GNOME)
    assert found.places == {"http": "http://web.example.org:8080", "https": "http://proxy.example.org:3128"}
    assert found.direct == ("localhost", "127.0.0.0/8", "::1", "*.intern.example.org")
    assert found.bypasses("wiki.intern.example.org")
    assert not found.bypasses("example.org")
    assert not found.by_script


@pytest.mark.parametrize(("mode", "by_script"), [("'none'", False), ("'auto'", True), ("'nonsense'", False)])
def test_a_gnome_that_is_not_set_by_hand_names_none(mode: str, *, by_script: bool) -> None:
    found = read_gnome(GNOME.replace("'manual'", mode))
    assert (found.places, found.by_script) == ({}, by_script)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("org.gnome.system.proxy.https port 0", None),
        ("org.gnome.system.proxy.https port many", None),
        ("org.gnome.system.proxy.https host ''", None),
        ("org.gnome.system.proxy.https host '2001:db8::1'", "http://[2001:db8::1]:3128"),
    ],
)
def test_a_place_that_is_half_set_is_none(line: str, expected: str | None) -> None:
    assert read_gnome(f"{GNOME}{line}\n").places.get("https") == expected


def test_kde_names_a_proxy_for_each_scheme() -> None:
    found = read_kde(KDE)
    assert found.places == {"http": "http://web.example.org:8080", "https": "http://proxy.example.org:3128"}
    assert found.bypasses("wiki.intern.example.org")
    assert found.bypasses("10.9.8.7")
    assert not found.bypasses("example.org")


def test_kde_can_turn_its_list_around() -> None:
    found = read_kde(KDE.replace("ReversedException=false", "ReversedException=true"))
    assert not found.bypasses("wiki.intern.example.org")
    assert found.bypasses("example.org")


@pytest.mark.parametrize(("kind", "by_script"), [("0", False), ("2", True), ("3", True), ("4", False), ("x", False)])
def test_a_kde_that_is_not_set_by_hand_names_none(kind: str, *, by_script: bool) -> None:
    found = read_kde(KDE.replace("ProxyType=1", f"ProxyType={kind}"))
    assert (found.places, found.by_script) == ({}, by_script)


@pytest.mark.parametrize("content", ["", "no section", "[Proxy Settings", "[Other]\na=b\n", "[Proxy Settings]\n=\n"])
def test_a_file_that_kde_did_not_write_names_none(content: str) -> None:
    assert read_kde(content) == DesktopSettings()


@given(st.text(max_size=300))
def test_no_content_whatever_makes_the_readers_fail(content: str) -> None:
    assert isinstance(read_kde(content), DesktopSettings)
    assert isinstance(read_gnome(content), DesktopSettings)


@pytest.mark.parametrize(
    ("host", "pattern", "expected"),
    [
        ("example.org", "example.org", True),
        ("MAIL.Example.ORG", "example.org", True),
        ("mail.example.org.", "*.example.org", True),
        ("example.org", "*.example.org", False),
        ("example.org", "*", True),
        ("badexample.org", "example.org", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("[::1]", "::1", True),
        ("2001:db8::5", "2001:db8::/32", True),
        ("10.1.2.3", "2001:db8::/32", False),
        ("example.org", "", False),
        ("example.org", ".", False),
        ("example.org", "10.0.0.0/99", False),
    ],
)
def test_a_host_fits_a_pattern_or_does_not(host: str, pattern: str, *, expected: bool) -> None:
    assert matches(host, (pattern,)) is expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_pattern_whatever_makes_matching_fail(host: str, pattern: str) -> None:
    assert matches(host, (pattern,)) in {True, False}


@pytest.mark.parametrize("desktop", ["GNOME", "ubuntu:GNOME", "X-Cinnamon", "MATE"])
def test_the_desktop_in_use_decides_whom_to_ask(desktop: str) -> None:
    found = desktop_settings({"XDG_CURRENT_DESKTOP": desktop}, run=lambda: GNOME)
    assert found.places["https"] == "http://proxy.example.org:3128"


@pytest.mark.parametrize("configured", [True, False])
def test_kde_is_asked_where_its_files_are(tmp_path: Path, *, configured: bool) -> None:
    folder = tmp_path / "elsewhere" if configured else tmp_path / ".config"
    folder.mkdir()
    (folder / "kioslaverc").write_text(KDE)
    environment = {"XDG_CURRENT_DESKTOP": "KDE"} | ({"XDG_CONFIG_HOME": str(folder)} if configured else {})
    found = desktop_settings(environment, run=lambda: GNOME, home=tmp_path)
    assert found.places["https"] == "http://proxy.example.org:3128"


def test_a_kde_without_a_file_has_no_proxy(tmp_path: Path) -> None:
    assert desktop_settings({"XDG_CURRENT_DESKTOP": "KDE"}, home=tmp_path) == DesktopSettings()


def test_without_a_desktop_nobody_is_asked() -> None:
    def run() -> str:
        raise AssertionError

    assert desktop_settings({}, run=run) == DesktopSettings()


@pytest.mark.parametrize("script", ["exit 1", "printf '\\377\\376'; exit 0", f"cat <<'E'\n{GNOME}E"])
def test_the_real_program_is_run_and_its_failures_are_no_proxies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    found = desktop_settings({"XDG_CURRENT_DESKTOP": "GNOME"})
    assert bool(found.places) is script.startswith("cat")


def test_a_computer_without_the_program_has_no_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert desktop_proxies.desktop_settings({"XDG_CURRENT_DESKTOP": "GNOME"}) == DesktopSettings()


def test_a_socks_proxy_of_the_desktop_is_told() -> None:
    listing = GNOME.replace("socks host ''", "socks host 'socks.example.org'")
    assert read_gnome(listing).places["socks"] == "socks://socks.example.org"
    kde = KDE + "socksProxy=socks://socks.example.org 1080\n"
    assert read_kde(kde).places["socks"] == "socks://socks.example.org:1080"
    assert "socks" not in read_gnome(GNOME).places
    assert "socks" not in read_kde(KDE).places


@pytest.mark.parametrize("password", ["wax-Falke-42", "it''s"])
def test_a_password_that_gnome_keeps_is_not_printed(password: str) -> None:
    listing = GNOME.replace("authentication-password ''", f"authentication-password '{password}'")
    assert password not in repr(read_gnome(listing))
    assert password not in str(dict(read_gnome(listing).places))
