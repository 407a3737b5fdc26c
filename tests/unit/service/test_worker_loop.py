"""The worker from an accepted notification to its end, on the real queue engine."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update
from tests.unit.service.queue_kit import HURRIED, Bench, active_sender, at_work, bench, cut_off, refusal, until

from sendwright.service.queue_engine import key
from sendwright.service.queue_tables import NotificationRow
from sendwright.service.worker_loop import QueueWorker


async def test_what_is_accepted_is_sent_once_with_its_own_message_id(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    async with bench(tmp_path) as of, at_work(of) as worker:
        first = await of.accept("ann@example.com", subject="Hello", html="<p>Hi</p>")
        worker.nudge()
        state = await of.reaches(first, "sent")
        assert worker.alive
    [message] = of.service.taken
    assert message.message_id == state.message_id == f"<{first}@example.org>"
    assert (message.sender_address, message.alias) == ("notifications@example.org", "Example")
    assert (message.subject, message.text, message.html) == ("Hello", "Hello", "<p>Hi</p>")
    assert message.headers == {"X-Sendwright-Kind": "comment"}
    assert (state.attempts, state.provider_id, state.profile_version) == (1, "Q1", 1)
    assert not state.perhaps_twice
    assert not worker.alive
    assert of.service.open_now == 0
    passing = ("asyncio_", "Thread-")  # the event loop's own, which end with it, and closing connections
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert [name for name in left if not name.startswith(passing)] == []


async def test_everything_ends_as_its_answers_say(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        greylist = refusal(450, "4.2.0", text="450 4.2.0 Greylisted")
        of.service.script = {
            "busy@example.com": [refusal(421, "4.3.2", stage="greet"), refusal(421, "4.3.2", stage="sender")],
            "grey@example.com": [greylist],
            "full@example.com": [refusal(552, "5.2.2", text="552 5.2.2 Mailbox full")] * 9,
            "cut@example.com": [cut_off()],
            "never@example.com": [greylist] * 99,
        }
        names = {to: await of.accept(to) for to in (*of.service.script, "fine@example.com")}
        late = await of.accept("late@example.com", not_after=datetime.now(UTC) - timedelta(seconds=1))
        async with at_work(of):
            states = {to: await of.reaches(name, "sent", "failed", "expired") for to, name in names.items()}
            assert (await of.reaches(late, "expired")).attempts == 0
    found = {to: (state.state, state.attempts, state.problem, state.perhaps_twice) for to, state in states.items()}
    assert found == {
        "busy@example.com": ("sent", 3, None, False),
        "grey@example.com": ("sent", 2, None, False),
        "full@example.com": ("failed", 1, "recipient-mailbox-full", False),
        "cut@example.com": ("sent", 2, None, True),
        "never@example.com": ("failed", 6, "greylisted", False),
        "fine@example.com": ("sent", 1, None, False),
    }
    assert sorted(of.service.delivered) == sorted(
        ["busy@example.com", "grey@example.com", "cut@example.com", "cut@example.com", "fine@example.com"]
    )
    twice = [message.message_id for message in of.service.taken if message.recipient == "cut@example.com"]
    assert len(set(twice)) == 1


async def test_while_the_server_is_down_nothing_is_lost_however_often_it_was_tried(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        of.service.always = refusal(421, "4.3.2", stage="greet")
        names = [await of.accept(f"u{n}@example.com") for n in range(5)]
        async with at_work(of):
            await until(lambda: min(of.service.submissions.values(), default=0) > HURRIED.retry.attempts)
            of.service.always = None
            for name in names:
                assert (await of.reaches(name, "sent")).attempts > HURRIED.retry.attempts
    assert sorted(of.service.delivered) == [f"u{n}@example.com" for n in range(5)]


async def test_a_dead_letter_that_a_person_puts_back_is_sent(tmp_path: Path) -> None:
    async with bench(tmp_path) as of, at_work(of) as worker:
        of.service.script["ann@example.com"] = [refusal(550, "5.1.1")]
        name = await of.accept("ann@example.com")
        worker.nudge()
        assert (await of.reaches(name, "failed")).problem == "recipient-unknown"
        async with of.database.writing() as session:
            await of.store.put_back(session, name, who="Ann's laptop")
        worker.nudge()
        state = await of.reaches(name, "sent")
    assert (state.attempts, state.problem, state.perhaps_twice) == (2, None, False)


PATIENT = msgspec.structs.replace(
    HURRIED, retry=msgspec.structs.replace(HURRIED.retry, first_s=600.0, least_s=600.0, longest_s=900.0)
)


async def test_a_new_sender_wakes_what_waits_for_one(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of:
        of.in_force.active = None
        async with at_work(of):
            names = [await of.accept(f"u{n}@example.com") for n in range(3)]
            for name in names:
                assert (await of.reaches(name, "retrying")).problem == "no-sender-configured"
            await of.put_in_force(active_sender(1))
            for name in names:
                state = await of.reaches(name, "sent")
                assert (state.attempts, state.profile_version) == (1, 1)


async def test_a_new_version_wakes_what_its_predecessor_could_not_send(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of, at_work(of):
        of.service.always = refusal(535, "5.7.8", stage="sign-in")
        name = await of.accept()
        assert (await of.reaches(name, "retrying")).problem == "auth-wrong-credentials"
        of.service.always = None
        await of.put_in_force(active_sender(2, address="news@example.org"))
        state = await of.reaches(name, "sent")
    assert state.profile_version == 2
    assert [message.sender_address for message in of.service.taken] == ["news@example.org"]
    assert of.service.opened == [1, 2]


async def test_a_version_that_came_into_force_while_nobody_worked_wakes_them_too(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of:
        of.service.always = refusal(535, "5.7.8", stage="sign-in")
        name = await of.accept()
        async with at_work(of):
            await of.reaches(name, "retrying")
        async with at_work(of):
            await asyncio.sleep(0.7)
            assert (await of.store.state(name)).attempts == 1
        of.service.always = None
        of.in_force.active = active_sender(2)
        async with at_work(of):
            await of.reaches(name, "sent")


async def test_after_a_restart_the_platforms_own_sender_is_tried_at_once(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of:
        of.in_force.active = active_sender(0)
        of.service.always = refusal(535, "5.7.8", stage="sign-in")
        name = await of.accept()
        async with at_work(of):
            await of.reaches(name, "retrying")
        of.service.always = None
        async with at_work(of):
            assert (await of.reaches(name, "sent")).attempts == 2


async def test_the_urgent_overtake_the_usual(tmp_path: Path) -> None:
    one = msgspec.structs.replace(HURRIED, limits={"smtp": msgspec.structs.replace(HURRIED.limits["smtp"], at_once=1)})
    async with bench(tmp_path, policy=one) as of:
        usual = [await of.accept(f"usual{n}@example.com", priority=7) for n in range(6)]
        urgent = [await of.accept(f"urgent{n}@example.com", priority=1) for n in range(2)]
        async with at_work(of):
            for name in (*urgent, *usual):
                await of.reaches(name, "sent")
    assert of.service.most_at_once == 1
    order = of.service.delivered
    assert max(order.index(f"urgent{n}@example.com") for n in range(2)) <= 2


async def test_a_mailbox_carries_four_at_once(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        of.service.takes_s = 0.1
        names = [await of.accept(f"u{n}@example.com") for n in range(12)]
        async with at_work(of):
            for name in names:
                await of.reaches(name, "sent")
    assert of.service.most_at_once == 4
    assert len(of.service.opened) <= 4


async def test_a_graceful_stop_ends_what_runs_and_leaves_the_rest_for_the_next_start(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        of.service.takes_s = 0.3
        names = [await of.accept(f"u{n}@example.com") for n in range(10)]
        async with at_work(of):
            await until(lambda: len(of.service.taken) >= 1)
        stopped_with = len(of.service.taken)
        assert stopped_with == sum(of.service.submissions.values()) < 10
        await asyncio.sleep(0.3)
        assert len(of.service.taken) == stopped_with
        of.service.takes_s = 0.0
        async with at_work(of):
            states = [await of.reaches(name, "sent") for name in names]
    assert sorted(of.service.delivered) == sorted(f"u{n}@example.com" for n in range(10))
    assert not any(state.perhaps_twice for state in states)


async def test_what_a_stop_cuts_off_is_tried_again_and_says_that_it_may_have_arrived(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=msgspec.structs.replace(HURRIED, stop_within_s=0.1)) as of:
        of.service.hold = asyncio.Event()
        name = await of.accept()
        async with at_work(of):
            await until(lambda: bool(of.service.submissions))
        assert (await of.store.state(name)).state == "sending"
        of.service.hold.set()
        async with at_work(of):
            state = await of.reaches(name, "sent")
    assert (state.perhaps_twice, state.attempts) == (True, 2)


async def lose_the_engines_database(of: Bench) -> None:
    for suffix in ("", "-wal", "-shm"):
        of.ground.folder.path.joinpath(f"queue.db{suffix}").unlink(missing_ok=True)


async def test_an_engine_that_lost_its_database_is_told_everything_again(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of:
        of.service.script = {"cut@example.com": [refusal(421, "4.3.2", stage="greet")]}
        waits, queued = await of.accept("cut@example.com"), await of.accept("ann@example.com")
        async with at_work(of):
            await of.reaches(waits, "retrying")
            await of.reaches(queued, "sent")
        await lose_the_engines_database(of)
        of.in_force.active = active_sender(2)
        another = await of.accept("bob@example.com")
        async with at_work(of):
            await of.reaches(waits, "sent")
            await of.reaches(another, "sent")
    assert of.service.delivered.count("ann@example.com") == 1


@pytest.mark.parametrize("how", ["no database", "torn page", "empty"])
async def test_an_engine_whose_database_is_damaged_puts_it_aside(tmp_path: Path, how: str) -> None:
    async with bench(tmp_path, policy=PATIENT) as of:
        of.service.script = {"cut@example.com": [refusal(421, "4.3.2", stage="greet")]}
        waits = await of.accept("cut@example.com")
        async with at_work(of):
            await of.reaches(waits, "retrying")
        file = of.ground.folder.path / "queue.db"
        whole = file.read_bytes()
        damaged = {
            "no database": b"x" * 9_000,
            "torn page": whole[:8_192] + b"\xff" * 4_096 + whole[12_288:],
            "empty": b"",
        }
        file.write_bytes(damaged[how])
        of.in_force.active = active_sender(2)
        another = await of.accept("bob@example.com")
        async with at_work(of):
            await of.reaches(waits, "sent")
            await of.reaches(another, "sent")
    assert sorted(of.service.delivered) == ["bob@example.com", "cut@example.com"]
    assert file.with_name("queue.db.damaged").exists() == (how != "empty")


async def has_entry(worker: QueueWorker, wanted: str) -> None:
    async with asyncio.timeout(10):
        while not await worker._engine.live([wanted]):  # noqa: ASYNC110 - the engine signals nobody
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)  # until the entry is marked as made, too


async def test_an_entry_that_vanished_is_renewed_while_it_works(tmp_path: Path) -> None:
    async with bench(tmp_path, policy=PATIENT) as of, at_work(of) as worker:
        of.service.script = {"ann@example.com": [refusal(421, "4.3.2", stage="greet")]}
        name = await of.accept()
        worker.nudge()
        await of.reaches(name, "retrying")
        await has_entry(worker, key(name, 2))
        async with of.database.writing() as session:
            await session.execute(update(NotificationRow).values(next_attempt_at=datetime(2026, 1, 1, tzinfo=UTC)))
            await session.execute(update(NotificationRow).values(updated_at=datetime(2026, 1, 1, tzinfo=UTC)))
        await asyncio.sleep(0.7)
        assert (await of.store.state(name)).attempts == 1  # the engine still has the entry, for later
        await worker._engine.withdraw([key(name, 2)])
        assert (await of.reaches(name, "sent")).attempts == 2


async def test_trouble_with_the_database_does_not_end_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(tmp_path) as of:
        worker = of.worker()
        read, failures = worker._read_revision, iter([True] * 2)

        async def sometimes() -> int | None:
            if worker.alive and next(failures, False):
                raise OSError(28, "No space left on device")
            return await read()

        monkeypatch.setattr(worker, "_read_revision", sometimes)
        monkeypatch.setattr("sendwright.service.worker_loop._AFTER_TROUBLE_S", 0.05)
        await worker.start()
        try:
            name = await of.accept()
            await of.reaches(name, "sent")
            assert worker.alive
        finally:
            await worker.stop()
    assert [record.getMessage() for record in caplog.records].count("queue-trouble") == 2
