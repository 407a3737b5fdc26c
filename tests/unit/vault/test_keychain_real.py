"""The keychain vault over gnome-keyring's real Secret Service, in every state it can be in."""

import json
import subprocess
import sys
from pathlib import Path

import keyring.backends.SecretService
import pytest
from keyring.backend import KeyringBackend
from tests.servers.fixtures import StartKeychain
from tests.servers.keychain import KeychainState, SecretService

from sendwright.vault.keychain import KeychainVault
from sendwright.vault.vault import Secret, SecretRef

pytestmark = pytest.mark.real_server

REF = SecretRef("smtp-password", "draft-1")

PROGRAM = """\
import asyncio, json, sys
from sendwright.vault.choose import open_vault, why_not_lasting
from sendwright.vault.vault import Secret, SecretRef

async def main():
    vault = await open_vault(timeout_s=20)
    ref = SecretRef("smtp-password", "draft-1")
    before = await vault.fetch(ref)
    await vault.keep(ref, Secret("pâss wörd \\U0001f511"))
    print(json.dumps([vault.lasting, why_not_lasting(vault), before and before.reveal()]))

asyncio.run(main())
"""


def run(environment: dict[str, str]) -> list[object]:
    """Open the vault in a process of its own, as the program does: keyring chooses once per process."""
    # keyring itself leaves its D-Bus connection open where a collection stays locked
    command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", PROGRAM]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, timeout=60, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


@pytest.fixture
def backend(secret_service: SecretService, monkeypatch: pytest.MonkeyPatch) -> KeyringBackend:
    for name, value in secret_service.variables.items():
        monkeypatch.setenv(name, value)
    return keyring.backends.SecretService.Keyring()  # type: ignore[no-untyped-call,no-any-return]


def test_a_secret_outlives_the_program(secret_service: SecretService) -> None:
    assert run(secret_service.environment) == [True, None, None]
    assert run(secret_service.environment) == [True, None, "pâss wörd \U0001f511"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (KeychainState.LOCKED, "locked"),
        (KeychainState.ABSENT, "absent"),
        (KeychainState.NO_BUS, "absent"),
    ],
)
def test_without_a_keychain_that_can_be_used_memory_takes_its_place(
    keychain: StartKeychain, state: KeychainState, reason: str
) -> None:
    environment = keychain(state).environment
    assert run(environment) == [False, reason, None]
    assert run(environment) == [False, reason, None]


def test_a_backend_that_discards_is_refused_though_a_keychain_is_there(secret_service: SecretService) -> None:
    environment = {**secret_service.environment, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    assert run(environment) == [False, "refused", None]


@pytest.mark.parametrize(
    ("setting", "reason"),
    [("keyring.backends.none.Keyring", "absent"), ("keyring.backends.fail.Keyring", "absent")],
)
def test_a_setting_that_leads_nowhere_counts_as_absent(
    secret_service: SecretService, setting: str, reason: str
) -> None:
    assert run({**secret_service.environment, "PYTHON_KEYRING_BACKEND": setting}) == [False, reason, None]


def test_a_file_in_clear_is_refused(secret_service: SecretService, tmp_path: Path) -> None:
    (tmp_path / "clear.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 20\n"
        "    def get_password(self, service, username): raise AssertionError('asked')\n"
        "    def set_password(self, service, username, password): raise AssertionError('written')\n",
        encoding="utf-8",
    )
    environment = {
        **secret_service.environment,
        "PYTHONPATH": str(tmp_path),
        "PYTHON_KEYRING_BACKEND": "clear.Keyring",
    }
    assert run(environment) == [False, "refused", None]


async def test_keeping_replacing_and_forgetting_are_real(backend: KeyringBackend) -> None:
    vault = KeychainVault(backend)
    assert await vault.fetch(REF) is None
    await vault.keep(REF, Secret("one"))
    await vault.keep(REF, Secret("two"))
    assert backend.get_password("Sendwright/smtp-password/draft-1", "sendwright") == "two"
    await vault.forget(REF)
    assert await vault.fetch(REF) is None
    await vault.forget(REF)


@pytest.mark.parametrize(
    "secret", ["", " leading and trailing ", "line\nbreak\x00nul", "\U0001f511" * 100, "x" * 20_000]
)
async def test_every_secret_comes_back_as_it_was(backend: KeyringBackend, secret: str) -> None:
    vault = KeychainVault(backend)
    await vault.keep(REF, Secret(secret))
    assert await vault.fetch(REF) == Secret(secret)


async def test_secrets_do_not_get_in_each_others_way(backend: KeyringBackend) -> None:
    vault = KeychainVault(backend)
    refs = [SecretRef(purpose, name) for purpose in ("a", "b") for name in ("1", "2")]
    for ref in refs:
        await vault.keep(ref, Secret(f"{ref.purpose}{ref.name}"))
    await vault.forget(refs[0])
    found = [await vault.fetch(ref) for ref in refs]
    assert found == [None, Secret("a2"), Secret("b1"), Secret("b2")]
