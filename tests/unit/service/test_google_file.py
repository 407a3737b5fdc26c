"""google.toml: the platform's identity is read whole or refused by name, and lent to whom it is meant for only."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.oauth.google.key_files import key_file
from tests.unit.service.google_kit import DOMAIN, LISTS, ROBOT, SIGNER, federation, write_federation, write_identity

from sendwright.oauth.google.identity import METADATA_SERVER
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.signing import open_identity
from sendwright.service.google_file import PlatformIdentity, open_platform_identity
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder


def opened(folder: Path) -> PlatformIdentity:
    return open_platform_identity(DataFolder(folder))


def reason(folder: Path) -> str:
    with pytest.raises(StartRefused) as caught:
        opened(folder)
    assert caught.value.code == "settings-invalid"
    assert "BEGIN" not in caught.value.words
    assert "canary" not in caught.value.words
    return caught.value.values["reason"]


def test_without_a_file_the_backend_is_nobody_at_google(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert found == PlatformIdentity()
    assert not found.signs_for(ROBOT)
    assert not found.acts_in(DOMAIN)
    assert not found.signs_for("")
    assert not found.acts_in("")


def test_a_key_says_who_it_is_itself(tmp_path: Path) -> None:
    write_identity(tmp_path)
    found = opened(tmp_path)
    assert found.principal == SIGNER
    assert found.credential is not None
    assert found.credential.reveal() == key_file().reveal()
    assert "BEGIN" not in repr(found)


def test_a_federation_says_whom_it_becomes(tmp_path: Path) -> None:
    write_federation(tmp_path)
    assert opened(tmp_path).principal == SIGNER


def test_what_does_not_say_who_it_is_must_be_named_in_the_file(tmp_path: Path) -> None:
    principal = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s"
    write_federation(tmp_path, service_account_impersonation_url=None)
    assert reason(tmp_path) == "principal"
    write_federation(tmp_path, service_account_impersonation_url=None, more=f'principal = "{principal}"\n')
    assert opened(tmp_path).principal == principal


def test_the_account_of_the_machine_is_named_and_not_read(tmp_path: Path) -> None:
    tmp_path.joinpath("google.toml").write_text(f'identity = "metadata"\n{LISTS}')
    assert reason(tmp_path) == "principal"
    tmp_path.joinpath("google.toml").write_text(f'identity = "metadata"\nprincipal = "{SIGNER}"\n{LISTS}')
    found = opened(tmp_path)
    assert (found.principal, found.credential and found.credential.reveal()) == (SIGNER, METADATA_SERVER)


@pytest.mark.parametrize("written", ['identity = "metadata"\nprincipal = "x"', 'identity = "google-identity.json"'])
def test_what_is_read_here_is_what_signs(tmp_path: Path, written: str) -> None:
    write_identity(tmp_path)
    tmp_path.joinpath("google.toml").write_text(written)
    found = opened(tmp_path)
    assert found.credential is not None
    assert open_identity(found.credential, place=GooglePlace())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('identity = "missing.json"', "FileNotFoundError"),
        ('identity = "nothing.json"', "identity"),
        ('identity = "list.json"', "identity: not-json"),
        ('identity = "user.json"', "identity"),
        ('identity = "program.json"', "identity: executable"),
        ('identity = "key.json"', "identity"),
        ('identity = "\\u0000"', "ValueError"),
        ('identity = "binary.json"', "UnicodeDecodeError"),
        (f'principal = "{SIGNER}"', "identity"),
        (f'service_accounts = ["{ROBOT}"]', "identity"),
        (f'domains = ["{DOMAIN}"]', "identity"),
        ('login = "http://login.test"', "https"),
        ('gmail = "https://gmail.test/path"', "https"),
        ('gmail = "gmail.test"', "https"),
        ('smtp_host = ["a"]', "smtp_host"),
        ('service_accounts = "a"', "service_accounts"),
        ('client_secret = "canary"', "client_secret"),
        ("identity = ", "Invalid"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_key(tmp_path: Path, content: str, said: str) -> None:
    tmp_path.joinpath("nothing.json").write_text(" \n")
    tmp_path.joinpath("list.json").write_text("[]")
    tmp_path.joinpath("user.json").write_text('{"type": "authorized_user", "refresh_token": "canary"}')
    tmp_path.joinpath("key.json").write_text(key_file(private_key="canary").reveal())
    program = federation(credential_source={"executable": {"command": "/bin/canary"}})
    tmp_path.joinpath("program.json").write_text(json.dumps(program))
    tmp_path.joinpath("binary.json").write_bytes(b"\xff\xfe")
    tmp_path.joinpath("google.toml").write_text(content)
    assert said in reason(tmp_path)


@given(content=st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_file_makes_it_fail_otherwise(tmp_path: Path, content: str) -> None:
    tmp_path.joinpath("google.toml").write_text(content, encoding="utf-8")
    try:
        found = opened(tmp_path)
    except StartRefused:
        return
    assert found.credential is None


@given(content=st.text(max_size=300) | st.binary(max_size=50).map(repr))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_identity_makes_it_fail_otherwise(tmp_path: Path, content: str) -> None:
    tmp_path.joinpath("google.toml").write_text('identity = "google-identity.json"')
    tmp_path.joinpath("google-identity.json").write_text(content, encoding="utf-8", errors="replace")
    assert reason(tmp_path).startswith(("identity", "principal"))


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("", set()),
        ('login = "https://login.test"', {"https://login.test"}),
        (
            'login = "https://a.test:8443"\ngmail = "https://b.test"\nsmtp_host = "smtp.test"',
            {"https://a.test:8443", "https://b.test", "smtp.test"},
        ),
    ],
)
def test_places_stand_in_the_file_with_or_without_an_identity(tmp_path: Path, written: str, places: set[str]) -> None:
    tmp_path.joinpath("google.toml").write_text(written)
    found = opened(tmp_path)
    assert (found.places, found.credential) == (places, None)


@pytest.mark.parametrize(
    ("lists", "robot", "domain"),
    [
        (LISTS, True, True),
        (LISTS.upper().replace("SERVICE_ACCOUNTS", "service_accounts").replace("DOMAINS", "domains"), True, True),
        ('service_accounts = ["*"]\ndomains = ["*"]\n', True, True),
        (f'service_accounts = ["{ROBOT}"]\n', True, False),
        (f'domains = ["{DOMAIN}"]\n', False, True),
        ('service_accounts = ["other@x.iam.gserviceaccount.com"]\ndomains = ["fabrikam.example"]\n', False, False),
        (f'service_accounts = ["x{ROBOT}"]\ndomains = ["sub.{DOMAIN}"]\n', False, False),
        (LISTS.replace("contoso.com", "Contoso.com."), True, True),
        ('service_accounts = [""]\ndomains = [""]\n', False, False),
        ("", False, False),
    ],
)
def test_the_identity_signs_for_accounts_and_domains_of_the_file_only(
    tmp_path: Path, lists: str, *, robot: bool, domain: bool
) -> None:
    write_identity(tmp_path, lists=lists)
    found = opened(tmp_path)
    assert (found.signs_for(ROBOT), found.acts_in(DOMAIN)) == (robot, domain)
    assert (found.signs_for(""), found.acts_in("")) == ("*" in lists, "*" in lists)
