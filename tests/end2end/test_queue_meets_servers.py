"""The queue with the real sender against servers that misbehave: what becomes of each notification."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.servers.accounts import ANNA, FULL, GREYLISTED, NOTIFICATIONS
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import free_port
from tests.servers.postfix import PostfixServer
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Drop, Script, Security
from tests.unit.service.queue_kit import Bench, bench, until

from sendwright.network.system import system_network
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.service.ground import ActiveSender
from sendwright.service.worker import create_worker
from sendwright.service.worker_loop import QueueWorker

HURRIED = """
poll_s = 0.05
care_every_s = 0.5
[retry]
first_s = 0.2
soon_s = 0.1
least_s = 0.1
greylisted_s = 0.3
repair_s = 0.2
longest_s = 0.5
attempts = 4
[limits.smtp]
starts = 10000
period_s = 1.0
"""


@dataclass
class Post:
    """The queue, working for real, with a profile that leads to a test server."""

    of: Bench
    worker: QueueWorker
    certificates: Certificates

    async def use(
        self, port: int, *, version: int = 1, security: str = "starttls", password: str | None = None
    ) -> None:
        settings = {
            "host": "127.0.0.1",
            "port": port,
            "security": security,
            "username": NOTIFICATIONS.address if password else None,
            "ca_pem": self.certificates.ca_file.read_text(),
        }
        profile = SenderProfile(
            provider="custom_smtp", sender="smtp", address=NOTIFICATIONS.address, alias="Example", settings=settings
        )
        credentials = {"password": Secret(password)} if password else {}
        await self.of.put_in_force(ActiveSender(version=version, profile=profile, credentials=credentials))

    async def accept(self, to: str, **changes: object) -> str:
        name = await self.of.accept(to, **changes)
        self.worker.nudge()
        return name


@pytest.fixture
async def post(tmp_path: Path, certificates: Certificates) -> AsyncIterator[Post]:
    async with bench(tmp_path) as of:
        tmp_path.joinpath("queue.toml").write_text(HURRIED)
        worker = create_worker(replace(of.ground, network=system_network()))
        await worker.start()
        try:
            yield Post(of, worker, certificates)
        finally:
            await worker.stop()


def arrived(server: ScriptedSmtp) -> Counter[str]:
    return Counter(captured.recipients[0] for captured in server.record.messages)


def scripted(certificates: Certificates, **script: object) -> Script:
    return Script(security=Security.STARTTLS, certificate=certificates.good, **script)  # type: ignore[arg-type]


async def test_each_answer_has_its_own_end(post: Post, scripted_smtp: StartSmtp, certificates: Certificates) -> None:
    rcpt = {
        "grey@example.com": (b"450 4.2.0 Greylisted, come back later", b"250 2.1.5 Ok"),
        "full@example.com": b"552 5.2.2 Mailbox full",
        "gone@example.com": b"550 5.1.1 No such user",
        "slow@example.com": b"452 4.2.2 Mailbox full for now",
    }
    busy = (b"421 4.3.2 Service not available, closing", b"220 mail.example.org ESMTP")
    server = scripted_smtp(scripted(certificates, greeting=busy, rcpt=rcpt))
    await post.use(server.port)
    names = {to: await post.accept(to) for to in (*rcpt, "ann@example.com")}
    states = {to: await post.of.reaches(name, "sent", "failed") for to, name in names.items()}
    assert {to: (state.state, state.problem) for to, state in states.items()} == {
        "ann@example.com": ("sent", None),
        "grey@example.com": ("sent", None),
        "full@example.com": ("failed", "recipient-mailbox-full"),
        "gone@example.com": ("failed", "recipient-unknown"),
        "slow@example.com": ("failed", "recipient-mailbox-full"),
    }
    assert states["grey@example.com"].attempts >= 2
    assert states["slow@example.com"].attempts >= 4
    assert states["ann@example.com"].provider_id == "SCRIPTED"
    assert arrived(server) == {"ann@example.com": 1, "grey@example.com": 1}
    assert not any(state.perhaps_twice for state in states.values())


async def test_an_answer_that_is_cut_off_after_the_message_is_the_only_reason_to_doubt(
    post: Post, scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    cut = scripted_smtp(scripted(certificates, end_of_data=(Drop(), b"250 2.0.0 Ok: queued as SECOND")))
    await post.use(cut.port)
    state = await post.of.reaches(await post.accept("ann@example.com"), "sent")
    assert (state.perhaps_twice, state.attempts, state.provider_id) == (True, 2, "SECOND")
    ids = [str(captured.message["Message-ID"]) for captured in cut.record.messages]
    assert ids == [state.message_id] * 2
    before = scripted_smtp(scripted(certificates, data=(Drop(), b"354 Go ahead")))
    await post.use(before.port, version=2)
    state = await post.of.reaches(await post.accept("bob@example.com"), "sent")
    assert (state.perhaps_twice, state.attempts) == (False, 2)
    assert arrived(before) == {"bob@example.com": 1}


@asynccontextmanager
async def listening_at(port: int, server: ScriptedSmtp) -> AsyncIterator[None]:
    listener = await asyncio.start_server(server._connected, "127.0.0.1", port)
    try:
        yield
    finally:
        listener.close()


async def test_a_server_that_is_down_and_comes_back_gets_everything_once(
    post: Post, certificates: Certificates
) -> None:
    port = free_port()
    await post.use(port)
    names = [await post.accept(f"u{number}@example.com") for number in range(8)]
    for name in names:
        assert (await post.of.reaches(name, "retrying")).problem == "connection-refused"
    await asyncio.sleep(1.0)
    async with ScriptedSmtp(scripted(certificates)) as server, listening_at(port, server):
        states = [await post.of.reaches(name, "sent") for name in names]
        await post.worker.stop()
        await until(lambda: not server._conversations)
    assert arrived(server) == {f"u{number}@example.com": 1 for number in range(8)}
    assert not any(state.perhaps_twice for state in states)


async def test_a_repaired_sender_is_used_at_once_and_nothing_expires_meanwhile(
    post: Post, scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    accounts = {NOTIFICATIONS.address: "right"}
    server = scripted_smtp(scripted(certificates, accounts=accounts, auth_required=True))
    await post.use(server.port, password="wrong")
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    useful, useless = await post.accept("ann@example.com"), await post.accept("bob@example.com", not_after=soon)
    for name in (useful, useless):
        assert (await post.of.reaches(name, "retrying")).problem == "auth-wrong-credentials"
    assert (await post.of.reaches(useless, "expired")).problem == "auth-wrong-credentials"
    await post.use(server.port, version=2, password="right")
    state = await post.of.reaches(useful, "sent")
    assert state.profile_version == 2
    assert arrived(server) == {"ann@example.com": 1}


@pytest.mark.real_server
async def test_postfix_delivers_what_it_accepts_and_its_refusals_are_understood(
    post: Post, postfix: PostfixServer
) -> None:
    await post.use(postfix.ports.submission, password=NOTIFICATIONS.password)
    names = {to: await post.accept(to, subject="Grüße aus Gent") for to in (ANNA.address, FULL, GREYLISTED)}
    sent = await post.of.reaches(names[ANNA.address], "sent")
    assert sent.provider_id
    message = await asyncio.to_thread(postfix.mailbox(ANNA.address).wait_for_message, subject="Grüße aus Gent")
    assert message["Message-ID"] == sent.message_id
    assert message["X-Sendwright-Kind"] == "comment"
    assert (await post.of.reaches(names[FULL], "failed")).problem == "recipient-mailbox-full"
    grey = await post.of.reaches(names[GREYLISTED], "failed")
    assert (grey.problem, grey.attempts) == ("greylisted", 4)
