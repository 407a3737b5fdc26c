"""Connecting to a host with several addresses."""

import asyncio
import errno
import socket
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers.ports import Address

from sendwright.network import dial as dial_module
from sendwright.network.dial import Dialled, dial, interleave
from sendwright.network.failures import ConnectFailed
from sendwright.problems.evidence import Evidence, System

TIMEOUT_S = 1.0


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A port that listens on 127.0.0.1 and ::1."""
    first = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    number: int = first.sockets[0].getsockname()[1]
    second = await asyncio.start_server(lambda _, writer: writer.close(), "::1", number)
    yield number
    first.close()
    second.close()


Outcomes = dict[str, str | Exception | socket.socket]


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """Decide how the connection to each address ends: silence, an error, or a socket after a while."""
    ends: Outcomes = {}

    async def connect(address: str, _: int) -> socket.socket:
        end = ends[address]
        if isinstance(end, Exception):
            raise end
        await asyncio.sleep(3600 if isinstance(end, str) else 0)
        assert isinstance(end, socket.socket)
        return end

    monkeypatch.setattr(dial_module, "_connect", connect)
    return ends


async def failure_of(*addresses: str, port: int) -> Evidence:
    with pytest.raises(ConnectFailed) as caught:
        await dial(addresses, port=port, timeout_s=TIMEOUT_S)
    return caught.value.evidence


def close(dialled: Dialled) -> None:
    dialled.sock.close()


@pytest.mark.parametrize(
    ("addresses", "order"),
    [
        ((), ()),
        (("192.0.2.1",), ("192.0.2.1",)),
        (("::1", "::2", "192.0.2.1"), ("::1", "192.0.2.1", "::2")),
        (("192.0.2.1", "192.0.2.2", "::1"), ("192.0.2.1", "::1", "192.0.2.2")),
        (("::1", "::1", "192.0.2.1"), ("::1", "192.0.2.1")),
        (("192.0.2.1", "192.0.2.2"), ("192.0.2.1", "192.0.2.2")),
    ],
)
def test_the_families_take_turns(addresses: tuple[str, ...], order: tuple[str, ...]) -> None:
    assert interleave(addresses) == order


@given(st.lists(st.ip_addresses().map(str)))
def test_taking_turns_loses_and_adds_nothing(addresses: list[str]) -> None:
    mixed = interleave(addresses)
    assert sorted(mixed) == sorted(set(addresses))
    assert mixed[:1] == tuple(addresses[:1])


@pytest.mark.parametrize(("address", "family"), [("127.0.0.1", "IPv4"), ("::1", "IPv6")])
async def test_a_socket_comes_with_the_record_of_its_attempt(port: int, address: str, family: str) -> None:
    dialled = await dial((address,), port=port, timeout_s=TIMEOUT_S)
    assert dialled.address == address
    assert dialled.sock.getpeername()[:2] == (address, port)
    assert not dialled.sock.getblocking()
    (attempt,) = dialled.attempts
    assert (attempt.address, attempt.family, attempt.errno) == (address, family, None)
    assert 0 <= attempt.took_ms < 1_000 * TIMEOUT_S
    close(dialled)


async def test_a_refused_address_is_passed_over_at_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dial_module, "STAGGER_S", 30)
    began = time.monotonic()
    dialled = await dial(("127.0.0.2", "::1"), port=port, timeout_s=60)
    assert time.monotonic() - began < 10
    assert dialled.address == "::1"
    assert [(attempt.address, attempt.errno) for attempt in dialled.attempts] == [
        ("127.0.0.2", "ECONNREFUSED"),
        ("::1", None),
    ]
    close(dialled)


async def test_a_filtered_address_delays_the_next_by_a_quarter_of_a_second(black_hole: Address) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "::1", black_hole.port)
    began = time.monotonic()
    dialled = await dial((black_hole.host, "::1"), port=black_hole.port, timeout_s=5)
    took = time.monotonic() - began
    server.close()
    assert 0.2 < took < 2
    assert dialled.address == "::1"
    assert dialled.attempts[0].errno is None
    assert {attempt.address for attempt in dialled.attempts} == {black_hole.host, "::1"}
    close(dialled)


async def test_a_filtered_host_costs_one_timeout_however_many_addresses_it_has(outcomes: Outcomes) -> None:
    addresses = [f"192.0.2.{number}" for number in range(1, 11)]
    outcomes.update(dict.fromkeys(addresses, "silence"))
    began = time.monotonic()
    evidence = await failure_of(*addresses, port=587)
    assert time.monotonic() - began <= 1.1 * TIMEOUT_S
    assert evidence.condition == "connection-timed-out"
    assert evidence.values["attempts"].count("ETIMEDOUT") == 10


async def test_one_filtered_address_is_timed_out(black_hole: Address) -> None:
    began = time.monotonic()
    evidence = await failure_of(black_hole.host, port=black_hole.port)
    assert TIMEOUT_S * 0.9 < time.monotonic() - began <= TIMEOUT_S * 1.1
    assert (evidence.stage, evidence.system) == ("connect", System.SOCKET)
    assert (evidence.condition, evidence.errno) == ("connection-timed-out", "ETIMEDOUT")
    assert evidence.values["address"] == black_hole.host


async def test_a_closed_port_refuses(closed_port: Address) -> None:
    evidence = await failure_of(closed_port.host, "::1", port=closed_port.port)
    assert (evidence.condition, evidence.errno) == ("connection-refused", "ECONNREFUSED")
    assert evidence.values["port"] == str(closed_port.port)
    assert evidence.values["attempts"] == "127.0.0.1 ECONNREFUSED, ::1 ECONNREFUSED"


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EAFNOSUPPORT, errno.EPERM])
async def test_an_address_without_a_way_is_unreachable(outcomes: Outcomes, number: int) -> None:
    outcomes["2001:db8::1"] = OSError(number, "x")
    evidence = await failure_of("2001:db8::1", port=25)
    assert (evidence.condition, evidence.errno) == ("network-unreachable", errno.errorcode[number])
    assert evidence.values["address"] == "2001:db8::1"


@pytest.mark.parametrize(
    ("ends", "condition"),
    [
        (("silence", errno.ECONNREFUSED, errno.ENETUNREACH), "connection-refused"),
        (("silence", errno.ENETUNREACH, errno.EMFILE), "connection-timed-out"),
        ((errno.ENETUNREACH, errno.ECONNRESET, errno.EMFILE), "connection-dropped"),
        ((errno.ENETUNREACH, errno.EMFILE), "connection-failed"),
        ((errno.ENETUNREACH, errno.EHOSTUNREACH), "network-unreachable"),
    ],
)
async def test_the_most_telling_failure_stands_for_all(
    outcomes: Outcomes, ends: tuple[int | str, ...], condition: str
) -> None:
    addresses = [f"192.0.2.{number}" for number in range(len(ends))]
    for address, end in zip(addresses, ends, strict=True):
        outcomes[address] = end if isinstance(end, str) else OSError(end, "x")
    evidence = await failure_of(*addresses, port=25)
    assert evidence.condition == condition
    assert all(address in evidence.values["attempts"] for address in addresses)


async def test_without_an_address_there_is_nothing_to_dial() -> None:
    with pytest.raises(ValueError, match="no address"):
        await dial((), port=25, timeout_s=TIMEOUT_S)


async def test_a_fault_of_ours_is_no_failure_of_the_network(outcomes: Outcomes) -> None:
    outcomes["192.0.2.1"] = RuntimeError("ours")
    with pytest.raises(RuntimeError, match="ours"):
        await dial(("192.0.2.1",), port=25, timeout_s=TIMEOUT_S)


@pytest.mark.parametrize("zone", ["nowhere0", "a b", "\0"])
async def test_a_zone_that_names_no_interface_here_leads_nowhere(zone: str) -> None:
    evidence = await failure_of(f"fe80::1%{zone}", port=25)
    assert (evidence.condition, evidence.errno) == ("network-unreachable", "EADDRNOTAVAIL")


async def test_the_first_error_stays_the_cause(closed_port: Address) -> None:
    with pytest.raises(ConnectFailed) as caught:
        await dial((closed_port.host,), port=closed_port.port, timeout_s=TIMEOUT_S)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


async def test_giving_up_closes_every_socket(black_hole: Address) -> None:
    dialling = asyncio.create_task(dial((black_hole.host,), port=black_hole.port, timeout_s=30))
    await asyncio.sleep(0.05)
    dialling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dialling
    assert not [task for task in asyncio.all_tasks() if "_connect" in repr(task)]


async def test_of_two_that_stand_at_once_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"192.0.2.1": socket.socket(), "192.0.2.2": socket.socket()}
    meeting = asyncio.Barrier(2)

    async def connect(address: str, _: int) -> socket.socket:
        await meeting.wait()
        return both[address]

    monkeypatch.setattr(dial_module, "_connect", connect)
    dialled = await dial(tuple(both), port=25, timeout_s=1)
    assert dialled.sock is both[dialled.address]
    assert sorted(sock.fileno() >= 0 for sock in both.values()) == [False, True]
    assert [attempt.errno for attempt in dialled.attempts] == [None, None]
    close(dialled)
