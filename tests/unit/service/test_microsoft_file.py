"""microsoft.toml: the platform's credential is read whole or refused by name, and used at its own places only."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.service.application_kit import CLIENT_ID, TENANT, write_certificate, write_secret
from tests.unit.service.backend_kit import START

from sendwright.service.application_credentials import VALID, make_key_pair
from sendwright.service.microsoft_file import PlatformApplication, open_platform_application
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder


def opened(folder: Path) -> PlatformApplication:
    return open_platform_application(DataFolder(folder))


def reason(folder: Path) -> str:
    with pytest.raises(StartRefused) as caught:
        opened(folder)
    assert caught.value.code == "settings-invalid"
    assert caught.value.words
    assert "canary" not in caught.value.words
    return caught.value.values["reason"]


def test_without_a_file_the_application_way_is_closed(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert (found.client_id, found.kind, found.credential, found.not_after) == ("", None, None, None)
    assert not found.stands_for("", "global")


def test_a_certificate_is_read_with_its_key_its_print_and_its_end(tmp_path: Path) -> None:
    pair = write_certificate(tmp_path)
    found = opened(tmp_path)
    der = load_pem_x509_certificate(pair.certificate.encode()).public_bytes(Encoding.DER)
    assert (found.client_id, found.kind, found.thumbprint) == (CLIENT_ID, "certificate", sha256(der).hexdigest())
    assert found.not_after == START + VALID
    assert found.credential is not None
    assert found.credential.reveal() == f"{pair.private_key.reveal().strip()}\n{pair.certificate.strip()}\n"
    assert "PRIVATE" not in repr(found)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("secret_expires = 2027-05-20", datetime(2027, 5, 20, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_secret_is_the_first_line_and_its_end_is_told(tmp_path: Path, written: str, end: datetime | None) -> None:
    write_secret(tmp_path, "canary-secret\r", more=written)
    found = opened(tmp_path)
    assert found.credential is not None
    assert (found.kind, found.credential.reveal(), found.thumbprint) == ("secret", "canary-secret", "")
    assert found.not_after == end
    assert "canary" not in repr(found)


def test_a_credential_stands_for_one_application_in_one_cloud(tmp_path: Path) -> None:
    write_secret(tmp_path)
    found = opened(tmp_path)
    assert found.stands_for(CLIENT_ID.upper(), "global")
    assert not found.stands_for("another", "global")
    assert not found.stands_for(CLIENT_ID, "china")


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("", set()),
        ('login = "https://login.test"', {"https://login.test"}),
        (
            'login = "https://login.test"\ngraph = "https://graph.test"\nsmtp_host = "smtp.test"',
            {"https://login.test", "https://graph.test", "smtp.test"},
        ),
    ],
)
def test_a_credential_is_brought_to_the_places_of_the_file_only(tmp_path: Path, written: str, places: set[str]) -> None:
    write_secret(tmp_path, more=written)
    assert opened(tmp_path).places == places


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('client_id = "c"\nsecret_file = "microsoft.secret"\nkey_file = "microsoft.key"', "secret_file"),
        ('client_id = "c"\ncertificate_file = "microsoft.crt"', "key_file"),
        ('client_id = "c"\nkey_file = "microsoft.key"', "certificate_file"),
        ('secret_file = "microsoft.secret"', "client_id"),
        ('client_id = "c"\nsecret_file = "missing"', "FileNotFoundError"),
        ('client_id = "c"\nsecret_file = "empty"', "secret-empty"),
        ('client_id = "c"\ncloud = "moon"', "cloud"),
        ('client_id = "c"\nlogin = "http://login.test"', "https"),
        ('client_id = "c"\nclient_secret = "canary"', "client_secret"),
        ("client_id = ", "Invalid"),
        ('client_id = "c"\nsecret_expires = "soon"', "secret_expires"),
        ('client_id = "c"\ncertificate_file = "other.crt"\nkey_file = "microsoft.key"', "key-of-another"),
        ('client_id = "c"\ncertificate_file = "microsoft.crt"\nkey_file = "locked.key"', "key-locked"),
        ('client_id = "c"\ncertificate_file = "microsoft.crt"\nkey_file = "curve.key"', "key-not-rsa"),
        ('client_id = "c"\ncertificate_file = "microsoft.crt"\nkey_file = "microsoft.crt"', "key-unreadable"),
        ('client_id = "c"\ncertificate_file = "microsoft.key"\nkey_file = "microsoft.key"', "certificate-unreadable"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_key(tmp_path: Path, content: str, said: str) -> None:
    pair = write_certificate(tmp_path)
    write_secret(tmp_path)
    key = load_pem_private_key(pair.private_key.reveal().encode(), password=None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    tmp_path.joinpath("locked.key").write_bytes(locked)
    tmp_path.joinpath("curve.key").write_bytes(curve)
    tmp_path.joinpath("other.crt").write_text(make_key_pair("Other", now=START).certificate)
    tmp_path.joinpath("empty").write_text("\n")
    tmp_path.joinpath("microsoft.toml").write_text(content)
    assert said in reason(tmp_path)


@given(content=st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_file_makes_it_fail_otherwise(tmp_path: Path, content: str) -> None:
    tmp_path.joinpath("microsoft.toml").write_text(content, encoding="utf-8")
    try:
        found = opened(tmp_path)
    except StartRefused:
        return
    assert found.kind is None


@pytest.mark.parametrize(
    ("written", "fine"),
    [
        (f'tenants = ["{TENANT}"]', True),
        (f'tenants = ["{TENANT.upper()}", "other"]', True),
        ('tenants = ["*"]', True),
        ('tenants = ["00000000-0000-0000-0000-000000000000"]', False),
        ("tenants = []", False),
        ("", False),
    ],
)
def test_a_credential_is_used_in_the_organisations_of_the_file_only(
    tmp_path: Path, written: str, *, fine: bool
) -> None:
    write_secret(tmp_path)
    content = f'client_id = "{CLIENT_ID}"\nsecret_file = "microsoft.secret"\n{written}\n'
    tmp_path.joinpath("microsoft.toml").write_text(content)
    assert opened(tmp_path).acts_in(TENANT) is fine
    assert opened(tmp_path).acts_in("") is (fine and "*" in written)
