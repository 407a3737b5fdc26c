"""A diagnosis file made from the wizard, wherever it stands: the screens, the stages, the wire, and no secret."""

from pathlib import Path

import msgspec
import pytest
from tests.wizard.surroundings import NOW, stage
from tests.wizard.walking import PASSWORD, USUAL, walk_to

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import pack, unpack
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.screens import Rejected, Screen, Stopped
from sendwright.wizard.dossier import dossier
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.trail import LONGEST

UNLIKELY = "correct-horse-battery-staple-42"
STEPS = ("start", "platform", "provider", "smtp-address", "smtp-connect", "sender", "test", "arrival", "review", "done")


@pytest.mark.parametrize("step", STEPS)
async def test_at_every_step_a_file_can_be_made_and_read_back(tmp_path: Path, step: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        seen, stages = await walk_to(wizard, step)
        made = dossier(wizard, results=stages)
        read = unpack(pack(made, secrets=play.world.recorder.secrets, pseudonyms=Pseudonyms()))
        assert read.made_at == NOW
        assert [msgspec.convert(shown.screen, Screen).step for shown in read.screens] == seen
        assert len(read.stages) == len(stages)
        assert read.subject["purpose"] == "set-up"
        if STEPS.index(step) > STEPS.index("smtp-connect"):
            assert read.subject["host"] == wizard.draft.answers.host
            assert read.subject["kind"] == "smtp"
        assert read.problems == ()


async def test_a_stop_is_in_the_file_with_its_problem_its_sides_and_its_screen(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        await wizard.submit({}, progress=lambda _: None)
        made = dossier(wizard)
        assert [problem.code for problem in made.problems] == ["connection-refused"]
        last = made.screens[-1]
        assert last.screen["type"] == "stopped"
        assert last.problem is not None
        assert last.problem.code == "connection-refused"
        assert made.sides is not None
        assert made.sides["finding"] == "backend-stops"


async def test_a_stop_of_a_step_without_stages_is_a_stage_that_failed_and_no_success(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        await wizard.submit({}, progress=lambda _: None)
        prepared = StageResult(id="ms-page", verdict=Verdict.PASSED)
        made = dossier(wizard, results=(prepared,))
        assert [(found.id, found.verdict) for found in made.stages] == [
            ("ms-page", Verdict.PASSED),
            ("connect", Verdict.FAILED),
        ]
        packed = unpack(pack(made, secrets=play.world.recorder.secrets, pseudonyms=Pseudonyms()))
        assert packed.stages[-1].problem is not None
        assert packed.stages[-1].problem.code == "connection-refused"


@pytest.mark.parametrize(
    "ran",
    [
        StageResult(id="connect", verdict=Verdict.PASSED),
        StageResult(id="submit", verdict=Verdict.FAILED),
    ],
)
async def test_what_the_stages_say_of_a_stop_themselves_is_left_as_it_is(tmp_path: Path, ran: StageResult) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "activate")
        play.backend.failing_stage = "connect"
        await wizard.submit({}, progress=lambda _: None)
        assert dossier(wizard, results=(ran,)).stages == (ran,)


async def test_what_was_typed_stands_in_the_screens_but_no_secret_anywhere(tmp_path: Path) -> None:
    answers = USUAL | {"smtp-connect": {"username": "notifications@example.org", "password": UNLIKELY}}
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender", answers)
        assert isinstance(wizard.screen, Stopped)  # the practice server knows another password
        made = dossier(wizard)
        fields = {field["name"]: field["value"] for shown in made.screens for field in shown.screen.get("fields", ())}
        assert fields["username"] == "notifications@example.org"
        assert fields["password"] == ""
        assert UNLIKELY not in msgspec.json.encode(made).decode()
        assert UNLIKELY in {secret.reveal() for secret in play.world.recorder.secrets}
        packed = pack(made, secrets=play.world.recorder.secrets, pseudonyms=Pseudonyms())
        assert UNLIKELY.encode() not in packed


async def test_a_token_that_is_typed_as_user_name_and_as_password_stands_nowhere(tmp_path: Path) -> None:
    answers = USUAL | {"smtp-connect": {"username": UNLIKELY, "password": UNLIKELY}}
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "sender", answers)
        assert UNLIKELY not in msgspec.json.encode(wizard.trail.shown).decode()


async def test_a_password_that_first_stood_in_another_field_stands_nowhere_and_forbids_no_file(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "smtp-connect")
        for answer in (
            {"username": UNLIKELY, "password": "another-one-7"},
            {"username": "notifications@example.org", "password": UNLIKELY},
        ):
            with pytest.raises(Rejected):  # the other fields are empty
                await wizard.submit(answer, progress=lambda _: None)
        assert UNLIKELY in msgspec.json.encode(wizard.trail.shown).decode()
        made = dossier(wizard)
        assert UNLIKELY not in msgspec.json.encode(made).decode()
        read = unpack(pack(made, secrets=play.world.recorder.secrets, pseudonyms=Pseudonyms()))
        assert len(read.screens) == len(wizard.trail.shown)


async def test_a_connection_code_is_not_remembered(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "platform")
        with pytest.raises(Exception, match="code"):
            await wizard.submit({"choice": "connection-code", "code": UNLIKELY}, progress=lambda _: None)
        assert wizard.trail.shown[-1].screen["chosen"] == "connection-code"
        assert UNLIKELY not in msgspec.json.encode(dossier(wizard)).decode()


async def test_a_screen_that_stays_as_it_is_is_remembered_once_and_the_oldest_go(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        for number in range(LONGEST + 5):
            await walk_to(wizard, "provider")
            wizard.return_to("start")
            assert len(wizard.trail.shown) == min(2 * number + 2, LONGEST)


async def test_what_went_over_the_wire_is_in_the_file(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, NoDrafts())
        await walk_to(wizard, "arrival")
        layers = {event.layer.value for event in dossier(wizard).events}
        assert {"tcp", "tls", "smtp"} <= layers
        assert PASSWORD not in "".join(event.text for event in dossier(wizard).events if event.name == "said")
