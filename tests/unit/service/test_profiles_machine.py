"""The store of profiles against a model of it: whatever the order of steps, one thing is in force."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.ext.asyncio import AsyncSession
from tests.unit.service.backend_kit import PROFILE, Clock
from tests.unit.service.test_grant_profiles import graph_profile

from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.wire import ProfileState
from sendwright.oauth.grant import OAuthFailed, Renewed
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.senders.credentials import REFRESH_TOKEN
from sendwright.service import audit
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.envelope import Envelope
from sendwright.service.ground import ActiveSender
from sendwright.service.precondition import Precondition
from sendwright.service.profiles import ProfileStore, Staging
from sendwright.service.schema import upgrade
from sendwright.service.trouble import Trouble

T = TypeVar("T")
GOOD = {Verdict.PASSED, Verdict.WARNING}


class Versions(RuleBasedStateMachine):
    """The model: what each version's test said, which were ever in force, and which one is."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="sendwright-machine-"))
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.verdicts: dict[int, Verdict | None] = {}
        self.secrets: dict[int, str] = {}
        self.grants: dict[int, str] = {}
        self.were_in_force: set[int] = set()
        self.now_in_force: int | None = None
        self.changes = 0
        self.seen_tags: list[str] = []
        self.actions: list[tuple[str, int | None]] = []
        self.database: Database
        self.store: ProfileStore

    def run(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.runner.run(wait())

    @initialize()
    def open(self) -> None:
        url = sqlite_url(self.folder / "backend.db")
        self.run(upgrade(url))
        self.database = open_database(url)
        self.store = ProfileStore(self.database, Envelope(bytes(32), installation="x"), clock=self.clock)
        self.seen_tags.append(self.tag())

    def tag(self) -> str:
        return self.run(self._current())[1]

    async def _current(self) -> tuple[ProfileState | None, str]:
        async with self.database.reading() as session:
            return await self.store.current(session)

    async def _write(self, method: str, *arguments: object, tag: str) -> object:
        async with self.database.writing() as session:
            work = getattr(self.store, method)(session, *arguments, who="w", precondition=Precondition(tag))
            return await work

    def attempt(self, method: str, *arguments: object, tag: str | None = None) -> str | None:
        """Carry out a write; return the code of what it was refused with."""
        try:
            self.run(self._write(method, *arguments, tag=tag or self.tag()))
        except Trouble as trouble:
            return trouble.code
        return None

    @rule(secret=st.text(max_size=10))
    def stage(self, secret: str) -> None:
        version = len(self.verdicts) + 1
        profile = msgspec.structs.replace(PROFILE, alias=f"version {version}")
        staging = Staging(profile=profile, credentials={"password": Secret(secret)}, sealed="x", note="")
        assert self.attempt("stage", staging) is None
        self.verdicts[version] = None
        self.secrets[version] = secret
        self.actions.append(("profile-staged", version))

    @rule(secret=st.text(min_size=1, max_size=10))
    def stage_a_sign_in(self, secret: str) -> None:
        version = len(self.verdicts) + 1
        profile = graph_profile(f"version {version}")
        staging = Staging(profile=profile, credentials={REFRESH_TOKEN: Secret(secret)}, sealed="x", note="")
        assert self.attempt("stage", staging) is None
        self.verdicts[version], self.grants[version] = None, secret
        self.actions.append(("profile-staged", version))

    @precondition(lambda self: self.verdicts)
    @rule(data=st.data(), signs_in=st.booleans())
    def take_over(self, data: st.DataObject, *, signs_in: bool) -> None:
        source, version = data.draw(st.sampled_from(sorted(self.verdicts))), len(self.verdicts) + 1
        alias = f"version {version}"
        profile = graph_profile(alias) if signs_in else msgspec.structs.replace(PROFILE, alias=alias)
        staging = Staging(profile=profile, credentials={}, sealed=None, note="", credentials_from=source)
        suits = (source in self.grants) is signs_in
        assert self.attempt("stage", staging) == (None if suits else "credentials-of-another-account")
        if not suits:
            return
        self.verdicts[version] = None
        kept = self.grants if signs_in else self.secrets
        kept[version] = kept[source]
        self.actions.append(("profile-staged", version))

    @precondition(lambda self: self.verdicts)
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.PASSED, Verdict.WARNING, Verdict.FAILED]))
    def test(self, data: st.DataObject, verdict: Verdict) -> None:
        version = data.draw(st.sampled_from(sorted(self.verdicts)))
        self.run(self.store.record_test(version, verdict=verdict, problem=None, who="w"))
        self.verdicts[version] = verdict
        self.actions.append(("profile-tested", version))

    @precondition(lambda self: self.verdicts)
    @rule(data=st.data())
    def activate(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.verdicts)))
        expected = None if self.verdicts[version] in GOOD else "profile-not-tested"
        assert self.attempt("activate", version) == expected
        if expected is None:
            self._moved("profile-activated", version)

    @precondition(lambda self: self.verdicts)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(sorted(self.verdicts)))
        expected = None if version in self.were_in_force else "profile-never-in-force"
        assert self.attempt("restore", version) == expected
        if expected is None:
            self._moved("profile-restored", version)

    @rule()
    def use_default(self) -> None:
        assert self.attempt("use_default") is None
        if self.now_in_force is not None:
            self.actions.append(("default-restored", self.now_in_force))
            self.changes += 1
            self.now_in_force = None

    @precondition(lambda self: len(set(self.seen_tags)) > 1)
    @rule(data=st.data(), method=st.sampled_from(["activate", "restore", "use_default"]))
    def write_on_an_old_state(self, data: st.DataObject, method: str) -> None:
        current = self.tag()
        old = data.draw(st.sampled_from([tag for tag in self.seen_tags if tag != current] or ['"old"']))
        arguments = () if method == "use_default" else (max(self.verdicts),)
        assert self.attempt(method, *arguments, tag=old) in {
            "backend-changed-meanwhile",
            "profile-not-tested",
            "profile-never-in-force",
        }

    @rule(version=st.sampled_from([0, -1, 10**6, 10**30]))
    def ask_for_what_is_not_there(self, version: int) -> None:
        assert self.attempt("activate", version) == "backend-not-found"
        assert self.attempt("restore", version) == "backend-not-found"

    def _moved(self, action: str, version: int) -> None:
        if self.now_in_force == version:
            return
        self.actions.append((action, version))
        self.changes += 1
        self.now_in_force = version
        self.were_in_force.add(version)

    @invariant()
    def what_is_in_force_is_what_was_put_there(self) -> None:
        if not self.seen_tags:
            return
        state, tag = self.run(self._current())
        self.seen_tags.append(tag)
        assert (state.version if state else None) == self.now_in_force
        assert tag == f'"{self.now_in_force or 0}-{self.changes}"'
        sender = self.run(self.store.in_force())
        if self.now_in_force is None:
            assert sender is None
        else:
            assert sender is not None
            assert sender.profile.alias == f"version {self.now_in_force}"
            assert self._signs_in_with(sender) == (self.grants | self.secrets)[self.now_in_force]

    def _signs_in_with(self, sender: ActiveSender) -> str:
        """Return the secret that a sender has: its password, or the refresh token that its grant would offer."""
        if sender.grant is None:
            assert set(sender.credentials) == {"password"}
            return sender.credentials["password"].reveal()
        assert sender.credentials == {}
        offered: list[str] = []

        async def renew(refresh_token: Secret, scope: str) -> Renewed:
            offered.append(refresh_token.reveal())
            raise OAuthFailed(Evidence(stage="sign-in", system=System.SOCKET, condition=scope))

        with pytest.raises(OAuthFailed):
            self.run(sender.grant.access("scope", renew))
        return offered[0]

    @invariant()
    def every_version_is_in_one_state(self) -> None:
        if not self.seen_tags:
            return
        states = self.run(self._states())
        assert [state.version for state in states] == sorted(self.verdicts, reverse=True)
        for state in states:
            former = "former" if state.version in self.were_in_force else "staged"
            assert state.state == ("in-force" if state.version == self.now_in_force else former)
            assert state.test_verdict == self.verdicts[state.version]

    async def _states(self) -> tuple[ProfileState, ...]:
        async with self.database.reading() as session:
            return await self.store.states(session)

    async def _audit(self, session: AsyncSession) -> list[tuple[str, int | None]]:
        return [(entry.action, entry.version) for entry in (await audit.entries(session)).entries][::-1]

    def teardown(self) -> None:
        async def finish() -> list[tuple[str, int | None]]:
            async with self.database.reading() as session:
                found = await self._audit(session)
            await self.database.close()
            return found

        try:
            if self.seen_tags:
                assert self.run(finish()) == self.actions
        finally:
            self.runner.close()
            shutil.rmtree(self.folder)


TestVersions = Versions.TestCase
TestVersions.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
