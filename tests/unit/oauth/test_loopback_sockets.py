"""A port that nobody else answers, whichever way localhost is looked up."""

import errno
import socket
from collections.abc import Callable

import pytest

from sendwright.oauth import loopback_sockets
from sendwright.oauth.loopback_sockets import ATTEMPTS, bind_both

Bind = Callable[[socket.AddressFamily, str, int], socket.socket]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Every socket that was bound, so that a test sees which ones were closed again."""
    found: list[socket.socket] = []
    real: Bind = loopback_sockets._bind

    def bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        found.append(real(family, address, port))
        return found[-1]

    monkeypatch.setattr(loopback_sockets, "_bind", bind)
    return found


def refusing(monkeypatch: pytest.MonkeyPatch, number: int, *, times: int) -> list[int]:
    """Let binding on ::1 fail with `number` the first `times` times; return the ports that were tried."""
    real: Bind = loopback_sockets._bind
    tried: list[int] = []

    def bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
        if family is not socket.AF_INET6:
            return real(family, address, port)
        tried.append(port)
        if len(tried) <= times:
            raise OSError(number, "refused")
        return real(socket.AF_INET, "127.0.0.1", 0)

    monkeypatch.setattr(loopback_sockets, "_bind", bind)
    return tried


def close(found: list[socket.socket]) -> None:
    for one in found:
        one.close()


def test_both_sockets_have_the_same_port_and_belong_to_this_computer_alone() -> None:
    found = bind_both()
    names = [one.getsockname()[:2] for one in found]
    assert names[0][0] == "127.0.0.1"
    assert {address for address, _ in names} <= {"127.0.0.1", "::1"}
    assert len({port for _, port in names}) == 1
    assert all(one.gettimeout() == 0 for one in found)
    close(found)


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.ENETUNREACH])
def test_without_ipv6_the_first_address_is_enough(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refusing(monkeypatch, number, times=99)
    found = bind_both()
    assert [one.getsockname()[0] for one in found] == ["127.0.0.1"]
    close(found)


@pytest.mark.parametrize("number", [errno.EADDRINUSE, errno.EACCES])
def test_a_port_that_somebody_holds_on_the_other_address_is_not_taken(
    opened: list[socket.socket], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    tried = refusing(monkeypatch, number, times=3)
    found = bind_both()
    assert len(tried) == 4
    assert [one.fileno() for one in opened[:3]] == [-1, -1, -1]
    assert found[0].getsockname()[1] == tried[-1]
    close(found)


def test_where_no_port_is_left_nothing_stays_open(opened: list[socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    tried = refusing(monkeypatch, errno.EADDRINUSE, times=99)
    with pytest.raises(OSError, match="refused"):
        bind_both()
    assert len(tried) == ATTEMPTS
    assert {one.fileno() for one in opened} == {-1}


def test_a_port_that_another_program_really_holds_is_not_taken_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OSError, match="in use"):
            loopback_sockets._bind(socket.AF_INET, "127.0.0.1", other.getsockname()[1])
