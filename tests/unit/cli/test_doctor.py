"""`sendwright doctor smtp` against real connections: what people read, what scripts read, how it exits."""

from pathlib import Path

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Say, Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.cli.doctoring import WIDTH, Ran, parse, run

from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.texts import speaking

USER, SECRET = "anna@example.org", "wax-Falke-42%&"


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    return str(file)


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    script = Script(security=Speaks.STARTTLS, certificate=certificates.good, accounts={USER: SECRET})
    return scripted_smtp(script)


@pytest.fixture
def ca(certificates: Certificates) -> str:
    return str(certificates.ca_file)


async def _doctor(server: ScriptedSmtp, ca: str, *words: str, width: int = WIDTH) -> Ran:
    place = f"localhost:{server.port}"
    return await run("doctor", "smtp", place, "--ca", ca, "--timeout", "5", *words, width=width)


async def test_a_good_server_is_fine(server: ScriptedSmtp, ca: str, password_file: str) -> None:
    ran = await _doctor(server, ca, "--user", USER, "--password-file", password_file, "--to", "bob@example.com")
    assert ran.code == 0
    assert ran.out.count("✓") == len(SMTP_STAGES)
    assert "Everything that was tried works." in ran.out
    (delivered,) = server.record.messages
    assert delivered.recipients == ("bob@example.com",)


async def test_without_to_nothing_is_sent(server: ScriptedSmtp, ca: str, password_file: str) -> None:
    ran = await _doctor(server, ca, "--user", USER, "--password-file", password_file)
    assert ran.code == 0
    assert server.record.messages == []
    assert "not reached" in ran.out


async def test_a_wrong_password_is_a_card(server: ScriptedSmtp, ca: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong"
    file.write_text("not it")
    ran = await _doctor(server, ca, "--user", USER, "--password-file", str(file))
    assert ran.code == 1
    assert "✗ Sign in" in ran.out
    for part in (
        "User name or password were not accepted",
        "Why, most likely first",
        "Who has to act",
        "You can do this yourself, here.",
        "What to do",
        "Type the password again",
        "535 5.7.8",
        "auth-wrong-credentials",
        "run the same again with --save FILE",
    ):
        assert part in ran.out, part
    assert "not it" not in ran.out


async def test_json_is_json_and_nothing_else(server: ScriptedSmtp, ca: str, password_file: str) -> None:
    ran = await _doctor(server, ca, "--user", USER, "--password-file", password_file, "--json")
    assert ran.out == ""
    assert ran.data.count("\n") == 1
    assert ran.json["schema"] == "sendwright.diagnosis/1"
    assert ran.json["subject"] == {"kind": "smtp", "host": "localhost", "port": server.port, "security": "starttls"}
    assert ran.json["verdict"] == "passed"
    assert SECRET not in ran.data


async def test_json_of_a_problem_exits_with_one(closed_port: Address) -> None:
    ran = await run("doctor", "smtp", f"127.0.0.1:{closed_port.port}", "--json")
    assert (ran.code, ran.json["problem"]) == (1, "connection-refused")


async def test_an_ipv6_place_is_shown_in_brackets() -> None:
    ran = await run("doctor", "smtp", "[::1]:1", "--timeout", "2")
    assert ran.code == 1
    assert "[::1], port 1" in ran.out


@pytest.mark.parametrize("width", [40, 80, 200])
async def test_it_keeps_within_the_terminal(server: ScriptedSmtp, ca: str, password_file: str, width: int) -> None:
    words = ("--user", USER, "--password-file", password_file, "--from", "eve@example.com")
    ran = await _doctor(server, ca, *words, width=width)
    assert max(len(line) for line in ran.out.splitlines()) <= width


async def test_without_colour_the_words_say_everything(server: ScriptedSmtp, ca: str) -> None:
    ran = await _doctor(server, ca)
    assert "\x1b" not in ran.out
    assert "fine" in ran.out


async def test_a_server_cannot_paint_our_terminal(
    scripted_smtp: StartSmtp, certificates: Certificates, ca: str
) -> None:
    nasty = b"220 mail \x1b[31m[bold]red[/bold] [link=https://evil.example]x[/link]"
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, greeting=nasty))
    ran = await _doctor(server, ca, width=200)
    assert "\x1b" not in ran.out
    assert "[bold]red[/bold]" in ran.out
    as_json = await _doctor(server, ca, "--json", width=40)
    stages = as_json.json["stages"]
    assert isinstance(stages, list)
    assert stages[2]["evidence"]["greeting"].endswith("[bold]red[/bold] [link=https://evil.example]x[/link]")


