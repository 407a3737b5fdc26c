"""The file of an OAuth client is read strictly, and other files are told apart."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.gmail.flows import CLIENT_SECRET, OWN_CLIENT

from sendwright.providers.gmail.client.client_file import (
    CLIENT_ID,
    LONGEST,
    ClientFileInvalid,
    is_secret,
    parse_client_file,
    read_client_file,
)
from sendwright.texts import text

INNER = {
    "client_id": OWN_CLIENT,
    "client_secret": CLIENT_SECRET,
    "project_id": "notices",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
    "redirect_uris": ["http://localhost"],
}


def octets(**tables: object) -> bytes:
    return json.dumps(tables).encode()


def refused(content: bytes) -> str:
    with pytest.raises(ClientFileInvalid) as invalid:
        parse_client_file(content)
    assert CLIENT_SECRET not in str(invalid.value)
    assert invalid.value.__cause__ is None
    return invalid.value.code


def test_a_client_of_a_desktop_app_is_read() -> None:
    found = parse_client_file(octets(installed=INNER))
    assert found.client_id == OWN_CLIENT
    assert found.secret is not None
    assert found.secret.reveal() == CLIENT_SECRET
    assert CLIENT_SECRET not in repr(found)


def test_a_client_without_a_secret_has_none() -> None:
    inner = {name: value for name, value in INNER.items() if name != "client_secret"}
    assert parse_client_file(octets(installed=inner)).secret is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (octets(web=INNER), "web"),
        (octets(type="service_account", client_email="x", private_key="y"), "service-account"),
        (octets(type="authorized_user", refresh_token="1//x"), "authorized-user"),
        (octets(type="external_account"), "not-a-client"),
        (octets(), "not-a-client"),
        (octets(installed=None), "not-a-client"),
        (octets(installed=[INNER]), "not-a-client"),
        (octets(installed={}), "not-a-client"),
        (octets(installed=INNER | {"client_id": 5}), "not-a-client"),
        (octets(installed=INNER | {"client_id": "123"}), "not-a-client"),
        (octets(installed=INNER | {"client_id": f"{OWN_CLIENT}.evil.example"}), "not-a-client"),
        (octets(installed=INNER | {"client_secret": 5}), "not-a-client"),
        (octets(installed=INNER | {"client_secret": "two words"}), "not-a-client"),
        (octets(installed=INNER | {"client_secret": "x" * 257}), "not-a-client"),
        (b"", "not-a-client"),
        (b"[]", "not-a-client"),
        (b"\xff\xfe", "not-a-client"),
        (b'{"installed": ', "not-a-client"),
        (b"[" * 50_000, "not-a-client"),
    ],
)
def test_what_is_no_such_file_is_refused_by_what_it_is(content: bytes, code: str) -> None:
    assert refused(content) == code
    assert text(f"gmail.client.file-{code}")


@given(st.binary(max_size=400))
def test_nothing_that_may_stand_in_a_file_breaks_the_reader(content: bytes) -> None:
    try:
        parse_client_file(content)
    except ClientFileInvalid as invalid:
        assert invalid.code == "not-a-client"  # noqa: PT017 - either outcome is fine, no other is


@given(st.dictionaries(st.sampled_from(["client_id", "client_secret", "x"]), st.none() | st.integers() | st.text()))
def test_no_table_breaks_the_reader(inner: dict[str, object]) -> None:
    try:
        found = parse_client_file(octets(installed=inner))
    except ClientFileInvalid:
        return
    assert CLIENT_ID.fullmatch(found.client_id)


async def test_a_file_is_read_from_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_bytes(octets(installed=INNER))
    assert (await read_client_file(str(file))).client_id == OWN_CLIENT


@pytest.mark.parametrize(("make", "code"), [("nothing", "not-found"), ("folder", "not-found"), ("large", "too-large")])
async def test_what_cannot_be_read_is_named(tmp_path: Path, make: str, code: str) -> None:
    file = tmp_path / "client.json"
    if make == "folder":
        file.mkdir()
    if make == "large":
        file.write_bytes(b" " * (LONGEST + 1))
    with pytest.raises(ClientFileInvalid) as invalid:
        await read_client_file(str(file))
    assert invalid.value.code == code
    assert text(f"gmail.client.file-{code}")


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        (OWN_CLIENT, True),
        ("123456789012.apps.googleusercontent.com", True),
        ("123456789012-a_b9.apps.googleusercontent.com", True),
        ("apps.googleusercontent.com", False),
        ("123456789012-abc.apps.googleusercontent.com.example", False),
        ("https://123456789012-abc.apps.googleusercontent.com", False),
        ("104857600000000000001", False),
        ("", False),
    ],
)
def test_ids_of_clients_are_known_by_their_form(typed: str, *, good: bool) -> None:
    assert bool(CLIENT_ID.fullmatch(typed)) is good


@pytest.mark.parametrize(("typed", "good"), [(CLIENT_SECRET, True), ("", True), ("a b", False), ("a\nb", False)])
def test_a_secret_has_no_blanks(typed: str, *, good: bool) -> None:
    assert is_secret(typed) is good
