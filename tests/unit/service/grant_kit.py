"""What the tests of grants share: a token endpoint that rotates and detects reuse, and grants on a database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.unit.service.backend_kit import Clock

from sendwright.oauth.grant import AccessToken, OAuthFailed, Renewed
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.envelope import Envelope
from sendwright.service.grant_tables import GrantRow
from sendwright.service.grants import Grants, Patience
from sendwright.service.log import LOGGER
from sendwright.service.schema import upgrade

FIRST = "canary-refresh-0"
MAIL = "https://graph.microsoft.com/Mail.Send"
SMTP = "https://outlook.office.com/SMTP.Send"


def refusal(error: str = "invalid_grant", number: int | None = 700082) -> OAuthFailed:
    return OAuthFailed(Evidence(stage="sign-in", system=System.ENTRA, error=error, number=number, http=400))


@dataclass
class TokenEndpoint:
    """Rotates: only the newest refresh token is good; an older one ends them all and is counted."""

    clock: Callable[[], datetime]
    refresh: str = FIRST
    renewals: int = 0
    reuses: int = 0
    at_once: int = 0
    most_at_once: int = 0
    lasts: timedelta = timedelta(hours=1)
    rotates: bool = True
    failure: Exception | None = None
    hold: asyncio.Event | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def renew(self, refresh: Secret, scope: str) -> Renewed:
        self.asked.append((refresh.reveal(), scope))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.hold is not None:
                await self.hold.wait()
            await asyncio.sleep(0)
            if self.failure is not None:
                raise self.failure
            if refresh.reveal() != self.refresh:
                self.reuses += 1
                raise refusal(number=70000)
            return self._answer(scope)
        finally:
            self.at_once -= 1

    def _answer(self, scope: str) -> Renewed:
        self.renewals += 1
        access = AccessToken(
            secret=Secret(f"canary-access-{self.renewals}"), expires_at=self.clock() + self.lasts, scope=scope
        )
        if not self.rotates:
            return Renewed(access=access, refresh_token=None)
        self.refresh = f"canary-refresh-{self.renewals}"
        return Renewed(access=access, refresh_token=Secret(self.refresh))


@dataclass
class Bench:
    """One database with a grant in it, and as many processes as a test makes of it."""

    path: Path
    clock: Clock
    endpoint: TokenEndpoint
    grant_id: str = ""
    databases: list[Database] = field(default_factory=list)

    def grants(self, patience: Patience | None = None) -> Grants:
        """Return grants as another process has them: with a database of its own."""
        database = open_database(sqlite_url(self.path / "backend.db"))
        self.databases.append(database)
        return Grants(
            database,
            Envelope(bytes(32), installation="x"),
            clock=self.clock,
            log=logging.getLogger(LOGGER),
            patience=patience,
        )

    async def begin(self, grants: Grants, refresh: str = FIRST) -> str:
        async with self.databases[0].writing() as session:
            self.grant_id = await grants.store.begin(session, Secret(refresh))
        return self.grant_id


@asynccontextmanager
async def bench(path: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    await upgrade(sqlite_url(path / "backend.db"))
    made = Bench(path, clock, TokenEndpoint(clock))
    try:
        yield made
    finally:
        for database in made.databases:
            await database.close()


async def row(on: Bench) -> GrantRow:
    async with on.databases[0].reading() as session:
        found = await session.get(GrantRow, on.grant_id)
    assert found is not None
    return found


def shown(access: AccessToken) -> str:
    return access.secret.reveal()
