"""Sends the small message by which one sees what Gmail makes of the sender."""

import msgspec
from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.diagnosis.catalogue import diagnose
from sendwright.errors import VaultUnavailable
from sendwright.message import new_message_id
from sendwright.message.composing import CODE_HEADER
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers, Shown
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.gmail.sender.arrival import code_of
from sendwright.providers.gmail.stopping import named, stopped_by
from sendwright.providers.trying import SUBMIT, Outcome, alias_of, outcome_of, small_message, staged
from sendwright.screens import Halted
from sendwright.senders.gmail.settings import Way
from sendwright.texts import lines, text
from sendwright.world import Progress, World

TEST = "small-test"
"""Key of its outcome in GmailAnswers.checks."""


async def send_test(
    state: GmailAnswers, world: World, progress: Progress, *, desk: Credentials, handed: Credentials
) -> GmailAnswers:
    """Return `state` after a message went to `state.recipient`, or with why it was refused.

    A service account without a key can act at the backend only, which sends a message of its own. Raises Halted where
    nothing could be tried.
    """
    if state.way is Way.SERVICE_ACCOUNT and state.keyless:
        return await _by_backend(state, world, progress, handed)
    try:
        credentials = await desk(state, world)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=state) from unavailable
    except Failure as failure:
        raise stopped_by(failure, state, after=state) from failure
    profile = profile_of(state, world)
    message_id = new_message_id(addresses.parse_address(profile.address).domain)
    values = {"address": profile.address, "person": world.person, "code": code_of(message_id)}
    message = small_message(
        profile,
        to=state.recipient,
        subject=text("gmail.alias.message.subject", **values),
        paragraphs=lines("gmail.alias.message.text", **values),
        world=world,
        headers={CODE_HEADER: values["code"]},
        message_id=message_id,
    )
    results = diagnose(
        profile, credentials, world.network, message=message, recipient=state.recipient, clock=world.clock
    )
    return _noted(state, await outcome_of(results, progress), world, message_id)


def profile_of(state: GmailAnswers, world: World) -> SenderProfile:
    """Return a profile that sends from the chosen address."""
    return SenderProfile(
        provider="gmail",
        sender="gmail",
        address=state.from_address,
        alias=alias_of(world),
        settings=msgspec.to_builtins(state.settings()),
    )


async def _by_backend(state: GmailAnswers, world: World, progress: Progress, handed: Credentials) -> GmailAnswers:
    platform = world.platform
    if platform is None:
        raise Halted(classify(Evidence(stage="backend", system=System.BACKEND, condition="connection-failed")))
    profile = profile_of(state, world)
    try:
        trial = await staged(
            profile, lambda: handed(state, world), platform, known=state.trial, contact=state.recipient
        )
    except (Failure, VaultUnavailable) as failure:
        raise stopped_by(failure, state, after=state) from failure
    state = replace(state, trial=trial)
    began = world.clock()
    try:
        async with platform.open() as backend:
            outcome = await outcome_of(backend.test(trial.version, to=state.recipient), progress)
    except Halted as halted:
        halted.state = state  # what the backend has of us is not handed over again
        raise
    return replace(_noted(state, outcome, world, ""), sent_at=began if outcome.reached else state.sent_at)


def _noted(state: GmailAnswers, outcome: Outcome, world: World, message_id: str) -> GmailAnswers:
    problem = outcome.problem
    if problem is None and not outcome.reached:
        problem = named(Evidence(stage=SUBMIT, system=System.GMAIL, condition="answer-not-understood"), state)
    if problem is not None:
        refused = Shown(at=world.clock(), granted=False, problem=problem.code, evidence=problem.evidence)
        return replace(state, checks={**state.checks, TEST: refused})
    others = {name: shown for name, shown in state.checks.items() if name != TEST}
    return replace(state, checks=others, sent=message_id, sent_at=world.clock(), arrived=None)
