"""Sends one small real message for a cell of the board, from this computer or through the backend."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.errors import VaultUnavailable
from sendwright.message import OutgoingMessage, new_message_id
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.problem import Problem
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof, Trial
from sendwright.providers.microsoft365.board.cells import Combination
from sendwright.providers.microsoft365.board.rights import missing
from sendwright.providers.microsoft365.stopping import named, stopped_by
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import Progress, World

Credentials = Callable[[MicrosoftAnswers, World], Awaitable[dict[str, Secret]]]
"""Returns credentials for the answers' way and route. Raises errors.VaultUnavailable and problems.evidence.Failure."""

_KIND_HEADER = {"X-Sendwright-Kind": "test"}
_REQUEST_IDS = ("request_id", "request-id", "provider_id", "queue_id", "client_request_id")
"""What stages call the other side's name for a message, the most telling first."""


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
                return _noted(state, attempt, await _outcome(results, attempt.progress))
        except Halted as halted:
            halted.state = state  # what the backend has of us is not handed over again
            raise
    acting = replace(state, route=attempt.of.route)
    try:
        credentials = await desk(acting, attempt.world)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=state) from unavailable
    except Failure as failure:  # no token for this route: that is what the cell shows
        return _noted(state, attempt, _Outcome(problem=named(failure.evidence, acting)))
    profile = profile_of(state, attempt.of, attempt.world)
    results = diagnose(
        profile,
        credentials,
        attempt.world.network,
        message=_message(profile, attempt),
        recipient=attempt.to,
        clock=attempt.world.clock,
    )
    return _noted(state, attempt, await _outcome(results, attempt.progress))


def profile_of(state: MicrosoftAnswers, of: Combination, world: World) -> SenderProfile:
    """Return a profile that sends as the cell says."""
    alias = world.platform.organisation.name if world.platform else world.deployment.platform.name
    return SenderProfile(
        provider="microsoft365",
        sender="graph",
        address=of.mailbox,
        alias=alias,
        settings=msgspec.to_builtins(state.settings(of.mailbox, of.route)),
    )


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """problem: why it was refused, None where it was accepted. request_id: the other side's name for it."""

    problem: Problem | None = None
    request_id: str = ""


async def _outcome(results: AsyncIterator[StageResult], progress: Progress) -> _Outcome:
    request_id, submitted = "", False
    async for result in results:
        progress(result)
        if result.verdict is Verdict.FAILED and result.problem is not None:
            return _Outcome(problem=result.problem, request_id=_request_id(result.problem.evidence.values))
        if result.id == "submit" and result.verdict in {Verdict.PASSED, Verdict.WARNING}:
            submitted, request_id = True, _request_id(result.evidence)
    if not submitted:
        evidence = Evidence(stage="submit", system=System.GRAPH, condition="answer-not-understood")
        return _Outcome(problem=named(evidence, MicrosoftAnswers()))
    return _Outcome(request_id=request_id)


def _noted(state: MicrosoftAnswers, attempt: Attempt, outcome: _Outcome) -> MicrosoftAnswers:
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
    digest = hashlib.sha256(msgspec.json.encode(profile, order="deterministic")).hexdigest()
    if state.trial is not None and state.trial.profile == digest:
        return state, state.trial.version
    if world.platform is None:
        raise Halted(named(Evidence(stage="backend", system=System.BACKEND, condition="connection-failed"), state))
    try:
        credentials = await handed(state, world)
    except (Failure, VaultUnavailable) as failure:
        raise stopped_by(failure, state, after=state) from failure
    async with world.platform.open() as backend:
        staged = await backend.stage(profile, credentials, key=f"board-{secrets.token_hex(16)}", contact=attempt.to)
    return replace(state, trial=Trial(version=staged.version, profile=digest)), staged.version


def _message(profile: SenderProfile, attempt: Attempt) -> OutgoingMessage:
    values = {"mailbox": attempt.of.mailbox, "person": attempt.world.person, "name": profile.alias}
    return OutgoingMessage(
        sender_address=profile.address,
        alias=profile.alias,
        recipient=attempt.to,
        subject=text("microsoft365.board.message.subject", **values),
        message_id=new_message_id(addresses.parse_address(profile.address).domain),
        text="\n\n".join(lines("microsoft365.board.message.text", **values)) + "\n",
        headers=dict(_KIND_HEADER),
        written_at=attempt.world.clock(),
    )


def _request_id(facts: dict[str, object] | dict[str, str]) -> str:
    return next((str(facts[name]) for name in _REQUEST_IDS if facts.get(name)), "")
