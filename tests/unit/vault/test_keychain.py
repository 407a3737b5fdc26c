"""The keychain vault over keychains that misbehave."""

import asyncio
import time

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordSetError
from tests.unit.vault.fakes import (
    FILE_IN_CLEAR,
    SECRET_SERVICE,
    WIN_VAULT,
    Asking,
    Clinging,
    Discarding,
    Failing,
    FakeKeychain,
    Manifold,
    Truncating,
    named,
)

from sendwright.errors import VaultUnavailable
from sendwright.vault.keychain import KeychainVault
from sendwright.vault.vault import Secret, SecretRef, Vault

REF = SecretRef("smtp-password", "draft-1")


async def condition_of_keeping(backend: KeyringBackend, secret: str = "pässword") -> str:
    with pytest.raises(VaultUnavailable) as raised:
        await KeychainVault(backend).keep(REF, Secret(secret))
    return raised.value.condition


async def test_a_secret_is_kept_fetched_replaced_and_forgotten() -> None:
    keychain = FakeKeychain()
    vault: Vault = KeychainVault(named(keychain))
    assert vault.lasting
    assert await vault.fetch(REF) is None
    await vault.keep(REF, Secret("one"))
    assert await vault.fetch(REF) == Secret("one")
    await vault.keep(REF, Secret("two"))
    assert await vault.fetch(REF) == Secret("two")
    await vault.forget(REF)
    assert await vault.fetch(REF) is None
    assert keychain.kept == {}
    await vault.forget(REF)


@pytest.mark.parametrize(
    ("ref", "service"),
    [
        (SecretRef("smtp-password", "draft-1"), "Sendwright/smtp-password/draft-1"),
        (SecretRef("a/b", "c"), "Sendwright/a%2Fb/c"),
        (SecretRef("a", "b/c"), "Sendwright/a/b%2Fc"),
        (SecretRef("token", "https://example.org/"), "Sendwright/token/https%3A%2F%2Fexample.org%2F"),
    ],
)
async def test_every_secret_has_a_service_of_its_own(ref: SecretRef, service: str) -> None:
    keychain = FakeKeychain()
    await KeychainVault(named(keychain)).keep(ref, Secret("x"))
    assert keychain.kept == {(service, "sendwright"): "x"}


async def test_what_was_written_is_read_back() -> None:
    keychain = FakeKeychain()
    await KeychainVault(named(keychain)).keep(REF, Secret("x"))
    assert keychain.calls == ["set", "get"]


@pytest.mark.parametrize("keychain", [Truncating(), Discarding()])
async def test_a_keychain_that_keeps_something_else_is_noticed_and_left_empty(keychain: FakeKeychain) -> None:
    assert await condition_of_keeping(named(keychain)) == "not-kept"
    assert keychain.kept == {}


async def test_a_keychain_that_does_not_delete_is_noticed() -> None:
    vault = KeychainVault(named(Clinging()))
    await vault.keep(REF, Secret("x"))
    with pytest.raises(VaultUnavailable) as raised:
        await vault.forget(REF)
    assert raised.value.condition == "refused"


async def test_all_items_of_one_name_are_deleted() -> None:
    keychain = Manifold()
    vault = KeychainVault(named(keychain))
    await vault.keep(REF, Secret("x"))
    await vault.forget(REF)
    assert keychain.kept == {}
    assert keychain.calls.count("delete") == 3


class LockedException(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (KeyringLocked("the words pässword"), "locked"),
        (LockedException("the words pässword"), "locked"),
        (TimeoutError(), "locked"),
        (NoKeyringError("no"), "absent"),
        (InitError("no default collection"), "absent"),
        (PasswordSetError("the words pässword"), "not-kept"),
        (KeyringError("what"), "absent"),
        (OSError(1783, "The stub received bad data"), "absent"),
        (RuntimeError("anything"), "absent"),
    ],
)
async def test_whatever_a_keychain_raises_has_a_condition_and_no_secret(error: Exception, condition: str) -> None:
    vault = KeychainVault(named(Failing(error)))
    for call in (vault.keep(REF, Secret("pässword")), vault.fetch(REF), vault.forget(REF)):
        with pytest.raises(VaultUnavailable) as raised:
            await call
        assert raised.value.condition == condition
        assert raised.value.__cause__ is raised.value.__context__ is None
        assert "pässword" not in repr(raised.value)


