"""The first start makes an identity and keys; every later one finds them, or refuses."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, text
from tests.unit.service.backend_kit import PROFILE, START, Clock

from sendwright.handoff.sealing import SealBroken, seal
from sendwright.secret import Secret
from sendwright.service.database import Database, open_database, sqlite_url
from sendwright.service.envelope import Envelope, EnvelopeBroken
from sendwright.service.installation import open_envelope
from sendwright.service.key_sources import EnvironmentKey, FileKey, encode_key
from sendwright.service.refusal import StartRefused
from sendwright.service.schema import upgrade
from sendwright.service.sealing_keys import SealingKeys, open_sealing_keys
from sendwright.service.tables import InstallationRow, SealingKeyRow


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = sqlite_url(tmp_path / "backend.db")
    await upgrade(url)
    opened = open_database(url)
    yield opened
    await opened.close()


async def opened(
    database: Database, folder: Path, *, preferred: str = "file", **variables: str
) -> tuple[Envelope, bool]:
    return await open_envelope(
        database,
        environment=EnvironmentKey(variables),
        sources=(FileKey(folder / "key"),),
        preferred=preferred,
        clock=Clock(),
    )


async def row(database: Database) -> InstallationRow:
    async with database.reading() as session:
        return (await session.scalars(select(InstallationRow))).one()


async def test_the_first_start_makes_what_every_later_one_finds(database: Database, tmp_path: Path) -> None:
    first, is_new = await opened(database, tmp_path)
    assert is_new
    sealed = first.encrypt(b"kept", place=("x",))
    for _ in range(3):
        again, is_new = await opened(database, tmp_path)
        assert not is_new
        assert again.decrypt(sealed, place=("x",)) == b"kept"
    found = await row(database)
    assert (found.id, found.key_source, found.key_id, found.created_at) == (1, "file", first.key_id, START)
    assert len(found.name) == 36


async def test_two_installations_with_one_key_do_not_read_each_other(tmp_path: Path) -> None:
    sealed, key = [], encode_key(bytes(range(32)))
    for name in ("a", "b"):
        url = sqlite_url(tmp_path / f"{name}.db")
        await upgrade(url)
        database = open_database(url)
        envelope, _ = await opened(database, tmp_path, SENDWRIGHT_KEY=key)
        for other in sealed:
            with pytest.raises(EnvelopeBroken):
                envelope.decrypt(other, place=("x",))
        sealed.append(envelope.encrypt(b"kept", place=("x",)))
        await database.close()


async def test_the_place_of_the_key_is_remembered(database: Database, tmp_path: Path) -> None:
    await opened(database, tmp_path, preferred="file")
    envelope, _ = await opened(database, tmp_path, preferred="keychain")
    assert envelope.key_id == (await row(database)).key_id


async def test_the_same_key_may_move_into_the_environment(database: Database, tmp_path: Path) -> None:
    first, _ = await opened(database, tmp_path)
    key = (tmp_path / "key").read_text().strip()
    (tmp_path / "key").unlink()
    again, _ = await opened(database, tmp_path, SENDWRIGHT_KEY=key)
    assert again.key_id == first.key_id


async def test_a_key_that_came_from_the_environment_is_missed_by_its_name(database: Database, tmp_path: Path) -> None:
    await opened(database, tmp_path, SENDWRIGHT_KEY=encode_key(bytes(32)))
    with pytest.raises(StartRefused) as caught:
        await opened(database, tmp_path)
    assert (caught.value.code, caught.value.values) == ("key-missing", {"where": "SENDWRIGHT_KEY"})
    assert not (tmp_path / "key").exists()


async def test_what_cannot_be_kept_is_not_begun(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StartRefused) as caught:
        await opened(database, tmp_path, preferred="nowhere")
    assert caught.value.code == "key-missing"
    async with database.reading() as session:
        assert (await session.scalars(select(InstallationRow))).all() == []


async def sealing_keys(database: Database, envelope: Envelope) -> SealingKeys:
    return await open_sealing_keys(database, envelope, clock=Clock())


async def test_the_sealing_key_stays_the_same_and_its_private_half_out_of_the_database(
    database: Database, tmp_path: Path
) -> None:
    envelope, _ = await opened(database, tmp_path)
    first = await sealing_keys(database, envelope)
    sealed = seal({"password": Secret("x")}, first.published(), profile=PROFILE)
    again = await sealing_keys(database, envelope)
    assert again.published() == first.published()
    assert again.open(sealed, profile=PROFILE) == {"password": Secret("x")}
    async with database.reading() as session:
        [stored] = await session.scalars(select(SealingKeyRow))
    assert b'"d"' not in stored.private_key
    private = msgspec.json.decode(envelope.decrypt(stored.private_key, place=("sealing-key", stored.kid)))
    assert private["d"].encode() not in stored.private_key
    assert "d" not in first.published()["keys"][0]


async def test_of_several_keys_the_newest_is_published_first_and_all_open(database: Database, tmp_path: Path) -> None:
    envelope, _ = await opened(database, tmp_path)
    old = await sealing_keys(database, envelope)
    sealed = seal({"password": Secret("old")}, old.published(), profile=PROFILE)
    async with database.writing() as session:
        await session.execute(text("UPDATE sealing_keys SET created_at = '2020-01-01 00:00:00'"))
        kept = (await session.scalars(select(SealingKeyRow))).one()
        copied = (kept.kid, kept.private_key, kept.created_at)
        await session.delete(kept)
    new = await sealing_keys(database, envelope)
    async with database.writing() as session:
        session.add(SealingKeyRow(kid=copied[0], private_key=copied[1], created_at=copied[2]))
    both = await sealing_keys(database, envelope)
    assert both.published()["keys"] == new.published()["keys"] + old.published()["keys"]
    assert both.open(sealed, profile=PROFILE) == {"password": Secret("old")}
    with pytest.raises(SealBroken):
        new.open(sealed, profile=PROFILE)


async def test_a_sealing_key_of_another_installation_is_not_used(database: Database, tmp_path: Path) -> None:
    envelope, _ = await opened(database, tmp_path)
    await sealing_keys(database, envelope)
    with pytest.raises(EnvelopeBroken):
        await sealing_keys(database, Envelope(bytes(32), installation="elsewhere"))
