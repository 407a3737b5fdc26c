"""Which vault this computer gets, and why."""

import time

import pytest
from keyring.backends import fail, null
from keyring.errors import KeyringLocked
from tests.unit.vault.fakes import (
    FILE_IN_CLEAR,
    WIN_VAULT,
    Asking,
    Clinging,
    Discarding,
    Failing,
    FakeKeychain,
    Truncating,
    named,
)

from sendwright.errors import VaultUnavailable
from sendwright.vault.backends import require_safe, system_backend
from sendwright.vault.choose import open_vault, why_not_lasting
from sendwright.vault.keychain import WINDOWS_OCTETS, KeychainVault
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef


async def test_a_keychain_that_works_is_taken_and_the_probe_leaves_no_trace() -> None:
    keychain = FakeKeychain()
    vault = await open_vault(find=lambda: named(keychain))
    assert isinstance(vault, KeychainVault)
    assert why_not_lasting(vault) is None
    assert keychain.calls == ["set", "get", "get", "delete", "get"]
    assert keychain.kept == {}


async def test_the_keychain_of_windows_takes_long_secrets_too() -> None:
    keychain = FakeKeychain()
    vault = await open_vault(find=lambda: named(keychain, WIN_VAULT))
    ref, secret = SecretRef("grant", "draft-1"), Secret("0.AXkA" * 1_000)
    assert why_not_lasting(vault) is None
    assert vault.lasting
    await vault.keep(ref, secret)
    assert await vault.fetch(ref) == secret
    assert max(map(len, keychain.kept.values())) <= WINDOWS_OCTETS // 2
    await vault.forget(ref)
    assert keychain.kept == {}


@pytest.mark.parametrize(
    ("keychain", "reason"),
    [
        (Truncating(), "not-kept"),
        (Discarding(), "not-kept"),
        (Clinging(), "refused"),
        (Failing(KeyringLocked("dismissed")), "locked"),
        (Failing(OSError("the bus is gone")), "absent"),
    ],
)
async def test_a_keychain_that_does_not_work_makes_it_memory_with_the_reason(
    keychain: FakeKeychain, reason: str
) -> None:
    vault = await open_vault(find=lambda: named(keychain))
    assert isinstance(vault, MemoryVault)
    assert why_not_lasting(vault) == reason
    await vault.keep(SecretRef("a", "b"), Secret("works all the same"))
    assert await vault.fetch(SecretRef("a", "b")) == Secret("works all the same")


async def test_a_keychain_that_keeps_asking_counts_as_locked() -> None:
    keychain = Asking()
    began = time.monotonic()
    assert why_not_lasting(await open_vault(timeout_s=0.1, find=lambda: named(keychain))) == "locked"
    assert time.monotonic() - began < 5
    keychain.answered.set()


async def test_looking_for_a_keychain_may_take_too_long_as_well() -> None:
    keychain = Asking()

    def find() -> KeychainVault:
        keychain.answered.wait(30)
        raise AssertionError("given up long ago")

    vault = await open_vault(timeout_s=0.1, find=find)  # type: ignore[arg-type]
    keychain.answered.set()
    assert why_not_lasting(vault) == "locked"


@pytest.mark.parametrize(
    ("backend", "condition"),
    [
        (null.Keyring(), "refused"),  # type: ignore[no-untyped-call]
        (fail.Keyring(), "absent"),  # type: ignore[no-untyped-call]
        (named(FakeKeychain(), FILE_IN_CLEAR), "refused"),
    ],
)
async def test_what_keyring_found_is_judged(
    backend: null.Keyring, condition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    with pytest.raises(VaultUnavailable) as raised:
        system_backend()
    assert raised.value.condition == condition
    assert why_not_lasting(await open_vault()) == condition


def test_a_safe_keychain_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = named(FakeKeychain())
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    assert system_backend() is require_safe(backend) is backend


def test_a_setting_that_names_what_is_not_there_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModuleNotFoundError("no such backend")

    monkeypatch.setattr("keyring.get_keyring", missing)
    with pytest.raises(VaultUnavailable) as raised:
        system_backend()
    assert raised.value.condition == "absent"
