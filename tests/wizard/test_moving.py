"""A draft and the backend that it was made for: another backend knows none of its versions."""

from dataclasses import replace as with_
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.wizard.surroundings import ADDRESS, ORGANISATION, LastingVault, stage

from sendwright.handoff.backend import BackendAddress
from sendwright.oauth.account import Account
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.trying import Trial
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.vault.vault import SecretRef
from sendwright.wizard.draft import Draft, Platform, Purpose, SenderAnswer, Staged
from sendwright.wizard.moving import moved
from sendwright.world import World

GRANT = SecretRef("microsoft-grant", "1")
ACCOUNT = Account(tenant="t", oid="o", username="ben@contoso.com")
HERE = Platform(address=ADDRESS, token=SecretRef("backend-token", "one"), organisation=ORGANISATION)
THERE = Platform(
    address=BackendAddress(url="https://other.example.org"),
    token=SecretRef("backend-token", "two"),
    organisation=replace(ORGANISATION, name="Another Organisation"),
)
MICROSOFT = Draft(
    id="1",
    platform=HERE,
    provider="microsoft365",
    answers=MicrosoftAnswers(address="ben@contoso.com", account=ACCOUNT, grant=GRANT),
    sender=SenderAnswer(address="ben@contoso.com", alias="Ben"),
    staged=Staged(version=3, profile="digest", tested=True),
)


async def world_with_a_token(folder: Path) -> World:
    async with stage(folder) as play:
        vault = LastingVault()
        await vault.keep(GRANT, Secret("token"))
        return with_(play.world, vault=vault)


async def test_the_same_backend_with_newer_facts_changes_nothing_else(tmp_path: Path) -> None:
    world = await world_with_a_token(tmp_path)
    newer = replace(HERE, address=BackendAddress(url="http://127.0.0.1:2"))  # it was started again
    assert await moved(MICROSOFT, newer, world) == replace(MICROSOFT, platform=newer)
    assert await world.vault.fetch(GRANT) is not None


async def test_the_first_backend_of_a_draft_changes_nothing_else(tmp_path: Path) -> None:
    world = await world_with_a_token(tmp_path)
    fresh = replace(MICROSOFT, platform=None, staged=None)
    assert await moved(fresh, HERE, world) == replace(fresh, platform=HERE)


async def test_a_sign_in_that_nobody_else_has_goes_along(tmp_path: Path) -> None:
    world = await world_with_a_token(tmp_path)
    after = await moved(MICROSOFT, THERE, world)
    assert after == replace(MICROSOFT, platform=THERE, staged=None)
    assert await world.vault.fetch(GRANT) is not None


@pytest.mark.parametrize(
    "answers",
    [
        MicrosoftAnswers(account=ACCOUNT, grant=GRANT, handed_over=True),
        MicrosoftAnswers(
            way=Way.APPLICATION, consented=True, grant=GRANT, certificate="7", trial=Trial(version=2, profile="digest")
        ),
    ],
    ids=["handed over", "application"],
)
async def test_what_only_the_former_backend_can_send_with_is_let_go_of(
    tmp_path: Path, answers: MicrosoftAnswers
) -> None:
    world = await world_with_a_token(tmp_path)
    after = await moved(replace(MICROSOFT, answers=answers), THERE, world)
    assert (after.staged, after.test, after.answers) == (None, None, MicrosoftAnswers())
    assert after.sender == MICROSOFT.sender
    assert await world.vault.fetch(GRANT) is None


async def test_nothing_of_one_backend_is_connected_again_at_another(tmp_path: Path) -> None:
    world = await world_with_a_token(tmp_path)
    answers = replace(MICROSOFT.answers, reconnecting=True, expected=ACCOUNT)
    after = await moved(replace(MICROSOFT, purpose=Purpose.RECONNECT, answers=answers), THERE, world)
    assert after == Draft(id="1", platform=THERE)
    assert await world.vault.fetch(GRANT) is None


async def test_a_password_that_is_here_stays(tmp_path: Path) -> None:
    world = await world_with_a_token(tmp_path)
    state = replace(MICROSOFT, provider="custom_smtp", answers=CustomSmtp().answers(), staged=None)
    assert await moved(state, THERE, world) == replace(state, platform=THERE)
