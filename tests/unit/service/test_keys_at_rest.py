"""Where the key-encryption key comes from, and that a wrong or missing one changes nothing."""

import base64
import os
import stat
from pathlib import Path

import pytest
from tests.unit.service.backend_kit import CANARY, PROFILE, running

from sendwright.errors import VaultUnavailable
from sendwright.secret import Secret
from sendwright.service.key_sources import EnvironmentKey, FileKey, KeychainKey, decode_key, encode_key
from sendwright.service.refusal import StartRefused
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

KEY = bytes(range(32))


class LastingVault(MemoryVault):
    """A memory that says it lasts, as a keychain does."""

    @property
    def lasting(self) -> bool:
        return True


class LockedVault(LastingVault):
    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("locked")

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")


def lasting(kind: type[MemoryVault] = LastingVault) -> MemoryVault:
    return kind(reason="absent")


async def the_secret_opens(path: Path, **how: object) -> None:
    async with running(path, enrolled=False, **how) as backend:  # type: ignore[arg-type]
        sender = await backend.assembly.services.profiles.in_force()
        assert sender is not None
        assert sender.credentials["password"].reveal() == CANARY
        assert not backend.assembly.is_new


async def put_in_force(path: Path, **how: object) -> None:
    async with running(path, **how) as backend:  # type: ignore[arg-type]
        assert backend.assembly.is_new
        await backend.wizard.put_in_force(PROFILE)


async def test_a_new_backend_makes_a_key_file_for_its_owner_alone(tmp_path: Path) -> None:
    await put_in_force(tmp_path)
    file = tmp_path / "key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(base64.b64decode(file.read_text())) == 32
    await the_secret_opens(tmp_path)


async def test_a_key_of_the_environment_comes_first(tmp_path: Path) -> None:
    environment = {"SENDWRIGHT_KEY": encode_key(KEY)}
    await put_in_force(tmp_path, environment=environment)
    assert not (tmp_path / "key").exists()
    await the_secret_opens(tmp_path, environment=environment)


async def test_a_key_may_live_in_the_keychain(tmp_path: Path) -> None:
    vault = lasting()
    await put_in_force(tmp_path, key="keychain", vault=vault)
    assert not (tmp_path / "key").exists()
    await the_secret_opens(tmp_path, key="file", vault=vault)


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("file gone", "key-missing"),
        ("file of another backend", "key-wrong"),
        ("file cut short", "key-malformed"),
        ("file readable by others", "key-readable-by-others"),
        ("file is a folder", "key-unreadable"),
        ("another key in the environment", "key-wrong"),
        ("nonsense in the environment", "key-malformed"),
    ],
)
async def test_without_the_right_key_nothing_starts_and_nothing_changes(tmp_path: Path, lost: str, code: str) -> None:
    await put_in_force(tmp_path)
    file, environment = tmp_path / "key", {}
    right = file.read_text()
    match lost:
        case "file gone":
            file.unlink()
        case "file of another backend":
            file.write_text(encode_key(KEY))
        case "file cut short":
            file.write_text(right[:20])
        case "file readable by others":
            file.chmod(0o640)
        case "file is a folder":
            file.unlink()
            file.mkdir()
        case "another key in the environment":
            environment = {"SENDWRIGHT_KEY": encode_key(KEY)}
        case _:
            environment = {"SENDWRIGHT_KEY": "x" * 44}
    before = (tmp_path / "backend.db").read_bytes()
    with pytest.raises(StartRefused) as caught:
        async with running(tmp_path, enrolled=False, environment=environment):
            pytest.fail("it started")
    assert caught.value.code == code
    assert right.strip() not in caught.value.words
    assert caught.value.words.endswith((".", "chmod 600"))
    assert (tmp_path / "backend.db").read_bytes() == before
    if lost == "file gone":
        assert not file.exists()
    if file.is_dir():
        file.rmdir()
    file.write_text(right)
    file.chmod(0o600)
    await the_secret_opens(tmp_path)


@pytest.mark.parametrize(
    ("vault", "condition"), [(lasting(LockedVault), "locked"), (MemoryVault(reason="absent"), "absent")]
)
async def test_a_keychain_that_does_not_keep_is_refused_at_the_first_start(
    tmp_path: Path, vault: MemoryVault, condition: str
) -> None:
    with pytest.raises(StartRefused) as caught:
        async with running(tmp_path, key="keychain", vault=vault):
            pytest.fail("it started")
    assert caught.value.code == "keychain-unavailable"
    assert condition in caught.value.words
    async with running(tmp_path) as backend:
        assert backend.assembly.is_new


async def test_a_crash_between_key_and_database_is_harmless(tmp_path: Path) -> None:
    await FileKey(tmp_path / "key").keep(KEY)
    await put_in_force(tmp_path)
    assert decode_key((tmp_path / "key").read_text(), where="") == KEY


@pytest.mark.parametrize("text", [encode_key(KEY), f"  {encode_key(KEY)}\n", "-_8" + "A" * 40 + "="])
async def test_a_key_is_read_as_base64_of_either_alphabet(text: str) -> None:
    found = await EnvironmentKey({"SENDWRIGHT_KEY": text}).fetch()
    assert found is not None
    assert len(found) == 32


@pytest.mark.parametrize("text", ["", "AAAA", "ä" * 44, encode_key(KEY) + "AAAA", encode_key(KEY)[:-2], "=" * 44])
async def test_what_is_no_key_is_named_without_being_quoted(text: str) -> None:
    with pytest.raises(StartRefused) as caught:
        await EnvironmentKey({"SENDWRIGHT_KEY": text}).fetch()
    assert caught.value.code == "key-malformed"
    assert not text or text not in caught.value.words


async def test_sources_know_where_they_are(tmp_path: Path) -> None:
    async def vault() -> MemoryVault:
        return lasting()

    assert await EnvironmentKey({}).fetch() is None
    assert await FileKey(tmp_path / "key").fetch() is None
    keychain = KeychainKey(vault, entry="/data")
    assert await keychain.fetch() is None
    assert keychain.where == "backend-key//data"
    with pytest.raises(StartRefused) as caught:
        await EnvironmentKey({}).keep(KEY)
    assert caught.value.code == "key-missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StartRefused) as caught:
        await FileKey(tmp_path / "key").keep(KEY)
    assert caught.value.code == "key-unreadable"
