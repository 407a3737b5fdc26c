"""The service account: its key read and kept, mistakes told apart, or no key at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace as with_
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import make_world
from tests.unit.providers.gmail.desks import key_file

from sendwright import texts
from sendwright.deployment import Deployment
from sendwright.deployment.model import Google
from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend
from sendwright.handoff.wire import DefaultSender, GoogleIdentity, Organisation
from sendwright.oauth.google.service_account_key import UNUSABLE
from sendwright.practice.google.example import ANNA, NOTICES, SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID, example
from sendwright.providers.gmail.answers import Check, GmailAnswers, Shown
from sendwright.providers.gmail.service_account.key_guide import key_guide
from sendwright.providers.gmail.service_account.key_step import KeyStep
from sendwright.screens import Choice, Halted, Rejected
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef, Vault
from sendwright.world import PlatformAccess, World

STEP = KeyStep()
IDENTITY = "sendwright@platform.iam.gserviceaccount.com"
ASKED = GmailAnswers(way=Way.SERVICE_ACCOUNT, address=NOTICES)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEYLESS = {"choice": "keyless", "service_account": SERVICE_ACCOUNT, "service_account_id": SERVICE_ACCOUNT_ID}


def ignore(_: object) -> None:
    """Nobody watches."""


def shown(state: GmailAnswers) -> Choice:
    screen = STEP.show(state, make_world())
    assert isinstance(screen, Choice)
    return screen


async def answered(state: GmailAnswers, world: World, **answer: str) -> GmailAnswers:
    return await STEP.accept(state, answer, world, ignore)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    path.write_text(key_file(example()).reveal())
    return path


def signing(identity: str) -> PlatformAccess:
    class Answering:
        async def google(self) -> GoogleIdentity:
            return GoogleIdentity(identity=identity)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Backend]:
        yield cast("Any", Answering())

    organisation = Organisation(
        name="Example Organisation",
        workspaces=(),
        default_sender=DefaultSender(address="no-reply@platform.example", alias="Platform"),
        in_force=None,
    )
    return PlatformAccess(organisation=organisation, open=opened)


def test_it_comes_only_for_a_service_account_and_also_to_renew_its_key() -> None:
    assert STEP.applies(ASKED)
    assert STEP.applies(replace(ASKED, reconnecting=True))
    assert not STEP.applies(GmailAnswers())


def test_every_field_belongs_to_one_of_the_two_ways() -> None:
    screen = shown(ASKED)
    assert [option.value for option in screen.options] == ["key", "keyless"]
    assert {one.name: one.only_for for one in screen.fields} == {
        "file": "key",
        "service_account": "keyless",
        "service_account_id": "keyless",
    }
    assert screen.chosen == "key"
    assert shown(replace(ASKED, keyless=True)).chosen == "keyless"


async def test_a_key_is_read_and_kept_in_the_vault_only(file: Path) -> None:
    world = make_world()
    state = await answered(ASKED, world, choice="key", file=str(file))
    assert (state.service_account, state.service_account_id) == (SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID)
    assert state.key is not None
    assert not state.keyless
    kept = await world.vault.fetch(state.key)
    assert kept is not None
    assert kept.reveal() == file.read_text()
    assert "PRIVATE KEY" not in repr(state)
    assert "PRIVATE KEY" not in repr(shown(state))


async def test_a_reconnection_asks_where_the_deployment_says(file: Path) -> None:
    google = Google(login="https://localhost:1", gmail="https://localhost:2", smtp="localhost:3")
    world = with_(make_world(), deployment=Deployment(google=google))
    staged = replace(ASKED, reconnecting=True, login="https://evil.example")
    state = await answered(staged, world, choice="key", file=str(file))
    assert (state.login, state.gmail, state.smtp_port) == ("https://localhost:1", "https://localhost:2", 3)


async def test_the_key_is_told_to_the_recorder_so_that_no_diagnosis_shows_it(file: Path) -> None:
    world = make_world()
    learnt: list[Secret] = []

    class Recorder:
        def learn(self, secret: Secret) -> None:
            learnt.append(secret)

    world = with_(world, network=with_(world.network, recorder=cast("Any", Recorder())))
    await answered(ASKED, world, choice="key", file=str(file))
    assert any("BEGIN PRIVATE KEY" in secret.reveal() for secret in learnt)
    assert any(secret.reveal() == file.read_text() for secret in learnt)


async def test_a_key_that_is_kept_may_stay(file: Path) -> None:
    world = make_world()
    state = await answered(ASKED, world, choice="key", file=str(file))
    assert [notice.key for notice in shown(state).notices] == ["gmail.key.kept"]
    assert shown(state).fields[0].kept
    assert await answered(state, world, choice="key", file="") == state


async def test_a_new_key_takes_the_place_of_the_old_one(file: Path) -> None:
    world = make_world()
    before = await answered(ASKED, world, choice="key", file=str(file))
    before = replace(before, checks={Check.SENDER: Shown(at=AT, granted=True)})
    after = await answered(before, world, choice="key", file=str(file))
    assert before.key is not None
    assert after.key is not None
    assert after.key != before.key
    assert await world.vault.fetch(before.key) is None
    assert await world.vault.fetch(after.key) is not None
    assert after.checks == {}


async def test_another_service_account_has_shown_nothing_yet(file: Path) -> None:
    world = make_world()
    known = replace(
        ASKED,
        service_account="other@practice-project.iam.gserviceaccount.com",
        service_account_id="1" * 21,
        subject=ANNA,
        sender=NOTICES,
        proof=SenderProof.ARRIVED,
        delegated_at=AT,
    )
    state = await answered(known, world, choice="key", file=str(file))
    assert state.proof is SenderProof.UNPROVEN
    assert state.delegated_at is None
    assert state.subject == ANNA


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"{}", "other-kind"),
        (b"not json", "not-json"),
        (b"\xff\xff\xff", "not-json"),
        (b"[1, 2]", "not-json"),
        (b'{"type": "authorized_user"}', "authorized-user"),
        (b'{"type": "external_account"}', "federation"),
        (b'{"installed": {"client_id": "x"}}', "oauth-client"),
        (b'{"web": {}}', "oauth-client"),
        (b'{"type": "service_account"}', "incomplete"),
        (b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n", "private-key-alone"),
        (b"x" * 40_000, "too-long"),
        (b"x" * 65_000, "too-long"),
    ],
)
async def test_mistakes_are_told_apart(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(Rejected) as rejected:
        await answered(ASKED, make_world(), choice="key", file=str(path))
    assert rejected.value.fields == {"file": f"gmail.key.wrong.{code}"}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_mistake_has_words(language: str) -> None:
    with texts.speaking(language):
        words = [texts.text(f"gmail.key.wrong.{code}") for code in UNUSABLE]
    assert all(words)


@pytest.mark.parametrize(
    ("name", "code"), [("", "missing"), ("missing.json", "not-found"), (".", "not-found"), ("large.json", "too-large")]
)
async def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "large.json").write_bytes(b"x" * 100_000)
    with pytest.raises(Rejected) as rejected:
        await answered(ASKED, make_world(), choice="key", file=str(tmp_path / name) if name else "")
    assert rejected.value.fields == {"file": f"gmail.key.file.{code}"}


async def test_a_key_that_is_gone_is_asked_for_again(file: Path) -> None:
    world = make_world()
    state = await answered(ASKED, world, choice="key", file=str(file))
    assert state.key is not None
    await world.vault.forget(state.key)
    with pytest.raises(Rejected) as rejected:
        await answered(state, world, choice="key")
    assert rejected.value.fields == {"file": "gmail.key.file.gone"}


async def test_a_closed_keychain_stops_and_nothing_is_lost(file: Path) -> None:
    class Closed(MemoryVault):
        async def keep(self, ref: SecretRef, secret: Secret) -> None:
            raise VaultUnavailable("locked")

    with pytest.raises(Halted) as halted:
        await answered(ASKED, make_world(vault=cast("Vault", Closed())), choice="key", file=str(file))
    assert halted.value.problem.evidence.condition == "locked"


async def test_who_cancels_while_the_keychain_asks_leaves_nothing_behind(file: Path) -> None:
    kept: dict[SecretRef, Secret] = {}

    class Asking(MemoryVault):
        async def keep(self, ref: SecretRef, secret: Secret) -> None:
            kept[ref] = secret
            raise asyncio.CancelledError

        async def forget(self, ref: SecretRef) -> None:
            kept.pop(ref, None)

    with pytest.raises(asyncio.CancelledError):
        await answered(ASKED, make_world(vault=cast("Vault", Asking())), choice="key", file=str(file))
    assert kept == {}


async def test_without_a_key_the_backend_says_who_signs() -> None:
    world = with_(make_world(), platform=signing(IDENTITY))
    state = await answered(ASKED, world, **KEYLESS)
    assert (state.keyless, state.key, state.identity) == (True, None, IDENTITY)
    assert (state.service_account, state.service_account_id) == (SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID)
    tried = replace(state, checks={Check.SENDER: Shown(at=AT, granted=True)})
    assert await answered(tried, world, **KEYLESS) == tried
    other = with_(world, platform=signing("other@platform.iam.gserviceaccount.com"))
    assert (await answered(tried, other, **KEYLESS)).checks == {}


async def test_who_changes_to_no_key_leaves_none_behind(file: Path) -> None:
    world = with_(make_world(), platform=signing(IDENTITY))
    before = await answered(ASKED, world, choice="key", file=str(file))
    assert before.key is not None
    after = await answered(before, world, **KEYLESS)
    assert after.key is None
    assert await world.vault.fetch(before.key) is None


@pytest.mark.parametrize(
    ("answer", "platform", "fields"),
    [
        ({}, True, {"service_account": "account-missing", "service_account_id": "id-missing"}),
        ({"service_account": NOTICES, "service_account_id": "1" * 21}, True, {"service_account": "account-invalid"}),
        (KEYLESS | {"service_account_id": SERVICE_ACCOUNT}, True, {"service_account_id": "id-invalid"}),
        (KEYLESS | {"service_account_id": "\u0661" * 21}, True, {"service_account_id": "id-invalid"}),
        (KEYLESS, False, {"choice": "no-backend"}),
    ],
)  # fmt: skip
async def test_what_lacks_without_a_key_is_said_all_at_once(
    answer: dict[str, str], platform: bool, fields: dict[str, str]
) -> None:
    world = with_(make_world(), platform=signing(IDENTITY) if platform else None)
    with pytest.raises(Rejected) as rejected:
        await answered(ASKED, world, **({"choice": "keyless"} | answer))
    assert rejected.value.fields == {name: f"gmail.key.{key}" for name, key in fields.items()}


async def test_a_backend_without_an_identity_needs_a_key() -> None:
    with pytest.raises(Rejected) as rejected:
        await answered(ASKED, with_(make_world(), platform=signing("")), **KEYLESS)
    assert rejected.value.fields == {"choice": "gmail.key.no-identity"}


@pytest.mark.parametrize("choice", ["", "other"])
async def test_one_of_the_two_has_to_be_chosen(choice: str) -> None:
    with pytest.raises(Rejected):
        await answered(ASKED, make_world(), choice=choice)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_guide_names_both_ways_and_the_policy_that_forbids_keys(language: str) -> None:
    with texts.speaking(language):
        guide = key_guide(ASKED)
    assert "iam.disableServiceAccountKeyCreation" in repr(guide)
    assert "iamcredentials.googleapis.com" in repr(guide)
    assert "gmail.googleapis.com" in repr(guide)
