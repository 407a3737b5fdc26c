"""`sendwright doctor smtp --save`: a diagnosis file of a real attempt, with nothing in it that must not be."""

import stat
import zipfile
from pathlib import Path

import msgspec
import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.postfix import PostfixServer
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.cli.doctoring import Ran, run

from sendwright import __version__
from sendwright.cli import doctor_save
from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis_file import DiagnosisFile, Refusal, SecretFound, read
from sendwright.diagnosis_file.refusals import FileRefused
from sendwright.recording.event import Layer
from sendwright.texts import speaking, text

USER, SECRET = "anna.berger@contoso.com", "wax-Falke-42%&"


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "monday.sendwright-diagnosis"


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(SECRET)
    return file


@pytest.fixture
def refusing(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    no = f"535 5.7.8 {USER} with {SECRET} is nobody".encode()
    return scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, auth=no))


async def saved(place: Path, server: str, certificates: Certificates, *words: str) -> tuple[Ran, DiagnosisFile]:
    ran = await run("doctor", "smtp", server, "--ca", str(certificates.ca_file), "--save", str(place), *words)
    return ran, read(place)


def everything(place: Path) -> bytes:
    with zipfile.ZipFile(place) as archive:
        return place.read_bytes() + b"".join(archive.read(name) for name in archive.namelist())


async def test_a_refused_sign_in_is_saved_with_all_that_was_said(
    refusing: ScriptedSmtp, certificates: Certificates, place: Path, password: Path
) -> None:
    server = f"localhost:{refusing.port}"
    ran, file = await saved(place, server, certificates, "--user", USER, "--password-file", str(password))
    assert ran.code == 1
    assert text("doctor.ticket") not in ran.out
    assert (file.program, file.language) == (__version__, "en")
    assert file.subject == {"kind": "smtp", "host": "localhost", "port": refusing.port, "security": "starttls"}
    assert [problem.code for problem in file.problems] == ["auth-wrong-credentials"]
    assert {stage.id: stage.verdict for stage in file.stages}["sign-in"] is Verdict.FAILED
    assert len(file.stages) == 8
    said = [event.text for event in file.events if event.name == "said"]
    assert any(text.startswith("EHLO") for text in said)
    assert any(event.layer is Layer.TLS for event in file.events)
    assert file.environment["python"]


async def test_neither_the_password_nor_the_address_is_in_the_file(
    refusing: ScriptedSmtp, certificates: Certificates, place: Path, password: Path
) -> None:
    server = f"localhost:{refusing.port}"
    _, file = await saved(place, server, certificates, "--user", USER, "--password-file", str(password))
    assert SECRET.encode() not in everything(place)
    assert b"anna" not in everything(place)
    assert file.problems[0].values["username"] == "person-1@contoso.com"


async def test_addresses_stay_where_that_is_asked_for(
    refusing: ScriptedSmtp, certificates: Certificates, place: Path, password: Path
) -> None:
    words = ("--user", USER, "--password-file", str(password), "--keep-addresses")
    ran, file = await saved(place, f"localhost:{refusing.port}", certificates, *words)
    assert file.problems[0].values["username"] == USER
    assert "stand in it as they are" in ran.out
    assert SECRET.encode() not in everything(place)


async def test_the_person_is_told_where_it_lies_and_what_is_in_it(
    refusing: ScriptedSmtp, certificates: Certificates, place: Path, password: Path
) -> None:
    server = f"localhost:{refusing.port}"
    ran, file = await saved(place, server, certificates, "--user", USER, "--password-file", str(password))
    assert str(place) in ran.out.replace("\n", "")
    assert "• 8 steps" in ran.out
    assert "• 1 problem\n" in ran.out
    assert f"• {len(file.events)} events" in ran.out
    assert "It holds no password. Mail addresses are replaced" in ran.out


async def test_the_file_is_for_this_person_only_and_has_exactly_the_name_that_was_given(
    closed_port: Address, tmp_path: Path
) -> None:
    place = tmp_path / "report.txt"
    place.write_text("former")
    place.chmod(0o644)
    ran = await run("doctor", "smtp", f"127.0.0.1:{closed_port.port}", "--save", str(place))
    assert ran.code == 1
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert read(place).problems[0].code == "connection-refused"
    assert list(tmp_path.iterdir()) == [place]


async def test_json_stays_json_and_the_file_is_written(closed_port: Address, place: Path) -> None:
    ran = await run("doctor", "smtp", f"127.0.0.1:{closed_port.port}", "--save", str(place), "--json")
    assert (ran.code, ran.out, ran.json["schema"]) == (1, "", "sendwright.diagnosis/1")
    file = read(place)
    assert [stage.id for stage in file.stages if stage.problem] == ["connect"]
    with zipfile.ZipFile(place) as archive:
        assert msgspec.json.decode(archive.read("diagnosis.jsonl")) == ran.json


@pytest.mark.real_server
async def test_a_server_where_all_is_well_is_saved_too(
    postfix: PostfixServer, certificates: Certificates, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "right").write_text(ANNA.password)
    words = ("--user", ANNA.address, "--password-file", str(tmp_path / "right"), "--from", ANNA.address)
    ran, file = await saved(place, f"localhost:{postfix.ports.submission}", certificates, *words)
    assert (ran.code, file.problems) == (0, ())
    assert ANNA.password.encode() not in everything(place)
    assert ANNA.address.encode() not in everything(place)
    assert any("235" in event.text for event in file.events if event.name == "heard")


@pytest.mark.real_server
async def test_a_wrong_password_at_a_real_server_is_saved_and_recognised(
    postfix: PostfixServer, certificates: Certificates, place: Path, password: Path
) -> None:
    words = ("--user", ANNA.address, "--password-file", str(password))
    ran, file = await saved(place, f"localhost:{postfix.ports.submissions}", certificates, *words, "--security", "tls")
    assert (ran.code, file.problems[0].code) == (1, "auth-wrong-credentials")
    assert file.problems[0].evidence.reply == 535
    assert SECRET.encode() not in everything(place)


async def test_a_user_name_that_is_the_password_is_in_no_file(
    refusing: ScriptedSmtp, certificates: Certificates, place: Path, password: Path
) -> None:
    words = ("--ca", str(certificates.ca_file), "--user", SECRET, "--password-file", str(password))
    ran = await run("doctor", "smtp", f"localhost:{refusing.port}", *words, "--save", str(place))
    assert ran.code == 1
    assert not place.exists() or SECRET.encode() not in everything(place)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "cannot be written to"),
        (SecretFound(entry="events.jsonl", form="coded"), "a password or another secret stands in it"),
        (FileRefused(Refusal.TOO_COMPLEX), "more than a diagnosis can hold"),
    ],
)
async def test_a_file_that_cannot_be_saved_is_said_and_is_a_problem(
    closed_port: Address, place: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(doctor_save, "save", fail)
    ran = await run("doctor", "smtp", f"127.0.0.1:{closed_port.port}", "--save", str(place), "--json")
    assert ran.code == 1
    assert said in " ".join(ran.out.split())
    assert ran.json["problem"] == "connection-refused"
    assert not place.exists()
