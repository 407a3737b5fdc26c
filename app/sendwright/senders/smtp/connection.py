"""The first half of an SMTP connection: name, socket, greeting, TLS."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

import msgspec
from aiosmtplib import SMTPResponse, SMTPResponseException, SMTPServerDisconnected

from sendwright.network.certificates import chain_of
from sendwright.network.conditions import NetworkCondition
from sendwright.network.dial import dial
from sendwright.network.names import literal, server_name
from sendwright.network.network import Network
from sendwright.network.noting import note_handshake, noting_handshake
from sendwright.recording.event import Layer
from sendwright.recording.smtp_transcript import transcript_of
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.extensions import Extensions, parse
from sendwright.senders.smtp.failures import OBSERVED, Condition, Witness
from sendwright.senders.smtp.handshake import alerted_in_clear, explained, spoken_in_clear
from sendwright.senders.smtp.second_look import SecondLook
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.senders.smtp.wire import Wire

T = TypeVar("T")
Facts = dict[str, object]

READY = 220
DONE = 250
CLOSING = 421
NOT_UNDERSTOOD = frozenset({500, 502})

PATIENCE_S = 3.0
"""Seconds of silence after which a port is tried for TLS, while its greeting is still waited for."""


class Connection:
    """The way to the server of `settings`, up to an encrypted line; SmtpSession says how its stages work."""

    def __init__(self, settings: SmtpSettings, network: Network, *, local_hostname: str | None = None) -> None:
        self._settings = settings
        self._network = network
        self._local_hostname = local_hostname
        self._witness = Witness(
            {"host": settings.host, "port": str(settings.port), "security": settings.security.value}
        )
        self._addresses: tuple[str, ...] = ()
        self._address = ""
        self._hello = ""
        self._wire: Wire | None = None
        self._extensions = Extensions()

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as this side knows."""
        return self._wire is not None and self._wire.is_connected

    @property
    def extensions(self) -> Extensions:
        """What the server offered last."""
        return self._extensions

    async def resolve(self) -> Facts:
        """Find the addresses of the host; facts: host, addresses."""
        host = self._settings.host
        found = await self._within("resolve", self._network.resolver.addresses(host))
        if not found:
            raise self._witness.seen("resolve", NetworkCondition.DNS_NO_ADDRESS)
        self._addresses = found
        return {"host": literal(host) or server_name(host), "addresses": list(found)}

    async def connect(self) -> Facts:
        """Connect to the first address that answers; facts: address, port, attempts (dial.Attempt)."""
        return await self._within("connect", self._connect(), spare_s=self._network.timeout_s)

    async def greet(self) -> Facts:
        """Read the greeting and say EHLO; facts: greeting, extensions, mechanisms, size_limit."""
        greeting = await self._within("greet", self._greeting(), silent=SmtpCondition.NO_GREETING)
        return {"greeting": self._witness.words(greeting.message)} | await self._within("greet", self._ehlo("greet"))

    async def secure(self) -> Facts:
        """Start TLS; facts: version, cipher, chain (own certificate first), after STARTTLS those of EHLO."""
        starttls = self._settings.security is Security.STARTTLS
        await self._within("secure", self._ask_for_tls() if starttls else self._no_words_in_clear())
        failure = None
        try:
            facts = await self._within("secure", self._shake_hands())
        except SendFailed as failed:
            failure = failed
        if failure is not None:
            raise await explained(failure, security=self._settings.security, look=self._look(), witness=self._witness)
        return facts | await self._within("secure", self._ehlo("secure")) if starttls else facts

    async def quit(self) -> None:
        """Take leave and close; never raises."""
        if self.is_open:
            with contextlib.suppress(*OBSERVED):
                async with asyncio.timeout(self._network.timeout_s):
                    await self._standing().command(b"QUIT")
                    await self._standing().close()
        await self.close()

    async def close(self) -> None:
        """Close at once; never raises."""
        self._abort()

    async def _within(
        self,
        stage: str,
        work: Coroutine[Any, Any, T],
        *,
        silent: Condition | None = None,
        spare_s: float = 0.0,
    ) -> T:
        """Run `work` within the network's time; turn what libraries raise into SendFailed.

        silent: what running out of time is called. spare_s: seconds in addition. No exception that may hold
        the server's words stays attached to the one that is raised.
        """
        try:
            async with asyncio.timeout(self._network.timeout_s + spare_s):
                return await work
        except OBSERVED as error:
            failure = self._witness.failed(stage, error)
            if isinstance(error, TimeoutError):
                self._network.recorder.note(Layer.SMTP, "silence", stage=stage)
                failure = failure if silent is None else self._witness.seen(stage, silent)
            if not isinstance(error, SendFailed) or _hopeless(failure):
                self._abort()
        except BaseException:
            self._abort()
            raise
        raise failure

    async def _connect(self) -> Facts:
        network = self._network
        dialled = await dial(
            self._addresses, port=self._settings.port, timeout_s=network.timeout_s, recorder=network.recorder
        )
        self._address = dialled.address
        self._witness.values["address"] = dialled.address
        own, own_port = dialled.sock.getsockname()[:2]
        own = own.partition("%")[0]
        self._hello = self._local_hostname or (f"[IPv6:{own}]" if ":" in own else f"[{own}]")
        self._wire = await Wire.over(dialled.sock, transcript=transcript_of(network.recorder, port=own_port))
        return {
            "address": dialled.address,
            "port": self._settings.port,
            "attempts": list(msgspec.to_builtins(dialled.attempts)),
        }

    async def _greeting(self) -> SMTPResponse:
        wire = self._standing()
        if wire.tls is not None:
            response = await self._understood(wire.greeting())
        else:
            response = await self._understood(self._greeting_in_clear(wire))
        if response.code != READY:
            raise self._witness.refused("greet", response)
        return response

    async def _greeting_in_clear(self, wire: Wire) -> SMTPResponse:
        """Read the greeting; when it does not come, find out whether the port wants TLS first."""
        reading = asyncio.ensure_future(wire.greeting())
        looking: asyncio.Task[object] | None = None
        try:
            await asyncio.wait((reading,), timeout=min(PATIENCE_S, self._network.timeout_s / 3))
            if not reading.done() or isinstance(reading.exception(), SMTPServerDisconnected):
                looking = asyncio.create_task(self._look().tls())
                await asyncio.wait(
                    (reading, looking) if not reading.done() else (looking,),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if looking.done() and looking.result() is not None:
                    raise self._witness.seen("greet", SmtpCondition.WRONG_SECURITY_MODE, other=Security.TLS.value)
            return await reading
        finally:
            unfinished = [task for task in (reading, looking) if task is not None]
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _understood(self, reading: Coroutine[Any, Any, SMTPResponse]) -> SMTPResponse:
        """Read what tells whether an SMTP server answers at all."""
        try:
            return await reading
        except SMTPResponseException as error:
            failure = self._witness.failed("greet", error)
        raise self._witness.seen("greet", SmtpCondition.NOT_AN_SMTP_SERVER, text=failure.evidence.text)

    async def _ehlo(self, stage: str) -> Facts:
        response = await self._command(b"EHLO", self._hello.encode("ascii"))
        if response.code != DONE:
            condition = SmtpCondition.NOT_AN_SMTP_SERVER if response.code in NOT_UNDERSTOOD else None
            raise self._witness.refused(stage, response, condition=condition)
        self._extensions = parse(response.message)
        return self._extensions.facts()

    async def _ask_for_tls(self) -> None:
        if "STARTTLS" not in self._extensions:
            offered = ", ".join(self._extensions.words)
            raise self._witness.seen("secure", SmtpCondition.STARTTLS_NOT_OFFERED, extensions=offered)
        response = await self._command(b"STARTTLS")
        if response.code != READY:
            raise self._witness.refused("secure", response, condition=SmtpCondition.STARTTLS_REFUSED)
        spoken = self._standing().spoken
        if spoken is not None:
            text = spoken.decode("utf-8", "surrogateescape")
            alerted = alerted_in_clear(spoken, witness=self._witness)
            raise alerted or self._witness.seen("secure", SmtpCondition.DATA_BEFORE_TLS, text=text)

    async def _no_words_in_clear(self) -> None:
        spoken = self._standing().spoken
        if spoken is not None:
            failure = spoken_in_clear(spoken.decode("utf-8", "surrogateescape"), witness=self._witness)
            if failure is not None:
                raise failure

    async def _shake_hands(self) -> Facts:
        wire = self._standing()
        context = self._network.tls(self._settings.ca_pem)
        name = server_name(self._settings.host)
        with noting_handshake(self._network.recorder, name=name):
            await wire.upgrade(context, server_name=name, timeout_s=self._network.timeout_s)
        tls = wire.tls
        if tls is None:
            raise SMTPServerDisconnected("Connection lost")
        self._extensions = Extensions()  # nothing said in clear counts any more (RFC 3207 section 4.2)
        chain = chain_of(tls)
        note_handshake(self._network.recorder, tls, name=name, chain=chain)
        cipher = tls.cipher()
        return {
            "version": tls.version(),
            "cipher": cipher[0] if cipher else None,
            "chain": list(msgspec.to_builtins(chain)),
        }

    async def _command(self, *words: bytes) -> SMTPResponse:
        return await self._standing().command(*words)

    def _standing(self) -> Wire:
        if self._wire is None:
            raise SMTPServerDisconnected("Connection lost")
        return self._wire

    def _look(self) -> SecondLook:
        return SecondLook(
            self._address,
            port=self._settings.port,
            server_name=server_name(self._settings.host),
            hello=self._hello,
            timeout_s=self._network.timeout_s,
            recorder=self._network.recorder,
        )

    def _abort(self) -> None:
        if self._wire is not None:
            self._wire.abort()
            self._wire = None


def _hopeless(failure: SendFailed) -> bool:
    """Whether nothing more can be said on the connection: the server leaves, or is no longer understood."""
    evidence = failure.evidence
    unclear = (SmtpCondition.NONSENSE_REPLY.value, SmtpCondition.DATA_BEFORE_TLS.value)
    return evidence.reply == CLOSING or evidence.condition in unclear
