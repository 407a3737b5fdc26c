"""The form for an own client: what is typed wrongly is said at its field, what is right lies in the vault."""

import asyncio
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore
from tests.unit.providers.gmail.flows import (
    ANNA,
    ASKED,
    CLIENT,
    CLIENT_SECRET,
    NOW,
    OWN,
    OWN_CLIENT,
    SERVICE,
    flow_world,
)

from sendwright.document.blocks import Link, Points, Row, Table
from sendwright.errors import VaultUnavailable
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.client_guide import client_guide
from sendwright.providers.gmail.client.client_step import ClientStep
from sendwright.screens import FieldKind, Form, Halted, Rejected
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef
from sendwright.world import World

STEP = ClientStep()
REF = SecretRef("google-client-secret", "s")
EMPTY = {"client_file": "", "client_id": "", "client_secret": ""}
TYPED = EMPTY | {"client_id": OWN_CLIENT, "client_secret": CLIENT_SECRET}
NEW = replace(OWN, client_id="")


async def accept(state: GmailAnswers, answer: dict[str, str], world: World) -> GmailAnswers:
    return await STEP.accept(state, EMPTY | answer, world, ignore)


async def kept(state: GmailAnswers, world: World) -> str:
    assert state.client_secret is not None
    secret = await world.vault.fetch(state.client_secret)
    return secret.reveal() if secret else ""


class Closed(MemoryVault):
    """A vault that keeps nothing."""

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")


