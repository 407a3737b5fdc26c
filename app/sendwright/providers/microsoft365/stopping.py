"""Turns what fails at Microsoft into a stop with a named problem, with the organisation and the application in it."""

from collections.abc import Awaitable
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.problem import Problem
from sendwright.providers.consent.stopping import OWN_REGISTRATION, as_stage, stop_of
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.screens import Action, Halted
from sendwright.world import Progress

T = TypeVar("T")


def named(evidence: Evidence, state: MicrosoftAnswers) -> Problem:
    """Return the problem that `evidence` shows, with the facts of `state` that its words and commands need."""
    known = {
        "tenant": state.tenant_id or state.tenant,
        "client_id": state.client_id,
        "login": _login(state),
        "username": state.account.username if state.account else "",
        "registration": OWN_REGISTRATION if state.own else "",
    }
    values = {name: value for name, value in known.items() if value} | evidence.values
    return classify(replace(evidence, values=values))


def _login(state: MicrosoftAnswers) -> str:
    """Return the sign-in host of a national cloud; empty for the worldwide one, which links name by themselves."""
    here = CLOUDS[state.cloud or "global"].login
    return urlsplit(here).netloc if here != CLOUDS["global"].login else ""


def observed(condition: str, state: MicrosoftAnswers, *, stage: str = "sign-in", **values: str) -> Problem:
    """Return the problem that we observed ourselves and that is called `condition`."""
    return named(Evidence(stage=stage, system=System.ENTRA, condition=condition, values=values), state)


def stopped_by(
    failure: Failure | VaultUnavailable,
    state: MicrosoftAnswers,
    *,
    actions: tuple[Action, ...] = (),
    after: MicrosoftAnswers | None = None,
) -> Halted:
    """Return the stop for `failure`; actions: ways on. after: the state to keep."""
    return stop_of(failure, lambda evidence: named(evidence, state), actions=actions, after=after)


async def timed(
    stage: str,
    work: Awaitable[T],
    progress: Progress,
    state: MicrosoftAnswers,
    *,
    actions: tuple[Action, ...] = (),
) -> T:
    """Return what `work` yields, and report it as a stage. Raises Halted, with `actions`, where it fails."""
    return await as_stage(stage, work, progress, lambda evidence: named(evidence, state), actions=actions)
