"""How the file of an own certificate authority is read, and what is left out of it."""

import os
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from sendwright import texts
from sendwright.network.trust import client_context
from sendwright.providers.custom_smtp.authority import MAX_BYTES, AuthorityInvalid, read_authority


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Example authority")


async def test_a_pem_file_is_read_and_can_be_trusted(authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(file)
    pem = await read_authority(str(file))
    assert pem.encode() == authority.cert_pem.bytes()
    assert client_context(pem).check_hostname


async def test_a_der_file_is_read_too(authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "ca.cer"
    certificate = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - only here

    file.write_bytes(certificate.public_bytes(Encoding.DER))
    assert await read_authority(str(file)) == authority.cert_pem.bytes().decode()


async def test_several_certificates_stay_several(authority: trustme.CA, tmp_path: Path) -> None:
    other = trustme.CA(organization_name="Another authority")
    file = tmp_path / "ca.pem"
    file.write_bytes(b"# two of them\n" + authority.cert_pem.bytes() + other.cert_pem.bytes())
    assert (await read_authority(str(file))).count("BEGIN CERTIFICATE") == 2


async def test_a_private_key_beside_the_certificate_is_not_taken_along(authority: trustme.CA, tmp_path: Path) -> None:
    file = tmp_path / "all.pem"
    leaf = authority.issue_cert("mail.example.org")
    file.write_bytes(leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes())
    pem = await read_authority(str(file))
    assert "PRIVATE KEY" not in pem
    assert pem.count("BEGIN CERTIFICATE") == 1


async def test_the_home_folder_may_be_written_short(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert "BEGIN CERTIFICATE" in await read_authority("~/ca.pem")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-certificate"),
        (b"hello", "no-certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no-certificate"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no-certificate"),
        (b"x" * (MAX_BYTES + 1), "too-large"),
    ],
)
async def test_another_file_is_sent_back_with_the_reason(content: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(AuthorityInvalid) as raised:
        await read_authority(str(file))
    assert raised.value.code == code
    assert texts.has(f"custom_smtp.ca-file.{code}")


@pytest.mark.parametrize("name", ["missing.pem", ".", "a\0b"])
async def test_what_is_no_file_is_not_found(name: str, tmp_path: Path) -> None:
    with pytest.raises(AuthorityInvalid) as raised:
        await read_authority(f"{tmp_path}/{name}")
    assert raised.value.code in {"not-found", "unreadable"}


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AuthorityInvalid) as raised:
        await read_authority(str(tmp_path / "pipe"))
    assert raised.value.code == "not-found"
