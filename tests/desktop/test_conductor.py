import asyncio

from msgspec.structs import replace
from tests.desktop import samples
from tests.desktop.hand_made import ShownStep
from tests.desktop.stand import (
    ADDRESS,
    REVIEW,
    RUNNING,
    SENDER,
    Stand,
    break_down,
    forever,
    halt,
    reject,
    values,
)

from sendwright.screens import Answer, Form, Halted, Stopped
from sendwright.world import Progress


def test_the_first_scene_is_drawn_at_once(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER)
    assert stand.ear.steps == ["smtp-address"]
    assert not stand.conductor.busy
    assert not stand.ear.scenes[0].can_go_back


def test_an_answer_leads_to_the_next_scene(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER)
    stand.conductor.submit({"address": "a@example.org"})
    assert stand.conductor.busy
    stand.rest()
    assert stand.ear.steps == ["smtp-address", "sender"]
    assert stand.conductor.scene.can_go_back
    assert stand.conductor.scene.is_last


def test_a_second_press_while_the_first_is_used_does_nothing(stand: Stand) -> None:
    taken: list[Answer] = []

    async def take(answer: Answer, progress: Progress) -> None:
        taken.append(answer)
        await asyncio.sleep(0.05)

    stand.begin(ShownStep(samples.ADDRESS, act=take), SENDER, REVIEW)
    for press in range(3):
        stand.conductor.submit({"address": str(press)})
        stand.conductor.back()
        stand.conductor.return_to("connect")
        stand.conductor.start_over()
    stand.rest()
    assert taken == [{"address": "0"}]
    assert stand.ear.steps == ["smtp-address", "sender"]


def test_a_rejection_stays_on_the_screen(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=reject), SENDER)
    stand.conductor.submit({})
    stand.rest()
    assert stand.ear.steps == ["smtp-address"]
    assert stand.ear.rejections[0].fields == {"address": "address.spaces"}
    assert stand.ear.faults == []


def test_a_working_screen_works_by_itself_and_reports(stand: Stand) -> None:
    async def work(answer: Answer, progress: Progress) -> None:
        for result in samples.RESULTS:
            progress(result)

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=work), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "review")
    assert stand.ear.steps == ["smtp-address", "test-run", "review"]
    assert tuple(stand.ear.stages) == samples.RESULTS


def test_a_problem_becomes_a_scene(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=halt), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    assert stand.ear.steps[-1] == "test-run"
    stand.conductor.back()
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_trying_again_runs_the_same_step(stand: Stand) -> None:
    attempts: list[int] = []

    async def second_time(answer: Answer, progress: Progress) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise Halted(samples.REFUSED.problem)

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=second_time), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.submit({})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "review")
    assert len(attempts) == 2


def test_cancelling_goes_back_to_the_answers_that_started_it(stand: Stand) -> None:
    stand.begin(ADDRESS, RUNNING, REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: len(stand.ear.stages) == len(samples.RESULTS))
    stand.conductor.cancel()
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "smtp-address")
    assert stand.ear.faults == []


def test_a_cancelled_form_stays_where_it_is(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=forever), SENDER)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.wait(20)
    stand.conductor.cancel()
    stand.conductor.cancel()
    stand.rest()
    assert stand.ear.steps == ["smtp-address"]
    assert stand.ear.faults == []
    assert stand.ear.rejections == []


def test_what_was_faster_than_its_cancel_is_shown_but_nothing_new_begins(stand: Stand) -> None:
    began: list[str] = []

    async def cannot_be_stopped(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            await asyncio.sleep(0.02)

    async def next_one(answer: Answer, progress: Progress) -> None:
        began.append("next")
        await asyncio.sleep(60)

    stand.begin(ShownStep(samples.ADDRESS, act=cannot_be_stopped), ShownStep(samples.RUNNING, act=next_one), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.wait(10)
    stand.conductor.cancel()
    stand.rest()
    stand.qtbot.wait(50)
    assert stand.conductor.scene.screen.step == "smtp-address"
    assert began == []


def test_nothing_is_reported_of_what_is_being_cancelled(stand: Stand) -> None:
    async def talkative(answer: Answer, progress: Progress) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            progress(samples.RESULTS[0])

    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=talkative), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: stand.conductor.scene.screen.step == "test-run")
    stand.qtbot.wait(20)
    stand.conductor.cancel()
    stand.rest()
    stand.qtbot.wait(20)
    assert stand.ear.stages == []


