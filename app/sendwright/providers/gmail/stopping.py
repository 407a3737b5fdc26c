"""Turns what fails at Google into a stop with a named problem: whose account, sender and application it is about."""

from collections.abc import Awaitable
from typing import TypeVar

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.problem import Problem
from sendwright.providers.consent.stopping import OWN_REGISTRATION, as_stage, stop_of
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.screens import Action, Halted
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress

T = TypeVar("T")


def named(evidence: Evidence, state: GmailAnswers) -> Problem:
    """Return the problem that `evidence` shows, with the facts of `state` that its words and commands need."""
    service = state.way is Way.SERVICE_ACCOUNT
    expected = state.expected.username if state.expected else ""
    known = {
        "client_id": state.service_account_id if service else state.client_id,
        "username": state.mailbox or expected or state.address,
        "sender": state.from_address,
        "registration": OWN_REGISTRATION if state.own or service else "",
    }
    values = {name: value for name, value in known.items() if value} | evidence.values
    return classify(replace(evidence, values=values))


def observed(condition: str, state: GmailAnswers, *, stage: str = "sign-in", **values: str) -> Problem:
    """Return the problem that we observed ourselves and that is called `condition`."""
    return named(Evidence(stage=stage, system=System.GOOGLE, condition=condition, values=values), state)


def stopped_by(
    failure: Failure | VaultUnavailable,
    state: GmailAnswers,
    *,
    actions: tuple[Action, ...] = (),
    after: GmailAnswers | None = None,
) -> Halted:
    """Return the stop for `failure`; actions: ways on. after: the state to keep."""
    return stop_of(failure, lambda evidence: named(evidence, state), actions=actions, after=after)


async def timed(
    stage: str, work: Awaitable[T], progress: Progress, state: GmailAnswers, *, actions: tuple[Action, ...] = ()
) -> T:
    """Return what `work` yields, and report it as a stage. Raises Halted, with `actions`, where it fails."""
    return await as_stage(stage, work, progress, lambda evidence: named(evidence, state), actions=actions)
