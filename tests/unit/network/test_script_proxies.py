"""Scripts that choose the proxy, as Windows and macOS are set up with them."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network.script_proxies import script_chooses

MACOS = """\
<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
  }
  FTPPassive : 1
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.example.org/proxy.pac
}
"""


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (MACOS, True),
        (MACOS.replace("ProxyAutoConfigEnable : 1", "ProxyAutoConfigEnable : 0"), False),
        (MACOS.replace("ProxyAutoConfigEnable", "ProxyAutoDiscoveryEnable"), True),
        (MACOS.replace("ProxyAutoConfigEnable", "HTTPSEnable"), False),
        ("", False),
    ],
)
def test_macos_lists_whether_a_script_decides(listing: str, *, expected: bool) -> None:
    assert script_chooses("darwin", listing=lambda: listing) is expected


@pytest.mark.parametrize(
    ("address", "expected"), [("http://wpad.example.org/wpad.dat", True), ("", False), (" ", False)]
)
def test_windows_keeps_the_address_of_a_script(address: str, *, expected: bool) -> None:
    assert script_chooses("win32", address=lambda: address) is expected


@pytest.mark.parametrize("system", ["linux", "freebsd14", ""])
def test_another_system_is_asked_by_its_desktop(system: str) -> None:
    def asked() -> str:
        raise AssertionError(system)

    assert script_chooses(system, listing=asked, address=asked) is False


def test_a_system_that_cannot_be_asked_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert script_chooses("darwin") is False
    assert script_chooses("win32") is False  # there is no registry here


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("echo '  ProxyAutoConfigEnable : 1'", True),
        ("echo '  ProxyAutoConfigEnable : 1'; exit 3", False),
        ("printf '\\377'", False),
    ],
)
def test_the_real_program_is_run_and_its_failures_are_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, *, expected: bool
) -> None:
    program = tmp_path / "scutil"
    program.write_text(f'#!/bin/sh\n[ "$1" = --proxy ] || exit 9\n{body}\n')
    program.chmod(0o700)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    assert script_chooses("darwin") is expected


@given(st.text(max_size=200))
def test_no_listing_whatever_makes_reading_fail(listing: str) -> None:
    assert script_chooses("darwin", listing=lambda: listing) in {True, False}
