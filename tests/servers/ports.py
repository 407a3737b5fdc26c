"""Loopback ports: free ones, one that refuses, one that never completes a connection."""

import contextlib
import random
import socket
from collections.abc import Iterator
from typing import NamedTuple

BELOW_EPHEMERAL = range(20_000, 32_000)  # Linux hands out 32768-60999 itself: out of reach of every bind to port 0
FILLERS = 4  # a backlog of 0 still queues one connection, some kernels two


class Address(NamedTuple):
    """Host and port, fit for socket functions."""

    host: str
    port: int


def family(host: str) -> socket.AddressFamily:
    """Address family of a literal address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def free_port(*hosts: str) -> int:
    """Find a port that is free for TCP and UDP on all the given hosts (127.0.0.1 when none is given)."""
    candidates = random.SystemRandom()
    while True:
        port = candidates.choice(BELOW_EPHEMERAL)
        with contextlib.suppress(OSError), contextlib.ExitStack() as sockets:
            for host in hosts or ("127.0.0.1",):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    sockets.enter_context(socket.socket(family(host), kind)).bind((host, port))
            return port


@contextlib.contextmanager
def closed_port(host: str = "127.0.0.1") -> Iterator[Address]:
    """Give an address that refuses: bound, so that nobody else takes it, but not listening."""
    with socket.socket(family(host)) as holder:
        holder.bind((host, 0))
        yield Address(host, holder.getsockname()[1])


@contextlib.contextmanager
def black_hole(host: str = "127.0.0.1", port: int = 0) -> Iterator[Address]:
    """Give an address where connecting hangs, as behind a filter: its queue is full, SYNs are dropped.

    port: a free one by default; that of another hole makes a host with two addresses.
    """
    with contextlib.ExitStack() as sockets:
        listener = sockets.enter_context(socket.socket(family(host)))
        listener.bind((host, port))
        listener.listen(0)
        address = Address(host, listener.getsockname()[1])
        for _ in range(FILLERS):
            filler = sockets.enter_context(socket.socket(family(host)))
            filler.setblocking(False)
            filler.connect_ex(address)
        yield address


@contextlib.contextmanager
def silent_nameserver(host: str = "127.0.0.1") -> Iterator[Address]:
    """Give a UDP address that takes every question and never answers."""
    with socket.socket(family(host), socket.SOCK_DGRAM) as listener:
        listener.bind((host, 0))
        yield Address(host, listener.getsockname()[1])
