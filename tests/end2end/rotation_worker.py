"""One worker of a backend that only asks for access tokens: a moment on each line in, a digest of the token out."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from typing_extensions import override

from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.grant import GrantKeeper, OAuthFailed, Renew
from sendwright.recording.recorder import SILENCE
from sendwright.service.database import open_database, sqlite_url
from sendwright.service.envelope import Envelope
from sendwright.service.grants import Grants

ENVELOPE = Envelope(bytes(32), installation="rotation")
ENDED = "ended"


@dataclass
class Moment:
    """A clock that is told the time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Kept(httpx.AsyncClient):
    """A client that stays open from one renewal to the next, so that a thousand of them need one handshake."""

    @override
    async def __aenter__(self) -> Self:
        return self

    @override
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        return None


@asynccontextmanager
async def renewal(registration: Registration, authority: Path, clock: Moment) -> AsyncIterator[Renew]:
    """Open the product's own renewal, over one connection."""
    network = system_network(authorities_pem=authority.read_text())
    kept = Kept(transport=web_client(network)._transport, timeout=network.timeout_s, trust_env=False)
    yield renewing(registration, web=lambda: kept, recorder=SILENCE, clock=clock)
    await kept.aclose()


async def work(database: Path, grant_id: str, scope: str, authority: Path, registration: Registration) -> None:
    clock = Moment(datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    grants = Grants(
        open_database(sqlite_url(database)), ENVELOPE, clock=clock, log=logging.getLogger("sendwright.service")
    )
    keeper = grants.keeper(grant_id)
    async with renewal(registration, authority, clock) as renew:
        await _answer(keeper, renew, scope, clock)


async def _answer(keeper: GrantKeeper, renew: Renew, scope: str, clock: Moment) -> None:
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        clock.now = datetime.fromisoformat(line)
        try:
            access = await keeper.access(scope, renew)
            said = sha256(access.secret.reveal().encode()).hexdigest()
        except OAuthFailed as failed:
            said = f"{ENDED} {failed.evidence.code}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    file, grant, asked, ca, client_id, tenant, login = sys.argv[1:]
    asyncio.run(work(Path(file), grant, asked, Path(ca), Registration(client_id=client_id, tenant=tenant, login=login)))
