"""A backend whose sign-in ends: it says so, tells one person over another way, loses nothing, and goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.end2end.backend_process import BackendProcess, enrolled
from tests.end2end.microsoft_backend import places_of, profile_of, sign_in_of
from tests.end2end.trusting_backend import backend_of, put_in_force
from tests.servers.microsoft import listening

from sendwright.handoff.client import HttpBackend
from sendwright.handoff.wire import ConsentQuestion, NotificationRequest, NotificationState
from sendwright.practice.mail_server import PASSWORD, PracticeMailServer, Received
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, NOREPLY, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.scenarios import Scenario
from sendwright.senders.graph.settings import Route, Way

CONTACT = "it@contoso.com"
PATIENCE_S = 100.0


@dataclass
class Scene:
    """One backend between two worlds: Microsoft, and the platform's own mail server."""

    microsoft: SimulatedMicrosoft
    inbox: list[Received]
    platform_inbox: list[Received]
    backend: BackendProcess
    client: HttpBackend

    async def notify(self, number: int) -> NotificationState:
        request = NotificationRequest(
            kind="comment", to=f"ann{number}@example.com", subject=f"Comment {number}", text="Hello"
        )
        return await self.client.notify(request, key=str(number))

    async def reaches(self, notification: NotificationState, name: str) -> NotificationState:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                state = await self.client.notification(notification.id)
                if state.state == name:
                    return state
                await asyncio.sleep(0.2)

    async def trouble(self) -> str | None:
        in_force = (await self.client.organisation()).in_force
        assert in_force is not None
        return in_force.trouble


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not reached():  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.1)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    tenant = contoso()
    tenant.consents[CLIENT_ID] = {"Mail.Send", "Mail.Send.Shared", "User.Read"}
    platform_inbox: list[Received] = []
    mail = PracticeMailServer(Scenario(name="fine"), platform_inbox.append)
    async with listening(tenant) as server:
        await mail.start()
        files = {
            "default-sender_toml": (
                'address = "platform@example.org"\nalias = "Platform"\n[smtp]\nhost = "localhost"\n'
                f'port = {mail.starttls_port}\nsecurity = "starttls"\nusername = "platform"\n'
                'password_file = "password.txt"\n'
            ),
            "password_txt": PASSWORD,
            "microsoft_toml": places_of(server.microsoft),
        }
        try:
            authorities = server.microsoft.authority_pem + mail.authority_pem
            async with backend_of(tmp_path / "backend", authorities, **files) as backend:
                await backend.listening()
                client = await enrolled(backend)
                yield Scene(server.microsoft, server.inbox, platform_inbox, backend, client)
                await client.close()
        finally:
            await mail.stop()


@pytest.mark.timeout(300)
async def test_a_sign_in_that_was_revoked_is_mended_without_losing_anything(scene: Scene) -> None:
    microsoft = scene.microsoft
    await sign_in_of(scene.client, microsoft, BEN, contact=CONTACT)
    await scene.reaches(await scene.notify(1), "sent")
    microsoft.tenant.revoked.add(BEN)
    microsoft.tenant.ahead += timedelta(hours=2)  # the access token is worth nothing any more
    waiting = await scene.notify(2)
    state = await scene.reaches(waiting, "retrying")
    assert state.problem == "sign-in-revoked"
    assert await scene.trouble() == "sign-in-revoked"
    await until(lambda: bool(scene.platform_inbox))
    metrics = await scene.client._exchange._opened().get("/metrics", headers=_signed(scene.client))
    assert 'sendwright_sender_trouble{problem="sign-in-revoked"} 1.0' in metrics.text

    microsoft.tenant.revoked.clear()
    version = await sign_in_of(scene.client, microsoft, BEN, contact=CONTACT)
    sent = await scene.reaches(waiting, "sent")
    assert (sent.profile_version, sent.perhaps_twice) == (version, False)
    assert await scene.trouble() is None
    assert [message.recipient for message in scene.inbox] == ["ann1@example.com", "ann2@example.com"]
    (notice,) = scene.platform_inbox
    assert notice.recipient == CONTACT
    assert BEN in notice.subject
    entries = [entry.action for entry in (await scene.client.audit()).entries]
    assert entries.count("sign-in-ended") == entries.count("contact-told") == 1
    log = scene.backend.log.read_text()
    assert '"event": "sign-in-ended"' in log
    assert '"event": "contact-told"' in log


def _signed(client: HttpBackend) -> dict[str, str]:
    assert client._token is not None
    return {"Authorization": f"Bearer {client._token.reveal()}"}


@pytest.mark.timeout(300)
async def test_an_application_of_the_organisations_own_sends_with_the_backends_certificate(scene: Scene) -> None:
    tenant, client = scene.microsoft.tenant, scene.client
    certificate = await client.make_certificate(CLIENT_ID, key="one")
    question = ConsentQuestion(
        tenant=tenant.id,
        client_id=CLIENT_ID,
        certificate=certificate.id,
        login=scene.microsoft.login,
        graph=scene.microsoft.graph,
    )
    registration = tenant.registrations[CLIENT_ID]
    registration.public = False
    registration.upload(certificate.pem)
    tenant.consents.clear()
    assert (await client.consent(question)).state == "missing"
    tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    found = await client.consent(question)
    assert (found.state, found.roles, found.tenant) == ("granted", ("Mail.Send",), tenant.id)
    profile = profile_of(
        NOREPLY,
        scene.microsoft,
        way=Way.APPLICATION,
        route=Route.MAILBOX,
        account="",
        account_id="",
        certificate=certificate.id,
    )
    version = await put_in_force(client, profile, {}, key="app", contact=CONTACT)
    state = await scene.reaches(await scene.notify(1), "sent")
    assert state.profile_version == version
    assert [message.recipient for message in scene.inbox] == ["ann1@example.com"]
    shown = (await client.organisation()).in_force
    assert shown is not None
    assert shown.expires_at == certificate.not_after
