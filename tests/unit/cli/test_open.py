"""`sendwright open`: in ten seconds what it was, why, and who has to act; then all that was seen."""

import argparse
import io
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.cli.doctoring import Ran
from tests.unit.cli.doctoring import run as run_doctor
from tests.unit.diagnosis_file.made import NOON, diagnosis, expired, forged, line, packed, wrong_password

from sendwright.cli import open as opening
from sendwright.cli.main import run as run_program
from sendwright.cli.opened import MOST_LINES
from sendwright.cli.parsing import COMMANDS
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis.two_sides import compare_sides
from sendwright.diagnosis_file import DiagnosisFile, Shown
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.event import Event, Layer
from sendwright.texts import LANGUAGES, speaking, text

WIDTH = 100

Put = Callable[..., str]
"""Writes a diagnosis, or octets, to a file; returns its name."""


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def run(*words: str) -> Ran:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    opening.add_parser(parser.add_subparsers(dest="command"))
    out, data = io.StringIO(), io.StringIO()
    streams = Console(emoji=False, file=out, width=WIDTH), Console(emoji=False, file=data, width=WIDTH)
    code = opening.run(parser.parse_args(["open", *words]), *streams)
    return Ran(code=code, out=out.getvalue(), data=data.getvalue())


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def put_down(content: DiagnosisFile | bytes, name: str = "a.sendwright-diagnosis") -> str:
        octets = content if isinstance(content, bytes) else packed(content)
        (tmp_path / name).write_bytes(octets)
        return str(tmp_path / name)

    return put_down


def remarked() -> DiagnosisFile:
    remark = classify(
        Evidence(stage="secure", system=System.TLS, condition="tls-certificate-expires-soon", values={"days": "5"})
    )
    stage = StageResult(id="secure", verdict=Verdict.WARNING, problem=remark)
    return diagnosis(stages=(stage,))


def test_the_first_lines_say_stage_cause_and_who_has_to_act(put: Put) -> None:
    lines = run(put(diagnosis(wrong_password()))).out.splitlines()
    assert " ".join(lines[0].split()).startswith("mail.example.org, port 587, switching to encryption (STARTTLS).")
    assert lines[1] == "version 0.1.0."
    assert lines[2:5] == [
        "Stopped at: Sign in",
        "Cause: User name or password were not accepted (auth-wrong-credentials)",
        "Who has to act: The person it happened to",
    ]


def test_support_gets_steps_transcript_and_computer(put: Put) -> None:
    ran = run(put(diagnosis(wrong_password())))
    assert ran.code == 0
    assert re.search(r"✗ Sign in +2 ms +problem +auth-wrong-credentials", ran.out)
    assert re.search(r"12\.5 smtp +← 220 mail\.example\.org ESMTP\n +250 ok", ran.out)
    assert re.search(r"14\.0 smtp +→ MAIL FROM:<anna\.berger@contoso\.com>", ran.out)
    assert re.search(r"0\.0 dns +→? +asked host=mail\.example\.org", ran.out)
    assert "System: Linux 6.1" in ran.out
    assert "Seen: smtp 535 5.7.8" in ran.out
    assert "also holds 1 page that was shown" in ran.out


def test_it_gets_no_transcript_and_plain_gets_one_thing_to_do(put: Put) -> None:
    place = put(diagnosis(wrong_password()))
    it, plain = run(place, "--level", "it").out, run(place, "--level", "plain").out
    assert "Sign in" in it
    assert "MAIL FROM" not in it
    assert "What to do: Type the password again" in plain
    assert "Steps" not in plain
    assert len(plain.splitlines()) < 10


def test_no_line_ends_in_blanks(put: Put) -> None:
    latter = diagnosis(wrong_password(), environment={"system": "Linux 6.2", "python": "3.12"})
    lines = run(put(diagnosis(wrong_password())), "--compare", put(latter, "b.sendwright-diagnosis")).out.splitlines()
    listed = lines[lines.index("") :]
    assert len(listed) > 10
    assert [line for line in listed if line != line.rstrip()] == []


