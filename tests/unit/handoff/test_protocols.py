"""What the wizard is promised is what the clients offer: the same calls with the same arguments."""

import inspect
from pathlib import Path
from typing import get_type_hints

import pytest
from tests.unit.handoff.served import NETWORK

from sendwright.handoff.backend import Backend, BackendAddress, LocalBackend
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.local import LocalBackendProcess
from sendwright.handoff.user_service import UserService

PAIRS = [(Backend, HttpBackend), (LocalBackend, LocalBackendProcess)]
CALLS = [
    (promised, offered, name)
    for promised, offered in PAIRS
    for name, member in vars(promised).items()
    if not name.startswith("_") and inspect.isfunction(member)
]


@pytest.mark.parametrize(("promised", "offered", "name"), CALLS, ids=[name for _, _, name in CALLS])
def test_a_call_takes_and_gives_what_was_promised(promised: type, offered: type, name: str) -> None:
    wanted, found = getattr(promised, name), getattr(offered, name)
    assert inspect.signature(found).parameters.keys() >= inspect.signature(wanted).parameters.keys()
    for parameter in inspect.signature(wanted).parameters.values():
        assert inspect.signature(found).parameters[parameter.name].kind == parameter.kind
    assert get_type_hints(found)["return"] == get_type_hints(wanted)["return"]
    assert found.__doc__


def test_the_clients_can_be_used_where_the_promise_is_wanted(tmp_path: Path) -> None:
    backend: Backend = HttpBackend(BackendAddress(url="https://example.org"), token=None, network=NETWORK)
    local: LocalBackend = LocalBackendProcess(tmp_path, service=UserService(tmp_path, available=False))
    assert backend is not None
    assert local.can_be_kept_running is False


def test_an_address_says_what_it_trusts_in_addition() -> None:
    assert BackendAddress(url="https://example.org").ca_pem is None
    with pytest.raises(AttributeError):
        BackendAddress(url="https://example.org").url = "http://example.org"  # type: ignore[misc]
