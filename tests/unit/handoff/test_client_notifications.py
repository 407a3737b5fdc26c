"""Notifications through the client and a backend of its own: handed over once, whatever happens to the line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.tcp_proxy import Fault, TcpProxy
from tests.unit.service.process_kit import PASSWORD, Process, process, profile_for, submission

from sendwright.handoff.backend import BackendAddress, HandoffFailed
from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import NotificationRequest, NotificationState
from sendwright.network.system import system_network
from sendwright.problems.classify import classify
from sendwright.secret import Secret


def comment(subject: str = "A comment for you") -> NotificationRequest:
    return NotificationRequest(kind="comment", to="ann@example.com", subject=subject, text="Hello Ann")


@asynccontextmanager
async def sending(
    data: Path, server: ScriptedSmtp, certificates: Certificates
) -> AsyncIterator[tuple[Process, HttpBackend, str]]:
    """Run a backend whose sender in force is `server`."""
    async with process(data) as backend:
        token = await backend.enrol()
        client = backend.client(token)
        credentials = {"password": Secret(PASSWORD)}
        version = (await client.stage(profile_for(server, certificates), credentials, key="k")).version
        async for _ in client.test(version, to=None):
            pass
        await client.activate(version)
        try:
            yield backend, client, token
        finally:
            await client.close()


async def reaches(client: HttpBackend, notification_id: str, state: str) -> NotificationState:
    async with asyncio.timeout(30):
        while True:
            found = await client.notification(notification_id)
            if found.state == state:
                return found
            await asyncio.sleep(0.05)


async def test_what_was_handed_over_leaves_from_the_organisations_address(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    server = scripted_smtp(submission(certificates))
    async with sending(tmp_path / "data", server, certificates) as (_, client, _token):
        accepted = await client.notify(comment(), key="comment-1")
        assert accepted.state in {"queued", "sending", "sent"}
        sent = await reaches(client, accepted.id, "sent")
        assert (sent.attempts, sent.problem, sent.perhaps_twice) == (1, None, False)
        assert [each.id for each in (await client.notifications(state="sent")).notifications] == [accepted.id]
        assert (await client.notifications(state="failed")).notifications == ()
    [message] = server.record.messages
    assert message.sender == "notifications@example.org"
    assert message.recipients == ("ann@example.com",)
    assert message.message["From"] == "Example <notifications@example.org>"
    assert message.message["Message-ID"] == sent.message_id


async def test_a_repeated_hand_over_is_one_message(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    server = scripted_smtp(submission(certificates))
    async with sending(tmp_path / "data", server, certificates) as (_, client, _token):
        first = await client.notify(comment(), key="comment-1")
        again = await client.notify(comment(), key="comment-1")
        assert first.id == again.id
        with pytest.raises(HandoffFailed) as caught:
            await client.notify(comment("Something else"), key="comment-1")
        assert caught.value.evidence.reason == "idempotency-key-reused"
        await reaches(client, first.id, "sent")
        other = await client.notify(comment(), key="comment-2")
        await reaches(client, other.id, "sent")
    assert len(server.record.messages) == 2


async def test_wherever_the_line_is_cut_one_message_arrives(
    tmp_path: Path, certificates: Certificates, scripted_smtp: StartSmtp
) -> None:
    server = scripted_smtp(submission(certificates))
    positions = range(0, 500, 45)
    async with (
        sending(tmp_path / "data", server, certificates) as (backend, client, token),
        TcpProxy(("127.0.0.1", int(backend.running.url.rpartition(":")[2]))) as proxy,
    ):
        for position in positions:
            key = f"comment-{position}"
            proxy.fault = Fault(after_server_octets=position)
            shaky = HttpBackend(
                BackendAddress(url=f"http://127.0.0.1:{proxy.port}"),
                token=Secret(token),
                network=system_network(timeout_s=5.0),
            )
            first = await cut_off(shaky, key)
            proxy.fault = Fault()
            again = await shaky.notify(comment(), key=key)
            assert first is None or first.id == again.id
            await reaches(client, again.id, "sent")
            await shaky.close()
    assert len(server.record.messages) == len(positions)
    assert len({message.message["Message-ID"] for message in server.record.messages}) == len(positions)


async def cut_off(client: HttpBackend, key: str) -> NotificationState | None:
    """Hand over through a line that may be cut; return the answer if there was one."""
    try:
        return await client.notify(comment(), key=key)
    except HandoffFailed as failure:
        assert classify(failure.evidence).code == "backend-unreachable"  # noqa: PT017 - one of two ends
        return None


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (NotificationRequest(kind="comment", to="nobody", subject="s", text="t"), "notification-recipient-invalid"),
        (NotificationRequest(kind="comment", to="a@example.com", subject="s"), "notification-empty"),
        (
            NotificationRequest(kind="comment", to="a@example.com", subject="s", text="t", priority=11),
            "backend-request-invalid",
        ),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_name(
    tmp_path: Path, request_: NotificationRequest, reason: str
) -> None:
    async with process(tmp_path / "data") as backend:
        client = backend.client(await backend.enrol())
        with pytest.raises(HandoffFailed) as caught:
            await client.notify(request_, key="k")
        assert caught.value.evidence.reason == reason
        assert (await client.notifications(state=None)).notifications == ()
        await client.close()


async def test_without_a_sender_it_waits_and_says_so(tmp_path: Path) -> None:
    async with process(tmp_path / "data") as backend:
        client = backend.client(await backend.enrol())
        accepted = await client.notify(comment(), key="k")
        waiting = await reaches(client, accepted.id, "retrying")
        assert waiting.problem == "no-sender-configured"
        with pytest.raises(HandoffFailed) as caught:
            await client.notification("not-there")
        assert (caught.value.evidence.http, caught.value.evidence.reason) == (404, "backend-not-found")
        await client.close()
