"""The screen beside Google's own page, which is shown in the person's own browser, and what comes back from it."""

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.callback import CallbackRefused
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.google.sign_in import SignedIn, redeem
from sendwright.problems.evidence import Failure
from sendwright.providers.consent.listening import LATE, counting_once, end
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of
from sendwright.providers.gmail.sign_in import ways_on
from sendwright.providers.gmail.sign_in.attempt import SignIn, found
from sendwright.providers.gmail.sign_in.prepare_step import PAGE
from sendwright.providers.gmail.sign_in.signing_in import expected_of, taken
from sendwright.providers.gmail.step import ALIAS, CONSENT, PREPARE, GmailStep
from sendwright.providers.gmail.stopping import observed, stopped_by
from sendwright.screens import Answer, Consent, ConsentWay, Elsewhere, Halted, Notice, Screen, Working
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World


class ConsentStep(GmailStep):
    """Always in the person's own browser: Google refuses pages inside other programs."""

    id = CONSENT

    def applies(self, state: GmailAnswers) -> bool:
        """Until somebody signed in, and again for a further permission."""
        return state.way is Way.ACCOUNT and (not state.connected or state.returning)

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show that the browser is waited for; a page that ended is made ready again first."""
        attempt = found(state.attempt, world)
        if attempt is None:
            return Working(step=self.id, title="gmail.consent.title", stages=(PAGE,))
        return Consent(
            step=self.id,
            title="gmail.consent.title",
            lead="gmail.consent.lead-further" if state.returning else "gmail.consent.lead",
            url=attempt.url,
            way=ConsentWay.BROWSER,
            redirect_uri=attempt.request.redirect_uri,
            authority_pem=world.practice_authority,
            actions=ways_on.on_page(state),
            notices=_notices(state),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Take the answer once; whatever fails, a new page is made for the next try."""
        del progress
        if "action" in answer:
            raise ways_on.leading(state, answer["action"], world)
        attempt = found(state.attempt, world)
        if attempt is None:
            raise Elsewhere(replace(state, attempt=""), step=PREPARE)
        try:
            signed = await _signed_in(attempt, state, world)
            done = await taken(state, signed, world)
        except Halted as halted:
            await end(state.attempt, world)
            halted.actions = (*halted.actions, *ways_on.after(halted.problem, state))
            halted.state = halted.state or replace(state, attempt="")
            raise
        except (Failure, VaultUnavailable) as failure:
            await end(state.attempt, world)
            stop = stopped_by(failure, state, after=replace(state, attempt=""))
            stop.actions = ways_on.after(stop.problem, state)
            raise stop from failure
        if state.returning:
            raise Elsewhere(done, step=ALIAS)  # which reads the list now, and then is through with it
        return done


async def _signed_in(attempt: SignIn, state: GmailAnswers, world: World) -> SignedIn:
    try:
        parameters = await attempt.listening.answer()
    except CallbackRefused as refused:
        raise Halted(observed(NOT_UNDERSTOOD, state, reason=refused.code)) from refused
    except TimeoutError as late:
        raise Halted(observed(LATE, state)) from late
    async with counting_once(state.attempt, world):
        return await redeem(
            attempt.request,
            parameters,
            await client_of(state, world),
            web=world.http,
            recorder=world.network.recorder,
            now=world.clock(),
            expected=expected_of(state),
        )


def _notices(state: GmailAnswers) -> tuple[Notice, ...]:
    notices = []
    if state.incomplete and not state.returning:
        notices.append(Notice(key="gmail.consent.tick", warning=True))
    expected = expected_of(state)
    if expected is not None:
        notices.append(Notice(key="gmail.consent.expected", values={"account": expected.username}))
    return tuple(notices)
