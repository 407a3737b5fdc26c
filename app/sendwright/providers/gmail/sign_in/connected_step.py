"""The page after the sign-in: who is connected, what that allows, and what would end it."""

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.connection import disconnected
from sendwright.providers.gmail.domains import PERSONAL
from sendwright.providers.gmail.sign_in.connected import connected_page
from sendwright.providers.gmail.step import PREPARE, GmailStep
from sendwright.screens import Action, Answer, Elsewhere, Notice, Screen, Sheet
from sendwright.senders.gmail.settings import Way
from sendwright.texts import here
from sendwright.world import Progress, World

OTHER = Action(name="other-account", label="gmail.connected.somebody-else", quiet=True)


class ConnectedStep(GmailStep):
    """Marks what fits and what may surprise."""

    id = "gmail-connected"

    def applies(self, state: GmailAnswers) -> bool:
        """Once somebody signed in."""
        return state.way is Way.ACCOUNT and state.connected

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show it."""
        del world
        page = connected_page(state)
        return Sheet(
            step=self.id,
            title="gmail.connected.title",
            lead="gmail.connected.lead",
            values={"account": state.mailbox},
            document=page,
            documents=(page,),
            notices=_notices(state),
            actions=() if state.reconnecting else (OTHER,),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Go on, or sign in once more."""
        del progress
        if answer.get("action") == OTHER.name:
            raise Elsewhere(await disconnected(state, world), step=PREPARE)
        return state


def _notices(state: GmailAnswers) -> tuple[Notice, ...]:
    """Return what may surprise: a personal account, one of another organisation, and a day on which it ends."""
    account = state.account
    if account is None:
        return ()
    found = []
    typed = state.address.rpartition("@")[2].casefold()
    values = {"account": account.username, "typed": typed}
    of_mailbox = account.username.rpartition("@")[2].casefold()
    if not account.domain and of_mailbox not in PERSONAL:
        found.append(Notice(key="gmail.connected.no-workspace", values=values, warning=True))
    elif not account.domain and typed and typed not in PERSONAL:
        found.append(Notice(key="gmail.connected.personal-instead", values=values, warning=True))
    elif account.domain and typed and typed not in {account.domain.casefold(), of_mailbox}:
        found.append(Notice(key="gmail.connected.other-domain", values={**values, "domain": account.domain}))
    if state.ends_at is not None:
        found.append(Notice(key="gmail.connected.ends", values={"when": here(state.ends_at)}, warning=True))
    return tuple(found)
