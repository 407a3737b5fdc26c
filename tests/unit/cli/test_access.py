"""How a command without a wizard reaches the backend."""

import argparse
from pathlib import Path

import pytest
from tests.wizard.surroundings import ADDRESS, Stage, stage

from sendwright.cli.access import known_backend
from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.known import KnownBackend
from sendwright.problems.classify import classify
from sendwright.problems.explanation import explain
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef

TOKEN = SecretRef("backend-token", "somewhere")
NOTHING = argparse.Namespace()


def enrol(play: Stage, *, on_this_computer: bool) -> None:
    known = KnownBackend(address=ADDRESS, organisation="Example", token=TOKEN, on_this_computer=on_this_computer)
    play.world.known_backends.remember(known)


async def test_the_token_comes_from_the_keychain_and_the_backend_is_closed(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        enrol(play, on_this_computer=False)
        await play.world.vault.keep(TOKEN, Secret("token"))
        async with known_backend(play.world, NOTHING) as backend:
            assert (await backend.organisation()).name == "Example Organisation"
        assert play.backend.calls == ["organisation", "close"]


async def test_a_computer_that_was_never_connected_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        with pytest.raises(HandoffFailed) as caught:
            async with known_backend(play.world, NOTHING):
                pass
        assert explain(classify(caught.value.evidence)).code == "backend-not-connected"


async def test_a_lost_token_of_another_computer_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        enrol(play, on_this_computer=False)
        with pytest.raises(HandoffFailed) as caught:
            async with known_backend(play.world, NOTHING):
                pass
        said = explain(classify(caught.value.evidence))
        assert said.code == "backend-access-lost"
        assert "Example" in said.what
        assert any(remedy.value == "sendwright setup" for remedy in said.remedies)


async def test_on_this_computer_a_lost_token_is_replaced(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        enrol(play, on_this_computer=True)
        async with known_backend(play.world, NOTHING) as backend:
            await backend.organisation()
        assert play.backend.calls[:2] == ["enrol", "close"]
        assert play.here.codes == ["passing"]
