"""Whatever is cancelled, ended or changed half-way: a refresh token has one owner, and the wizard knows which."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.wizard.microsoft_surroundings import (
    MicrosoftBackend,
    Play,
    answer,
    consent_of,
    ignore,
    run,
    sign_in,
    stage,
    to_plan,
)
from tests.wizard.surroundings import LastingVault

from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code
from sendwright.handoff.wire import ProfileState
from sendwright.practice.microsoft.contoso import BEN
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.sign_in.attempt import SignIn
from sendwright.screens import Done
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef
from sendwright.wizard.draft import Draft
from sendwright.wizard.wizard import Wizard


@dataclass
class HesitantBackend(MicrosoftBackend):
    """A backend whose test takes as long as `goes_on` is not set, and that remembers where credentials came from."""

    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    testing: asyncio.Event = field(default_factory=asyncio.Event)
    taken_from: list[int | None] = field(default_factory=list)

    async def stage(
        self,
        profile: SenderProfile,
        credentials: dict[str, Secret],
        *,
        key: str,
        credentials_from: int | None = None,
        contact: str = "",
        expires_at: datetime | None = None,
    ) -> ProfileState:
        self.taken_from.append(credentials_from)
        return await super().stage(
            profile,
            credentials,
            key=key,
            credentials_from=credentials_from,
            contact=contact,
            expires_at=expires_at,
        )

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        self.testing.set()
        await self.goes_on.wait()
        async for result in super().test(version, to=to, mailbox=mailbox):
            yield result


class SlowVault(LastingVault):
    """A vault whose deleting and keeping waits for `opens` once it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.opens = asyncio.Event()
        self.opens.set()
        self.asked = asyncio.Event()

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        self.asked.set()
        await self.opens.wait()
        await super().keep(ref, secret)

    async def forget(self, ref: SecretRef) -> None:
        self.asked.set()
        await self.opens.wait()
        await super().forget(ref)


def hesitant(play: Play) -> tuple[Play, HesitantBackend]:
    backend = HesitantBackend(tenant=play.tenant, network=play.world.network)
    world = replace(play.world, backend=lambda _address, _token: backend)
    return replace(play, backend=backend, world=world), backend


async def before_activation(play: Play) -> Wizard:
    wizard = await to_plan(play)
    await answer(wizard, "ms-plan")
    await sign_in(wizard, play)
    await answer(wizard, "ms-connected")
    await answer(wizard, "ms-mailbox", choice="own")
    await answer(wizard, "ms-board")
    await answer(wizard, "sender", address=BEN, alias="Example Organisation")
    await answer(wizard, "test", to="anna@example.org")
    await answer(wizard, "arrival", choice="yes")
    await wizard.submit({}, progress=ignore)
    assert wizard.screen.step == "activate"
    return wizard


async def cancelled(wizard: Wizard, moment: asyncio.Event) -> None:
    """Cancel the step that works as soon as `moment` has come."""
    working = asyncio.create_task(wizard.submit({}, progress=ignore))
    await moment.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


def tokens(play: Play) -> str:
    vault = play.world.vault
    assert isinstance(vault, LastingVault)
    return " ".join(secret.reveal() for secret in vault._kept.values())


async def test_a_cancelled_activation_knows_that_the_backend_has_the_sign_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        await cancelled(wizard, backend.testing)
        assert wizard.draft.staged is not None
        assert wizard.draft.answers.handed_over
        assert backend.credentials[0]["refresh_token"] not in tokens(play)
        backend.goes_on.set()
        again = await play.restarted().wizard()  # the draft on disk knows it as well
        assert isinstance(again.draft, Draft)
        assert again.draft.staged == wizard.draft.staged
        await run(wizard)
        assert isinstance(wizard.screen, Done), wizard.screen
        assert len(backend.credentials) == 1  # handed over once


