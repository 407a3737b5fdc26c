"""Gets a sign-in ready: its page, and what waits on this computer for the browser to come back."""

import secrets

from msgspec.structs import replace

from sendwright.oauth.google.sign_in import begin
from sendwright.providers.consent.listening import end, surely_listening
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of, platform_client
from sendwright.providers.gmail.connection import placed
from sendwright.providers.gmail.permissions import wanted
from sendwright.providers.gmail.sign_in.attempt import SignIn
from sendwright.providers.gmail.sign_in.signing_in import expected_of
from sendwright.providers.gmail.step import CLIENT, PREPARE, GmailStep
from sendwright.providers.gmail.stopping import timed
from sendwright.screens import Action, Answer, Elsewhere, Screen, Working
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World

PAGE = "gmail-page"
REDIRECT = "http://127.0.0.1"
"""For installed applications Google takes any port of it. Source: RFC 8252 section 7.3;
developers.google.com/identity/protocols/oauth2/native-app#redirect-uri_loopback"""

TYPE_AGAIN = Action(name="change-client", label="gmail.ways.change-client")


class PrepareStep(GmailStep):
    """Comes before every sign-in: its page is good once, and only in this run of the program."""

    id = PREPARE

    def applies(self, state: GmailAnswers) -> bool:
        """Until somebody signed in, and again for a further permission."""
        return state.way is Way.ACCOUNT and (not state.connected or state.returning)

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show what is done."""
        del state, world
        return Working(step=self.id, title="gmail.prepare.title", lead="gmail.prepare.lead", stages=(PAGE,))

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Begin."""
        if answer.get("action") == TYPE_AGAIN.name:
            raise Elsewhere(state, step=CLIENT)
        if state.reconnecting:
            state = placed(state, world.deployment)
            if not state.own:
                state = replace(state, client_id=platform_client(world) or state.client_id)
        await end(state.attempt, world)
        state = replace(state, attempt="")
        actions = (TYPE_AGAIN,) if state.own and not state.returning else ()
        attempt = await timed(PAGE, _begun(state, world), progress, state, actions=actions)
        return replace(state, attempt=world.attempts.begin(attempt))


async def _begun(state: GmailAnswers, world: World) -> SignIn:
    client = await client_of(state, world)
    token = secrets.token_urlsafe(32)
    world.network.recorder.learn(Secret(token))
    listening = await surely_listening(REDIRECT, token, world)
    expected = expected_of(state)
    try:
        request = await begin(
            client,
            scopes=wanted(state),
            redirect_uri=listening.redirect_uri,
            web=world.http,
            recorder=world.network.recorder,
            login_hint=expected.username if expected else "",
            domain=expected.domain if expected else "",
            state=token,
        )
    except BaseException:  # also a cancellation: no port stays open
        await listening.close()
        raise
    return SignIn(request=request, listening=listening)
