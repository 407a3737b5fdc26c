"""Addresses refuse, hang and stay silent as promised."""

import socket
import time

import dns.exception
import dns.message
import dns.query
import pytest
from tests.servers.ports import Address, closed_port, free_port
from tests.servers.ports import black_hole as hole_at


def test_a_closed_port_refuses(closed_port: Address) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(closed_port, timeout=2)


def test_a_closed_port_refuses_over_ipv6_too() -> None:
    with closed_port("::1") as address, pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=2)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_black_hole_neither_answers_nor_refuses(host: str) -> None:
    with hole_at(host) as address:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            socket.create_connection(address, timeout=0.3)
        assert time.monotonic() - began >= 0.3


def test_a_black_hole_swallows_many_connections_at_once(black_hole: Address) -> None:
    attempts = [socket.socket() for _ in range(8)]
    for attempt in attempts:
        attempt.settimeout(0.05)
    for attempt in attempts:
        with attempt, pytest.raises(TimeoutError):
            attempt.connect(black_hole)


def test_two_black_holes_share_a_port_on_both_families(black_hole: Address) -> None:
    with hole_at("::1", black_hole.port) as other:
        assert other == ("::1", black_hole.port)
        for address in (black_hole, other):
            with pytest.raises(TimeoutError):
                socket.create_connection(address, timeout=0.1)


def test_a_silent_nameserver_takes_the_question_and_says_nothing(silent_nameserver: Address) -> None:
    question = dns.message.make_query("example.org.", "MX")
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(question, silent_nameserver.host, port=silent_nameserver.port, timeout=0.2)


def test_a_free_port_can_be_bound_on_every_host_asked_for() -> None:
    port = free_port("127.0.0.1", "::1")
    with (
        socket.create_server(("127.0.0.1", port)),
        socket.create_server(("::1", port), family=socket.AF_INET6),
    ):
        assert 20_000 <= port < 32_000
