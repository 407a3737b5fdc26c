"""The page before the sign-in: what will be agreed to, and whether the person can."""

from msgspec.structs import replace

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.connection import disconnected
from sendwright.providers.gmail.domains import is_personal
from sendwright.providers.gmail.for_it.it_sheet import it_sheet
from sendwright.providers.gmail.plan.plan import plan_page
from sendwright.providers.gmail.sign_in import ways_on
from sendwright.providers.gmail.step import PLAN, PREPARE, GmailStep
from sendwright.screens import Action, Answer, Elsewhere, Notice, Screen, Sheet
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World

SIGN_IN_AGAIN = Action(name="sign-in-again", label="gmail.plan.sign-in-again", quiet=True)


class PlanStep(GmailStep):
    """Nothing is asked of Google before this page was read."""

    id = "gmail-plan"
    stop = PLAN

    def applies(self, state: GmailAnswers) -> bool:
        """Whenever an account is to be set up."""
        return state.way is Way.ACCOUNT and not state.reconnecting

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show the plan; whoever is connected already only goes on."""
        page = plan_page(state, world)
        account = state.account
        return Sheet(
            step=self.id,
            title="gmail.plan.title",
            submit="wizard.continue" if account else "gmail.plan.submit",
            document=page,
            actions=_actions(state),
            notices=(Notice(key="gmail.plan.connected", values={"account": account.username}),) if account else (),
            documents=(page, it_sheet(state, world)),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Sign in, or ask somebody first."""
        del progress
        action = answer.get("action", "")
        if action == SIGN_IN_AGAIN.name:
            raise Elsewhere(await disconnected(state, world), step=PREPARE)
        if state.connected:
            return replace(state, returning=False)  # what the page of the sender asked for is asked for there
        if action == ways_on.NOT_ME.name:
            raise ways_on.leading(state, action, world)
        return replace(state, asked_at=None)


def _actions(state: GmailAnswers) -> tuple[Action, ...]:
    """Return the further ways; for a personal mailbox there is nobody else to ask."""
    if state.account is not None:
        return (SIGN_IN_AGAIN,)
    return () if is_personal(state.address) else (ways_on.NOT_ME,)
