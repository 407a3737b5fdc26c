"""A service account without a key: the backend signs, and tells by its test what is granted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from dataclasses import replace as with_
from typing import Any, cast

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.desks import KEY_REF, Desk, delegate, service_desk

from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import GMAIL_STAGES, StageResult, Verdict
from sendwright.document.blocks import Command, Document
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import DefaultSender, Organisation
from sendwright.oauth.google.scopes import MAIL, SEND
from sendwright.practice.google.example import ANNA, BEN, SERVICE_ACCOUNT_ID
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.service_account.delegation_step import DelegationStep
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.senders.credentials import SERVICE_ACCOUNT_KEY
from sendwright.world import PlatformAccess, World

IDENTITY = "sendwright@platform.iam.gserviceaccount.com"
MISSING = "google-delegation-missing"


def commands(document: Document) -> list[str]:
    return [block.value for block in document.blocks if isinstance(block, Command)]


@dataclass
class Version:
    """What the backend stored."""

    version: int


@dataclass
class Signing:
    """A backend that signs; results: what its next tests show, stage to verdict. Raises what `fails` says."""

    results: list[dict[str, Verdict]]
    code: str = MISSING
    staged: list[str] = field(default_factory=list)
    tested: list[tuple[str | None, str | None]] = field(default_factory=list)
    fails: Halted | None = None

    async def stage(self, profile: SenderProfile, credentials: dict[str, Secret], **_: object) -> Version:
        assert credentials == {}
        self.staged.append(str(profile.settings["account"]))
        return Version(len(self.staged))

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        assert version == len(self.staged)
        self.tested.append((to, mailbox))
        if self.fails is not None:
            raise self.fails
        for stage, verdict in self.results.pop(0).items():
            assert stage in GMAIL_STAGES
            seen = Evidence(stage=stage, system=System.GOOGLE, condition=self.code)
            problem = classify(seen) if verdict in {Verdict.FAILED, Verdict.WARNING} else None
            yield StageResult(id=stage, verdict=verdict, problem=problem)

    def access(self) -> PlatformAccess:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Backend]:
            yield cast("Any", self)

        organisation = Organisation(
            name="Example Organisation",
            workspaces=("Headquarters",),
            default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
            in_force=None,
        )
        return PlatformAccess(organisation=organisation, open=opened)


GOOD = {"reach": Verdict.PASSED, "sign-in": Verdict.PASSED, "permissions": Verdict.PASSED}
BROAD = GOOD | {"permissions": Verdict.WARNING}
LACKS = {"reach": Verdict.PASSED, "sign-in": Verdict.FAILED}


async def nothing(state: GmailAnswers, world: World) -> dict[str, Secret]:
    del state, world
    return {}


@asynccontextmanager
async def keyless(
    *results: dict[str, Verdict], code: str = MISSING, fails: Halted | None = None
) -> AsyncIterator[tuple[Desk, Signing]]:
    async with service_desk(DelegationStep, handed=nothing) as desk:
        backend = Signing(list(results), code=code, fails=fails)
        desk.state = replace(desk.state, key=None, keyless=True, identity=IDENTITY)
        desk.world = with_(desk.world, platform=backend.access())
        yield desk, backend


async def test_without_a_key_the_page_names_the_identity_and_its_role() -> None:
    async with keyless() as (desk, _):
        assert commands(desk.sheet.document) == [
            IDENTITY,
            "roles/iam.serviceAccountTokenCreator",
            SERVICE_ACCOUNT_ID,
            SEND,
        ]


async def test_the_backend_tells_of_the_mailbox_and_of_more_in_one_test_that_sends_nothing() -> None:
    async with keyless(GOOD) as (desk, backend):
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.PASSED
        assert desk.cell("broader").verdict is Verdict.PASSED
        assert backend.tested == [(None, None)]
        assert backend.staged == [ANNA]
        await desk.press()
        assert backend.tested == [(None, None)]


async def test_what_the_backend_has_is_not_staged_twice() -> None:
    async with keyless(LACKS, GOOD, GOOD) as (desk, backend):
        await desk.press("try-sender")
        await desk.press("granted-sender", control=BEN)
        assert backend.staged == [ANNA]
        assert backend.tested == [(None, None), (None, None), (None, BEN)]
        assert desk.cell("control").verdict is Verdict.WARNING


async def test_the_backend_tells_of_a_delegation_that_is_too_broad() -> None:
    async with keyless(BROAD) as (desk, _):
        await desk.press("try-sender")
        assert desk.cell("broader").verdict is Verdict.WARNING
        assert [notice.key for notice in desk.sheet.notices] == ["gmail.delegation.too-much"]


@pytest.mark.parametrize("code", ["google-delegation-missing", "google-signing-not-allowed"])
async def test_what_the_backend_lacks_is_waited_for_as_well(code: str) -> None:
    async with keyless(LACKS, LACKS, code=code) as (desk, _):
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.FAILED
        await desk.press("granted-sender")
        assert desk.cell("sender").waiting
        assert desk.sheet.retry_at is not None


async def test_a_test_that_says_nothing_is_a_refusal_and_no_proof() -> None:
    async with keyless({"reach": Verdict.PASSED}) as (desk, _):
        await desk.press("try-sender")
        assert desk.cell("sender").verdict is Verdict.FAILED
        assert not desk.state.connected


async def test_a_backend_that_is_lost_stops_and_remembers_what_it_has() -> None:
    lost = Halted(classify(Evidence(stage="backend", system=System.SOCKET, errno="ECONNREFUSED")))
    async with keyless(GOOD, fails=lost) as (desk, backend):
        with pytest.raises(Halted) as halted:
            await desk.press("try-sender")
        desk.state = cast("GmailAnswers", halted.value.state)
        assert desk.state.trial is not None
        backend.fails = None
        await desk.press("try-sender")
        assert backend.staged == [ANNA]


async def test_without_a_backend_nothing_can_be_tried() -> None:
    async with keyless() as (desk, _):
        desk.world = with_(desk.world, platform=None)
        with pytest.raises(Halted):
            await desk.press("try-sender")


@dataclass
class Diagnosing(Signing):
    """A backend that runs the real diagnosis, with the key that nobody has at this desk."""

    desk: Desk | None = None
    profile: SenderProfile | None = None

    async def stage(self, profile: SenderProfile, credentials: dict[str, Secret], **_: object) -> Version:
        self.profile = profile
        return await super().stage(profile, credentials)

    async def test(self, version: int, *, to: str | None, mailbox: str | None = None) -> AsyncIterator[StageResult]:
        assert version == len(self.staged)
        assert self.desk is not None
        assert self.profile is not None
        key = await self.desk.world.vault.fetch(KEY_REF)
        assert key is not None
        profile = replace(self.profile, settings=self.profile.settings | {"keyless": False})
        credentials = {SERVICE_ACCOUNT_KEY: key}
        async for result in diagnose(
            profile,
            credentials,
            self.desk.world.network,
            recipient=to,
            mailbox=mailbox or "",
            clock=self.desk.world.clock,
        ):
            yield result


@pytest.mark.parametrize(
    ("scopes", "verdicts"),
    [
        ((SEND,), {"sender": Verdict.PASSED, "broader": Verdict.PASSED, "control": Verdict.WARNING}),
        ((SEND, MAIL), {"sender": Verdict.PASSED, "broader": Verdict.WARNING, "control": Verdict.WARNING}),
        ((), {"sender": Verdict.FAILED, "broader": None, "control": None}),
    ],
)
async def test_the_stages_of_the_real_diagnosis_are_understood(
    scopes: tuple[str, ...], verdicts: dict[str, Verdict | None]
) -> None:
    async with keyless() as (desk, _):
        backend = Diagnosing([], desk=desk)
        desk.world = with_(desk.world, platform=backend.access())
        delegate(desk, *scopes)
        await desk.press("try-sender", control=BEN)
        assert {cell.id: cell.verdict for cell in desk.sheet.cells} == verdicts
        assert desk.listening.inbox == []
        if not scopes:
            problem = desk.cell("sender").problem
            assert problem is not None
            assert problem.code == "google-delegation-missing"
