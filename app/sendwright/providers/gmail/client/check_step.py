"""Looks, without signing in, whether Google knows the organisation's own client and its secret."""

from msgspec.structs import replace

from sendwright.oauth.google.probe import check_client
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of
from sendwright.providers.gmail.step import CLIENT, PLAN, GmailStep
from sendwright.providers.gmail.stopping import timed
from sendwright.screens import Action, Answer, Elsewhere, Screen, Working
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World

KNOWN = "gmail-known"
GO_ON = Action(name="go-on", label="gmail.check.go-on", quiet=True)
CHANGE = Action(name="change-client", label="gmail.check.change")


class CheckStep(GmailStep):
    """A mistyped secret is found here, and not after somebody has signed in."""

    id = "gmail-client-check"
    stop = PLAN

    def applies(self, state: GmailAnswers) -> bool:
        """Only for an own client, as long as nobody signed in with it."""
        return state.own and state.way is Way.ACCOUNT and not state.connected

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show what is asked."""
        del world
        return Working(
            step=self.id,
            title="gmail.check.title",
            lead="gmail.check.lead",
            values={"client_id": state.client_id},
            stages=(KNOWN,),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Ask; whoever knows better may go on."""
        action = answer.get("action", "")
        if action == CHANGE.name:
            raise Elsewhere(state, step=CLIENT)
        if action == GO_ON.name:
            return state
        await timed(KNOWN, _asked(state, world), progress, state, actions=(CHANGE, GO_ON))
        return replace(state, client_checked=True)


async def _asked(state: GmailAnswers, world: World) -> None:
    client = await client_of(state, world)
    await check_client(client, web=world.http, recorder=world.network.recorder)