def test_a_fault_is_told_and_nothing_is_lost(stand: Stand) -> None:
    stand.begin(ShownStep(samples.ADDRESS, act=break_down), SENDER)
    stand.conductor.submit({"address": "a"})
    stand.rest()
    assert isinstance(stand.ear.faults[0], RuntimeError)
    assert stand.ear.steps == ["smtp-address"]
    assert not stand.conductor.busy


def test_a_fault_behind_a_working_screen_is_no_dead_end(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=break_down), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: bool(stand.ear.faults))
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_going_back_keeps_what_stands_in_the_form(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER, at=1)
    stand.conductor.back({"alias": "Half ty", "address": ""})
    stand.rest()
    stand.conductor.submit({"address": "a@example.org"})
    stand.rest()
    assert values(stand.conductor.scene) == {"alias": "Half ty", "address": ""}


def test_the_rail_leads_back_and_keeps_what_was_typed(stand: Stand) -> None:
    start = ShownStep(samples.START, stop="start")
    stand.begin(start, ADDRESS, ShownStep(samples.SENDER, stop="sender"), at=2)
    stand.conductor.return_to("start", {"alias": "A", "address": "b"})
    stand.rest()
    assert stand.conductor.scene.screen.step == "start"
    assert stand.wizard.draft.typed["sender"] == {"alias": "A", "address": "b"}


def test_a_password_is_never_kept(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.CONNECT), at=1)
    stand.conductor.back({"host": "smtp.example.org", "password": "secret"})
    stand.rest()
    assert stand.wizard.draft.typed["smtp-connect"] == {"host": "smtp.example.org"}


def test_a_remedy_leads_to_the_form_with_its_field(stand: Stand) -> None:
    stand.begin(
        ADDRESS,
        ShownStep(samples.CONNECT),
        ShownStep(samples.SENDER, stop="sender"),
        ShownStep(samples.RUNNING, stop="test", act=halt),
        REVIEW,
        at=2,
    )
    stand.conductor.submit({"alias": "A", "address": "a@example.org"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.change("password")
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-connect"


def test_a_remedy_for_a_field_of_the_same_form_stays_there(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.SENDER, act=halt), at=1)
    stand.conductor.submit({"alias": "A", "address": "a@example.org"})
    stand.rest()
    stand.conductor.change("address")
    stand.rest()
    assert stand.conductor.scene.screen.step == "sender"
    assert isinstance(stand.conductor.scene.screen, Form)


def test_a_remedy_for_a_field_that_nobody_has_leads_back(stand: Stand) -> None:
    stand.begin(ADDRESS, ShownStep(samples.RUNNING, act=halt), REVIEW)
    stand.conductor.submit({"address": "a"})
    stand.qtbot.waitUntil(lambda: isinstance(stand.conductor.scene.screen, Stopped))
    stand.conductor.change("nonsense")
    stand.rest()
    assert stand.conductor.scene.screen.step == "smtp-address"


def test_starting_over_begins_at_the_first_screen(stand: Stand) -> None:
    stand.begin(ADDRESS, SENDER, REVIEW, at=2)
    stand.conductor.start_over()
    stand.rest()
    assert stand.ear.steps == ["review", "smtp-address"]
    assert stand.wizard.draft.id != "a"
    assert not stand.conductor.scene.can_go_back


def test_wanting_to_practise_is_told(stand: Stand) -> None:
    from sendwright.wizard.draft import Draft, Purpose  # noqa: PLC0415 - only here
    from sendwright.world import World  # noqa: PLC0415 - only here

    class Practise(ShownStep):
        async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
            return replace(state, purpose=Purpose.PRACTISE)

    stand.begin(Practise(samples.START))
    stand.conductor.submit({"choice": "practise"})
    stand.rest()
    assert stand.ear.practising == 1
