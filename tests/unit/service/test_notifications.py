"""What enters the queue, what is said about it, and what a person puts back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from tests.unit.service.queue_kit import NOON, Bench, Clock, bench, refusal, request

from sendwright.problems.classify import classify
from sendwright.senders.sender import Receipt
from sendwright.service import audit
from sendwright.service.notifications import STATES, require_acceptable
from sendwright.service.queue_store import Claim, Dead, Expired, Outcome, QueueStore, Sent
from sendwright.service.trouble import Trouble

UNKNOWN = classify(refusal(550, "5.1.1").evidence)


LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def of(tmp_path: Path, clock: Clock) -> AsyncIterator[Bench]:
    async with bench(tmp_path, clock=clock) as of:
        yield of


async def ended(of: Bench, name: str, outcome: Outcome | None = None) -> Claim:
    queue = QueueStore(database=of.database, envelope=of.ground.envelope, clock=of.ground.clock)
    number = next(due.number for due in await queue.undispatched(limit=99) if due.id == name)
    claim = await queue.claim(name, number, version=1)
    assert claim is not None
    await queue.conclude(claim, outcome or Sent(Receipt(message_id=claim.message_id)))
    return claim


@pytest.mark.parametrize(
    ("changes", "code", "detail"),
    [
        ({"text": "", "html": ""}, "notification-empty", ""),
        ({"text": " \n", "html": "\t"}, "notification-empty", ""),
        ({"text": "ü" * 60}, "backend-request-too-large", ""),
        ({"text": "x" * 60, "html": "y" * 60}, "backend-request-too-large", ""),
        ({"subject": ""}, "notification-subject-invalid", ""),
        ({"subject": "  "}, "notification-subject-invalid", ""),
        ({"subject": "A\r\nBcc: eve@example.com"}, "notification-subject-invalid", ""),
        ({"subject": "x" * 999}, "notification-subject-invalid", ""),
        ({"priority": 0}, "backend-request-invalid", "$.priority"),
        ({"priority": 10}, "backend-request-invalid", "$.priority"),
        ({"deduplication_key": ""}, "backend-request-invalid", "$.deduplication_key"),
        ({"deduplication_key": "k" * 256}, "backend-request-invalid", "$.deduplication_key"),
        ({"deduplication_key": "a\0b"}, "backend-request-invalid", "$.deduplication_key"),
        ({"workspace": "w" * 201}, "backend-request-invalid", "$.workspace"),
        ({"workspace": "\0"}, "backend-request-invalid", "$.workspace"),
        ({"not_after": datetime(2027, 1, 1)}, "backend-request-invalid", "$.not_after"),  # noqa: DTZ001 - refused
        ({"not_after": LAST.replace(tzinfo=timezone(timedelta(hours=-1)))}, "backend-request-invalid", "$.not_after"),
        ({"not_after": NOON}, "notification-too-late", ""),
        ({"not_after": NOON - timedelta(days=1)}, "notification-too-late", ""),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(changes: dict[str, object], code: str, detail: str) -> None:
    with pytest.raises(Trouble) as refused:
        require_acceptable(request(**changes), now=NOON, largest_bytes=100)
    assert (refused.value.code, refused.value.detail) == (code, detail)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"text": "", "html": "<p>x</p>"},
        {"text": "x" * 100},
        {"subject": "x" * 998},
        {"not_after": LAST},
        {"subject": "Überraschung 🎉"},
        {"priority": 1},
        {"priority": 9},
        {"not_after": NOON + timedelta(seconds=1)},
        {"deduplication_key": "k", "workspace": "w"},
    ],
)
def test_everything_else_is_accepted(changes: dict[str, object]) -> None:
    require_acceptable(request(**changes), now=NOON, largest_bytes=100)


async def test_what_was_accepted_is_queued_under_an_id_of_its_own(of: Bench) -> None:
    first, second = await of.accept("ann@example.com", kind="incident", subject="Leak"), await of.accept()
    state = await of.store.state(first)
    assert first != second
    assert str(UUID(first)) == first
    assert (state.kind, state.to, state.subject, state.state) == ("incident", "ann@example.com", "Leak", "queued")
    assert state.message_id == f"<{first}@example.org>"
    assert (state.attempts, state.problem, state.problem_text, state.perhaps_twice) == (0, None, "", False)
    assert state.created_at == state.updated_at


async def test_the_same_deduplication_key_is_the_same_notification(of: Bench) -> None:
    first = await of.accept("ann@example.com", deduplication_key="task-7-reminder-1")
    again = await of.accept("bob@example.com", deduplication_key="task-7-reminder-1")
    other = await of.accept("bob@example.com", deduplication_key="task-7-reminder-2")
    assert again == first != other
    assert (await of.store.state(again)).to == "ann@example.com"
    assert len({await of.accept() for _ in range(2)}) == 2


async def test_an_unknown_id_is_not_found(of: Bench) -> None:
    with pytest.raises(Trouble) as refused:
        await of.store.state("0" * 36)
    assert refused.value.code == "backend-not-found"


async def test_the_list_is_newest_first_by_state_and_counts_all(of: Bench, clock: Clock) -> None:
    names = []
    for _ in range(4):
        names.append(await of.accept())
        clock.advance(1)
    await ended(of, names[0], Dead(UNKNOWN))
    await ended(of, names[1])
    everything = await of.store.listing(state=None, limit=10)
    assert [state.id for state in everything.notifications] == names[::-1]
    failed = await of.store.listing(state="failed", limit=10)
    [dead] = failed.notifications
    assert (dead.id, dead.problem) == (names[0], "recipient-unknown")
    assert dead.problem_text
    one = await of.store.listing(state=None, limit=1)
    assert [state.id for state in one.notifications] == [names[3]]
    assert one.counts == failed.counts == {"queued": 2, "failed": 1, "sent": 1}
    assert one.oldest_unfinished_at == everything.notifications[1].created_at


@pytest.mark.parametrize(("state", "limit"), [("broken", 1), ("", 1), (None, 0), (None, 1_001), ("sent", -1)])
async def test_a_list_that_is_none_is_refused(of: Bench, state: str | None, limit: int) -> None:
    with pytest.raises(Trouble) as refused:
        await of.store.listing(state=state, limit=limit)
    assert refused.value.code == "backend-request-invalid"


@pytest.mark.parametrize("outcome", [Dead(UNKNOWN), Expired(UNKNOWN)])
async def test_a_dead_letter_is_put_back_with_all_patience(of: Bench, clock: Clock, outcome: Outcome) -> None:
    name = await of.accept(not_after=NOON + timedelta(minutes=1))
    await ended(of, name, outcome)
    clock.advance(3_600)
    async with of.database.writing() as session:
        await of.store.put_back(session, name, who="Ann's laptop")
    assert (await of.store.state(name)).state == "queued"
    again = await ended(of, name)
    assert (again.number, again.attempt, again.not_after, again.expired) == (2, 1, None, False)
    assert again.since > NOON + timedelta(minutes=59)
    async with of.database.reading() as session:
        [entry] = (await audit.entries(session)).entries
    assert (entry.action, entry.who, entry.detail) == ("notification-put-back", "Ann's laptop", {"notification": name})


async def test_a_deadline_that_has_not_passed_stays(of: Bench) -> None:
    soon = NOON + timedelta(hours=1)
    name = await of.accept(not_after=soon)
    await ended(of, name, Dead(UNKNOWN))
    async with of.database.writing() as session:
        await of.store.put_back(session, name, who="Ann")
    assert (await ended(of, name)).not_after == soon


async def test_only_dead_letters_are_put_back(of: Bench) -> None:
    waiting, sent = await of.accept(), await of.accept()
    await ended(of, sent)
    for name, code in ((waiting, "notification-not-dead"), (sent, "notification-not-dead"), ("x", "backend-not-found")):
        async with of.database.writing() as session:
            with pytest.raises(Trouble) as refused:
                await of.store.put_back(session, name, who="Ann")
        assert refused.value.code == code


def test_every_state_has_a_place_in_the_interface() -> None:
    assert set(STATES) == {"queued", "sending", "sent", "retrying", "failed", "expired"}
