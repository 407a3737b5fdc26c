"""Whoever is to act is told: once for each need, over what works, never through what is dead."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.service.backend_kit import Clock
from tests.unit.service.queue_kit import MailService, active_sender, bench, cut_off, refusal, until

from sendwright.deployment import Deployment
from sendwright.service import audit
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.ground import ActiveSender, Need, Outlook
from sendwright.service.metrics import Metrics
from sendwright.service.notices import MOST_TRIES, Notices
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.schema import upgrade
from sendwright.service.worker_loop import QueueWorker
from sendwright.texts import speaking

CONTACT = "it@contoso.com"
PLATFORM = active_sender(0, address="platform@example.org")
DEAD = Need(
    id="sign-in:g:2026",
    code="sign-in-revoked",
    version=3,
    contact=CONTACT,
    address="noreply@contoso.com",
    ends_at=None,
    works=False,
)
SOON = Need(
    id="c:2026:30",
    code="own-certificate-expires-soon",
    version=3,
    contact=CONTACT,
    address="noreply@contoso.com",
    ends_at=datetime(2026, 3, 31, 12, 0, tzinfo=UTC),
    works=True,
)
OVER = replace(SOON, id="c:2026:over", code="own-certificate-expired", works=False)
WEEK = replace(SOON, id="sign-in:g:2026:1", code="sign-in-ends-soon")
WEEK_OVER = replace(WEEK, id="sign-in:g:2026:over", code="sign-in-time-over", works=False)
GOOGLE_DEAD = replace(DEAD, code="google-connection-ended")
NOT_LENT = tuple(
    replace(DEAD, id=f"{code}:3", code=code)
    for code in (
        "application-place-unknown",
        "application-organisation-unknown",
        "certificate-unknown",
        "service-account-unknown",
        "signing-domain-unknown",
        "signing-identity-absent",
    )
)


@dataclass
class Looked:
    """What is in force, as a test sets it."""

    need: Need | None = None
    platform_sender: ActiveSender | None = PLATFORM
    active: ActiveSender | None = field(default_factory=lambda: active_sender(3, address="noreply@contoso.com"))
    failure: Exception | None = None

    async def in_force(self) -> ActiveSender | None:
        if self.failure is not None:
            raise self.failure
        return self.active

    async def outlook(self) -> Outlook:
        return Outlook(trouble=self.need.code if self.need else None, need=self.need)


@dataclass
class Scene:
    looked: Looked
    service: MailService
    clock: Clock
    database: Database
    path: Path

    def notices(self, *, within_s: float = 5.0) -> Notices:
        return Notices(
            database=self.database,
            watched=self.looked,
            opening=self.service.opening,
            deployment=Deployment(),
            patience_s=3 * 86_400,
            within_s=within_s,
            clock=self.clock,
            log=logging.getLogger("sendwright.service"),
        )

    async def told(self) -> list[tuple[str, str | None]]:
        async with self.database.reading() as session:
            entries = (await audit.entries(session)).entries
        return [(entry.action, entry.detail.get("to")) for entry in entries]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    database = open_database(url)
    yield Scene(Looked(), MailService(), Clock(), database, tmp_path)
    await database.close()


async def test_nothing_to_tell_is_not_told(scene: Scene) -> None:
    await scene.notices().regularly()
    scene.looked.need = replace(DEAD, contact="")
    await scene.notices().regularly()
    assert (scene.service.opened, scene.service.taken) == ([], [])


async def test_the_end_of_a_sign_in_is_told_once_over_the_platforms_sender(scene: Scene) -> None:
    scene.looked.need = DEAD
    notices = scene.notices()
    for _ in range(3):
        await notices.regularly()
        scene.clock.forward(days=1)
    await scene.notices().regularly()  # after a restart too
    (message,) = scene.service.taken
    assert scene.service.opened == [0]
    assert scene.service.open_now == 0
    assert (message.recipient, message.sender_address) == (CONTACT, "platform@example.org")
    assert "noreply@contoso.com" in message.subject
    for words in ("noreply@contoso.com", "3 days", "Sign in again"):
        assert words in message.text
    assert await scene.told() == [("contact-told", CONTACT)]


async def test_another_end_is_another_notice(scene: Scene) -> None:
    for number in range(2):
        scene.looked.need = replace(DEAD, id=f"sign-in:{number}")
        await scene.notices().regularly()
    assert len({message.message_id for message in scene.service.taken}) == 2


async def test_without_a_sender_of_the_platform_only_the_trouble_tells(scene: Scene) -> None:
    scene.looked.need, scene.looked.platform_sender = DEAD, None
    await scene.notices().regularly()
    assert scene.service.opened == []
    scene.looked.platform_sender = PLATFORM  # somebody configured one: it is told now
    await scene.notices().regularly()
    assert len(scene.service.taken) == 1


async def test_an_end_that_comes_is_told_through_the_sender_in_force(scene: Scene) -> None:
    scene.looked.need = SOON
    await scene.notices().regularly()
    (message,) = scene.service.taken
    assert (scene.service.opened, message.sender_address) == ([3], "noreply@contoso.com")
    assert "31 March 2026" in message.subject
    assert "31 March 2026" in message.text
    assert "Sign in again" not in message.text


@pytest.mark.parametrize(("need", "subject"), [(WEEK, "ends on 31 March 2026"), (WEEK_OVER, "cannot be sent")])
async def test_who_can_sign_in_again_is_told_where_before_the_end_and_after(
    scene: Scene, need: Need, subject: str
) -> None:
    scene.looked.need = need
    await scene.notices().regularly()
    (message,) = scene.service.taken
    assert subject in message.subject
    assert "Sign in again" in message.text
    assert "limited time" in message.text


async def test_it_is_told_through_the_platform_where_the_sender_in_force_fails(scene: Scene) -> None:
    scene.looked.need = SOON
    scene.service.script[CONTACT] = [refusal(535, "5.7.8", stage="sign-in")]
    await scene.notices().regularly()
    assert scene.service.opened == [3, 0]
    assert [message.sender_address for message in scene.service.taken] == ["platform@example.org"]


async def test_credentials_that_cannot_be_read_leave_the_platforms_sender(scene: Scene) -> None:
    scene.looked.need, scene.looked.failure = SOON, EnvelopeBroken("tag")
    await scene.notices().regularly()
    assert scene.service.opened == [0]


async def test_each_of_the_reminders_comes_once_and_then_the_end(scene: Scene) -> None:
    notices = scene.notices()
    for need in (*(replace(SOON, id=f"c:{days}") for days in (30, 7, 1)), OVER):
        scene.looked.need = need
        await notices.regularly()
        await notices.regularly()
    assert scene.service.opened == [3, 3, 3, 0]
    assert "cannot be sent" in scene.service.taken[-1].subject


async def test_what_failed_is_tried_again_with_growing_pauses_and_the_same_message_id(scene: Scene) -> None:
    scene.looked.need = DEAD
    scene.service.script[CONTACT] = [refusal(451, "4.3.0")] * 3
    notices, waits = scene.notices(), []
    for _ in range(200):
        before = scene.service.submissions[CONTACT]
        await notices.regularly()
        if scene.service.submissions[CONTACT] > before:
            waits.append(scene.clock.now)
        scene.clock.forward(minutes=1)
    gaps = [later - earlier for earlier, later in itertools.pairwise(waits)]
    assert gaps == [timedelta(minutes=minutes) for minutes in (2, 4, 8)]
    assert len(scene.service.taken) == 1


async def test_it_is_given_up_in_the_end(scene: Scene) -> None:
    scene.looked.need = DEAD
    scene.service.always = refusal(550, "5.1.1")
    notices = scene.notices()
    for _ in range(3 * MOST_TRIES):
        await notices.regularly()
        scene.clock.forward(days=1)
    assert scene.service.submissions[CONTACT] == MOST_TRIES
    assert await scene.told() == []


async def test_what_may_have_left_is_not_repeated(scene: Scene) -> None:
    scene.looked.need = DEAD
    scene.service.script[CONTACT] = [cut_off()]
    for _ in range(3):
        await scene.notices().regularly()
        scene.clock.forward(days=1)
    assert scene.service.submissions[CONTACT] == 1


async def test_a_server_that_says_nothing_holds_nobody_up(scene: Scene) -> None:
    scene.looked.need = DEAD
    scene.service.hold = asyncio.Event()
    await scene.notices(within_s=0.05).regularly()
    assert scene.service.taken == []
    assert scene.service.open_now == 0


async def test_two_processes_tell_it_once(scene: Scene) -> None:
    scene.looked.need = DEAD
    other = open_database(sqlite_url(scene.path / "backend.db"))
    await asyncio.gather(scene.notices().regularly(), replace(scene.notices(), database=other).regularly())
    await other.close()
    assert len(scene.service.taken) == 1


@pytest.mark.parametrize(
    "need", [DEAD, SOON, OVER, WEEK, WEEK_OVER, GOOGLE_DEAD, *NOT_LENT, replace(DEAD, code="not-known-here")]
)
@pytest.mark.parametrize("language", ["en", "fr", "nl"])
async def test_the_words_are_whole_in_every_language(scene: Scene, need: Need, language: str) -> None:
    scene.looked.need = need
    with speaking(language):
        await scene.notices().regularly()
    (message,) = scene.service.taken
    assert need.address in message.text
    for words in (message.subject, message.text):
        assert words.strip()
        assert "{" not in words


async def test_the_worker_tells_it_while_it_works(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        service, looked = MailService(), Looked(need=DEAD)
        worker = QueueWorker(
            replace(of.ground, watched=looked),
            policy=QueuePolicy(care_every_s=0.05, poll_s=0.05),
            metrics=Metrics(),
            opening=service.opening,
            mailbox=lambda profile: profile.address,
        )
        await worker.start()
        try:
            await until(lambda: bool(service.taken))
        finally:
            await worker.stop()
    assert [message.recipient for message in service.taken] == [CONTACT]
