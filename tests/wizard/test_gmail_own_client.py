"""Setting up Gmail through an OAuth client of the organisation's own: typed or from its file, and checked."""

import json
from pathlib import Path

import pytest
from tests.wizard.google_surroundings import Play, answer, ignore, run, sign_in, stage, stop_of, to_way

from sendwright.practice.google.example import ANNA, CLARA, OWN_CLIENT_ID, OWN_CLIENT_SECRET
from sendwright.screens import Rejected
from sendwright.wizard.wizard import Wizard

TYPED = {"client_id": OWN_CLIENT_ID, "client_secret": OWN_CLIENT_SECRET}


async def to_client(play: Play) -> Wizard:
    wizard = await to_way(play)
    await answer(wizard, "gmail-way", choice="own")
    assert wizard.screen.step == "gmail-client"
    return wizard


async def to_own_connected(play: Play) -> Wizard:
    wizard = await to_client(play)
    await answer(wizard, "gmail-client", **TYPED)
    await answer(wizard, "gmail-plan")
    await sign_in(wizard, play)
    assert wizard.screen.step == "gmail-connected", wizard.screen
    return wizard


def downloaded(folder: Path, *, kind: str = "installed") -> str:
    """Return the file that Google offers when a client is made."""
    file = folder / f"client_secret_{kind}.json"
    inner = {
        **TYPED,
        "project_id": "notices-1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "redirect_uris": ["http://localhost"],
    }
    file.write_text(json.dumps({kind: inner}), encoding="utf-8")
    return str(file)


async def test_what_is_typed_is_checked_and_used(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_own_connected(play)
        answers = wizard.draft.answers
        assert (answers.client_id, answers.client_checked, answers.mailbox) == (OWN_CLIENT_ID, True, ANNA)
        assert answers.settings().own
        assert OWN_CLIENT_SECRET not in (play.folder / "draft.json").read_text()


async def test_the_file_that_google_offers_says_both(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_client(play)
        file = downloaded(tmp_path)
        await answer(wizard, "gmail-client", client_file=file)
        assert wizard.screen.step == "gmail-plan"
        answers = wizard.draft.answers
        assert (answers.client_id, answers.client_checked) == (OWN_CLIENT_ID, True)
        assert answers.client_secret is not None
        secret = await play.world.vault.fetch(answers.client_secret)
        assert secret is not None
        assert secret.reveal() == OWN_CLIENT_SECRET


async def test_a_client_for_the_web_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_client(play)
        with pytest.raises(Rejected) as rejected:
            await answer(wizard, "gmail-client", client_file=downloaded(tmp_path, kind="web"))
        assert rejected.value.fields == {"client_file": "gmail.client.file-web"}
        assert wizard.screen.step == "gmail-client"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_secret": "GOCSPX-of-another-client"},
        {"client_id": "999999999999-nobody.apps.googleusercontent.com"},
    ],
)
async def test_a_wrong_id_or_secret_is_found_before_anybody_signs_in(tmp_path: Path, wrong: dict[str, str]) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_client(play)
        await answer(wizard, "gmail-client", **(TYPED | wrong))
        stop = stop_of(wizard)
        assert stop.problem.code == "google-client-unknown"
        assert stop.problem.owner == "google-workspace-admin"
        assert {"change-client", "go-on"} <= {action.name for action in stop.actions}
        await wizard.submit({"action": "change-client"}, progress=ignore)
        await answer(wizard, "gmail-client", **TYPED)
        assert wizard.screen.step == "gmail-plan"


async def test_a_client_of_another_organisation_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_client(play)
        await answer(wizard, "gmail-client", **TYPED)
        await answer(wizard, "gmail-plan")
        person = play.person(CLARA)
        assert await person.agree(wizard.screen.url) == ""
        await wizard.submit({"action": "showed-error"}, progress=ignore)
        await run(wizard)
        await answer(wizard, "gmail-shown", words=person.page.words)
        assert stop_of(wizard).problem.code == "google-other-organisation"
