"""500 notifications over 5 mailboxes, with pauses asked for now and then: each is sent once, none too early."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from itertools import cycle, islice

import msgspec
import pytest
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import Simulated, simulated
from typing_extensions import override

from sendwright.message import OutgoingMessage
from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import CLIENT_ID
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.problems.problem import Retry
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import TOKEN
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.pace import Limits, MailboxPace, Paces
from sendwright.senders.sender import Sender, SendFailed
from sendwright.service.retry import is_ours

MAILBOXES = tuple(f"team{number}@contoso.com" for number in range(5))
EACH = 100
FAULTS = 8
SENDERS = 6
AT_ONCE = 4


class Time:
    """The organisation's clock and ours: it stands still while anything is on its way, else goes to who wakes first."""

    def __init__(self, world: Simulated) -> None:
        self.now = 0.0
        self._world = world
        self._on_the_way = 0
        self._nothing_on_the_way = asyncio.Event()
        self._nothing_on_the_way.set()
        self._waking: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + max(seconds, 0.001)
        self._waking.append(until)
        while self.now < until:
            await self._nothing_on_the_way.wait()
            await asyncio.sleep(0)  # who has just ended goes on first
            if not self._on_the_way:
                self.now = max(self.now, min(self._waking))
                self._world.tenant.ahead = timedelta(seconds=self.now)
        self._waking.remove(until)

    @contextmanager
    def standing(self) -> Iterator[None]:
        self._on_the_way += 1
        self._nothing_on_the_way.clear()
        try:
            yield
        finally:
            self._on_the_way -= 1
            if not self._on_the_way:
                self._nothing_on_the_way.set()


class Pace(MailboxPace):
    """A pace during whose turns time stands."""

    def __init__(self, time: Time) -> None:
        super().__init__(clock=time, sleep=time.sleep)
        self._time = time

    @override
    @asynccontextmanager
    async def turn(self, *, values: Mapping[str, str], system: System = System.GRAPH) -> AsyncIterator[None]:
        async with super().turn(values=values, system=system):
            with self._time.standing():
                yield


class OurPaces(Paces):
    """The paces of all mailboxes, by one clock."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._by_mailbox: defaultdict[str, Pace] = defaultdict(lambda: Pace(time))

    @override
    def of(self, mailbox: str, limits: Limits | None = None) -> Pace:
        return self._by_mailbox[mailbox]


@dataclass
class Run:
    """What is to be sent from one mailbox, and what was met on the way."""

    waiting: list[OutgoingMessage]
    problems: Counter[str] = field(default_factory=Counter)

    async def work(self, sender: Sender, time: Time) -> None:
        while self.waiting:
            message = self.waiting.pop()
            try:
                await sender.submit(message)
            except SendFailed as failed:
                problem = classify(failed.evidence)
                self.problems[problem.code] += 1
                if failed.evidence.perhaps_sent or problem.retry is not Retry.LATER or not is_ours(problem):
                    raise
                self.waiting.append(message)
                await time.sleep(failed.evidence.retry_after_s or 5.0)


def faults(world: Simulated) -> list[Fault]:
    date = format_datetime(world.tenant.now() + timedelta(seconds=90), usegmt=True)
    kinds = (
        {"status": 429, "retry_after": "20"},
        {"status": 503, "retry_after": "5"},
        {"status": 429, "retry_after": date},
        {"status": 503},
    )
    found = islice(cycle((mailbox, kind) for mailbox in MAILBOXES for kind in kinds), FAULTS * len(MAILBOXES))
    return [Fault(path="sendMail", mailbox=mailbox, **kind) for mailbox, kind in found]  # type: ignore[arg-type]  # as named


@pytest.mark.timeout(600)
async def test_everything_is_sent_once_and_no_mailbox_is_pressed() -> None:
    async with simulated() as world:
        world.tenant.mailboxes |= dict.fromkeys(MAILBOXES, "Team")
        world.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        world.tenant.policies.access_token_s = 24 * 3600
        credentials = {TOKEN: world.application()}
        world.microsoft.faults.tell_all(faults(world))
        time = Time(world)
        paces = OurPaces(time)
        runs, senders = [], []
        for mailbox in MAILBOXES:
            profile = world.profile(Way.APPLICATION, Route.MAILBOX, mailbox=mailbox)
            mine = [open_sender(profile, credentials, world.network, paces=paces) for _ in range(SENDERS)]
            written = outgoing(sender_address=mailbox)
            ids = [f"<{number}.{mailbox}>" for number in range(EACH)]
            run = Run([msgspec.structs.replace(written, message_id=one) for one in ids])
            runs += [run.work(sender, time) for sender in mine]
            senders += mine
        await asyncio.gather(*runs)
        for sender in senders:
            await sender.close()

        times = Counter(arrived.message_id for arrived in world.inbox)
        assert (len(times), set(times.values())) == (len(MAILBOXES) * EACH, {1})
        assert world.microsoft.faults.left == 0
        for mailbox in MAILBOXES:
            measured = world.microsoft.traffic(mailbox)
            assert measured.accepted == EACH
            assert measured.most_in_flight <= AT_ONCE
            # of those who had asked already when the pause was said, and of nobody else
            assert measured.too_early <= (AT_ONCE - 1) * measured.throttled
            assert measured.requests == EACH + FAULTS  # none was refused for a limit that we know