async def test_a_deletion_that_is_cancelled_goes_on_to_its_end(tmp_path: Path) -> None:
    vault = SlowVault()
    async with stage(tmp_path, vault=vault) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        vault.opens.clear()
        vault.asked.clear()
        working = asyncio.create_task(wizard.submit({}, progress=ignore))
        await vault.asked.wait()
        working.cancel()
        await asyncio.sleep(0)
        vault.opens.set()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert wizard.draft.staged is not None
        assert wizard.draft.answers.handed_over
        assert backend.credentials[0]["refresh_token"] not in tokens(play)


async def test_a_sign_in_that_is_cancelled_while_it_is_kept_leaves_nothing(tmp_path: Path) -> None:
    vault = SlowVault()
    async with stage(tmp_path, vault=vault) as play:
        wizard = await to_plan(play)
        await answer(wizard, "ms-plan")
        vault.opens.clear()
        vault.asked.clear()
        signing = asyncio.create_task(sign_in(wizard, play))
        await vault.asked.wait()
        signing.cancel()
        await asyncio.sleep(0)
        vault.opens.set()
        with pytest.raises(asyncio.CancelledError):
            await signing
        assert wizard.draft.answers.grant is None
        assert "refresh_token" not in tokens(play)


async def test_a_program_that_ended_right_after_the_hand_over_asks_to_sign_in_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        saved = (play.folder / "draft.json").read_bytes()
        await cancelled(wizard, backend.testing)
        (play.folder / "draft.json").write_bytes(saved)  # as if it had been killed before it could write
        again = await play.restarted().wizard()
        assert again.draft.answers.account is None
        assert again.draft.answers.grant is None
        assert not any(ref.purpose == "microsoft-grant" for ref in play.world.vault._kept)  # type: ignore[attr-defined]


async def test_another_backend_is_not_told_versions_of_the_former_one(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        await cancelled(wizard, backend.testing)
        wizard.return_to("platform")
        code = format_connection_code(ConnectionCode(BackendAddress(url="https://other.example.org"), Secret("once")))
        await answer(wizard, "platform", choice="connection-code", code=code.reveal())
        assert wizard.draft.staged is None
        assert not wizard.draft.answers.connected  # the former backend has that sign-in
        assert "refresh_token" not in tokens(play)


async def test_the_same_backend_keeps_what_it_has(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        await cancelled(wizard, backend.testing)
        wizard.return_to("platform")
        await answer(wizard, "platform", choice="enrolled")
        assert wizard.draft.staged is not None
        assert wizard.draft.answers.handed_over


async def test_another_way_does_not_take_the_sign_in_over(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        play.tenant.app_roles[play.registration.client_id] = {"Mail.Send"}
        wizard = await before_activation(play)
        await cancelled(wizard, backend.testing)
        backend.goes_on.set()
        wizard.return_to("provider")
        await answer(wizard, "provider", choice="microsoft365")
        await answer(wizard, "ms-way", choice="application")
        await answer(wizard, "ms-plan")
        await answer(wizard, "ms-connected")
        await answer(wizard, "ms-mailbox", mailbox=BEN)
        await answer(wizard, "ms-board")
        await answer(wizard, "sender", address=BEN, alias="Example Organisation")
        await answer(wizard, "test", to="anna@example.org")
        assert backend.taken_from == [None, None]
        assert wizard.screen.step == "arrival", wizard.screen


async def test_another_provider_forgets_what_was_staged(tmp_path: Path) -> None:
    async with stage(tmp_path) as started:
        play, backend = hesitant(started)
        wizard = await before_activation(play)
        await cancelled(wizard, backend.testing)
        wizard.return_to("provider")
        await answer(wizard, "provider", choice="custom_smtp")
        assert wizard.draft.staged is None
        assert tokens(play).count("eyJ") == 0


async def test_starting_over_listens_no_longer(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play)
        await answer(wizard, "ms-plan")
        await answer(wizard, consent_of(wizard).step, action="own-browser")
        attempt = play.world.attempts.find(wizard.draft.answers.attempt)
        assert isinstance(attempt, SignIn)
        assert attempt.listening is not None
        port = int(attempt.redirect_uri.rpartition(":")[2].rstrip("/"))
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await wizard.start_over()
        assert play.world.attempts.find("any") is None
        with pytest.raises(OSError, match="Connect"):
            await asyncio.open_connection("127.0.0.1", port)
