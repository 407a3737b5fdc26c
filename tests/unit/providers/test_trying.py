"""What comes of a try, and what the backend tries with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as with_
from typing import Any, cast

import pytest
from tests.unit.providers.doubles import make_world

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import DefaultSender, Organisation
from sendwright.message import encode
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.profile import SenderProfile
from sendwright.providers.trying import Trial, alias_of, outcome_of, small_message, staged
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.world import PlatformAccess

PROFILE = SenderProfile(
    provider="gmail", sender="gmail", address="notices@example.org", alias="Example", settings={"account": "a"}
)
REFUSED = classify(
    Evidence(stage="sign-in", system=System.GMAIL, http=403, reason="forbidden", values={"request_id": "r-2"})
)


def result(
    stage: str, verdict: Verdict = Verdict.PASSED, problem: Problem | None = None, **evidence: object
) -> StageResult:
    return StageResult(id=stage, verdict=verdict, problem=problem, evidence=evidence)


async def results(*given: StageResult) -> AsyncIterator[StageResult]:
    for one in given:
        yield one


@dataclass
class Storing:
    """A backend that stores; fails: how."""

    stored: list[tuple[SenderProfile, dict[str, Secret], str, str]] = field(default_factory=list)
    fails: Halted | None = None

    async def stage(self, profile: SenderProfile, credentials: dict[str, Secret], *, key: str, contact: str) -> Trial:
        if self.fails is not None:
            raise self.fails
        self.stored.append((profile, credentials, key, contact))
        return Trial(version=len(self.stored), profile="")

    def access(self) -> PlatformAccess:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Backend]:
            yield cast("Any", self)

        organisation = Organisation(
            name="Example Organisation",
            workspaces=(),
            default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
            in_force=None,
        )
        return PlatformAccess(organisation=organisation, open=opened)


async def handed() -> dict[str, Secret]:
    return {"service_account_key": Secret("key")}


async def test_a_message_that_was_taken_is_reached_and_has_a_name() -> None:
    seen: list[StageResult] = []
    given = (result("sign-in"), result("submit", provider_id="18c", queue_id="q"))
    outcome = await outcome_of(results(*given), seen.append)
    assert (outcome.reached, outcome.problem, outcome.request_id) == (True, None, "18c")
    assert tuple(seen) == given == outcome.results


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.WARNING])
async def test_a_remark_does_not_keep_it_from_being_reached(verdict: Verdict) -> None:
    problem = REFUSED if verdict is Verdict.WARNING else None
    assert (await outcome_of(results(result("submit", verdict, problem=problem)), lambda _: None)).reached


async def test_the_first_refusal_ends_it() -> None:
    given = (result("sign-in", Verdict.FAILED, problem=REFUSED), result("submit"))
    outcome = await outcome_of(results(*given), lambda _: None)
    assert outcome.problem == REFUSED
    assert not outcome.reached
    assert outcome.request_id == "r-2"
    assert [one.id for one in outcome.results] == ["sign-in"]


@pytest.mark.parametrize("given", [(), (result("reach"),), (result("submit", Verdict.NOT_REACHED),)])
async def test_what_says_nothing_is_neither_refused_nor_reached(given: tuple[StageResult, ...]) -> None:
    outcome = await outcome_of(results(*given), lambda _: None)
    assert (outcome.reached, outcome.problem) == (False, None)


async def test_another_stage_may_be_the_one_that_counts() -> None:
    given = (result("sign-in"), result("permissions", Verdict.WARNING))
    assert (await outcome_of(results(*given), lambda _: None, wanted="sign-in")).reached


async def test_the_backend_stores_a_profile_once() -> None:
    backend = Storing()
    first = await staged(PROFILE, handed, backend.access(), known=None, contact="anna@example.org")
    assert first.version == 1

    async def nobody() -> dict[str, Secret]:
        raise AssertionError("it has them already")

    assert await staged(PROFILE, nobody, backend.access(), known=first, contact="anna@example.org") == first
    other = with_profile(alias="Other")
    second = await staged(other, handed, backend.access(), known=first, contact="anna@example.org")
    assert second.version == 2
    assert second.profile != first.profile
    [one, two] = backend.stored
    assert one[3] == "anna@example.org"
    assert one[2] != two[2]  # a repetition of one is no repetition of the other
    assert one[1] == {"service_account_key": Secret("key")}


def with_profile(**changes: str) -> SenderProfile:
    known = {"address": PROFILE.address, "alias": PROFILE.alias} | changes
    return SenderProfile(provider="gmail", sender="gmail", settings={"account": "a"}, **known)


async def test_what_stands_in_the_way_is_passed_on() -> None:
    async def locked() -> dict[str, Secret]:
        raise VaultUnavailable("locked")

    with pytest.raises(VaultUnavailable):
        await staged(PROFILE, locked, Storing().access(), known=None, contact="")
    with pytest.raises(Halted):
        await staged(PROFILE, handed, Storing(fails=Halted(REFUSED)).access(), known=None, contact="")


def test_the_small_message_says_what_it_is() -> None:
    world = make_world()
    message = small_message(
        PROFILE,
        to="director@example.com",
        subject="Test",
        paragraphs=("One.", "Two."),
        world=world,
        headers={"X-Sendwright-Code": "ACDEFG"},
    )
    assert (message.sender_address, message.alias, message.recipient) == (
        PROFILE.address,
        "Example",
        "director@example.com",
    )
    assert message.text == "One.\n\nTwo.\n"
    assert message.headers == {"X-Sendwright-Kind": "test", "X-Sendwright-Code": "ACDEFG"}
    assert message.message_id.endswith("@example.org>")
    assert message.written_at == world.clock()
    assert b"X-Sendwright-Code: ACDEFG" in encode(message)
    named = small_message(PROFILE, to="a@b.example", subject="", paragraphs=(), world=world, message_id="<x@y.example>")
    assert named.message_id == "<x@y.example>"


def test_the_organisation_lends_its_name_until_another_is_chosen() -> None:
    world = make_world()
    assert alias_of(world) == world.deployment.platform.name
    assert alias_of(with_(world, platform=Storing().access())) == "Example Organisation"