@pytest.mark.parametrize(
    ("backend", "condition"),
    [
        (null.Keyring(), "refused"),  # type: ignore[no-untyped-call]
        (fail.Keyring(), "absent"),  # type: ignore[no-untyped-call]
        (named(FakeKeychain(), FILE_IN_CLEAR), "refused"),
        (named(FakeKeychain(), ("keyring.backends.SecretService", "Keyring.Sub")), "refused"),
    ],
)
async def test_only_the_systems_own_keychains_are_used(backend: KeyringBackend, condition: str) -> None:
    assert await condition_of_keeping(backend) == condition
    vault = KeychainVault(backend)
    for call in (vault.fetch(REF), vault.forget(REF)):
        with pytest.raises(VaultUnavailable):
            await call


async def test_out_of_several_keychains_the_best_safe_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    in_clear, better, good = FakeKeychain(), FakeKeychain(), FakeKeychain()
    behind = [
        named(in_clear, FILE_IN_CLEAR, priority=9),
        named(good, SECRET_SERVICE, priority=4),
        named(better, ("keyring.backends.libsecret", "Keyring"), priority=5),
    ]
    monkeypatch.setattr(chainer.ChainerBackend, "backends", behind)
    backend = chainer.ChainerBackend()  # type: ignore[no-untyped-call]
    await KeychainVault(backend).keep(REF, Secret("x"))
    assert (len(in_clear.kept), len(better.kept), len(good.kept)) == (0, 1, 0)
    monkeypatch.setattr(chainer.ChainerBackend, "backends", behind[:1])
    assert await condition_of_keeping(backend) == "refused"


@pytest.mark.parametrize(("secret", "fits"), [("a" * 1280, True), ("a" * 1281, False), ("\U0001f600" * 641, False)])
async def test_windows_has_room_for_2560_octets(secret: str, fits: bool) -> None:
    keychain = FakeKeychain()
    backend = named(keychain, WIN_VAULT)
    if fits:
        await KeychainVault(backend).keep(REF, Secret(secret))
        assert list(keychain.kept.values()) == [secret]
    else:
        assert await condition_of_keeping(backend, secret) == "not-kept"
        assert keychain.calls == []


async def test_on_windows_the_former_secret_goes_first() -> None:
    keychain = FakeKeychain()
    vault = KeychainVault(named(keychain, WIN_VAULT))
    await vault.keep(REF, Secret("old"))
    keychain.calls.clear()
    await vault.keep(REF, Secret("new"))
    assert keychain.calls == ["get", "delete", "get", "set", "get"]


async def test_a_question_that_nobody_answers_ends_and_the_loop_goes_on() -> None:
    keychain = Asking()
    vault = KeychainVault(named(keychain), timeout_s=0.1)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    began = time.monotonic()
    with pytest.raises(VaultUnavailable) as raised:
        await vault.fetch(REF)
    ticking.cancel()
    keychain.answered.set()
    assert raised.value.condition == "locked"
    assert time.monotonic() - began < 5
    assert ticks > 3


async def test_a_question_that_is_answered_in_time_is_waited_for() -> None:
    keychain = Asking()
    vault = KeychainVault(named(keychain), timeout_s=20)
    asyncio.get_running_loop().call_later(0.05, keychain.answered.set)
    await vault.keep(REF, Secret("x"))
    assert await vault.fetch(REF) == Secret("x")


async def test_a_secret_that_no_keychain_can_hold_is_not_kept() -> None:
    class Encoding(FakeKeychain):
        def set_password(self, service: str, username: str, password: str) -> None:
            password.encode()

    assert await condition_of_keeping(named(Encoding()), "half \ud800") == "not-kept"