def test_as_many_pages_are_promised_as_the_window_shows(put: Put) -> None:
    file = diagnosis(wrong_password())
    shown = file.screens[0]
    passing = replace(shown, screen={**shown.screen, "type": "working"})
    assert "also holds 1 page that was shown" in run(put(replace(file, screens=(shown, passing)))).out
    assert "also holds" not in run(put(replace(file, screens=(passing,)))).out


def test_a_file_without_a_problem_says_so(put: Put) -> None:
    ran = run(put(diagnosis(events=(), screens=())))
    assert ran.code == 0
    assert "No problem was found." in ran.out
    assert "holds nothing of what went over the network" in ran.out
    assert "pages" not in ran.out


def test_a_remark_is_no_stop(put: Put) -> None:
    ran = run(put(remarked()))
    assert "Remark: " in ran.out
    assert "Stopped at" not in ran.out


def test_a_problem_without_a_stage_is_told_as_well(put: Put) -> None:
    ran = run(put(diagnosis(stages=(), problems=(expired(),))))
    assert "(tls-certificate-expired)" in ran.out
    assert "Stopped at" not in ran.out
    assert run(put(diagnosis(stages=(), problems=(expired(),))), "--json").json["problem"] == "tls-certificate-expired"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_language_of_whoever_opens_it(put: Put, language: str) -> None:
    made = diagnosis(wrong_password(), language="fr")
    with speaking(language):
        ran = run(put(made))
        expected = text("open.who", owner=text("owners.you.away.name"))
    assert expected in ran.out


def test_json_has_everything_and_nothing_else(put: Put) -> None:
    file = diagnosis(wrong_password(), wall={"a": 1}, sides={"b": [2]})
    ran = run(put(file), "--json")
    found = ran.json
    assert (ran.code, ran.out, found["schema"]) == (0, "", "sendwright.opened/1")
    assert (found["verdict"], found["problem"], found["owner"]) == ("failed", "auth-wrong-credentials", "you")
    assert (found["made_at"], found["program"], found["language"]) == ("2026-11-20T12:00:00Z", "0.1.0", "en")
    assert found["problems"][0]["title"] == "User name or password were not accepted"
    assert [stage["id"] for stage in found["stages"]] == [stage.id for stage in file.stages]
    assert found["events"] == list(msgspec.to_builtins(file.events))
    assert (found["environment"], found["wall"], found["sides"]) == (file.environment, {"a": 1}, {"b": [2]})
    assert found["screens"][0]["screen"] == {"type": "form", "step": "server"}
    assert found["comparison"] is None


def test_json_of_a_file_without_a_problem_names_none(put: Put) -> None:
    found = run(put(diagnosis()), "--json").json
    assert (found["verdict"], found["problem"], found["owner"], found["problems"]) == ("passed", None, None, [])


def test_two_files_are_compared_in_the_order_of_time(put: Put) -> None:
    former = put(diagnosis(wrong_password()), "former")
    latter = put(diagnosis(expired(), made_at=NOON.replace(day=21)), "latter")
    for order in ((former, latter), (latter, former)):
        ran = run(order[0], "--compare", order[1])
        assert "What changed from 2026-11-20 12:00 UTC to 2026-11-21 12:00 UTC" in ran.out
        assert "New problem: The server's certificate has expired (tls-certificate-expired)" in ran.out
        words = " ".join(ran.out.split())
        assert "Unknown, since an earlier step failed now: User name or password were not accepted" in words
        assert "Encrypt the conversation: fine before, problem now" in words
        assert "not reached now" not in words
    found = run(former, "--compare", latter, "--json").json["comparison"]
    assert found["changes"][0]["kind"] == "problem-appeared"
    assert found["former_at"] == "2026-11-20T12:00:00Z"


def test_a_file_compared_with_itself_has_not_changed(put: Put) -> None:
    place = put(diagnosis())
    assert "Nothing changed." in run(place, "--compare", place, "--level", "plain").out


