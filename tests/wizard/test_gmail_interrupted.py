"""Whatever is cancelled while a former secret is let go of: the wizard knows where the new one lies."""

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.unit.providers.gmail.desks import key_file
from tests.wizard.google_surroundings import Play, answer, consent_of, ignore, run, stage, to_connected, to_way
from tests.wizard.surroundings import LastingVault

from sendwright.oauth.kept_grant import unpack
from sendwright.practice.google.example import ANNA, NOTICES
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sign_in.signing_in import PURPOSE
from sendwright.screens import Sheet
from sendwright.vault.vault import SecretRef
from sendwright.wizard.wizard import Wizard


class Holding(LastingVault):
    """A vault that waits for `opens` before it forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.opens, self.asked = asyncio.Event(), asyncio.Event()
        self.opens.set()

    async def forget(self, ref: SecretRef) -> None:
        self.asked.set()
        await self.opens.wait()
        await super().forget(ref)

    def of(self, purpose: str) -> set[SecretRef]:
        return {ref for ref in self._kept if ref.purpose == purpose}


def answers(wizard: Wizard) -> GmailAnswers:
    found = wizard.draft.answers
    assert isinstance(found, GmailAnswers)
    return found


async def cancelled(working: "asyncio.Task[None]", vault: Holding) -> None:
    """Cancel what works as soon as something is to be forgotten."""
    await vault.asked.wait()
    working.cancel()
    await asyncio.sleep(0)
    vault.opens.set()
    with pytest.raises(asyncio.CancelledError):
        await working


def hold(vault: Holding) -> None:
    vault.asked.clear()
    vault.opens.clear()


async def before_a_further_permission(play: Play) -> Wizard:
    wizard = await to_connected(play)
    await answer(wizard, "gmail-connected")
    await answer(wizard, "gmail-sender", choice="other", sender=NOTICES)
    sheet = wizard.screen
    assert isinstance(sheet, Sheet)
    await wizard.submit({one.name: one.value for one in sheet.fields} | {"action": "allow"}, progress=ignore)
    await run(wizard)
    return wizard


async def test_the_grant_of_a_further_permission_is_known_although_its_sign_in_is_cancelled(tmp_path: Path) -> None:
    vault = Holding()
    async with stage(tmp_path, vault=vault) as play:
        wizard = await before_a_further_permission(play)
        former = answers(wizard).grant
        hold(vault)
        working = asyncio.create_task(wizard.submit({}, progress=ignore))
        left_to = await play.person(ANNA).agree(consent_of(wizard).url, "accept")
        assert left_to
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(left_to)
        await cancelled(working, vault)
        for opened in (wizard, await play.restarted().wizard()):
            ref = answers(opened).grant
            assert ref is not None
            assert ref != former
            assert vault.of(ref.purpose) == {ref}, "no grant lies there that nobody knows of"
            kept = await vault.fetch(ref)
            assert kept is not None
            assert unpack(kept).refresh_token is not None
        await wizard.start_over()
        assert vault.of(PURPOSE) == set()


async def test_a_key_is_known_although_the_former_one_is_only_being_forgotten(tmp_path: Path) -> None:
    vault = Holding()
    async with stage(tmp_path, vault=vault) as play:
        for number in (1, 2):
            (tmp_path / f"{number}.json").write_text(key_file(play.workspace).reveal())
        wizard = await to_way(play, address=NOTICES)
        await answer(wizard, "gmail-way", choice="service-account", address=NOTICES)
        await answer(wizard, "gmail-key", choice="key", file=str(tmp_path / "1.json"))
        former = answers(wizard).key
        wizard.back()
        hold(vault)
        again = {"choice": "key", "file": str(tmp_path / "2.json")}
        await cancelled(asyncio.create_task(wizard.submit(again, progress=ignore)), vault)
        ref = answers(wizard).key
        assert ref is not None
        assert ref != former
        assert vault.of(ref.purpose) == {ref}
