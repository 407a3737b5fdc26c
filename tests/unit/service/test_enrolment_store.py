"""Codes and tokens below the routes: what is computed, what is stored, what another process may do meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.unit.service.backend_kit import START, Clock

from sendwright.secret import Secret
from sendwright.service.audit import entries
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.enrolment import (
    PASSING,
    REMEMBER_CODES,
    REPEAT_WITHIN,
    Device,
    EnrolmentStore,
    issue_code,
)
from sendwright.service.envelope import Envelope
from sendwright.service.schema import upgrade
from sendwright.service.tables import AccessTokenRow, ConnectionCodeRow
from sendwright.service.throttle import Throttle
from sendwright.service.trouble import Trouble

HOUR = timedelta(hours=1)


@dataclass
class Office:
    database: Database
    clock: Clock
    store: EnrolmentStore

    async def code(self, valid: timedelta = HOUR) -> Secret:
        return await issue_code(self.database, valid=valid, now=self.clock())

    async def refused(self, code: Secret, *, key: str | None = None) -> str:
        with pytest.raises(Trouble) as caught:
            await self.store.redeem(code, device="d", key=key)
        return caught.value.code


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    database, clock = open_database(url), Clock()
    yield Office(database, clock, EnrolmentStore(database, Envelope(bytes(32), installation="x"), clock=clock))
    await database.close()


async def test_codes_are_long_and_never_the_same(office: Office) -> None:
    codes = {(await office.code()).reveal() for _ in range(50)}
    assert len(codes) == 50
    assert min(map(len, codes)) >= 26  # 160 bits in base64url


async def test_a_token_opens_what_its_device_may(office: Office) -> None:
    token = await office.store.redeem(await office.code(), device="Ann's laptop", key=None)
    device = await office.store.device(token.reveal())
    assert device == Device(name="Ann's laptop", digest=device.digest if device else "")
    assert await office.store.device(token.reveal() + "x") is None
    assert await office.store.device("") is None
    assert await office.store.device("\ud800") is None


async def test_tokens_of_two_codes_have_nothing_in_common(office: Office) -> None:
    first = await office.store.redeem(await office.code(), device="a", key="k")
    second = await office.store.redeem(await office.code(), device="a", key="k")
    assert first != second


async def test_who_knows_code_and_key_but_not_the_backends_key_computes_nothing(office: Office) -> None:
    code = await office.code()
    token = await office.store.redeem(code, device="a", key="k")
    elsewhere = EnrolmentStore(office.database, Envelope(bytes([1]) * 32, installation="x"), clock=office.clock)
    assert elsewhere._token(code, "k") != token
    assert office.store._token(code, "k") == token


async def test_without_a_key_a_repetition_finds_the_code_used(office: Office) -> None:
    code = await office.code()
    await office.store.redeem(code, device="a", key=None)
    assert await office.refused(code) == "backend-code-used"
    assert await office.refused(code, key="k") == "backend-code-used"


@pytest.mark.parametrize(("later", "same"), [(timedelta(0), True), (REPEAT_WITHIN, True), (REPEAT_WITHIN * 2, False)])
async def test_the_same_request_may_be_repeated_for_a_while(office: Office, later: timedelta, *, same: bool) -> None:
    code = await office.code()
    token = await office.store.redeem(code, device="a", key="k")
    office.clock.now += later
    if same:
        assert await office.store.redeem(code, device="a", key="k") == token
    else:
        assert await office.refused(code, key="k") == "backend-code-used"
    async with office.database.reading() as session:
        assert len((await session.scalars(select(AccessTokenRow))).all()) == 1


@pytest.mark.parametrize(("later", "code"), [(HOUR, "backend-code-expired"), (HOUR * 24 * 80, "backend-code-expired")])
async def test_an_expired_code_is_told_from_an_unknown_one(office: Office, later: timedelta, code: str) -> None:
    issued = await office.code()
    office.clock.now += later
    assert await office.refused(issued) == code
    assert await office.refused(Secret("never issued")) == "backend-code-unknown"


async def test_codes_of_long_ago_are_forgotten(office: Office) -> None:
    old = await office.code()
    office.clock.now += HOUR + REMEMBER_CODES + timedelta(seconds=1)
    await office.code()
    assert await office.refused(old) == "backend-code-unknown"
    async with office.database.reading() as session:
        assert len((await session.scalars(select(ConnectionCodeRow))).all()) == 1


async def test_the_access_of_a_single_command_leaves_nothing_behind(office: Office) -> None:
    kept = await office.store.redeem(await office.code(), device="a", key=None)
    tokens = []
    for _ in range(5):
        code = await issue_code(office.database, valid=HOUR, now=office.clock(), passing=True)
        tokens.append((await office.store.redeem(code, device="b", key="k")).reveal())
        assert await office.store.device(tokens[-1]) is not None
        assert (await office.store.redeem(code, device="b", key="k")).reveal() == tokens[-1]
    office.clock.now += PASSING - timedelta(seconds=1)
    assert await office.store.device(tokens[0]) is not None
    office.clock.now += timedelta(seconds=1)
    assert [await office.store.device(token) for token in tokens] == [None] * 5
    await issue_code(office.database, valid=HOUR, now=office.clock(), passing=True)
    async with office.database.reading() as session:
        assert len((await session.scalars(select(AccessTokenRow))).all()) == 1
        codes = (await session.scalars(select(ConnectionCodeRow))).all()
        assert sorted(code.passing for code in codes) == [False, True]
        assert [entry.action for entry in (await entries(session)).entries] == ["enrolled", "code-issued"]
    assert await office.store.device(kept.reveal()) is not None


async def test_a_code_that_another_process_used_just_now_is_used(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await office.code()
    row = await _row_of(office)

    async def stale(*_: object) -> ConnectionCodeRow:
        return row  # as it was read before the other process came

    async with office.database.writing() as session:
        await session.execute(update(ConnectionCodeRow).values(used_at=START, used_with="somebody"))
    monkeypatch.setattr("sendwright.service.enrolment._find", stale)
    assert await office.refused(code) == "backend-code-used"
    async with office.database.reading() as session:
        assert (await session.scalars(select(AccessTokenRow))).all() == []


async def _row_of(office: Office) -> ConnectionCodeRow:
    async with office.database.reading() as session:
        return (await session.scalars(select(ConnectionCodeRow))).one()


def test_failures_are_counted_for_a_while_only() -> None:
    clock = Clock()
    throttle = Throttle(limit=3, period=timedelta(seconds=60), clock=clock)
    for _ in range(3):
        throttle.failed()
        clock.forward(seconds=10)
    with pytest.raises(Trouble) as caught:
        throttle.failed()
    assert (caught.value.code, caught.value.retry_after_s) == ("backend-too-many-attempts", 30)
    clock.forward(seconds=30)
    throttle.failed()
    with pytest.raises(Trouble):
        throttle.failed()
    clock.forward(hours=1)
    for _ in range(3):
        throttle.failed()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_set_locks_nobody_out(days: float) -> None:
    clock = Clock()
    throttle = Throttle(limit=1, period=timedelta(seconds=60), clock=clock)
    throttle.failed()
    clock.forward(days=days)
    throttle.failed()
    with pytest.raises(Trouble):
        throttle.failed()


async def test_who_guesses_holds_up_nobody_who_writes(office: Office) -> None:
    async with office.database.writing(), asyncio.timeout(5):
        assert await office.refused(Secret("a guess")) == "backend-code-unknown"
