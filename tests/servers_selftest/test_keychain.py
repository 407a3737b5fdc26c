"""The real keychain stores and reads back, is locked, or is not there, as the state says."""

import json
import subprocess
import sys

import keyring
import keyring.backends.SecretService
import pytest
from keyring.backend import KeyringBackend
from tests.servers.fixtures import StartKeychain
from tests.servers.keychain import KeychainState, SecretService

pytestmark = pytest.mark.real_server

PROGRAM = """\
import json, sys, keyring
action, *arguments = json.loads(sys.argv[1])
try:
    print(json.dumps(getattr(keyring, action)(*arguments)))
except Exception as error:
    print(json.dumps(type(error).__name__))
"""


def _elsewhere(service: SecretService, *call: str) -> object:
    """Call keyring in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, json.dumps(call)]
    done = subprocess.run(command, env=service.environment, check=True, capture_output=True, timeout=30)
    return json.loads(done.stdout)


def test_what_one_process_stores_another_reads(secret_service: SecretService) -> None:
    assert _elsewhere(secret_service, "set_password", "sendwright", "anna", "pâss wörd") is None
    assert _elsewhere(secret_service, "get_password", "sendwright", "anna") == "pâss wörd"
    assert _elsewhere(secret_service, "delete_password", "sendwright", "anna") is None
    assert _elsewhere(secret_service, "get_password", "sendwright", "anna") is None


def test_a_long_secret_survives(secret_service: SecretService) -> None:
    secret = "0123456789abcdef" * 1280
    _elsewhere(secret_service, "set_password", "sendwright", "token", secret)
    assert _elsewhere(secret_service, "get_password", "sendwright", "token") == secret


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (KeychainState.LOCKED, "KeyringLocked"),
        (KeychainState.ABSENT, "NoKeyringError"),
        (KeychainState.NO_BUS, "NoKeyringError"),
    ],
)
@pytest.mark.parametrize("call", [("set_password", "s", "u", "p"), ("get_password", "s", "u")])
def test_states_in_which_nothing_can_be_stored(
    keychain: StartKeychain, state: KeychainState, error: str, call: tuple[str, ...]
) -> None:
    assert _elsewhere(keychain(state), *call) == error


def test_its_variables_lead_this_process_to_it_as_well(
    secret_service: SecretService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in secret_service.variables.items():
        monkeypatch.setenv(name, value)
    backend: KeyringBackend = keyring.backends.SecretService.Keyring()  # type: ignore[no-untyped-call]
    backend.set_password("sendwright", "here", "secret")
    assert backend.get_password("sendwright", "here") == "secret"
    assert _elsewhere(secret_service, "get_password", "sendwright", "here") == "secret"


def test_every_keychain_starts_empty(keychain: StartKeychain) -> None:
    first, second = keychain(KeychainState.UNLOCKED), keychain(KeychainState.UNLOCKED)
    _elsewhere(first, "set_password", "sendwright", "anna", "only in the first")
    assert _elsewhere(second, "get_password", "sendwright", "anna") is None
