"""`sendwright doctor smtp` with all that a person or a script can hand it: words, and no crash."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script, Silence
from tests.servers.smtp_script import Security as Speaks
from tests.unit.cli.doctoring import parse, run

from sendwright import storage
from sendwright.texts import speaking

USER, SECRET = "anna@example.org", "wax-Falke-42%&"


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    return scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))


@pytest.fixture
def password(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "password").write_text(SECRET)
    return "--password-file", str(tmp_path / "password")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["localhost:99999"], "from 1 to 65535"),
        (["https://mail.example.org"], "address of a web page"),
        ([" "], "Type the name of the server"),
        (["localhost", "--timeout", "1e300"], "at most 600"),
        (["localhost", "--timeout", "soon"], "at most 600"),
    ],
)
def test_what_cannot_be_meant_is_said_in_words(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("doctor", "smtp", *words)
    complaint = capsys.readouterr().err
    assert said in complaint
    assert "_place" not in complaint
    assert "_seconds" not in complaint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--user", ""], "--user"),
        (["--user", "anna\r\nQUIT"], "signs in it that cannot be typed"),
        (["--user", "x" * 400], "too long"),
        (["--from", ""], "no mail address"),
        (["--from", "[bold]x[/]"], "[bold]x[/]"),
        (["--to", "", "--from", USER], "no mail address"),
        (["--save", "/nowhere/report.json"], "/nowhere/report.json"),
        (["--save", "~no-such-person/report.json"], "cannot be written"),
        (["--save", "/"], "cannot be written"),
    ],
)
async def test_an_empty_or_odd_word_is_wrong_usage(password: tuple[str, str], words: list[str], said: str) -> None:
    signing_in = password if "--user" in words else ()
    ran = await run("doctor", "smtp", "localhost:1", *words, *signing_in, "--json")
    assert (ran.code, ran.data) == (2, "")
    assert said in ran.out


@pytest.mark.parametrize("file", ["/nowhere.pem", "/", "~no-such-person/ca.pem", "/dev/zero", "\0"])
async def test_an_authority_that_cannot_be_read_is_wrong_usage(file: str) -> None:
    ran = await run("doctor", "smtp", "localhost:1", "--ca", file)
    assert ran.code == 2
    assert "cannot be read" in ran.out


async def test_an_authority_in_der_or_beside_its_key_is_trusted(
    server: ScriptedSmtp, certificates: Certificates, tmp_path: Path
) -> None:
    pem = certificates.ca_file.read_bytes()
    (tmp_path / "ca.der").write_bytes(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))
    (tmp_path / "both.pem").write_bytes(certificates.good.key.read_bytes() + pem)
    for name in ("ca.der", "both.pem"):
        ran = await run("doctor", "smtp", f"localhost:{server.port}", "--ca", str(tmp_path / name), "--json")
        assert ran.json["verdict"] == "passed", name


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
async def test_an_authority_without_a_certificate_is_a_named_problem(
    server: ScriptedSmtp, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "ca.pem").write_bytes(content)
    ran = await run("doctor", "smtp", f"localhost:{server.port}", "--ca", str(tmp_path / "ca.pem"), "--json")
    assert (ran.code, ran.json["problem"]) == (1, "tls-authority-invalid")


async def test_an_account_without_a_name_still_sends_the_test(
    server: ScriptedSmtp, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr(storage.getpass, "getuser", nobody)
    words = ("--ca", str(certificates.ca_file), "--from", USER, "--to", "bob@example.com")
    ran = await run("doctor", "smtp", f"localhost:{server.port}", *words)
    assert ran.code == 0
    (delivered,) = server.record.messages
    assert b'From: "Sendwright" <anna@example.org>' in delivered.content


async def test_a_time_that_was_given_holds_for_the_message_too(
    scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, end_of_data=Silence()))
    words = ("--ca", str(certificates.ca_file), "--from", USER, "--to", "bob@example.com", "--timeout", "1")
    ran = await run("doctor", "smtp", f"localhost:{server.port}", *words, "--json")
    assert ran.json["problem"] == "message-perhaps-sent"


async def test_a_token_given_as_user_name_and_password_is_not_shown(
    scripted_smtp: StartSmtp, certificates: Certificates, password: tuple[str, str]
) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, auth=b"535 5.7.8 no"))
    words = ("--ca", str(certificates.ca_file), "--user", SECRET, *password)
    for more in ((), ("--json",)):
        ran = await run("doctor", "smtp", f"localhost:{server.port}", *words, *more)
        assert ran.code == 1
        assert SECRET not in ran.out + ran.data
