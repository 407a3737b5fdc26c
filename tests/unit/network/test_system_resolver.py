"""Addresses as the system knows them."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable

import dns.asyncresolver
import dns.nameserver
import dns.resolver
import pytest
from tests.servers.fixtures import StartDns
from tests.servers.ports import Address

from sendwright.network.failures import ResolveFailed
from sendwright.network.resolver import Resolver
from sendwright.network.system_resolver import SystemResolver

Answer = Callable[..., list[tuple[object, ...]]]


def row(address: str) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (address, 0)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answer)


def failing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(number, "words of the system")

    answering(monkeypatch, fail)


def with_nameserver(resolver: SystemResolver, address: Address) -> SystemResolver:
    def engine() -> dns.asyncresolver.Resolver:
        made = dns.asyncresolver.Resolver(configure=False)
        made.nameservers = [dns.nameserver.Do53Nameserver(*address)]
        return made

    resolver._engine = engine
    return resolver


async def test_the_hosts_file_counts() -> None:
    resolver: Resolver = SystemResolver()
    assert set(await resolver.addresses("localhost")) & {"127.0.0.1", "::1"}


async def test_a_literal_is_its_own_address_and_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, socket.EAI_FAIL)
    assert await SystemResolver().addresses("[IPv6:::1]") == ("::1",)


async def test_the_systems_order_is_kept_and_repeats_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["2001:db8::1", "192.0.2.1", "2001:db8::1", "192.0.2.2"]
    answering(monkeypatch, lambda *_, **__: [row(address) for address in found])
    assert await SystemResolver().addresses("mail.example.org") == ("2001:db8::1", "192.0.2.1", "192.0.2.2")


async def test_the_system_is_asked_for_a_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def note(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [row("192.0.2.1")]

    answering(monkeypatch, note)
    await SystemResolver().addresses("mail.Bücher.example")
    assert asked == ["mail.xn--bcher-kva.example"]


@pytest.mark.parametrize("number", [socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY])
async def test_a_resolver_that_fails_says_nothing_about_the_name(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    failing(monkeypatch, number)
    with pytest.raises(ResolveFailed) as caught:
        await SystemResolver().addresses("mail.example.org")
    evidence = caught.value.evidence
    assert (evidence.condition, evidence.text) == ("dns-resolver-failed", "words of the system")
    assert isinstance(caught.value.__cause__, socket.gaierror)


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_NODATA])
async def test_where_the_system_finds_nothing_the_nameserver_tells_why(
    monkeypatch: pytest.MonkeyPatch, dns_server: StartDns, number: int
) -> None:
    server = dns_server({"example.org": 'nothing TXT "here"', "broken.example": None})
    resolver = with_nameserver(SystemResolver(timeout_s=2), server.address)
    failing(monkeypatch, number)
    assert await resolver.addresses("nothing.example.org") == ()
    for name in ("nowhere.example.org", "mail.broken.example"):
        with pytest.raises(ResolveFailed) as caught:
            await resolver.addresses(name)
        assert caught.value.evidence.condition == "dns-name-not-found"
        assert caught.value.evidence.values["host"] == name


async def test_without_a_nameserver_the_systems_word_stands(
    monkeypatch: pytest.MonkeyPatch, silent_nameserver: Address
) -> None:
    resolver = with_nameserver(SystemResolver(timeout_s=0.3), silent_nameserver)
    failing(monkeypatch, socket.EAI_NONAME)
    with pytest.raises(ResolveFailed) as caught:
        await resolver.addresses("mail.example.org")
    assert (caught.value.evidence.condition, caught.value.evidence.text) == (
        "dns-name-not-found",
        "words of the system",
    )


async def test_a_computer_without_nameservers_has_a_failed_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    def without() -> dns.asyncresolver.Resolver:
        raise dns.resolver.NoResolverConfiguration

    resolver = SystemResolver()
    resolver._engine = without
    with pytest.raises(ResolveFailed) as caught:
        await resolver.mail_exchangers("example.org")
    assert caught.value.evidence.condition == "dns-resolver-failed"


async def test_a_system_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object, **__: object) -> list[tuple[object, ...]]:
        release.wait(10)
        return [row("192.0.2.1")]

    answering(monkeypatch, hang)
    began = time.monotonic()
    try:
        with pytest.raises(ResolveFailed) as caught:
            await SystemResolver(timeout_s=0.2).addresses("mail.example.org")
        assert time.monotonic() - began < 5
        assert caught.value.evidence.condition == "dns-resolver-failed"
    finally:
        release.set()
    hanging = [thread for thread in threading.enumerate() if thread.name == "getaddrinfo"]
    assert all(thread.daemon for thread in hanging)
    for thread in hanging:
        await asyncio.to_thread(thread.join, 5)


def test_a_loop_that_ended_meanwhile_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def late(*_: object, **__: object) -> list[tuple[object, ...]]:
        release.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "late")

    answering(monkeypatch, late)
    with pytest.raises(ResolveFailed):
        asyncio.run(SystemResolver(timeout_s=0.1).addresses("mail.example.org"))
    release.set()
    for thread in threading.enumerate():
        if thread.name == "getaddrinfo":
            thread.join(5)


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("mail.example.org", "mail.example.org"),
        ("mail.example.org.", "mail.example.org."),
        ("B\u00fccher.example.", "xn--bcher-kva.example."),
    ],
)
async def test_a_final_dot_keeps_the_system_from_looking_below_its_own_domain(
    monkeypatch: pytest.MonkeyPatch, host: str, asked: str
) -> None:
    names: list[object] = []

    def answer(name: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        names.append(name)
        return [row("192.0.2.1")]

    answering(monkeypatch, answer)
    assert await SystemResolver(timeout_s=5).addresses(host) == ("192.0.2.1",)
    assert names == [asked]
