"""A refresh token that rotates has one owner: the wizard until it hands it over, then one of many workers at a time."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.end2end.rotation_worker import ENDED, ENVELOPE, Moment, renewal
from tests.servers.microsoft import listening, refresh_token

from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.grant import OAuthFailed, Renewed
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.practice.microsoft.contoso import CLIENT_ID, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Reuse
from sendwright.secret import Secret
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.grant_store import GrantStore
from sendwright.service.grant_tables import GrantRow
from sendwright.service.grants import LEASE_S
from sendwright.service.schema import upgrade
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

WORKERS = 4
ROUNDS = 1_000
WIZARD_ROUNDS = 20
EXPIRED = timedelta(hours=2)
SCOPE = "https://graph.microsoft.com/Mail.Send"
PATIENCE_S = 60.0


@dataclass
class Stage:
    """The simulated Microsoft, and what belongs to one person's sign-in there."""

    microsoft: SimulatedMicrosoft
    registration: Registration
    authority: Path
    database: Path
    clock: Moment
    refresh_token: Secret
    workers: list[asyncio.subprocess.Process] = field(default_factory=list)

    def forward(self, span: timedelta) -> None:
        self.microsoft.tenant.ahead += span
        self.clock.now = self.microsoft.tenant.now()

    async def start_worker(self, grant_id: str) -> None:
        of = self.registration
        words = (str(self.database), grant_id, SCOPE, str(self.authority), of.client_id, of.tenant, of.login)
        pipe = asyncio.subprocess.PIPE
        self.workers.append(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.end2end.rotation_worker", *words, stdin=pipe, stdout=pipe
            )
        )

    async def all_ask(self) -> set[str]:
        """Let all workers ask for a token at this moment; return what they got."""
        return set(await asyncio.gather(*(_ask(worker, self.clock.now.isoformat()) for worker in self.workers)))


async def _ask(worker: asyncio.subprocess.Process, moment: str) -> str:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(f"{moment}\n".encode())
    line = await asyncio.wait_for(worker.stdout.readline(), PATIENCE_S)
    assert line, "the worker died"
    return line.decode().strip()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    tenant = contoso()
    tenant.policies.reuse = Reuse.REVOKE  # one token used twice ends everything
    tenant.consents[CLIENT_ID] = {"Mail.Send", "User.Read"}
    authority = tmp_path / "authority.pem"
    async with listening(tenant) as server:
        microsoft = server.microsoft
        authority.write_text(microsoft.authority_pem)
        made = Stage(
            microsoft,
            Registration(client_id=CLIENT_ID, tenant=tenant.id, login=microsoft.login),
            authority,
            tmp_path / "backend.db",
            Moment(tenant.now()),
            refresh_token(microsoft),
        )
        try:
            yield made
        finally:
            for worker in made.workers:
                if worker.returncode is None:
                    worker.kill()
                    await worker.wait()


async def by_the_wizard(stage: Stage) -> tuple[VaultKeeper, Secret]:
    """Renew as the wizard does, several callers at once; return its keeper and what it hands over."""
    keeper = VaultKeeper(MemoryVault(), SecretRef("microsoft", "draft"), clock=stage.clock)
    await keeper.store(stage.refresh_token, {})
    async with renewal(stage.registration, stage.authority, stage.clock) as renew:
        for _ in range(WIZARD_ROUNDS):
            tokens = await asyncio.gather(*(keeper.access(SCOPE, renew) for _ in range(5)))
            assert len(set(tokens)) == 1
            stage.forward(EXPIRED)
    return keeper, await keeper.hand_over()


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    database = open_database(sqlite_url(file))
    try:
        yield database
    finally:
        await database.close()


async def handed_over(stage: Stage, refresh_token: Secret) -> str:
    await upgrade(sqlite_url(stage.database))
    async with opened(stage.database) as database, database.writing() as session:
        return await GrantStore(database, ENVELOPE, clock=stage.clock, lease_s=LEASE_S).begin(session, refresh_token)


async def row(stage: Stage) -> GrantRow:
    async with opened(stage.database) as database, database.reading() as session:
        return (await session.scalars(select(GrantRow))).one()


@pytest.mark.timeout(400)  # a minute of work on a machine of its own
async def test_wizard_and_four_workers_never_use_a_token_twice(stage: Stage) -> None:
    wizard, refresh_token = await by_the_wizard(stage)
    grant_id = await handed_over(stage, refresh_token)
    await wizard.keep_access_only()
    for _ in range(WORKERS):
        await stage.start_worker(grant_id)
    seen: set[str] = set()
    for _ in range(ROUNDS):
        stage.forward(EXPIRED)
        answers, refused = await asyncio.gather(stage.all_ask(), _is_refused(wizard))
        assert refused
        assert len(answers) == 1, answers
        assert not answers & seen
        assert not next(iter(answers)).startswith(ENDED)
        seen |= answers
    assert stage.microsoft.reuse_detections == 0
    assert len(seen) == ROUNDS
    found = await row(stage)
    assert (found.generation, found.dead_at, found.holder) == (ROUNDS, None, None)


async def _never(refresh_token: Secret, scope: str) -> Renewed:
    raise AssertionError((refresh_token, scope))


async def _is_refused(wizard: VaultKeeper) -> bool:
    """Tell whether the wizard, which has nothing to renew with any more, is refused without asking Microsoft."""
    try:
        await wizard.access(SCOPE, _never)
    except OAuthFailed as failed:
        return failed.evidence.condition == "access-token-ended"
    return False


async def test_a_worker_that_is_killed_in_its_renewal_is_replaced_by_the_next(stage: Stage) -> None:
    grant_id = await handed_over(stage, stage.refresh_token)
    for _ in range(2):
        await stage.start_worker(grant_id)
    await stage.all_ask()
    for _ in range(10):
        stage.forward(EXPIRED)
        victim = stage.workers.pop(0)
        assert victim.stdin is not None
        victim.stdin.write(f"{stage.clock.now.isoformat()}\n".encode())
        await asyncio.sleep(0.01)
        victim.kill()
        await victim.wait()
        stage.forward(timedelta(seconds=LEASE_S))
        await stage.start_worker(grant_id)
        answers = await stage.all_ask()
        if any(answer.startswith(ENDED) for answer in answers):  # it died between Microsoft's answer and its storing
            assert stage.microsoft.reuse_detections == 1
            return
        assert len(answers) == 1
    assert stage.microsoft.reuse_detections == 0
