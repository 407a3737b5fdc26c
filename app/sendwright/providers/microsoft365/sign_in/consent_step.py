"""The screen on which Microsoft's own page is shown, and what comes back from it."""

from collections.abc import Mapping

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.callback import CallbackRefused, read_callback
from sendwright.oauth.conditions import NOT_UNDERSTOOD
from sendwright.oauth.entra.admin_consent import read_consent
from sendwright.oauth.entra.device import await_device
from sendwright.oauth.entra.identity import OTHER_TENANT
from sendwright.oauth.entra.sign_in import SignedIn, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Failure, System
from sendwright.providers.consent.listening import LATE, counting_once, end
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.sign_in import consented, ways_on
from sendwright.providers.microsoft365.sign_in.attempt import AdminConsent, AnyAttempt, OtherDevice, SignIn, found
from sendwright.providers.microsoft365.sign_in.prepare_step import PAGE, connected_as_application
from sendwright.providers.microsoft365.sign_in.shown_step import read_shown
from sendwright.providers.microsoft365.sign_in.signing_in import taken
from sendwright.providers.microsoft365.step import CONSENT, HANDOVER, PREPARE, MicrosoftStep
from sendwright.providers.microsoft365.stopping import observed, stopped_by
from sendwright.screens import Answer, Consent, ConsentWay, Elsewhere, Halted, Screen, Working
from sendwright.world import Progress, World


class ConsentStep(MicrosoftStep):
    """Embedded, in the person's own browser, or by a code on another device; each leads to the same."""

    id = CONSENT

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Until whoever acts is connected."""
        return not state.connected

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show the page; one that ended is made ready again first."""
        attempt = found(state.attempt, world)
        if attempt is None:
            return Working(step=self.id, title=f"microsoft365.consent.title-{state.way}", stages=(PAGE,))
        code = attempt.code if isinstance(attempt, OtherDevice) else None
        way = _way_of(attempt)
        return Consent(
            step=self.id,
            title=f"microsoft365.consent.title-{state.way}",
            lead=f"microsoft365.consent.lead-{way}",
            url=attempt.url,
            way=way,
            redirect_uri="" if isinstance(attempt, OtherDevice) else attempt.redirect_uri,
            user_code=code.user_code if code is not None else "",
            expires_at=code.expires_at if code is not None else None,
            authority_pem=world.practice_authority,
            system=System.ENTRA,
            actions=ways_on.on_page(state, world),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Take the answer once; whatever fails, a new page is made for the next try."""
        del progress
        if "action" in answer:
            raise ways_on.leading(state, answer["action"], world)
        attempt = found(state.attempt, world)
        if attempt is None:
            raise Elsewhere(replace(state, attempt=""), step=PREPARE)
        try:
            return await _ended(attempt, answer, state, world)
        except Halted as halted:
            await end(state.attempt, world)
            halted.problem = ways_on.as_seen_here(halted.problem, state)
            halted.actions = (*halted.actions, *ways_on.after(halted.problem, state, world))
            halted.state = halted.state or replace(state, attempt="")
            raise
        except (Failure, VaultUnavailable) as failure:
            await end(state.attempt, world)
            stop = stopped_by(failure, state, after=replace(state, attempt=""))
            stop.problem = ways_on.as_seen_here(stop.problem, state)
            stop.actions = ways_on.after(stop.problem, state, world)
            raise stop from failure


async def _ended(attempt: AnyAttempt, answer: Answer, state: MicrosoftAnswers, world: World) -> MicrosoftAnswers:
    if "shown" in answer:
        raise Halted(read_shown(answer["shown"], state))
    if isinstance(attempt, AdminConsent):
        return await _agreed(state, await _answered(attempt, answer, state), attempt, world)
    return await taken(state, await _signed_in(attempt, answer, state, world), world)


def _way_of(attempt: AnyAttempt) -> ConsentWay:
    if isinstance(attempt, OtherDevice):
        return ConsentWay.DEVICE
    return ConsentWay.EMBEDDED if attempt.listening is None else ConsentWay.BROWSER


async def _answered(attempt: SignIn | AdminConsent, answer: Answer, state: MicrosoftAnswers) -> Mapping[str, str]:
    """Return the parameters that came back: from the embedded browser, or to the listener."""
    try:
        if attempt.listening is None:
            return read_callback(answer.get("callback", ""), redirect_uri=attempt.redirect_uri)
        parameters = await attempt.listening.answer()
    except CallbackRefused as refused:
        raise Halted(observed(NOT_UNDERSTOOD, state, reason=refused.code)) from refused
    except TimeoutError as late:
        raise Halted(observed(LATE, state)) from late
    return parameters


async def _signed_in(attempt: SignIn | OtherDevice, answer: Answer, state: MicrosoftAnswers, world: World) -> SignedIn:
    recorder = world.network.recorder
    if isinstance(attempt, OtherDevice):
        signed = await await_device(
            attempt.code,
            state.registration,
            web=world.http,
            recorder=recorder,
            clock=world.clock,
            expected=state.expected,
        )
        await end(state.attempt, world)
        return signed
    parameters = await _answered(attempt, answer, state)
    async with counting_once(state.attempt, world):
        return await redeem(
            attempt.request,
            parameters,
            state.registration,
            web=world.http,
            recorder=recorder,
            now=world.clock(),
            expected=state.expected,
        )


async def _agreed(
    state: MicrosoftAnswers, parameters: Mapping[str, str], attempt: AdminConsent, world: World
) -> MicrosoftAnswers:
    """Take the redirect for a hint, and ask whoever can prove it; where nothing is to be seen yet, wait."""
    try:
        claim = read_consent(parameters, state=attempt.state, registration=state.registration)
    except OAuthFailed as failure:
        raise stopped_by(failure, state) from failure
    if state.tenant_id and claim.tenant and claim.tenant.lower() != state.tenant_id.lower():
        raise Halted(observed(OTHER_TENANT, state))
    await end(state.attempt, world)
    seen = await consented.ask(state, world)
    if consented.is_granted(seen):
        return connected_as_application(state, seen.roles, seen.tenant)
    now = world.clock()
    raise Elsewhere(replace(state, attempt="", asked_at=now, looked_at=now), step=HANDOVER)
