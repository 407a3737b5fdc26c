"""The backend's own test of a version: the diagnosis, stage by stage, with what is stored.

A test goes on to its end and is recorded although nobody listens any more: its message may be on its way
already.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.handoff.wire import TestEnd
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.ground import ActiveSender
from sendwright.service.problem_details import trouble_of
from sendwright.service.profiles import ProfileStore
from sendwright.service.trouble import Trouble


class Diagnose(Protocol):
    """Tries a profile stage by stage; implemented by `diagnosis.catalogue.diagnose`."""

    def __call__(
        self,
        profile: SenderProfile,
        credentials: Mapping[str, Secret],
        network: Network,
        *,
        message: OutgoingMessage | None,
        recipient: str | None,
        grant: GrantKeeper | None,
        mailbox: str,
    ) -> AsyncIterator[StageResult]:
        """Yield the stages as they end; without a recipient nothing is submitted.

        mailbox: send as this one instead of the profile's; empty: as the profile says.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class _Asked:
    sender: ActiveSender
    to: str | None
    mailbox: str | None
    who: str


Compose = Callable[[SenderProfile, str], OutgoingMessage]
"""Makes the test message of a profile to a recipient."""

_CUT_OFF = b""


class Trials:
    """Runs tests, at most one of a version at a time."""

    def __init__(
        self,
        profiles: ProfileStore,
        *,
        diagnose: Diagnose,
        compose: Compose,
        network: Network,
        log: logging.Logger,
    ) -> None:
        self._profiles = profiles
        self._diagnose = diagnose
        self._compose = compose
        self._network = network
        self._log = log
        self._running: dict[int, asyncio.Task[None]] = {}

    async def begin(
        self, version: int, *, to: str | None, who: str, mailbox: str | None = None
    ) -> AsyncIterator[bytes]:
        """Start the test of `version`; return its lines, the last one a TestEnd.

        to: recipient of the test message, None submits nothing. mailbox: sends as another one than the profile's, and
        says nothing of the version: it is not recorded as its test. Raises Trouble and EnvelopeBroken before anything
        is tried.
        """
        sender = await self._profiles.sender(version, mailbox=mailbox)
        if sender.refused:
            raise Trouble(sender.refused)
        if version in self._running:
            raise Trouble("profile-test-running")
        lines: asyncio.Queue[bytes] = asyncio.Queue()
        asked = _Asked(sender=sender, to=to, mailbox=mailbox, who=who)
        task = asyncio.create_task(self._run(asked, lines))
        self._running[version] = task
        task.add_done_callback(lambda _: self._end(version, lines))
        return _drain(lines)

    async def close(self, *, within_s: float) -> None:
        """Wait for running tests, then cut them off."""
        tasks = set(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, asked: "_Asked", lines: asyncio.Queue[bytes]) -> None:
        sender, seen = asked.sender, list[StageResult]()
        try:
            message = None if asked.to is None else self._compose(sender.profile, asked.to)
            results = self._diagnose(
                sender.profile,
                sender.credentials,
                self._network,
                message=message,
                recipient=asked.to,
                grant=sender.grant,
                mailbox=asked.mailbox or "",
            )
            async for result in results:
                seen.append(result)
                lines.put_nowait(_line(result))
            verdict = worst(seen)
            problem = next((result.problem.code for result in seen if result.problem), None)
            if asked.mailbox is None:
                await self._profiles.record_test(sender.version, verdict=verdict, problem=problem, who=asked.who)
                self._log.info("profile-tested", extra={"version": sender.version, "verdict": verdict.value})
            else:
                await self._profiles.record_try(
                    sender.version, asked.mailbox, verdict=verdict, problem=problem, who=asked.who
                )
            end = TestEnd(verdict=verdict)
        except Exception as error:  # noqa: BLE001 - the answer has begun: only its last line can still say so
            trouble = trouble_of(error)
            self._log.error("test-failed", exc_info=error, extra={"code": trouble.code})
            end = TestEnd(verdict=Verdict.FAILED, code=trouble.code)
        lines.put_nowait(_line(end))

    def _end(self, version: int, lines: asyncio.Queue[bytes]) -> None:
        del self._running[version]
        lines.put_nowait(_CUT_OFF)


def worst(stages: Sequence[StageResult]) -> Verdict:
    """Return the verdict of the worst stage; nothing tried is nothing passed."""
    seen = {stage.verdict for stage in stages}
    for verdict in (Verdict.FAILED, Verdict.WARNING, Verdict.PASSED):
        if verdict in seen:
            return verdict
    return Verdict.FAILED


def _line(value: StageResult | TestEnd) -> bytes:
    return msgspec.json.encode(value) + b"\n"


async def _drain(lines: asyncio.Queue[bytes]) -> AsyncIterator[bytes]:
    while (line := await lines.get()) != _CUT_OFF:
        yield line
