"""What is pasted may hold more than meant: no code of a sign-in reaches a file."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from tests.wizard.microsoft_surroundings import answer, consent_of, stage, stop_of, to_plan

from sendwright.wizard.dossier import dossier

CODE = "0.AXoAcanarycanarycanary"
PASTED = f"It says this: http://localhost:4711/?code={CODE}&state=canary-state-of-a-sign-in and nothing else"


async def test_a_pasted_address_of_a_sign_in_leaves_its_code_behind(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play)
        await answer(wizard, "ms-plan")
        await answer(wizard, "ms-consent", action="own-browser")
        await answer(wizard, "ms-consent", action="showed-error")
        await answer(wizard, "ms-shown", words=PASTED)
        stop = stop_of(wizard)
        assert "It says this" in stop.problem.evidence.text
        places = {
            "the screen": repr(stop),
            "the draft": (play.folder / "draft.json").read_text(),
            "the trail": msgspec.json.encode(wizard.trail.shown).decode(),
            "the diagnosis": msgspec.json.encode(dossier(wizard)).decode(),
        }
        for place, words in places.items():
            assert CODE not in words, place
            assert "canary-state" not in words, place


@pytest.mark.parametrize("way", ["account", "application"])
async def test_the_recorder_knows_what_a_sign_in_is_recognised_by(tmp_path: Path, way: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_plan(play, way=way)
        await answer(wizard, "ms-plan")
        known = {secret.reveal() for secret in play.world.recorder.secrets}
        sent = dict(parse_qsl(urlsplit(consent_of(wizard).url).query))
        assert sent["state"] in known
        if way == "account":
            await answer(wizard, "ms-consent", action="device-code")
            code = consent_of(wizard).user_code
            assert code
            assert code in {secret.reveal() for secret in play.world.recorder.secrets}