class Slow(MemoryVault):
    """A vault that has kept before it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: asyncio.Future[SecretRef] = asyncio.get_running_loop().create_future()

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        await super().keep(ref, secret)
        self.asked.set_result(ref)
        await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("state", "applies"),
    [(OWN, True), (replace(OWN, reconnecting=True), True), (ASKED, False), (replace(SERVICE, own=True), False)],
)
def test_only_an_own_client_is_asked_for(state: GmailAnswers, *, applies: bool) -> None:
    assert STEP.applies(state) is applies


def test_the_form_takes_a_file_or_what_is_typed_and_says_how() -> None:
    screen = STEP.show(replace(OWN, client_secret=REF), flow_world())
    assert isinstance(screen, Form)
    kinds = {field.name: field.kind for field in screen.fields}
    assert kinds == {
        "client_file": FieldKind.FILE,
        "client_id": FieldKind.TEXT,
        "client_secret": FieldKind.PASSWORD,
    }
    assert [field.kept for field in screen.fields] == [False, False, True]
    assert [document.id for document in screen.documents] == ["gmail-own-client"]


async def test_what_is_typed_is_kept_and_nothing_of_it_shows() -> None:
    world = flow_world()
    state = await accept(NEW, TYPED, world)
    assert (state.client_id, state.client_checked) == (OWN_CLIENT, False)
    assert await kept(state, world) == CLIENT_SECRET
    assert CLIENT_SECRET not in repr(state)


@pytest.mark.parametrize("blanks", ["  ", "\n"])
async def test_blanks_around_what_was_copied_do_not_matter(blanks: str) -> None:
    world = flow_world()
    answer = {"client_id": f"{blanks}{OWN_CLIENT.upper()}{blanks}", "client_secret": f"{blanks}{CLIENT_SECRET}{blanks}"}
    state = await accept(NEW, answer, world)
    assert state.client_id == OWN_CLIENT
    assert await kept(state, world) == CLIENT_SECRET


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ({}, {"client_id": "id-missing", "client_secret": "secret-missing"}),
        ({"client_id": "hello", "client_secret": "x"}, {"client_id": "id-invalid"}),
        (TYPED | {"client_secret": ""}, {"client_secret": "secret-missing"}),
        (TYPED | {"client_secret": OWN_CLIENT}, {"client_secret": "secret-is-id"}),
        (TYPED | {"client_secret": "two words"}, {"client_secret": "secret-invalid"}),
        (TYPED | {"client_secret": "x" * 300}, {"client_secret": "secret-invalid"}),
        ({"client_file": "/no/such/file.json"}, {"client_file": "file-not-found"}),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(answer: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(Rejected) as rejected:
        await accept(NEW, answer, flow_world())
    assert rejected.value.fields == {name: f"gmail.client.{reason}" for name, reason in wrong.items()}


async def test_a_kept_secret_need_not_be_typed_again_for_the_same_client() -> None:
    world = flow_world()
    await world.vault.keep(REF, Secret(CLIENT_SECRET))
    state = replace(OWN, client_secret=REF, client_checked=True)
    assert await accept(state, {"client_id": OWN_CLIENT}, world) == state


async def test_a_secret_of_one_client_is_not_taken_for_that_of_another() -> None:
    world = flow_world()
    await world.vault.keep(REF, Secret(CLIENT_SECRET))
    with pytest.raises(Rejected) as rejected:
        await accept(replace(OWN, client_secret=REF), {"client_id": CLIENT}, world)
    assert rejected.value.fields == {"client_secret": "gmail.client.secret-missing"}


async def test_a_secret_that_has_gone_is_asked_for() -> None:
    with pytest.raises(Rejected) as rejected:
        await accept(replace(OWN, client_secret=REF), {"client_id": OWN_CLIENT}, flow_world())
    assert rejected.value.fields == {"client_secret": "gmail.client.secret-gone"}


async def test_another_client_lets_go_of_the_sign_in_with_the_former() -> None:
    world = flow_world()
    grant = SecretRef("google-grant", "g")
    await world.vault.keep(grant, Secret("x"))
    signed_in = replace(OWN, account=ANNA, grant=grant, granted_at=NOW, client_checked=True)
    state = await accept(signed_in, TYPED | {"client_id": CLIENT}, world)
    assert (state.account, state.grant, state.client_checked) == (None, None, False)
    assert await world.vault.fetch(grant) is None


async def test_a_new_secret_of_the_same_client_keeps_the_sign_in_and_is_checked_again() -> None:
    world = flow_world()
    await world.vault.keep(REF, Secret("former"))
    signed_in = replace(OWN, account=ANNA, client_secret=REF, client_checked=True)
    state = await accept(signed_in, TYPED, world)
    assert (state.account, state.client_secret, state.client_checked) == (ANNA, REF, False)
    assert await kept(state, world) == CLIENT_SECRET


async def test_a_file_without_a_secret_drops_that_of_the_former_client(tmp_path: Path) -> None:
    world = flow_world()
    await world.vault.keep(REF, Secret("former"))
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"installed": {"client_id": CLIENT}}))
    state = await accept(replace(OWN, client_secret=REF), {"client_file": str(file)}, world)
    assert (state.client_id, state.client_secret) == (CLIENT, None)
    assert await world.vault.fetch(REF) is None


async def test_a_keychain_that_keeps_nothing_is_named() -> None:
    with pytest.raises(Halted) as halted:
        await accept(NEW, TYPED, flow_world(vault=Closed()))
    assert halted.value.problem.evidence.condition == "locked"
    assert CLIENT_SECRET not in repr(halted.value.problem)


async def test_a_keychain_that_keeps_no_other_client_leaves_the_former_one_without_its_sign_in() -> None:
    vault, grant = Closed(), SecretRef("google-grant", "g")
    await MemoryVault.keep(vault, REF, Secret("former"))
    await MemoryVault.keep(vault, grant, Secret("x"))
    signed_in = replace(OWN, account=ANNA, grant=grant, granted_at=NOW, client_secret=REF)
    with pytest.raises(Halted) as halted:
        await accept(signed_in, TYPED | {"client_id": CLIENT}, flow_world(vault=vault))
    state = halted.value.state
    assert isinstance(state, GmailAnswers)
    assert (state.account, state.grant, await vault.fetch(grant)) == (None, None, None)
    assert (state.client_id, state.client_secret) == (OWN_CLIENT, REF), "id and secret stay a pair"


async def test_cancelled_while_it_is_being_kept_no_secret_is_left() -> None:
    vault = Slow()
    task = asyncio.create_task(accept(NEW, TYPED, flow_world(vault=vault)))
    ref = await vault.asked
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await vault.fetch(ref) is None


def test_the_guide_leads_through_every_page_and_to_a_desktop_client() -> None:
    page = client_guide(OWN)
    links = [block for block in page.blocks if isinstance(block, Link)]
    assert len(links) == 4
    assert all(link.address.startswith("https://console.cloud.google.com/") for link in links)
    steps = next(block for block in page.blocks if isinstance(block, Points) and block.numbered)
    assert any("Desktop app" in step for step in steps.items)
    assert any("Internal" in step for step in steps.items)
    rows: list[Row] = [row for block in page.blocks if isinstance(block, Table) for row in block.rows]
    assert "https://www.googleapis.com/auth/gmail.send" in {row.cells[0] for row in rows}
