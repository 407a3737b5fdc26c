"""One attempt: what is submitted, how its end is recorded, what is counted."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from tests.unit.service.queue_kit import NOON, Bench, Clock, Step, active_sender, bench, cut_off, refusal

from sendwright.handoff.wire import NotificationState
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import Claim, Outcome, QueueStore
from sendwright.service.retry import RetryPolicy
from sendwright.service.worker_attempt import Attempts
from sendwright.service.worker_senders import OpenSenders

POLICY = QueuePolicy(retry=RetryPolicy(attempts=3), attempt_within_s=0.2, record_within_s=0.5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def of(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    async with bench(tmp_path, clock=clock, policy=POLICY) as of:
        yield of


def attempts(of: Bench, *, store: QueueStore | None = None, policy: QueuePolicy = POLICY) -> Attempts:
    ground = of.ground
    return Attempts(
        store=store or QueueStore(database=of.database, envelope=ground.envelope, clock=ground.clock),
        profiles=of.in_force,
        senders=OpenSenders(of.service.opening, idle_s=60.0),
        policy=policy,
        metrics=of.metrics,
        random=Random(1),  # noqa: S311 - the same jitter in every run
        deployment=ground.deployment,
        clock=ground.clock,
        log=ground.log,
    )


def counted(of: Bench, name: str) -> float:
    text = of.metrics.render(counts={}, oldest=None, version=1, now=NOON).decode()
    [line] = [line for line in text.splitlines() if line.startswith(f"sendwright_notifications_{name}_total ")]
    return float(line.split()[1])


async def tried(of: Bench, step: Step, **changes: object) -> NotificationState:
    name = await of.accept(**changes)
    of.service.always = step
    await attempts(of).make(name, 1)
    return await of.store.state(name)


async def test_what_the_service_takes_is_sent(of: Bench) -> None:
    state = await tried(of, None)
    assert (state.state, state.provider_id, state.attempts) == ("sent", "Q1", 1)
    assert counted(of, "sent") == 1


@pytest.mark.parametrize(
    ("step", "state", "problem"),
    [
        (refusal(421, "4.3.2", stage="sender"), "retrying", "server-busy"),
        (refusal(450, "4.2.0", text="450 4.2.0 Greylisted"), "retrying", "greylisted"),
        (refusal(535, "5.7.8", stage="sign-in"), "retrying", "auth-wrong-credentials"),
        (refusal(552, "5.2.2", text="552 5.2.2 Mailbox full"), "failed", "recipient-mailbox-full"),
        (refusal(550, "5.1.1"), "failed", "recipient-unknown"),
        (refusal(552, "5.3.4", stage="submit"), "failed", "message-too-large"),
    ],
)
async def test_a_refusal_has_its_problem_and_its_consequence(
    of: Bench, step: SendFailed, state: str, problem: str
) -> None:
    found = await tried(of, step)
    assert (found.state, found.problem, found.perhaps_twice) == (state, problem, False)
    assert found.problem_text
    assert (found.next_attempt_at is not None) == (state == "retrying")
    assert counted(of, state) == 1
    assert counted(of, "perhaps_twice") == 0


async def test_greylisting_is_waited_out(of: Bench) -> None:
    found = await tried(of, refusal(450, "4.2.0", text="450 4.2.0 Greylisted"))
    assert found.next_attempt_at is not None
    assert timedelta(minutes=5) <= found.next_attempt_at - NOON <= timedelta(minutes=7)


async def test_an_answer_that_was_cut_off_is_said_and_tried_again(of: Bench) -> None:
    found = await tried(of, cut_off())
    assert (found.state, found.perhaps_twice, found.problem) == ("retrying", True, "message-perhaps-sent")
    assert counted(of, "perhaps_twice") == 1


async def test_a_message_whose_answers_are_always_cut_off_is_not_repeated_for_ever(of: Bench) -> None:
    name = await of.accept()
    of.service.always = cut_off()
    for number in range(1, 10):
        await attempts(of).make(name, number)
    assert of.service.submissions["ann@example.com"] == POLICY.retry.attempts
    assert (await of.store.state(name)).state == "failed"


async def test_a_fault_of_ours_loses_nothing_and_is_logged_without_its_words(
    of: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    found = await tried(of, ValueError("a secret sentence"))
    assert (found.state, found.problem, found.perhaps_twice) == ("retrying", "program-fault", True)
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.getMessage() == "attempt-failed-unexpectedly"


async def test_a_message_that_cannot_be_composed_was_not_sent_and_is_not_tried_for_ever(
    of: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_label(_: object, kind: str) -> str:
        raise KeyError(kind)

    monkeypatch.setattr("sendwright.deployment.Deployment.kind_label", no_label)
    name = await of.accept()
    await attempts(of).make(name, 1)
    found = await of.store.state(name)
    assert (found.state, found.problem, found.perhaps_twice) == ("retrying", "program-fault", False)
    for number in range(2, 9):
        await attempts(of).make(name, number)
    found = await of.store.state(name)
    assert (found.state, found.attempts, found.perhaps_twice) == ("failed", POLICY.retry.attempts, False)
    assert of.service.opened == []


@pytest.mark.parametrize(("table", "column"), [("notifications", "subject"), ("notification_bodies", "content")])
async def test_one_that_is_damaged_is_a_dead_letter_and_hides_no_other(of: Bench, table: str, column: str) -> None:
    name, other = await of.accept(), await of.accept("bob@example.com", subject="Seen")
    async with of.database.writing() as session:
        place = "id" if table == "notifications" else "notification"
        await session.execute(sql(f"UPDATE {table} SET {column} = x'0102' WHERE {place} = '{name}'"))  # noqa: S608 - our own words
    assert await attempts(of).make(name, 1) is False
    assert await attempts(of).make(other, 1) is False
    assert of.service.delivered == ["bob@example.com"]
    states = {state.id: state for state in (await of.store.listing(state=None, limit=10)).notifications}
    assert (states[name].state, states[name].problem) == ("failed", "backend-fault")
    assert (states[other].state, states[other].subject) == ("sent", "Seen")


async def test_an_attempt_that_takes_too_long_is_cut_off_and_says_so(of: Bench) -> None:
    of.service.takes_s = 5
    found = await tried(of, None)
    assert (found.state, found.perhaps_twice) == ("retrying", True)
    assert of.service.open_now == 0


@pytest.mark.parametrize(
    ("failure", "problem"), [(None, "no-sender-configured"), (EnvelopeBroken("tag"), "backend-credentials-unreadable")]
)
async def test_without_a_usable_sender_it_waits_and_does_not_count_as_tried(
    of: Bench, failure: Exception | None, problem: str
) -> None:
    of.in_force.active, of.in_force.failure = None, failure
    found = await tried(of, None)
    assert (found.state, found.problem, found.attempts) == ("retrying", problem, 0)
    assert of.service.opened == []


async def test_what_is_of_no_use_any_more_is_not_submitted(of: Bench, clock: Clock) -> None:
    name = await of.accept(not_after=NOON + timedelta(seconds=30))
    clock.advance(30)
    await attempts(of).make(name, 1)
    assert (await of.store.state(name)).state == "expired"
    assert of.service.submissions == {}
    assert counted(of, "expired") == 1


async def test_an_entry_that_is_out_of_date_submits_nothing(of: Bench) -> None:
    name = await of.accept()
    await attempts(of).make(name, 2)
    await attempts(of).make("unknown", 1)
    assert of.service.submissions == {}
    assert (await of.store.state(name)).state == "queued"


async def test_a_recipients_server_that_never_takes_it_makes_a_dead_letter(of: Bench) -> None:
    name = await of.accept()
    of.service.always = refusal(450, "4.2.0", text="450 4.2.0 Greylisted")
    for number in range(1, 6):
        await attempts(of).make(name, number)
    found = await of.store.state(name)
    assert (found.state, found.attempts) == ("failed", 3)


async def test_each_attempt_uses_the_sender_in_force_at_that_moment(of: Bench) -> None:
    name = await of.accept()
    of.service.script["ann@example.com"] = [refusal(421, "4.3.2", stage="greet")]
    await attempts(of).make(name, 1)
    of.in_force.active = active_sender(2, address="news@example.com")
    await attempts(of).make(name, 2)
    [message] = of.service.taken
    assert message.sender_address == "news@example.com"
    found = await of.store.state(name)
    assert (found.profile_version, found.message_id) == (2, message.message_id)


async def test_an_attempt_that_died_before_is_counted_as_perhaps_twice(of: Bench) -> None:
    name = await of.accept()
    of.service.hold = asyncio.Event()
    dying = asyncio.create_task(attempts(of, policy=QueuePolicy()).make(name, 1))
    while not of.service.submissions:  # noqa: ASYNC110 - the script signals nobody
        await asyncio.sleep(0.01)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert (await of.store.state(name)).state == "sending"
    of.service.hold.set()
    await attempts(of).make(name, 1)
    found = await of.store.state(name)
    assert (found.state, found.attempts, found.perhaps_twice) == ("sent", 2, True)
    assert counted(of, "perhaps_twice") == 1


class FullDisk(QueueStore):
    """Refuses to store an outcome as often as told."""

    refusals = 0

    async def conclude(self, claim: Claim, outcome: Outcome) -> bool:
        if self.refusals:
            self.refusals -= 1
            raise OperationalError("UPDATE", {}, Exception("database or disk is full"))
        return await super().conclude(claim, outcome)


def full_disk(of: Bench, refusals: int) -> FullDisk:
    store = FullDisk(database=of.database, envelope=of.ground.envelope, clock=of.ground.clock)
    store.refusals = refusals
    return store


async def test_an_outcome_is_held_until_the_database_takes_it(of: Bench) -> None:
    name = await of.accept()
    patient = msgspec.structs.replace(POLICY, record_within_s=5.0)
    await attempts(of, store=full_disk(of, 2), policy=patient).make(name, 1)
    found = await of.store.state(name)
    assert (found.state, found.perhaps_twice) == ("sent", False)
    assert of.service.submissions["ann@example.com"] == 1


async def test_an_outcome_that_cannot_be_stored_leads_to_an_attempt_that_says_so(of: Bench) -> None:
    name = await of.accept()
    with pytest.raises(OperationalError):
        await attempts(of, store=full_disk(of, 99)).make(name, 1)
    assert (await of.store.state(name)).state == "sending"
    await attempts(of).make(name, 1)
    found = await of.store.state(name)
    assert (found.state, found.perhaps_twice) == ("sent", True)
    assert of.service.submissions["ann@example.com"] == 2


async def test_a_sender_that_cannot_be_made_is_a_problem_of_ours(of: Bench) -> None:
    async def opening(_: object) -> None:
        raise SendFailed(Evidence(stage="sign-in", system=System.BACKEND, condition="program-fault"))

    of.service.opening = opening  # type: ignore[method-assign, assignment]
    found = await tried(of, None)
    assert (found.state, found.problem, found.perhaps_twice) == ("retrying", "program-fault", False)
