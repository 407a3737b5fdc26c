"""The states of a notification and the steps between them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.unit.service.queue_kit import NOON, Bench, Clock, bench, cut_off, refusal

from sendwright.problems.classify import classify
from sendwright.senders.sender import Receipt
from sendwright.service.envelope import Envelope, EnvelopeBroken
from sendwright.service.queue_store import Claim, Dead, Expired, Outcome, PutOff, QueueStore, Sent
from sendwright.service.queue_tables import NotificationBodyRow

GREYLISTED = classify(refusal(450, "4.2.0", text="450 4.2.0 Greylisted").evidence)
UNKNOWN = classify(refusal(550, "5.1.1").evidence)
UNANSWERED = classify(cut_off().evidence)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def of(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    async with bench(tmp_path, clock=clock) as of:
        yield of


@pytest.fixture
def queue(of: Bench, clock: Clock) -> QueueStore:
    return QueueStore(database=of.database, envelope=of.ground.envelope, clock=clock)


def sent(claim: Claim) -> Sent:
    return Sent(Receipt(message_id=claim.message_id, provider_id="4bXyz"))


async def claimed(queue: QueueStore, notification_id: str, number: int = 1, version: int | None = 1) -> Claim:
    claim = await queue.claim(notification_id, number, version=version)
    assert claim is not None
    return claim


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


async def bodies(of: Bench) -> int:
    async with of.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(NotificationBodyRow)) or 0


async def test_the_most_urgent_and_then_the_oldest_is_dispatched_first(of: Bench, queue: QueueStore) -> None:
    usual = [await of.accept(), await of.accept()]
    urgent = await of.accept(priority=1)
    found = await queue.undispatched(limit=10)
    assert [due.id for due in found] == [urgent, *usual]
    assert [(due.number, due.at) for due in found] == [(1, None)] * 3
    assert len(await queue.undispatched(limit=2)) == 2
    await queue.mark_dispatched(found[:2])
    assert [due.id for due in await queue.undispatched(limit=10)] == [usual[1]]


async def test_a_claim_says_everything_and_is_recorded_before_anything_is_submitted(
    of: Bench, queue: QueueStore
) -> None:
    name = await of.accept(subject="Überraschung", text="Text", html="<b>x</b>")
    claim = await claimed(queue, name, version=7)
    assert (claim.subject, claim.body.text, claim.body.html) == ("Überraschung", "Text", "<b>x</b>")
    assert (claim.attempt, claim.unanswered, claim.cut_off, claim.expired) == (1, 0, False, False)
    state = await of.store.state(name)
    assert (state.state, state.attempts, state.profile_version) == ("sending", 1, 7)


async def test_an_entry_that_is_out_of_date_claims_nothing(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    assert await queue.claim("unknown", 1, version=1) is None
    assert await queue.claim(name, 2, version=1) is None
    claim = await claimed(queue, name)
    assert await queue.conclude(claim, sent(claim))
    assert await queue.claim(name, 1, version=1) is None
    assert not await queue.conclude(claim, Dead(UNKNOWN))
    assert (await of.store.state(name)).state == "sent"


async def test_what_was_sent_keeps_the_providers_id_and_not_what_it_said(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    claim = await claimed(queue, name)
    assert await bodies(of) == 1
    await queue.conclude(claim, sent(claim))
    state = await of.store.state(name)
    assert (state.state, state.provider_id, state.problem, state.problem_text) == ("sent", "4bXyz", None, "")
    assert await bodies(of) == 0


async def test_what_is_put_off_asks_for_the_next_entry_and_counts_its_tries(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    later = NOON + timedelta(minutes=7)
    await queue.conclude(await claimed(queue, name), PutOff(later, GREYLISTED))
    state = await of.store.state(name)
    assert (state.state, state.next_attempt_at, state.problem) == ("retrying", later, "greylisted")
    assert state.problem_text
    assert not state.perhaps_twice
    [due] = await queue.undispatched(limit=10)
    assert (due.number, due.at) == (2, later)
    again = await claimed(queue, name, 2)
    assert (again.attempt, again.number) == (2, 2)
    assert (await of.store.state(name)).next_attempt_at is None


@pytest.mark.parametrize(
    ("outcome", "state", "problem"),
    [
        (Dead(UNKNOWN), "failed", "recipient-unknown"),
        (Expired(), "expired", None),
        (Expired(UNKNOWN), "expired", "recipient-unknown"),
    ],
)
async def test_an_end_without_success_keeps_what_it_said_for_a_person_to_put_it_back(
    of: Bench, queue: QueueStore, outcome: Outcome, state: str, problem: str | None
) -> None:
    name = await of.accept()
    await queue.conclude(await claimed(queue, name), outcome)
    found = await of.store.state(name)
    assert (found.state, found.problem, found.next_attempt_at) == (state, problem, None)
    assert await bodies(of) == 1
    assert await queue.undispatched(limit=10) == []


async def test_a_cut_off_answer_is_remembered_for_ever(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    await queue.conclude(await claimed(queue, name), PutOff(NOON, UNANSWERED))
    assert (await of.store.state(name)).perhaps_twice
    again = await claimed(queue, name, 2)
    assert (again.unanswered, again.cut_off) == (1, False)
    await queue.conclude(again, sent(again))
    assert (await of.store.state(name)).perhaps_twice


async def test_an_attempt_that_died_in_the_middle_is_made_again_and_says_so(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    await claimed(queue, name)
    again = await claimed(queue, name)
    assert again.cut_off
    state = await of.store.state(name)
    assert (state.perhaps_twice, state.attempts) == (True, 2)


async def test_without_a_sender_nothing_counts_as_tried(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    claim = await claimed(queue, name, version=None)
    assert claim.attempt == 1
    state = await of.store.state(name)
    assert (state.state, state.attempts, state.profile_version) == ("queued", 0, None)
    assert await queue.conclude(claim, PutOff(NOON, UNKNOWN))


async def test_what_is_of_no_use_any_more_is_not_tried(of: Bench, queue: QueueStore, clock: Clock) -> None:
    name = await of.accept(not_after=NOON + timedelta(minutes=1))
    assert not (await claimed(queue, name)).expired
    clock.advance(60)
    assert (await claimed(queue, name)).expired
    assert (await of.store.state(name)).attempts == 1


async def test_waking_makes_all_that_waits_due_and_voids_its_entries(
    of: Bench, queue: QueueStore, clock: Clock
) -> None:
    queued, retrying, sending, dead = [await of.accept() for _ in range(4)]
    for name in (retrying, sending, dead):
        claim = await claimed(queue, name, version=3)
        if name == retrying:
            await queue.conclude(claim, PutOff(NOON + timedelta(hours=1), GREYLISTED))
        elif name == dead:
            await queue.conclude(claim, Dead(UNKNOWN))
    clock.advance(600)
    assert await queue.wake(unless_tried_with=3) == []
    assert await queue.wake(unless_tried_with=4) == [(retrying, 2)]
    assert sorted(await queue.wake()) == sorted([(retrying, 3), (queued, 1)])
    due = {each.id: each for each in await queue.undispatched(limit=10)}
    assert (due[retrying].number, due[retrying].at) == (4, None)
    assert due[queued].number == 2
    again = await claimed(queue, retrying, 4)
    assert (again.attempt, again.since) == (1, clock.now.replace(microsecond=again.since.microsecond))
    assert (await claimed(queue, queued, 2)).since == (await of.store.state(queued)).created_at


async def test_waking_need_not_forget_how_often_it_failed(of: Bench, queue: QueueStore, clock: Clock) -> None:
    name = await of.accept()
    await queue.conclude(await claimed(queue, name), PutOff(NOON + timedelta(hours=1), GREYLISTED))
    clock.advance(600)
    assert await queue.wake(afresh=False) == [(name, 2)]
    again = await claimed(queue, name, 3)
    assert (again.attempt, again.since) == (2, (await of.store.state(name)).created_at)


async def test_overdue_entries_are_found_and_renewed_once(of: Bench, queue: QueueStore, clock: Clock) -> None:
    lost, waiting, sending, undispatched = [await of.accept() for _ in range(4)]
    await queue.mark_dispatched([due for due in await queue.undispatched(limit=9) if due.id != undispatched])
    await queue.conclude(await claimed(queue, waiting), PutOff(NOON + timedelta(hours=1), GREYLISTED))
    await queue.mark_dispatched([due for due in await queue.undispatched(limit=9) if due.id == waiting])
    await claimed(queue, sending)
    assert await queue.overdue(before=NOON) == []
    clock.advance(60)
    overdue = await queue.overdue(before=clock())
    assert sorted(overdue) == sorted([(lost, 1), (sending, 1)])
    await queue.renew(overdue)
    await queue.renew(overdue)
    numbers = {due.id: due.number for due in await queue.undispatched(limit=9)}
    assert numbers == {lost: 2, sending: 2, undispatched: 1}
    assert (await claimed(queue, sending, 2)).cut_off
    assert not (await claimed(queue, lost, 2)).cut_off


async def test_a_finished_notification_is_never_renewed(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    claim = await claimed(queue, name)
    await queue.conclude(claim, sent(claim))
    await queue.renew([(name, 1)])
    await queue.bury(name, 1, UNKNOWN)
    assert await queue.undispatched(limit=9) == []
    assert (await of.store.state(name)).state == "sent"


async def test_what_no_attempt_survives_is_buried(of: Bench, queue: QueueStore) -> None:
    name = await of.accept()
    await claimed(queue, name)
    await queue.bury(name, 2, UNANSWERED)
    assert (await of.store.state(name)).state == "sending"
    await queue.bury(name, 1, UNANSWERED)
    state = await of.store.state(name)
    assert (state.state, state.perhaps_twice) == ("failed", True)


async def test_only_what_was_finished_long_ago_is_deleted(of: Bench, queue: QueueStore, clock: Clock) -> None:
    old, waiting = await of.accept(), await of.accept()
    await queue.conclude(await claimed(queue, old), Dead(UNKNOWN))
    clock.advance(100)
    young = await of.accept()
    claim = await claimed(queue, young)
    await queue.conclude(claim, sent(claim))
    await queue.purge(before=NOON + timedelta(seconds=50))
    listed = await of.store.listing(state=None, limit=10)
    assert {state.id for state in listed.notifications} == {waiting, young}
    assert await bodies(of) == 1


async def test_the_backlog_counts_states_and_knows_the_oldest_unfinished(of: Bench, queue: QueueStore) -> None:
    assert await queue.backlog() == ({}, None)
    first, second, _ = [await of.accept() for _ in range(3)]
    claim = await claimed(queue, first)
    await queue.conclude(claim, sent(claim))
    counts, oldest = await queue.backlog()
    assert counts == {"sent": 1, "queued": 2}
    assert oldest == (await of.store.state(second)).created_at


async def test_nothing_of_what_is_said_lies_in_the_database_in_clear(of: Bench, tmp_path: Path) -> None:
    await of.accept(subject="Leak in Ghent", text="Forty-two records", html="<i>Forty-two records</i>")
    await of.database.close()
    for stored in contents(tmp_path):
        assert b"Leak in Ghent" not in stored
        assert b"Forty-two" not in stored


async def test_what_was_moved_to_another_notification_does_not_open(of: Bench, queue: QueueStore) -> None:
    first, second = await of.accept(), await of.accept(text="Other")
    async with of.database.writing() as session:
        row, other = [await session.get_one(NotificationBodyRow, name) for name in (first, second)]
        row.content = other.content
    with pytest.raises(EnvelopeBroken):
        await queue.claim(first, 1, version=1)
    foreign = QueueStore(database=of.database, envelope=Envelope(b"1" * 32), clock=Clock())
    with pytest.raises(EnvelopeBroken):
        await foreign.claim(second, 1, version=1)
