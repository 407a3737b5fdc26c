"""The backend is killed again and again in the middle of its work, and every notification arrives all the same."""

import asyncio
import contextlib
import logging
import signal
from collections import Counter
from pathlib import Path
from random import Random

import httpx
import pytest
from tests.end2end.backend_process import (
    PATIENCE_S,
    BackendProcess,
    backend_of,
    enrolled,
    every_state,
    thoughtful,
)
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import NotificationRequest, NotificationState

NOTIFICATIONS = 200
KILLS = 10
AT_ONCE = 4
STOPPED_WITH = 40


@pytest.fixture
def mail_server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    return scripted_smtp(thoughtful(certificates, 0.05))


async def hand_over(client: HttpBackend, numbers: list[int], dice: Random) -> None:
    """Repeat each request, under its own key, until it is accepted."""
    while numbers:
        number = numbers.pop()
        wanted = NotificationRequest(
            kind="comment", to=f"user{number}@example.com", subject=f"Comment {number}", text=f"Number {number}"
        )
        while True:
            with contextlib.suppress(HandoffFailed):
                await client.notify(wanted, key=f"notification-{number}")
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(dice.uniform(0.0, 0.35))


async def all_finished(client: HttpBackend) -> tuple[NotificationState, ...]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            listed = await client.notifications(state=None)
            if listed.counts.get("sent", 0) + listed.counts.get("failed", 0) >= NOTIFICATIONS:
                return await every_state(client)
            await asyncio.sleep(0.2)


@pytest.mark.end2end
@pytest.mark.timeout(300)  # ten starts of the backend, and whatever else the machine does
async def test_two_hundred_notifications_arrive_while_the_backend_is_killed_ten_times(
    tmp_path: Path, mail_server: ScriptedSmtp, certificates: Certificates
) -> None:
    dice = Random(20260301)  # noqa: S311 - the same moments in every run, as far as the machine allows
    async with backend_of(tmp_path, mail_server, certificates.ca_file) as backend:
        await backend.start()
        await backend.listening()
        client = await enrolled(backend)
        numbers = list(range(NOTIFICATIONS))
        handing_over = [asyncio.create_task(hand_over(client, numbers, dice)) for _ in range(AT_ONCE)]
        for kill in range(KILLS):
            if kill != KILLS // 2:  # once it dies while it starts
                await backend.listening()
            await asyncio.sleep(dice.uniform(0.1, 1.4))
            assert await backend.kill() == -signal.SIGKILL
            await backend.start()
        await backend.listening()
        await asyncio.gather(*handing_over)
        states = await all_finished(client)
        await client.close()
        assert await backend.stop() == 0
        assert backend.lives == KILLS + 1

    arrived = Counter(str(captured.message["Message-ID"]) for captured in mail_server.record.messages)
    twice = {message_id for message_id, times in arrived.items() if times > 1}
    doubted = {state.message_id for state in states if state.perhaps_twice}
    counted = {"arrived": len(arrived), "twice": sum(arrived.values()) - len(arrived), "doubted": len(doubted)}
    logging.getLogger(__name__).info("%s", counted)
    assert Counter(state.state for state in states) == {"sent": NOTIFICATIONS}
    assert {state.to for state in states} == {f"user{number}@example.com" for number in range(NOTIFICATIONS)}
    assert set(arrived) == {state.message_id for state in states}
    assert twice <= doubted, "a message came twice and nobody said so"
    assert len(doubted) <= KILLS * AT_ONCE, "more is doubted than could be under way"
    assert all(state.attempts >= 2 for state in states if state.perhaps_twice)


@pytest.mark.end2end
async def test_a_stop_in_the_middle_loses_and_doubts_nothing(
    tmp_path: Path, scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    mail_server = scripted_smtp(thoughtful(certificates, 0.5))
    async with backend_of(tmp_path, mail_server, certificates.ca_file) as backend:
        await backend.start()
        await backend.listening()
        client = await enrolled(backend)
        for number in range(STOPPED_WITH):
            wanted = NotificationRequest(kind="task", to=f"u{number}@example.com", subject="Task", text="x")
            await client.notify(wanted, key=str(number))
        async with asyncio.timeout(PATIENCE_S):
            while not mail_server.record.messages:  # noqa: ASYNC110 - a thread's list; a stop before a send proves nothing
                await asyncio.sleep(0.02)
        assert await backend.stop() == 0
        before = len(mail_server.record.messages)
        await backend.start()
        await backend.listening()
        async with asyncio.timeout(PATIENCE_S):
            while (await client.notifications(state=None)).counts != {"sent": STOPPED_WITH}:  # noqa: ASYNC110 - over HTTP
                await asyncio.sleep(0.1)
        states = await every_state(client)
        await client.close()
        assert await backend.stop() == 0
    assert 0 < before < STOPPED_WITH
    assert Counter(captured.recipients for captured in mail_server.record.messages) == {
        (f"u{number}@example.com",): 1 for number in range(STOPPED_WITH)
    }
    assert not any(state.perhaps_twice for state in states)


@pytest.mark.end2end
async def test_two_backends_never_work_on_one_folder(
    tmp_path: Path, mail_server: ScriptedSmtp, certificates: Certificates
) -> None:
    async with backend_of(tmp_path, mail_server, certificates.ca_file) as backend:
        await backend.start()
        await backend.listening()
        second = BackendProcess(backend.folder, backend.environment)
        await second.start()
        assert second.process is not None
        assert await asyncio.wait_for(second.process.wait(), PATIENCE_S) == 1
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"http://127.0.0.1:{backend.port}/healthz")).status_code == 200
        assert await backend.stop() == 0
