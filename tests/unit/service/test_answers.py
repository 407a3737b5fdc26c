"""Repeated writes: the effect and its answer stand or fall together, and a key never means two things."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from tests.unit.service.backend_kit import START

from sendwright.service import audit
from sendwright.service.answers import REMEMBER_ANSWERS, Answer, Repeatable, once, repeatable
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.schema import upgrade
from sendwright.service.tables import AnswerRow, AuditRow
from sendwright.service.trouble import Trouble


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    opened = open_database(url)
    yield opened
    await opened.close()


class Effect:
    """Writes a line into the audit and answers with its number; fails when told to, after it has written."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.runs = 0

    async def __call__(self, session: AsyncSession) -> Answer:
        self.runs += 1
        audit.record(session, "happened", at=START, who="w")
        await session.flush()
        if self.fault is not None:
            raise self.fault
        return Answer(status=201, body=str(self.runs).encode(), etag='"1"')


async def effects(database: Database) -> int:
    async with database.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(AuditRow)) or 0)


async def answers(database: Database) -> int:
    async with database.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(AnswerRow)) or 0)


def named(key: str | None = "k", *, owner: str = "o", request: tuple[str | bytes, ...] = ("r",)) -> Repeatable:
    return repeatable(owner=owner, key=key, request=request)


async def test_a_repetition_gets_the_first_answer_and_has_no_effect(database: Database) -> None:
    effect = Effect()
    first = await once(database, named(), effect, now=START)
    again = await once(database, named(), effect, now=START + timedelta(days=6))
    assert first == again == Answer(status=201, body=b"1", etag='"1"')
    assert (effect.runs, await effects(database)) == (1, 1)


async def test_without_a_key_everything_happens_again(database: Database) -> None:
    effect = Effect()
    for _ in range(3):
        await once(database, named(None), effect, now=START)
    assert (await effects(database), await answers(database)) == (3, 0)


@pytest.mark.parametrize("fault", [Trouble("profile-not-tested"), RuntimeError("x"), asyncio.CancelledError()])
async def test_what_fails_leaves_neither_effect_nor_answer(database: Database, fault: Exception) -> None:
    with pytest.raises(type(fault)):
        await once(database, named(), Effect(fault), now=START)
    assert (await effects(database), await answers(database)) == (0, 0)
    assert (await once(database, named(), Effect(), now=START)).status == 201


@pytest.mark.parametrize(
    "other",
    [
        named(request=("s",)),
        named(request=("r", "")),
        named(request=("r", b"x")),
        named(request=()),
    ],
)
async def test_the_same_key_for_another_request_is_refused(database: Database, other: Repeatable) -> None:
    await once(database, named(), Effect(), now=START)
    with pytest.raises(Trouble) as caught:
        await once(database, other, Effect(), now=START)
    assert caught.value.code == "idempotency-key-reused"
    assert await effects(database) == 1


@pytest.mark.parametrize("other", [named("l"), named(owner="p"), named("l", owner="p", request=("s",))])
async def test_another_key_or_owner_is_another_request(database: Database, other: Repeatable) -> None:
    await once(database, named(), Effect(), now=START)
    await once(database, other, Effect(), now=START)
    assert await effects(database) == 2


async def test_old_answers_are_forgotten(database: Database) -> None:
    for number in range(5):
        await once(database, named(str(number)), Effect(), now=START)
    late = START + REMEMBER_ANSWERS + timedelta(seconds=1)
    await once(database, named("0"), Effect(), now=late)
    assert (await effects(database), await answers(database)) == (6, 1)


async def test_of_many_at_once_one_has_the_effect(database: Database) -> None:
    effect = Effect()
    found = await asyncio.gather(*(once(database, named(), effect, now=START) for _ in range(12)))
    assert {answer.body for answer in found} == {b"1"}
    assert await effects(database) == 1


PARTS = st.lists(st.text(max_size=5) | st.binary(max_size=5), max_size=4).map(tuple)


@given(first=PARTS, second=PARTS)
def test_two_requests_share_a_digest_only_when_they_are_the_same(
    first: tuple[str | bytes, ...], second: tuple[str | bytes, ...]
) -> None:
    def plain(parts: tuple[str | bytes, ...]) -> list[bytes]:
        return [part.encode() if isinstance(part, str) else part for part in parts]

    alike = named(request=first).request == named(request=second).request
    assert alike == (plain(first) == plain(second))


@pytest.mark.parametrize("key", ["", " " * 256, "x" * 256, "a\nb", "ä", "\x00", "\x7f"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Trouble) as caught:
        named(key)
    assert (caught.value.code, caught.value.detail) == ("backend-request-invalid", "Idempotency-Key")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=255))
def test_every_printable_key_is_a_key(key: str) -> None:
    assert named(key).key == key