REFUSED = [
    (b"", "This is no diagnosis file", "not-a-diagnosis"),
    (packed(diagnosis())[:-40], "damaged or not complete", "damaged"),
    (forged(manifest={"schema": "sendwright.diagnosis-file/2"}), "newer version", "newer-version"),
    (forged(manifest={"entries": []}), "changed after it was made", "checksum"),
    (forged({"events.jsonl": b"\xff\n"}), "something other than text", "not-text"),
]


@pytest.mark.parametrize(("octets", "said", "code"), REFUSED)
def test_a_file_that_is_refused_is_named_with_the_reason(put: Put, octets: bytes, said: str, code: str) -> None:
    place = put(octets)
    ran = run(place)
    assert (ran.code, ran.data) == (1, "")
    assert said in ran.out
    assert place in ran.out
    ran = run(place, "--json")
    assert (ran.code, ran.out, ran.json["refused"], ran.json["file"]) == (1, "", code, place)
    assert said in str(ran.json["text"])


@pytest.mark.parametrize("name", ["/nowhere/a", "~no-such-person/a", "/", "a\0b", "[bold]x"])
def test_a_file_that_cannot_be_read_is_named(name: str) -> None:
    ran = run(name)
    assert ran.code == 1
    assert "cannot be read" in ran.out
    assert "[bold]" not in name or name in ran.out


def test_the_second_file_may_be_the_one_that_is_refused(put: Put) -> None:
    ran = run(put(diagnosis()), "--compare", put(b"PK", "b"))
    assert ran.code == 1
    assert "/b is not opened" in ran.out


def test_a_file_cannot_paint_or_steer_the_terminal(put: Put) -> None:
    odd = "[bold red]x[/] \x1b]0;title\x07\u202eevil [link=https://evil.example]y[/link]"
    event = {"at_ms": 1, "layer": "smtp", "name": "heard", "text": odd, "values": {odd: odd}}
    file = forged(
        {
            "events.jsonl": line(event),
            "environment.jsonl": line({"name": odd, "value": odd}),
            "diagnosis.jsonl": line({"subject": {"host": odd, "port": odd}}),
        },
        manifest={"program": odd},
    )
    ran = run(put(file), "--compare", put(diagnosis(), "b"))
    assert ran.code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)
    assert "[bold red]x[/]" in ran.out


def said(text: str, **values: str) -> Event:
    return Event(at_ms=1.0, layer=Layer.SMTP, name="said", text=text, values=values)


def test_connections_are_told_apart_where_there_are_several(put: Put) -> None:
    one = run(put(diagnosis(events=(said("EHLO a", connection="50001"), said("QUIT", connection="50001"))))).out
    two = run(put(diagnosis(events=(said("EHLO a", connection="50001"), said("EHLO b", connection="50002"))))).out
    assert "→ EHLO a" in one
    assert "→ connection=50001 EHLO a" in two
    assert "→ connection=50002 EHLO b" in two


def test_a_line_that_is_too_long_goes_on_below_the_words(put: Put) -> None:
    chain = {"subject": "CN=mail.example.org", "fingerprint": ":".join(["AB"] * 32), "names": "a.example.org " * 9}
    events = (
        Event(at_ms=7.2, layer=Layer.TLS, name="certificate", values=chain),
        Event(at_ms=8.0, layer=Layer.SMTP, name="heard", text="250-one\n" + "word " * 40, values={"code": "250"}),
    )
    ran = run(put(diagnosis(events=events)))
    told = ran.out.partition("What went over the network\n")[2].partition("\n\n")[0].splitlines()
    assert told[0].startswith("      7.2 tls     certificate subject=CN=mail.example.org")
    assert "      8.0 smtp  ← 250-one" in told
    begun = [line for line in told if line[:9].strip()]
    assert len(begun) == 2
    assert all(line.startswith(" " * 18) and line[18] != " " for line in told if line not in begun)
    assert max(map(len, told)) <= WIDTH
    assert "".join(line[18:] for line in told).count("AB") == 32


