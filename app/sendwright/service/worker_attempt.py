"""Makes one attempt to send one notification, and records how it ended."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.exc import SQLAlchemyError

from sendwright.deployment import Deployment
from sendwright.message import OutgoingMessage, compose_notification
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.profile import SenderProfile
from sendwright.senders.sender import SendFailed
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.ground import ActiveSender, SenderInForce
from sendwright.service.metrics import Metrics
from sendwright.service.queue_allowance import USED_UP, Allowance
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import Claim, Dead, Expired, Outcome, PutOff, QueueStore, Sent
from sendwright.service.retry import Expire, GiveUp, RetryAt, Standing, next_attempt
from sendwright.service.worker_senders import OpenSenders

NO_SENDER = "no-sender-configured"
CREDENTIALS_UNREADABLE = "credentials-unreadable"
TIMED_OUT = "attempt-timed-out"
UNEXPECTED = "attempt-failed-unexpectedly"
NOT_COMPOSED = "program-fault"

_DAMAGED = Evidence(stage="submit", system=System.BACKEND, reason="backend-storage-damaged")

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 10.0


async def _never(profile: SenderProfile) -> bool:
    del profile
    return False


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """Makes attempts; called with a notification's id and the number of its entry in the queue engine.

    allowance: what a sender's mailbox may send within a day, None where that is not counted. paused: waits while the
    mailbox is to be left alone and returns whether it did; another sender may be in force then.
    """

    store: QueueStore
    profiles: SenderInForce
    senders: OpenSenders
    policy: QueuePolicy
    metrics: Metrics
    random: Random
    deployment: Deployment
    clock: Callable[[], datetime]
    log: logging.Logger
    allowance: Callable[[SenderProfile], Allowance | None] = lambda _: None
    paused: Callable[[SenderProfile], Awaitable[bool]] = _never

    async def make(self, notification_id: str, number: int) -> bool:
        """Try the notification once; return whether it is to be tried again, which wants a new entry.

        An entry that is out of date does nothing. The attempt is recorded before anything is submitted: if the
        process dies, the next attempt knows that the recipient may have the message already. Raises SQLAlchemyError
        when the database cannot be used; nothing was submitted then, or its outcome could not be stored for
        `policy.record_within_s`.
        """
        active = await self._active()
        while isinstance(active, ActiveSender) and await self.paused(active.profile):
            active = await self._active()
        began = time.monotonic()
        version, allowance = None, None
        if isinstance(active, ActiveSender):
            version, allowance = active.version, self.allowance(active.profile)
        try:
            claim = await self.store.claim(notification_id, number, version=version, allowance=allowance)
        except EnvelopeBroken:  # no later attempt could read it either
            await self.store.bury(notification_id, number, classify(_DAMAGED))
            return False
        if claim is None:
            return False
        if claim.cut_off:
            self.metrics.perhaps_twice.inc()
        if claim.expired:
            outcome: Outcome = Expired()
        elif claim.wait_s is not None:
            outcome = self._after(classify(_used_up(claim.wait_s)), claim)
        elif isinstance(active, ActiveSender):
            outcome = await self._submit(claim, active)
        else:
            outcome = self._after(active, claim)
        if await self._record(claim, outcome):
            self._report(claim, outcome, took_s=time.monotonic() - began)
        return isinstance(outcome, PutOff)

    async def _active(self) -> ActiveSender | Problem:
        try:
            active = await self.profiles.in_force()
        except EnvelopeBroken:
            return classify(_our_own(CREDENTIALS_UNREADABLE, stage="sign-in"))
        return active or classify(_our_own(NO_SENDER, stage="sign-in"))

    async def _submit(self, claim: Claim, active: ActiveSender) -> Outcome:
        try:
            message = self._compose(claim, active)
        except Exception as fault:
            self.log.exception(UNEXPECTED, extra={"fault": type(fault).__name__})
            return self._after(classify(_our_own(NOT_COMPOSED, stage="submit")), claim)
        try:
            async with (
                asyncio.timeout(self.policy.attempt_within_s),
                self.senders.borrow(active) as sender,
            ):
                return Sent(await sender.submit(message))
        except SendFailed as failed:
            evidence = failed.evidence
        except TimeoutError:
            evidence = _our_own(TIMED_OUT, stage="submit", perhaps_sent=True)
        except Exception as fault:
            self.log.exception(UNEXPECTED, extra={"fault": type(fault).__name__})
            evidence = _our_own(UNEXPECTED, stage="submit", perhaps_sent=True)
        return self._after(classify(evidence), claim)

    def _compose(self, claim: Claim, active: ActiveSender) -> OutgoingMessage:
        """Return the message; every attempt makes the same one, so that a recipient's server can drop a repeat."""
        platform = self.deployment.platform
        return compose_notification(
            sender=active.profile.address,
            alias=active.profile.alias,
            recipient=claim.recipient,
            kind=claim.kind,
            kind_label=self.deployment.kind_label(claim.kind),
            subject=claim.subject,
            message_id=claim.message_id,
            written_at=claim.since,
            platform_name=platform.name,
            text=claim.body.text,
            html=claim.body.html,
            accent=platform.accent,
        )

    def _after(self, problem: Problem, claim: Claim) -> Outcome:
        standing = Standing(
            attempt=claim.attempt,
            unanswered=claim.unanswered + problem.evidence.perhaps_sent,
            since=claim.since,
            now=self.clock(),
            not_after=claim.not_after,
        )
        decision = next_attempt(problem, standing=standing, policy=self.policy.retry, random=self.random)
        match decision:
            case RetryAt(at):
                return PutOff(at, problem)
            case GiveUp():
                return Dead(problem)
            case Expire():
                return Expired(problem)

    async def _record(self, claim: Claim, outcome: Outcome) -> bool:
        """Store the outcome; while the database refuses it, hold it and try again."""
        until = time.monotonic() + self.policy.record_within_s
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return await self.store.conclude(claim, outcome)
            except SQLAlchemyError as refused:
                self.log.warning("outcome-not-stored", extra={"fault": type(refused).__name__})
                if time.monotonic() + pause > until:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _report(self, claim: Claim, outcome: Outcome, *, took_s: float) -> None:
        problem = None if isinstance(outcome, Sent) else outcome.problem
        counter, name = {
            Sent: (self.metrics.sent, "sent"),
            PutOff: (self.metrics.retrying, "retrying"),
            Dead: (self.metrics.failed, "failed"),
            Expired: (self.metrics.expired, "expired"),
        }[type(outcome)]
        counter.inc()
        self.metrics.attempt.labels(name).observe(took_s)
        if problem is not None and problem.evidence.perhaps_sent:
            self.metrics.perhaps_twice.inc()
        self.log.info(
            "attempt-ended",
            extra={
                "notification": claim.id,
                "outcome": name,
                "problem": problem.code if problem else None,
                "took_ms": round(took_s * 1000, 1),
            },
        )


def _used_up(wait_s: float) -> Evidence:
    return Evidence(stage="submit", system=System.BACKEND, condition=USED_UP, retry_after_s=wait_s)


def _our_own(condition: str, *, stage: str, perhaps_sent: bool = False) -> Evidence:
    return Evidence(stage=stage, system=System.BACKEND, condition=condition, perhaps_sent=perhaps_sent)
