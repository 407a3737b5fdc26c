"""What a practice is given: files that the product itself can read, places, a letter."""

import json
import stat
import tomllib
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from sendwright.deployment.model import Google
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.google.service_account import read_key
from sendwright.practice.google import given
from sendwright.practice.google.assertions import check
from sendwright.practice.google.example import (
    ANNA,
    CLIENT_ID,
    OWN_CLIENT_ID,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
    example,
)
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.secret import Secret
from sendwright.texts import LANGUAGES, speaking


@pytest.fixture
def google() -> SimulatedGoogle:
    return SimulatedGoogle(example(), lambda _: None)


def test_the_key_is_one_that_the_product_reads_and_google_knows(google: SimulatedGoogle, tmp_path: Path) -> None:
    given.give_files(tmp_path, google)
    words = (tmp_path / given.KEY_FILE).read_text(encoding="utf-8")
    key = read_key(Secret(words))
    assert (key.email, key.unique_id) == (SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID)
    workspace = google.workspace
    workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    now = int(workspace.now().timestamp())
    claims = {"iss": key.email, "sub": ANNA, "scope": SEND, "aud": "here", "iat": now, "exp": now + 60}
    content = json.loads(words)
    header = {"alg": "RS256", "kid": content["private_key_id"]}
    made = jwt.encode(header, claims, RSAKey.import_key(content["private_key"]))
    assert check(made, workspace, audience="here").person is workspace.people[ANNA]


def test_only_the_owner_reads_what_is_secret(google: SimulatedGoogle, tmp_path: Path) -> None:
    given.give_files(tmp_path, google)
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in (given.KEY_FILE, given.CLIENT_FILE)}
    assert modes == {0o600}


def test_the_client_is_that_of_the_organisation(google: SimulatedGoogle, tmp_path: Path) -> None:
    given.give_files(tmp_path, google)
    client = json.loads((tmp_path / given.CLIENT_FILE).read_text(encoding="utf-8"))["installed"]
    assert client["client_id"] == OWN_CLIENT_ID
    assert client["client_secret"] == google.workspace.clients[OWN_CLIENT_ID].secret


@pytest.mark.parametrize("relay", [True, False])
async def test_the_deployment_and_the_backend_are_told_where_google_is(tmp_path: Path, relay: bool) -> None:
    google = SimulatedGoogle(example(), lambda _: None)
    await google.start()
    try:
        found = given.facts(Google(name="Sendwright"), google, relay=relay)
        given.give_places(tmp_path, google)
    finally:
        await google.stop()
    assert (found.client_id, found.name, found.login, found.gmail) == (
        CLIENT_ID,
        "Sendwright",
        google.login,
        google.gmail,
    )
    assert found.smtp.endswith(f":{google.relay_port if relay else google.smtp_port}")
    places = tomllib.loads((tmp_path / "google.toml").read_text(encoding="ascii"))
    assert {"login": google.login, "gmail": google.gmail, "smtp_host": "localhost"}.items() <= places.items()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_tells_where_everything_is(google: SimulatedGoogle, tmp_path: Path, language: str) -> None:
    with speaking(language):
        letter = given.invitation(google, tmp_path)
    for said in (
        "/practice/admin",
        str(tmp_path / given.KEY_FILE),
        str(tmp_path / given.CLIENT_FILE),
        SERVICE_ACCOUNT,
    ):
        assert said in letter.text
    assert letter.subject
