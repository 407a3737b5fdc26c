"""Sends one small real message for a cell of the board, from this computer or through the backend."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from dataclasses import replace as replace_

import msgspec
from msgspec.structs import replace

from sendwright.diagnosis.catalogue import diagnose
from sendwright.errors import VaultUnavailable
from sendwright.message import OutgoingMessage
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.cells import Combination
from sendwright.providers.microsoft365.board.rights import missing
from sendwright.providers.microsoft365.stopping import named, stopped_by
from sendwright.providers.trying import SUBMIT, Outcome, alias_of, outcome_of, small_message, staged
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import Progress, World

Credentials = Callable[[MicrosoftAnswers, World], Awaitable[dict[str, Secret]]]
"""Returns credentials for the answers' way and route. Raises errors.VaultUnavailable and problems.evidence.Failure."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try. to: who gets the message."""

    of: Combination
    to: str
    world: World
    progress: Progress


async def try_cell(
    state: MicrosoftAnswers, attempt: Attempt, *, desk: Credentials, handed: Credentials
) -> MicrosoftAnswers:
    """Return `state` with what the try has shown; a refusal is a result like any other.

    Raises Halted where nothing was tried: the backend was not reached, or the keychain is closed.
    """
    if state.way is Way.APPLICATION:
        state, version = await _staged(state, attempt, handed)
        if attempt.world.platform is None:
            return state
        mailbox = attempt.of.mailbox if attempt.of.control else None
        try:
            async with attempt.world.platform.open() as backend:
                results = backend.test(version, to=attempt.to, mailbox=mailbox)
                return _noted(state, attempt, _judged(await outcome_of(results, attempt.progress)))
        except Halted as halted:
            halted.state = state  # what the backend has of us is not handed over again
            raise
    acting = replace(state, route=attempt.of.route)
    try:
        credentials = await desk(acting, attempt.world)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=state) from unavailable
    except Failure as failure:  # no token for this route: that is what the cell shows
        return _noted(state, attempt, Outcome(problem=named(failure.evidence, acting)))
    profile = profile_of(state, attempt.of, attempt.world)
    results = diagnose(
        profile,
        credentials,
        attempt.world.network,
        message=_message(profile, attempt),
        recipient=attempt.to,
        clock=attempt.world.clock,
    )
    return _noted(state, attempt, _judged(await outcome_of(results, attempt.progress)))


def profile_of(state: MicrosoftAnswers, of: Combination, world: World) -> SenderProfile:
    """Return a profile that sends as the cell says."""
    return SenderProfile(
        provider="microsoft365",
        sender="graph",
        address=of.mailbox,
        alias=alias_of(world),
        settings=msgspec.to_builtins(state.settings(of.mailbox, of.route)),
    )


def _judged(outcome: Outcome) -> Outcome:
    """Return `outcome`; where nothing was refused and nothing taken either, that is a refusal we do not understand."""
    if outcome.problem is not None or outcome.reached:
        return outcome
    evidence = Evidence(stage=SUBMIT, system=System.GRAPH, condition="answer-not-understood")
    return replace_(outcome, problem=named(evidence, MicrosoftAnswers()))


def _noted(state: MicrosoftAnswers, attempt: Attempt, outcome: Outcome) -> MicrosoftAnswers:
    """Return `state` with the proof; what was granted stays so, and a fault on the way does not hide what lacks."""
    former = state.proofs.get(attempt.of.id)
    now = attempt.world.clock()
    proof = Proof(cell=attempt.of.id, at=now, accepted=outcome.problem is None, request_id=outcome.request_id)
    if outcome.problem is not None:
        lacks = missing(outcome.problem, attempt.of, state)
        proof = replace(proof, problem=outcome.problem.code, missing=str(lacks), evidence=outcome.problem.evidence)
        if former is not None and former.granted_at is not None and not lacks:
            proof = replace(former, at=now)
    if former is not None:
        proof = replace(proof, granted_at=former.granted_at)
    return replace(state, proofs={**state.proofs, attempt.of.id: proof})


async def _staged(state: MicrosoftAnswers, attempt: Attempt, handed: Credentials) -> tuple[MicrosoftAnswers, int]:
    """Return the version that the backend tests with, staging one where it has none of these settings."""
    world = attempt.world
    wanted = Combination(id=attempt.of.id, mailbox=state.mailbox, route=attempt.of.route)
    profile = profile_of(state, wanted, world)
    if world.platform is None:
        raise Halted(named(Evidence(stage="backend", system=System.BACKEND, condition="connection-failed"), state))
    try:
        trial = await staged(
            profile, lambda: handed(state, world), world.platform, known=state.trial, contact=attempt.to
        )
    except (Failure, VaultUnavailable) as failure:
        raise stopped_by(failure, state, after=state) from failure
    return replace(state, trial=trial), trial.version


def _message(profile: SenderProfile, attempt: Attempt) -> OutgoingMessage:
    values = {"mailbox": attempt.of.mailbox, "person": attempt.world.person, "name": profile.alias}
    return small_message(
        profile,
        to=attempt.to,
        subject=text("microsoft365.board.message.subject", **values),
        paragraphs=lines("microsoft365.board.message.text", **values),
        world=attempt.world,
    )
