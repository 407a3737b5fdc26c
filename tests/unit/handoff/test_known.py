"""Which backend this computer is enrolled with."""

from pathlib import Path

import pytest

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.known import KnownBackend, KnownBackends
from sendwright.vault.vault import SecretRef

KNOWN = KnownBackend(
    address=BackendAddress(url="https://notify.example.org", ca_pem="-----BEGIN CERTIFICATE-----"),
    organisation="Example",
    token=SecretRef("backend-token", "https://notify.example.org"),
)


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    assert KnownBackends(tmp_path).current() is None


def test_what_is_remembered_is_known_again(tmp_path: Path) -> None:
    KnownBackends(tmp_path).remember(KNOWN)
    assert KnownBackends(tmp_path).current() == KNOWN


def test_what_is_forgotten_is_not_known_and_can_be_forgotten_twice(tmp_path: Path) -> None:
    known = KnownBackends(tmp_path)
    known.remember(KNOWN)
    known.forget()
    known.forget()
    assert known.current() is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"schema": "sendwright.backend/9"}'])
def test_a_file_that_says_something_else_is_no_backend(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backend.json").write_bytes(content)
    assert KnownBackends(tmp_path).current() is None
