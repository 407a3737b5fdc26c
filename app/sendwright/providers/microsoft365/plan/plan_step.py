"""The page before the sign-in: what will be agreed to, and whether the person can."""

from msgspec.structs import replace

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.connection import disconnected
from sendwright.providers.microsoft365.for_it.it_sheet import it_sheet
from sendwright.providers.microsoft365.permissions import OWN, SHARED, missing
from sendwright.providers.microsoft365.plan.plan import plan_page
from sendwright.providers.microsoft365.sign_in import ways_on
from sendwright.providers.microsoft365.step import HANDOVER, PLAN, PREPARE, MicrosoftStep
from sendwright.screens import (
    Action,
    Answer,
    ConsentWay,
    Elsewhere,
    Field,
    FieldKind,
    Notice,
    Option,
    Screen,
    Sheet,
)
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

UNKNOWN = "unknown"
SIGN_IN_AGAIN = Action(name="sign-in-again", label="microsoft365.plan.sign-in-again", quiet=True)


class PlanStep(MicrosoftStep):
    """Nothing is asked of Microsoft before this page was read."""

    id = "ms-plan"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Whenever something is to be set up."""
        return not state.reconnecting

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show the plan; whoever is connected already only goes on."""
        page = plan_page(state, world)
        submit = "wizard.continue" if state.connected else f"microsoft365.plan.submit-{state.way}"
        return Sheet(
            step=self.id,
            title=f"microsoft365.plan.title-{state.way}",
            submit=submit,
            document=page,
            fields=_fields(state),
            actions=(SIGN_IN_AGAIN,) if state.connected else _actions(state, world),
            notices=_notices(state),
            documents=(page, it_sheet(state, world)),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Take which mailbox it is about; sign in, here or elsewhere, or ask somebody."""
        del progress
        action = answer.get("action", "")
        chosen = replace(state, sends_from=_sends_from(state, answer))
        if action == SIGN_IN_AGAIN.name:
            raise Elsewhere(await disconnected(chosen, world), step=PREPARE)
        if chosen.connected:
            if state.way is Way.ACCOUNT and missing(chosen, chosen.scopes):
                return replace(await disconnected(chosen, world), agree_again=True)
            return chosen
        if action == ways_on.NOT_ME.name:
            raise Elsewhere(replace(chosen, asked_at=chosen.asked_at or world.clock()), step=HANDOVER)
        way = ways_on.WAY_OF.get(action, ConsentWay.EMBEDDED)
        return replace(chosen, asked_at=None, looked_at=None, browser=way)


def _sends_from(state: MicrosoftAnswers, answer: Answer) -> str:
    given = answer.get("sends_from", state.sends_from or UNKNOWN)
    return given if given in {OWN, SHARED} else ""


def _fields(state: MicrosoftAnswers) -> tuple[Field, ...]:
    if state.way is not Way.ACCOUNT:
        return ()
    return (
        Field(
            name="sends_from",
            kind=FieldKind.CHOICE,
            label="microsoft365.plan.sends-from",
            help="microsoft365.plan.sends-from-help",
            value=state.sends_from or UNKNOWN,
            options=tuple(
                Option(value=name, label=f"microsoft365.plan.sends-from-{name}") for name in (UNKNOWN, OWN, SHARED)
            ),
        ),
    )


def _actions(state: MicrosoftAnswers, world: World) -> tuple[Action, ...]:
    quiet = (ways_on.OWN_BROWSER, ways_on.DEVICE_CODE)
    codes = world.deployment.features.device_code and state.way is Way.ACCOUNT
    return (ways_on.NOT_ME, *(replace(action, quiet=True) for action in (quiet if codes else quiet[:1])))


def _notices(state: MicrosoftAnswers) -> tuple[Notice, ...]:
    if not state.connected:
        return ()
    if state.account is None:
        return (Notice(key="microsoft365.plan.application-connected"),)
    return (Notice(key="microsoft365.plan.connected", values={"account": state.account.username}),)