async def test_bytes_that_are_no_text_still_make_json(scripted_smtp: StartSmtp, ca: str) -> None:
    server = scripted_smtp(Script(greeting=Say(b"\xff\xfe\x00\x80 \xed\xa0\x80\r\n")))
    ran = await _doctor(server, ca, "--json")
    assert ran.json["problem"] == "not-an-smtp-server"


async def test_a_warning_is_shown_and_is_no_failure(server: ScriptedSmtp, ca: str, password_file: str) -> None:
    ran = await _doctor(server, ca, "--user", USER, "--password-file", password_file, "--from", "eve@example.com")
    assert ran.code == 0
    assert "! Use the sender's address" in ran.out
    assert "Sender and sign-in belong to different domains" in ran.out
    assert "It works, with a remark." in ran.out


async def test_it_stops_where_it_is_told(server: ScriptedSmtp, ca: str) -> None:
    await _doctor(server, ca, "--stop-after", "secure")
    assert [command.verb for command in server.record.commands] == ["EHLO", "STARTTLS", "EHLO", "QUIT"]


async def test_the_other_security_is_the_remedy(scripted_smtp: StartSmtp, certificates: Certificates, ca: str) -> None:
    server = scripted_smtp(Script(security=Speaks.TLS, certificate=certificates.good))
    wrong = await _doctor(server, ca)
    assert wrong.code == 1
    assert "Use the other kind of encryption: tls" in wrong.out
    right = await _doctor(server, ca, "--security", "tls")
    assert right.code == 0


@pytest.mark.parametrize(
    ("place", "security", "expected"),
    [
        ("127.0.0.1:465", "auto", ("tls", 465)),
        ("127.0.0.1:587", "auto", ("starttls", 587)),
        ("127.0.0.1:25", "auto", ("starttls", 25)),
        ("127.0.0.1", "auto", ("starttls", 587)),
        ("127.0.0.1", "tls", ("tls", 465)),
        ("127.0.0.1", "starttls", ("starttls", 587)),
        ("127.0.0.1:465", "starttls", ("starttls", 465)),
        ("127.0.0.1:2525", "tls", ("tls", 2525)),
    ],
)
async def test_security_and_port_complete_each_other(place: str, security: str, expected: tuple[str, int]) -> None:
    ran = await run(
        "doctor", "smtp", place, "--security", security, "--json", "--stop-after", "resolve", "--timeout", "1"
    )
    subject = ran.json["subject"]
    assert isinstance(subject, dict)
    assert (subject["security"], subject["port"]) == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--password-file", "x"], "--user"),
        (["--password-env", "X"], "--user"),
        (["--user", USER], "--password-file"),
        (["--user", USER, "--password-file", "/nowhere"], "/nowhere"),
        (["--user", USER, "--password-env", "SENDWRIGHT_TEST_UNSET"], "SENDWRIGHT_TEST_UNSET"),
        (["--to", "bob@example.com"], "--from"),
        (["--from", "nobody"], "nobody"),
        (["--from", USER, "--to", "@"], "@"),
        (["--ca", "/nowhere.pem"], "/nowhere.pem"),
    ],
)
async def test_words_that_do_not_go_together_are_wrong_usage(words: list[str], said: str) -> None:
    ran = await run("doctor", "smtp", "localhost:1", *words)
    assert ran.code == 2
    assert said in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ["doctor"],
        ["doctor", "smtp"],
        ["doctor", "smtp", "a b"],
        ["doctor", "smtp", "localhost", "--security", "none"],
        ["doctor", "smtp", "localhost", "--timeout", "0"],
        ["doctor", "smtp", "localhost", "--timeout", "nan"],
        ["doctor", "smtp", "localhost", "--stop-after", "lunch"],
        ["doctor", "smtp", "localhost", "--password", SECRET],
        ["doctor", "smtp", "localhost", "--password-file", "a", "--password-env", "B"],
    ],
)
def test_words_that_nobody_understands_are_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(*words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_password_is_never_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("doctor", "smtp", "--help")
    assert "--password " not in capsys.readouterr().out


async def test_a_certificate_authority_that_is_none_is_a_problem_not_a_crash(
    server: ScriptedSmtp, tmp_path: Path
) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("this is no certificate")
    ran = await run("doctor", "smtp", f"localhost:{server.port}", "--ca", str(file), "--json")
    assert (ran.code, ran.json["problem"]) == (1, "tls-authority-invalid")
