"""The stages of an SMTP diagnosis, over one connection."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import msgspec

from sendwright.diagnosis.clock import blame_clock
from sendwright.diagnosis.remarks import on_attempts, on_certificate, on_sender, on_sign_in, remark
from sendwright.diagnosis.run import run
from sendwright.diagnosis.stage import Seen, Stage, StageResult
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, encode
from sendwright.network.network import Network
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.senders.smtp.sender import needs_utf8
from sendwright.senders.smtp.session import SUBMIT_TIMEOUT_S, SmtpSession
from sendwright.senders.smtp.settings import SmtpSettings

PASSWORD_MISSING = "password-missing"  # noqa: S105 - the name of a problem, not a password

Facts = dict[str, object]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What a diagnosis shall try.

    credential: the password, or with `token` an OAuth access token; without `settings.username` there is no
    sign-in. sender, recipient: addr-specs; without one its stage and all later ones are not reached.
    message: what is submitted, None submits nothing. stop_after: the last stage to try, empty for all.
    submit_timeout_s: how long the server may take to accept the message, beside the network's usual time.
    """

    settings: SmtpSettings
    credential: Secret | None = None
    token: bool = False
    sender: str | None = None
    recipient: str | None = None
    message: OutgoingMessage | None = None
    stop_after: str = ""
    submit_timeout_s: float = SUBMIT_TIMEOUT_S


async def diagnose_smtp(
    attempt: Attempt, network: Network, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends, in the order in which they run (`SmtpSession.order`).

    Whatever the server does becomes a result. Close the iterator (or cancel its task) to stop in the
    middle: the connection is closed at once.
    """
    safe = msgspec.structs.replace(attempt, settings=attempt.settings.hiding(attempt.credential))
    session = SmtpSession(safe.settings, network, submit_timeout_s=safe.submit_timeout_s)
    walk = _Walk(safe, session, clock)
    try:
        async for result in run(walk.stages()):
            yield result
    except BaseException:
        await session.close()
        raise
    await session.quit()


class _Walk:
    """The stages of one attempt and what they tell each other."""

    def __init__(self, attempt: Attempt, session: SmtpSession, clock: Callable[[], datetime]) -> None:
        self._attempt = attempt
        self._session = session
        self._clock = clock
        self._greeting = ""
        self._content = b""
        settings = attempt.settings
        if attempt.credential is not None:
            session.guard(attempt.credential)
        known = {
            "host": settings.host,
            "port": str(settings.port),
            "security": settings.security.value,
            "username": settings.username,
            "sender": attempt.sender,
            "recipient": attempt.recipient,
        }
        self._known = {name: value for name, value in known.items() if value}

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages in the order in which they must run."""
        attempt = self._attempt
        wanted = {
            "sign-in": attempt.settings.username,
            "sender": attempt.sender,
            "recipient": attempt.recipient,
            "submit": attempt.message,
        }
        steps = {
            "resolve": self._resolve,
            "connect": self._connect,
            "greet": self._greet,
            "secure": self._secure,
            "sign-in": self._sign_in,
            "sender": self._sender,
            "recipient": self._recipient,
            "submit": self._submit,
        }
        needs = {"recipient": ("sender",), "submit": ("sender", "recipient")}
        order = SmtpSession.order(attempt.settings)
        last = order.index(attempt.stop_after) if attempt.stop_after else len(order)
        return tuple(
            Stage(
                id=stage,
                run=steps[stage] if place <= last and wanted.get(stage, True) else None,
                needs=needs.get(stage, ()),
            )
            for place, stage in enumerate(order)
        )

    async def _resolve(self) -> Seen:
        return Seen(facts=await self._try(self._session.resolve()))

    async def _connect(self) -> Seen:
        facts = await self._try(self._session.connect())
        return self._seen("connect", facts, on_attempts(facts.get("attempts")))

    async def _greet(self) -> Seen:
        facts = await self._try(self._session.greet())
        self._greeting = str(facts.get("greeting", ""))
        return Seen(facts=facts)

    async def _secure(self) -> Seen:
        facts = await self._try(self._session.secure())
        ends = on_certificate(facts.get("chain"), now=self._clock())
        return self._seen("secure", facts, "tls-certificate-expires-soon" if ends else None, ends)

    async def _sign_in(self) -> Seen:
        if self._attempt.credential is None:
            raise self._failure(Evidence(stage="sign-in", system=System.KEYCHAIN, condition=PASSWORD_MISSING))
        facts = await self._try(self._session.sign_in(self._attempt.credential, token=self._attempt.token))
        return self._seen("sign-in", facts, on_sign_in(self._attempt.settings.host, facts.get("mechanism")))

    async def _sender(self) -> Seen:
        attempt, address = self._attempt, self._attempt.sender or ""
        if attempt.message is None:
            facts = await self._try(self._session.sender(address))
        else:
            utf8 = needs_utf8(attempt.message)
            self._content = self._encoded(attempt.message, utf8=utf8)
            facts = await self._try(
                self._session.sender(address, size=len(self._content), eight_bit=not self._content.isascii(), utf8=utf8)
            )
        return self._seen("sender", facts, on_sender(address, username=attempt.settings.username))

    async def _recipient(self) -> Seen:
        return Seen(facts=await self._try(self._session.recipient(self._attempt.recipient or "")))

    async def _submit(self) -> Seen:
        return Seen(facts=await self._try(self._session.submit(self._content)))

    def _encoded(self, message: OutgoingMessage, *, utf8: bool) -> bytes:
        try:
            return encode(message, smtputf8=utf8)
        except AddressInvalid as invalid:
            condition = SmtpCondition.ADDRESS_NOT_SENDABLE.value
            evidence = Evidence(
                stage="sender", system=System.SMTP, condition=condition, values={"reason": invalid.code}
            )
            raise self._failure(evidence) from invalid

    async def _try(self, step: Coroutine[Any, Any, Facts]) -> Facts:
        """Take a step of the session; its failure learns what we know beside what was seen."""
        failure = None
        try:
            return await step
        except SendFailed as failed:
            failure = self._failure(failed.evidence)
        raise failure

    def _failure(self, evidence: Evidence) -> SendFailed:
        known = msgspec.structs.replace(evidence, values=self._known | evidence.values)
        return SendFailed(blame_clock(known, greeting=self._greeting, now=self._clock()))

    def _seen(self, stage: str, facts: Facts, code: str | None, values: dict[str, str] | None = None) -> Seen:
        return Seen(facts=facts, remark=remark(stage, code, self._known | (values or {})))
