"""Asks this computer: addresses as every other program gets them, records from its nameservers."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TypeVar

import dns.asyncresolver
import dns.rdatatype

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_RESOLVE, ResolveFailed, observe
from sendwright.network.names import a_labels, literal
from sendwright.network.records import Records
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.event import Layer
from sendwright.recording.recorder import SILENCE, Recorder

T = TypeVar("T")

BOTH, THIS_COMPUTER = "A+AAAA", "getaddrinfo"
"""How a question to the system itself is told to a recorder: it asks for all addresses, whoever knows them."""

NO_SUCH_NAME = frozenset(
    code for name in ("EAI_NONAME", "EAI_NODATA") if (code := getattr(socket, name, None)) is not None
)
"""getaddrinfo's ways to say that it has nothing; which of them means what differs from system to system."""


class SystemResolver(Records):
    """A resolver (`network.resolver.Resolver`) that honours hosts file, mDNS and whatever else is set up."""

    def __init__(self, *, timeout_s: float = 15.0, recorder: Recorder = SILENCE) -> None:
        super().__init__(dns.asyncresolver.Resolver, timeout_s=timeout_s, recorder=recorder)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses in the order of RFC 6724, as the system sorts them."""
        address = literal(host)
        if address is not None:
            return (address,)
        name = a_labels(host)
        self._recorder.note(Layer.DNS, "asked", host=name, type=BOTH)
        try:
            found = await self._looked_up(name, whole=host.endswith("."))
        except ResolveFailed as failed:
            seen = failed.evidence
            self._recorder.note(
                Layer.DNS, "failed", text=seen.text, host=name, type=BOTH, condition=seen.condition or ""
            )
            raise
        self._recorder.note(Layer.DNS, "answered", text="\n".join(found), host=name, type=BOTH, server=THIS_COMPUTER)
        return found

    async def _looked_up(self, name: str, *, whole: bool) -> tuple[str, ...]:
        """Ask the system; whole: only for that name, not for one of the same beginning below its own domain."""
        asked = f"{name}." if whole else name
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await _in_own_thread(lambda: socket.getaddrinfo(asked, None, type=socket.SOCK_STREAM))
        except socket.gaierror as error:
            if error.errno in NO_SUCH_NAME:
                return await self._nothing_found(name, error)
            raise ResolveFailed(observe(error, stage=STAGE_RESOLVE, values={"host": name})) from error
        except TimeoutError as error:
            raise ResolveFailed(_resolver_silent(name)) from error
        return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    async def _nothing_found(self, name: str, error: socket.gaierror) -> tuple[str, ...]:
        """Tell a name without addresses (empty) from no name (raises); getaddrinfo does not, reliably."""
        try:
            await self.ask(name, dns.rdatatype.A)
        except ResolveFailed as failure:
            evidence = failure.evidence
            if evidence.condition == NetworkCondition.DNS_RESOLVER_FAILED:
                evidence = _not_found(name, error)  # the system's own word is the only one there is
            raise ResolveFailed(evidence) from error
        return ()


async def _in_own_thread(call: Callable[[], T]) -> T:
    """Run `call` in a thread of its own.

    getaddrinfo can hang for half a minute and cannot be stopped: in the loop's thread pool it would keep
    the program from ending and take a place away from others.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if answer.cancelled():
            return
        if error is None:
            answer.set_result(result)  # type: ignore[arg-type] # None only when T allows it
        else:
            answer.set_exception(error)

    def work() -> None:
        result, failed = None, None
        try:
            result = call()
        except OSError as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result, failed)

    threading.Thread(target=work, name="getaddrinfo", daemon=True).start()
    return await answer


def _resolver_silent(name: str) -> Evidence:
    return _evidence(name, NetworkCondition.DNS_RESOLVER_FAILED, "no answer in time")


def _not_found(name: str, error: socket.gaierror) -> Evidence:
    return _evidence(name, NetworkCondition.DNS_NAME_NOT_FOUND, error.strerror or "")


def _evidence(name: str, condition: NetworkCondition, words: str) -> Evidence:
    return Evidence(
        stage=STAGE_RESOLVE, system=System.DNS, condition=condition.value, text=words, values={"host": name}
    )
