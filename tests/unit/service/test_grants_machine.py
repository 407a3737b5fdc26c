"""A grant against a model of it: whatever processes do and die of, one refresh token is offered once."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.unit.service.backend_kit import Clock
from tests.unit.service.grant_kit import MAIL, SMTP, Bench, TokenEndpoint, refusal

from sendwright.oauth.grant import MARGIN, AccessToken, OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.service.database import sqlite_url
from sendwright.service.grant_store import Leased
from sendwright.service.grants import LEASE_S, Grants
from sendwright.service.schema import upgrade

T = TypeVar("T")
PASSING = OAuthFailed(Evidence(stage="sign-in", system=System.SOCKET, condition="connection-refused"))
SCOPES = st.sampled_from([MAIL, SMTP])


class Renewals(RuleBasedStateMachine):
    """The model: which token lasts for each scope, whether somebody holds the lease, and whether the grant ended."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sendwright-grants-"))
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.endpoint = TokenEndpoint(self.clock)
        self.on = Bench(self.folder, self.clock, self.endpoint)
        self.processes: list[Grants] = []
        self.tokens: dict[str, AccessToken] = {}
        self.ended = False
        self.renewed = 0
        self.served: set[str] = set()

    def run(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.runner.run(wait())

    @initialize()
    def open(self) -> None:
        self.run(upgrade(sqlite_url(self.folder / "backend.db")))
        self.processes = [self.on.grants() for _ in range(2)]
        self.run(self.on.begin(self.processes[0]))

    def ask(self, process: int, scope: str) -> AccessToken | None:
        try:
            return self.run(self.processes[process].keeper(self.on.grant_id).access(scope, self.endpoint.renew))
        except OAuthFailed:
            return None

    def lasting(self, scope: str) -> AccessToken | None:
        token = self.tokens.get(scope)
        return token if token is not None and self.clock.now < token.expires_at - MARGIN else None

    def _got(self, scope: str, token: AccessToken) -> None:
        self.tokens[scope] = token
        self.served.add(scope)
        self.renewed += 1

    @rule(process=st.integers(0, 1), scope=SCOPES)
    def access(self, process: int, scope: str) -> None:
        expected, asked = self.lasting(scope), len(self.endpoint.asked)
        found = self.ask(process, scope)
        if self.ended:
            assert found is None
            assert len(self.endpoint.asked) == asked
        elif expected is not None:
            assert found == expected
            assert len(self.endpoint.asked) == asked
        else:
            assert found is not None
            assert len(self.endpoint.asked) == asked + 1
            self._got(scope, found)

    @rule(scope=SCOPES)
    def all_at_once(self, scope: str) -> None:
        async def together() -> list[AccessToken | BaseException]:
            keepers = [process.keeper(self.on.grant_id) for process in self.processes]
            work = (keeper.access(scope, self.endpoint.renew) for keeper in keepers * 2)
            return await asyncio.gather(*work, return_exceptions=True)

        expected = self.lasting(scope)
        found = self.run(together())
        if self.ended:
            assert all(isinstance(each, OAuthFailed) for each in found)
            return
        (token,) = set(found)
        assert isinstance(token, AccessToken)
        if expected is None:
            self._got(scope, token)
        else:
            assert token == expected

    @rule(hours=st.sampled_from([0.5, 1, 24]))
    def time_passes(self, hours: float) -> None:
        self.clock.forward(hours=hours)

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), process=st.integers(0, 1))
    def a_service_refuses(self, data: st.DataObject, process: int) -> None:
        scope = data.draw(st.sampled_from(sorted(self.tokens)))
        self.run(self.processes[process].keeper(self.on.grant_id).refused(self.tokens.pop(scope)))

    @rule(process=st.integers(0, 1), scope=SCOPES)
    def the_network_fails(self, process: int, scope: str) -> None:
        self.endpoint.failure = PASSING
        assert self.ask(process, scope) == (None if self.ended else self.lasting(scope))
        self.endpoint.failure = None

    @rule(process=st.integers(0, 1), scope=SCOPES)
    def a_process_dies_before_it_asked(self, process: int, scope: str) -> None:
        leased = self.run(self.processes[process].store.lease(self.on.grant_id, scope, holder="dead"))
        if isinstance(leased, Leased):
            assert leased.refresh_token.reveal() == self.endpoint.refresh
            self.clock.now += timedelta(seconds=LEASE_S)

    @precondition(lambda self: not self.ended)
    @rule(process=st.integers(0, 1), scope=SCOPES)
    def somebody_revokes_it(self, process: int, scope: str) -> None:
        self.endpoint.failure = refusal()
        asked = len(self.endpoint.asked)
        about_the_grant = not self.served or scope in self.served
        self.ask(process, scope)
        self.endpoint.failure = None
        self.ended = about_the_grant and len(self.endpoint.asked) > asked

    @invariant()
    def no_refresh_token_is_used_twice(self) -> None:
        assert self.endpoint.reuses == 0
        assert self.endpoint.renewals == self.renewed
        assert self.endpoint.most_at_once <= 1

    def teardown(self) -> None:
        async def close() -> None:
            for database in self.on.databases:
                await database.close()

        try:
            self.run(close())
        finally:
            self.runner.close()
            shutil.rmtree(self.folder)


TestRenewals = Renewals.TestCase
TestRenewals.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