def test_a_transcript_without_end_is_shown_up_to_a_limit(put: Put) -> None:
    endless = Event(at_ms=1.0, layer=Layer.SMTP, name="heard", text="\n".join("a" * 3_900), values={"code": "250"})
    ran = run(put(diagnosis(events=(endless,) * 20)))
    assert ran.out.count("\n") < MOST_LINES + 200
    assert "\n…\n" in ran.out
    assert "The computer" in ran.out


def test_two_files_of_the_same_minute_are_told_apart_by_seconds(put: Put) -> None:
    former, latter = put(diagnosis(), "former"), put(diagnosis(made_at=NOON.replace(second=41)), "latter")
    assert "What changed from 12:00:00 UTC to 12:00:41 UTC" in run(former, "--compare", latter).out


def test_what_only_the_recorder_needs_is_not_told(put: Put) -> None:
    events = (
        said("AUTH PLAIN […]", connection="50001"),
        Event(at_ms=2.0, layer=Layer.SMTP, name="heard", text="535 no", values={"dialogue": "AUTH", "code": "535"}),
        Event(at_ms=3.0, layer=Layer.SMTP, name="failed", text="no", values={"dialogue": "AUTH", "took_ms": "3"}),
        Event(at_ms=4.0, layer=Layer.TCP, name="closed", values={"connection": "50001"}),
    )
    told = run(put(diagnosis(events=events))).out
    assert re.search(r"← 535 no$", told, re.MULTILINE)
    assert re.search(r"failed took_ms=3 no$", told, re.MULTILINE)
    assert re.search(r"tcp +closed$", told, re.MULTILINE)
    assert "dialogue" not in told


def test_a_two_sided_test_stands_side_by_side_differences_first(put: Put) -> None:
    results = diagnosis().stages, diagnosis(expired()).stages
    ran = run(put(diagnosis(sides=msgspec.to_builtins(compare_sides(*results)))))
    table = ran.out.partition("Test from both sides")[2]
    assert re.search(r"Encrypt the conversation +fine +tls-certificate-expired", table)
    assert table.index("Encrypt the conversation") < table.index("Find the server")


def test_a_two_sided_test_of_another_version_and_a_wall_map_are_listed(put: Put) -> None:
    ran = run(put(diagnosis(sides={"places": [{"name": "desk"}]}, wall={"ports": [{"port": 587, "open": True}]})))
    assert "  places.1.name: desk" in ran.out
    assert "  ports.1.port: 587" in ran.out
    assert "  ports.1.open: True" in ran.out


def test_many_pages_are_counted(put: Put) -> None:
    shown = tuple(Shown(at=NOON, screen={"type": "form"}) for _ in range(3))
    assert "also holds 3 pages" in run(put(diagnosis(screens=shown))).out


def test_what_is_missing_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    assert "FILE" in capsys.readouterr().err


def test_it_is_a_command_of_the_program(put: Put, capsys: pytest.CaptureFixture[str]) -> None:
    assert "open" in COMMANDS
    code = run_program(["--language", "en", "open", put(diagnosis(expired())), "--json"], faces=None)
    assert code == 0
    assert msgspec.json.decode(capsys.readouterr().out)["problem"] == "tls-certificate-expired"


async def test_what_the_doctor_saved_yesterday_is_compared_with_today(
    scripted_smtp: StartSmtp, certificates: Certificates, tmp_path: Path
) -> None:
    for name, certificate in (("former", certificates.good), ("latter", certificates.expired)):
        server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificate))
        words = ("--ca", str(certificates.ca_file), "--save", str(tmp_path / name))
        await run_doctor("doctor", "smtp", f"localhost:{server.port}", *words)
    ran = run(str(tmp_path / "latter"), "--compare", str(tmp_path / "former"))
    assert "Stopped at: Encrypt the conversation" in ran.out
    assert "New problem: The server's certificate has expired" in ran.out
    assert "Encrypt the conversation: fine before, problem now" in ran.out
    assert "Certificate of the server, valid until: 3000-01-01T00:00:00Z before," in ran.out
    assert re.search(r"smtp +→ .*STARTTLS", ran.out)
