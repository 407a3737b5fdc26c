"""What a practice is given of the simulated Google: places and an identity for the backend, files, a letter."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.practice.google.visiting import World

from sendwright.deployment import Google
from sendwright.network.system import system_network
from sendwright.network.web import web_client
from sendwright.oauth.google.place import place_of
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.google.service_account import ServiceAccountTokens
from sendwright.oauth.google.service_account_key import read_key
from sendwright.oauth.google.signing import open_identity
from sendwright.practice.google.example import (
    ANNA,
    CLIENT_ID,
    CLIENT_SECRET,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.practice.google.given import (
    BACKEND,
    CLIENT_FILE,
    KEY_FILE,
    facts,
    give_files,
    give_places,
    invitation,
)
from sendwright.secret import Secret
from sendwright.service.google_file import open_platform_identity
from sendwright.service.settings import DataFolder


async def test_a_backend_learns_where_google_is_and_for_whom_it_signs(world: World, tmp_path: Path) -> None:
    give_places(tmp_path, world.google)
    platform = open_platform_identity(DataFolder(tmp_path))
    assert platform.principal == BACKEND
    assert {world.google.login, world.google.gmail} <= platform.places
    assert platform.signs_for(SERVICE_ACCOUNT)
    assert not platform.signs_for("another@practice-project.iam.gserviceaccount.com")
    assert platform.acts_in("example.org")
    assert not platform.acts_in("example.com")
    for file in tmp_path.glob("google-identity.*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("by_key", [True, False])
async def test_key_and_identity_both_open_a_mailbox_that_is_delegated(
    world: World, tmp_path: Path, *, by_key: bool
) -> None:
    give_places(tmp_path, world.google)
    give_files(tmp_path, world.google)
    world.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    network = system_network(timeout_s=5, authorities_pem=world.google.authority_pem)
    place = place_of(login=world.google.login, gmail=world.google.gmail)
    credential = open_platform_identity(DataFolder(tmp_path)).credential
    assert credential is not None
    key = read_key(Secret((tmp_path / KEY_FILE).read_text())) if by_key else None
    tokens = ServiceAccountTokens(
        email=SERVICE_ACCOUNT,
        subject=ANNA,
        scope=SEND,
        place=place,
        web=lambda: web_client(network, trust_env=False),
        recorder=network.recorder,
        clock=lambda: datetime.now(UTC),
        key=key,
        signer=None if by_key else open_identity(credential, place=place),
    )
    access = await tokens.token()
    opened = world.google._grants.read(access.secret.reveal())
    assert opened is not None
    assert (opened.person, opened.principal) == (world.workspace.people[ANNA], SERVICE_ACCOUNT)


async def test_the_deployment_is_the_platforms_with_the_practice_in_it(world: World) -> None:
    given = facts(Google(name="Boards", client_id="real", login="https://elsewhere.example"), world.google)
    assert (given.client_id, given.name, given.login) == (CLIENT_ID, "Boards", world.google.login)
    assert given.client_secret is not None
    assert given.client_secret.reveal() == CLIENT_SECRET
    assert given.smtp == f"localhost:{world.google.smtp_port}"
    assert facts(Google(), world.google, relay=True).smtp == f"localhost:{world.google.relay_port}"


async def test_the_letter_names_the_files_and_what_stands_in_them(world: World, tmp_path: Path) -> None:
    give_files(tmp_path, world.google)
    letter = invitation(world.google, tmp_path)
    for word in (str(tmp_path / KEY_FILE), str(tmp_path / CLIENT_FILE), SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID):
        assert word in letter.text
    assert f"{world.google.pages}/practice/admin" in letter.text
    key = json.loads((tmp_path / KEY_FILE).read_text())
    assert (key["client_email"], key["client_id"]) == (SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID)
    assert set(json.loads((tmp_path / CLIENT_FILE).read_text())) == {"installed"}
