"""Gets a sign-in or a consent ready: the organisation, the page, and what waits for the answer."""

import secrets

from msgspec.structs import replace

from sendwright.oauth.entra.admin_consent import consent_address
from sendwright.oauth.entra.device import begin_device
from sendwright.oauth.entra.sign_in import begin
from sendwright.problems.evidence import Failure
from sendwright.providers.consent.listening import Listening, end, surely_listening
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.organisation import (
    ORGANISATION,
    WITHOUT,
    with_organisation,
    without_organisation,
)
from sendwright.providers.microsoft365.permissions import wanted
from sendwright.providers.microsoft365.registration.registering import embedded_redirect, own_browser_redirect, placed
from sendwright.providers.microsoft365.sign_in import consented
from sendwright.providers.microsoft365.sign_in.attempt import (
    AdminConsent,
    AnyAttempt,
    OtherDevice,
    SignIn,
)
from sendwright.providers.microsoft365.step import PREPARE, MicrosoftStep
from sendwright.providers.microsoft365.stopping import timed
from sendwright.screens import Answer, ConsentWay, Screen, Working
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

AGREED = "ms-agreed"
PAGE = "ms-page"


class PrepareStep(MicrosoftStep):
    """Comes before every sign-in: its page is good once, and only in this run of the program."""

    id = PREPARE

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Until whoever acts is connected."""
        return not state.connected

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show what is done."""
        del world
        looks = (AGREED,) if state.way is Way.APPLICATION else ()
        return Working(
            step=self.id,
            title=f"microsoft365.prepare.title-{state.way}",
            lead="microsoft365.prepare.lead",
            stages=(ORGANISATION, *looks, PAGE),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Begin; for an application that may act already there is nothing to begin."""
        if answer.get("action") == WITHOUT.name:
            state = without_organisation(state)
        if state.reconnecting:
            state = placed(state, world.deployment)
        await end(state.attempt, world)
        state = await with_organisation(replace(state, attempt=""), world, progress)
        if state.way is Way.APPLICATION:
            seen = await timed(AGREED, consented.ask(state, world), progress, state)
            if consented.is_granted(seen):
                return connected_as_application(state, seen.roles, seen.tenant)
        attempt = await timed(PAGE, _begun(state, world), progress, state)
        return replace(state, attempt=world.attempts.begin(attempt))


def connected_as_application(state: MicrosoftAnswers, roles: tuple[str, ...], tenant: str) -> MicrosoftAnswers:
    """Return `state` with the application's right to act in the organisation; roles: permissions given in Entra."""
    return replace(
        state,
        consented=True,
        scopes=roles,
        tenant_id=tenant or state.tenant_id,
        attempt="",
        asked_at=None,
        looked_at=None,
    )


async def _begun(state: MicrosoftAnswers, world: World) -> AnyAttempt:
    if state.browser is ConsentWay.DEVICE and state.way is Way.ACCOUNT:
        code = await begin_device(
            state.registration,
            permissions=wanted(state),
            web=world.http,
            recorder=world.network.recorder,
            clock=world.clock,
        )
        return OtherDevice(code=code)
    listening: Listening | None = None
    token = secrets.token_urlsafe(32)
    world.network.recorder.learn(Secret(token))
    if state.browser is ConsentWay.BROWSER:
        listening = await surely_listening(own_browser_redirect(world), token, world)
    redirect_uri = listening.redirect_uri if listening else embedded_redirect(state, world)
    try:
        if state.way is Way.APPLICATION:
            url = consent_address(state.registration, permissions=None, redirect_uri=redirect_uri, state=token)
            return AdminConsent(url=url, state=token, redirect_uri=redirect_uri, listening=listening)
        request = await begin(
            state.registration,
            permissions=wanted(state),
            redirect_uri=redirect_uri,
            web=world.http,
            recorder=world.network.recorder,
            login_hint=state.expected.username if state.expected else "",
            prompt="consent" if state.agree_again else "select_account",
            state=token,
        )
    except Failure:
        if listening is not None:
            await listening.close()
        raise
    return SignIn(request=request, listening=listening)
