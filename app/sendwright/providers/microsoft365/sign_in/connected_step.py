"""The page after the sign-in: who is connected, and what that allows."""

from msgspec.structs import replace

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.connection import disconnected
from sendwright.providers.microsoft365.permissions import SEND_BY_SMTP, missing
from sendwright.providers.microsoft365.sign_in import ways_on
from sendwright.providers.microsoft365.sign_in.connected import connected_page
from sendwright.providers.microsoft365.step import PREPARE, MicrosoftStep
from sendwright.screens import Action, Answer, Elsewhere, Notice, Screen, Sheet
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

OTHER = Action(name="other-account", label="microsoft365.connected.somebody-else", quiet=True)

SMTP = Action(name="also-smtp", label="microsoft365.connected.also-smtp", quiet=True)


class ConnectedStep(MicrosoftStep):
    """Marks what fits, what may surprise, and what is wrong."""

    id = "ms-connected"

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Once somebody signed in, or the application may act."""
        return state.connected

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show the comparison."""
        lacking = missing(state, state.scopes) if state.way is Way.ACCOUNT else ()
        notices = (
            (
                Notice(
                    key="microsoft365.connected.missing",
                    values={"permissions": ", ".join(lacking)},
                    warning=True,
                ),
            )
            if lacking
            else ()
        )
        account = state.account.username if state.account else state.client_id
        page = connected_page(state, world)
        return Sheet(
            step=self.id,
            title="microsoft365.connected.title",
            lead=f"microsoft365.connected.lead-{state.way}",
            values={"account": account},
            document=page,
            documents=(page,),
            notices=notices,
            actions=_actions(state, lacking=bool(lacking)),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Go on, or sign in once more."""
        del progress
        action = answer.get("action", "")
        if action == OTHER.name:
            raise Elsewhere(await disconnected(state, world), step=PREPARE)
        if action == SMTP.name:
            wider = replace(await disconnected(state, world), smtp=True, agree_again=True)
            raise Elsewhere(wider, step=PREPARE)
        if action == ways_on.AGAIN.name:
            raise ways_on.leading(await disconnected(state, world), action, world)
        return state


def _actions(state: MicrosoftAnswers, *, lacking: bool) -> tuple[Action, ...]:
    if state.way is not Way.ACCOUNT:
        return ()
    again = (ways_on.AGAIN,) if lacking else ()
    if state.reconnecting:
        return again
    smtp = () if SEND_BY_SMTP in state.scopes else (SMTP,)
    return (*again, OTHER, *smtp)
