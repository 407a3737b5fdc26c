"""The small message by the backend, where a service account has no key here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as with_
from typing import Any, cast

import pytest
from tests.unit.providers.doubles import make_world
from tests.unit.providers.gmail.pictured import ANNA, IDENTITY, NOTICES, service

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import DefaultSender, Organisation
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sender.alias_cells import cells
from sendwright.providers.gmail.sender.alias_step import AliasStep
from sendwright.providers.gmail.sender.arrival import Verdict as Seen
from sendwright.providers.gmail.sender.arrival import verdict_of
from sendwright.providers.gmail.sender.small_test import TEST, profile_of, send_test
from sendwright.providers.trying import Trial
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import SenderProof
from sendwright.world import PlatformAccess, World

TO = "director@example.com"
STATE = service(key=None, keyless=True, identity=IDENTITY, sender=NOTICES, proof=SenderProof.UNPROVEN, recipient=TO)
REFUSED = classify(Evidence(stage="submit", system=System.GMAIL, http=403, reason="forbidden"))


@dataclass
class Sending:
    """A backend that signs for the service account, and sends its own test."""

    verdict: Verdict = Verdict.PASSED
    lost: bool = False
    staged: list[SenderProfile] = field(default_factory=list)
    sent_to: list[str | None] = field(default_factory=list)

    async def stage(self, profile: SenderProfile, credentials: dict[str, Secret], **_: object) -> Trial:
        assert credentials == {}
        self.staged.append(profile)
        return Trial(version=len(self.staged), profile="")

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        assert (version, mailbox) == (len(self.staged), None)
        if self.lost:
            raise Halted(classify(Evidence(stage="backend", system=System.SOCKET, errno="ECONNREFUSED")))
        self.sent_to.append(to)
        problem = REFUSED if self.verdict is Verdict.FAILED else None
        yield StageResult(id="submit", verdict=self.verdict, problem=problem)

    @property
    def world(self) -> World:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Backend]:
            yield cast("Any", self)

        organisation = Organisation(
            name="Example Organisation",
            workspaces=(),
            default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
            in_force=None,
        )
        return with_(make_world(), platform=PlatformAccess(organisation=organisation, open=opened))


async def nothing(state: GmailAnswers, world: World) -> dict[str, Secret]:
    del state, world
    return {}


async def nobody(state: GmailAnswers, world: World) -> dict[str, Secret]:
    raise AssertionError("nobody should ask for these")


async def sent(state: GmailAnswers, world: World) -> GmailAnswers:
    return await send_test(state, world, lambda _: None, desk=nobody, handed=nothing)


async def test_the_backend_sends_its_own_test_from_the_chosen_address() -> None:
    backend = Sending()
    state = await sent(STATE, backend.world)
    assert backend.sent_to == [TO]
    [profile] = backend.staged
    assert (profile.address, profile.settings["account"], profile.settings["keyless"]) == (NOTICES, ANNA, True)
    assert state.sent == ""
    assert state.sent_at == backend.world.clock()
    again = await sent(state, backend.world)
    assert again.trial == state.trial
    assert len(backend.staged) == 1


async def test_its_arrival_is_told_by_kind_and_date() -> None:
    backend = Sending()
    step = AliasStep(desk=nobody, handed=nothing)
    state = await sent(STATE, backend.world)
    source = f"Received: x\nFrom: Example <{NOTICES}>\nX-Sendwright-Kind: test\nDate: Fri, 20 Nov 2026 09:00:05 +0000\n"
    answer = {"action": "compare", "source": source}
    proven = await step.accept(state, answer, backend.world, lambda _: None)
    assert verdict_of(proven) is Seen.WANTED
    assert proven.proof is SenderProof.ARRIVED
    old = source.replace("09:00:05", "08:00:00")
    other = await step.accept(state, answer | {"source": old}, backend.world, lambda _: None)
    assert verdict_of(other) is Seen.ANOTHER


async def test_a_refusal_is_shown_and_nothing_counts_as_sent() -> None:
    state = await sent(STATE, Sending(verdict=Verdict.FAILED).world)
    assert state.sent_at is None
    assert state.checks[TEST].problem == REFUSED.code
    arrival = cells(state)[0]
    assert arrival.verdict is Verdict.FAILED
    assert arrival.problem is not None
    assert arrival.problem.code == REFUSED.code


async def test_a_test_that_says_nothing_counts_as_refused() -> None:
    state = await sent(STATE, Sending(verdict=Verdict.NOT_REACHED).world)
    assert state.sent_at is None
    assert state.checks[TEST].problem


async def test_a_backend_that_is_lost_keeps_what_it_has_of_us() -> None:
    backend = Sending(lost=True)
    with pytest.raises(Halted) as halted:
        await sent(STATE, backend.world)
    kept = halted.value.state
    assert isinstance(kept, GmailAnswers)
    assert kept.trial is not None
    backend.lost = False
    await sent(kept, backend.world)
    assert len(backend.staged) == 1


async def test_without_a_backend_nothing_is_sent() -> None:
    with pytest.raises(Halted):
        await sent(STATE, make_world())


async def test_a_closed_keychain_stops_before_anything_is_stored() -> None:
    async def closed(state: GmailAnswers, world: World) -> dict[str, Secret]:
        raise VaultUnavailable("locked")

    backend = Sending()
    with pytest.raises(Halted):
        await send_test(STATE, backend.world, lambda _: None, desk=closed, handed=closed)
    assert backend.staged == []


def test_the_profile_says_how_sure_the_sender_is() -> None:
    world = make_world()
    assert profile_of(STATE, world).settings["proof"] == "unproven"
    assert profile_of(service(), world).settings["proof"] == "own"
    assert profile_of(service(), world).address == ANNA
