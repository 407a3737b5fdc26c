"""Asks for tokens of the service account: for the mailbox, for another user, for more than sending."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis.stage import Verdict as Mark
from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.scopes import MAIL
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.providers.gmail.answers import Check, GmailAnswers, Shown
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.gmail.sender.small_test import profile_of
from sendwright.providers.gmail.service_account.tokens import token_for
from sendwright.providers.gmail.stopping import named, stopped_by
from sendwright.providers.trying import outcome_of, staged
from sendwright.screens import Halted
from sendwright.senders.gmail.opening import scope_of
from sendwright.senders.gmail.settings import Route
from sendwright.world import Progress, World

SIGN_IN: Final = "sign-in"
PERMISSIONS: Final = "permissions"
"""Stages of the backend's test: whether Google gave a token, and whether it gives more than is needed."""


def checks_of(state: GmailAnswers) -> tuple[Check, ...]:
    """Return what can be tried. Where SMTP needs the whole mailbox, nothing broader is left to try."""
    wanted = [Check.SENDER]
    if state.route is Route.API:
        wanted.append(Check.BROADER)
    if state.control:
        wanted.append(Check.CONTROL)
    return tuple(wanted)


def shown_of(state: GmailAnswers, check: Check) -> Shown | None:
    """Return what a check has shown, None where it was not tried."""
    return state.checks.get(str(check))


async def tried(
    state: GmailAnswers, check: Check, world: World, progress: Progress, *, handed: Credentials
) -> GmailAnswers:
    """Return `state` with what Google answers; a refusal is a result like any other.

    With its key here the service account acts from this computer. Without one only the backend can sign, and tells by
    its test what is granted. No message is sent. Raises Halted where nothing was tried.
    """
    if state.keyless:
        return await _by_backend(state, check, world, progress, handed)
    subject = state.control if check is Check.CONTROL else state.subject
    scope = MAIL if check is Check.BROADER else scope_of(state.settings())
    try:
        await token_for(state, subject, scope, world)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=state) from unavailable
    except Failure as failure:
        return _refused(state, check, failure.evidence, world, subject)
    return _noted(state, check, Shown(at=world.clock(), granted=True))


async def _by_backend(
    state: GmailAnswers, check: Check, world: World, progress: Progress, handed: Credentials
) -> GmailAnswers:
    platform = world.platform
    if platform is None:
        raise Halted(classify(Evidence(stage="backend", system=System.BACKEND, condition="connection-failed")))
    profile = profile_of(state, world)
    contact = state.recipient or state.subject
    try:
        trial = await staged(profile, lambda: handed(state, world), platform, known=state.trial, contact=contact)
    except (Failure, VaultUnavailable) as failure:
        raise stopped_by(failure, state, after=state) from failure
    state = replace(state, trial=trial)
    mailbox = state.control if check is Check.CONTROL else None
    try:
        async with platform.open() as backend:
            results = await _results(backend.test(trial.version, to=None, mailbox=mailbox), progress)
    except Halted as halted:
        halted.state = state  # what the backend has of us is not handed over again
        raise
    return _read(state, check, results, world)


async def _results(results: AsyncIterator[StageResult], progress: Progress) -> tuple[StageResult, ...]:
    return (await outcome_of(results, progress, wanted=SIGN_IN)).results


def _read(state: GmailAnswers, check: Check, results: tuple[StageResult, ...], world: World) -> GmailAnswers:
    """Return `state` with what the stages show; one run tells of the mailbox and of more than sending together."""
    by_id = {result.id: result for result in results}
    failed = next((one for one in results if one.verdict is Mark.FAILED and one.problem is not None), None)
    sign_in = by_id.get(SIGN_IN)
    granted = sign_in is not None and sign_in.verdict in {Mark.PASSED, Mark.WARNING}
    if check is not Check.BROADER or not granted:
        if granted:
            state = _noted(state, _first_of(check), Shown(at=world.clock(), granted=True))
        elif failed is not None and failed.problem is not None:
            subject = state.control if check is Check.CONTROL else state.subject
            return _refused(state, check, failed.problem.evidence, world, subject)
        else:
            unsaid = Evidence(stage=SIGN_IN, system=System.BACKEND, condition="answer-not-understood")
            return _refused(state, check, unsaid, world, state.subject)
    if check is Check.CONTROL or Check.BROADER not in checks_of(state):
        return state
    with suppress(KeyError):
        permissions = by_id[PERMISSIONS]
        if permissions.verdict in {Mark.PASSED, Mark.WARNING}:
            more = permissions.verdict is Mark.WARNING
            return _noted(state, Check.BROADER, Shown(at=world.clock(), granted=more))
    return state


def _first_of(check: Check) -> Check:
    return Check.SENDER if check is Check.BROADER else check


def _refused(state: GmailAnswers, check: Check, evidence: Evidence, world: World, subject: str) -> GmailAnswers:
    about = replace(evidence, values={**evidence.values, "username": subject})
    problem = named(about, state)
    shown = Shown(at=world.clock(), granted=False, problem=problem.code, evidence=problem.evidence)
    return _noted(state, check, shown)


def _noted(state: GmailAnswers, check: Check, shown: Shown) -> GmailAnswers:
    return replace(state, checks={**state.checks, str(check): shown})
