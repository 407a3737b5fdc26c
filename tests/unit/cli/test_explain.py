"""`sendwright explain`: any code or reply, for three kinds of readers and for scripts."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.unit.cli.doctoring import parse, run

from sendwright.cli import explain
from sendwright.problems.pasted import LONGEST
from sendwright.texts import speaking

TENANT = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
COMMAND = "Set-TransportConfig -SmtpClientAuthenticationDisabled $false"


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


async def test_plain_is_one_sentence_and_one_action() -> None:
    ran = await run("explain", TENANT)
    assert ran.code == 0
    assert "Sending by SMTP is switched off for your organisation" in ran.out
    assert "Your Exchange administrator: Allow it for this mailbox only" in ran.out
    assert "It stays until somebody acts. The cause lies on the sending side." in ran.out
    assert COMMAND not in ran.out


async def test_it_gets_the_command() -> None:
    ran = await run("explain", "--level", "it", TENANT)
    assert COMMAND in ran.out
    assert "https://aka.ms/smtp_auth_disabled" in ran.out
    assert "It stays until somebody acts. The cause lies on the sending side." in " ".join(
        ran.out.replace("│", "").split()
    )
    assert "Seen: smtp" not in ran.out


async def test_support_gets_what_a_ticket_needs() -> None:
    ran = await run("explain", "--level", "support", TENANT, width=200)
    assert "Problem: smtp-auth-disabled-for-tenant" in ran.out
    assert "Seen: smtp 535 5.7.139" in ran.out


async def test_words_need_no_quotes() -> None:
    ran = await run("explain", "550", "5.1.1", "User", "unknown")
    assert "That recipient does not exist" in ran.out


async def test_what_comes_through_a_pipe_needs_no_dash() -> None:
    ran = await run("explain", standard_input=f"some log\n{TENANT}\n")
    assert "switched off for your organisation" in ran.out


async def test_nobody_is_left_waiting_at_a_keyboard() -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

        def read(self, size: int | None = -1, /) -> str:
            raise AssertionError(size)

    out = io.StringIO()
    code = await explain.run(
        parse("explain"), Console(emoji=False, file=out), Console(emoji=False, file=out), standard_input=Keyboard()
    )
    assert code == 2
    assert "pipe one to this command" in out.getvalue()


async def test_a_dash_reads_standard_input() -> None:
    ran = await run("explain", "-", standard_input=f"some log\n{TENANT}\nmore log\n")
    assert "switched off for your organisation" in ran.out


async def test_json_is_the_interface() -> None:
    ran = await run("explain", "--json", TENANT)
    assert ran.out == ""
    assert ran.json["schema"] == "sendwright.explanation/1"
    matches = ran.json["matches"]
    assert isinstance(matches, list)
    assert matches[0]["matched"] == "535 5.7.139"
    assert matches[0]["problem"]["code"] == "smtp-auth-disabled-for-tenant"
    assert matches[0]["problem"]["owner"] == "exchange-admin"


async def test_other_meanings_are_named() -> None:
    ran = await run("explain", "550 No")
    assert "It could also be: rejected-by-policy, sender-not-allowed" in ran.out


@pytest.mark.parametrize("level", ["plain", "it", "support"])
async def test_what_is_not_recognised_says_so_and_exits_with_one(level: str) -> None:
    ran = await run("explain", "--level", level, "the moon is full")
    assert ran.code == 1
    assert "in words we do not know" in ran.out


async def test_json_of_what_is_not_recognised_exits_with_one() -> None:
    ran = await run("explain", "--json", "the moon is full")
    matches = ran.json["matches"]
    assert isinstance(matches, list)
    assert (ran.code, matches[0]["problem"]["code"], matches[0]["matched"]) == (1, "unrecognised", "")


@pytest.mark.parametrize("words", [["explain"], ["explain", "-"], ["explain", "  "]])
async def test_nothing_to_explain_is_wrong_usage(words: list[str]) -> None:
    ran = await run(*words)
    assert ran.code == 2
    assert "nothing to explain" in ran.out


async def test_a_paste_cannot_paint_the_terminal() -> None:
    ran = await run("explain", "--level", "support", "550 5.7.1 [bold red]relaying denied[/]", width=200)
    assert "[bold red]relaying denied[/]" in ran.out


@pytest.mark.parametrize(
    "words", ["550 \x1b[31mrelaying denied\x07", "550 \udcffrelaying denied", "550 \x00relaying denied"]
)
async def test_what_could_steer_a_terminal_is_left_out(words: str) -> None:
    for level in ("it", "support"):
        ran = await run("explain", "--level", level, words)
        assert not {"\x1b", "\x07", "\x00", "\udcff"} & set(ran.out)
        assert "relaying denied" in ran.out
    ran = await run("explain", "--json", words)
    assert "relaying denied" in ran.data


async def test_a_log_in_another_encoding_is_read() -> None:
    log = io.TextIOWrapper(io.BytesIO(b"\xe9t\xe9 550 5.1.1 User unknown\n"), encoding="utf-8")
    out = io.StringIO()
    code = await explain.run(
        parse("explain", "-"), Console(emoji=False, file=out), Console(emoji=False, file=out), standard_input=log
    )
    assert code == 0
    assert "That recipient does not exist" in out.getvalue()


async def test_support_copies_a_ticket_whose_lines_are_whole_however_narrow_the_window() -> None:
    ran = await run("explain", "--level", "support", TENANT, width=40)
    assert f"{COMMAND}\n" in ran.out.replace(" \n", "\n")
    assert "│" not in ran.out


REPORT = Path(__file__).parent.parent.parent / "explanations" / "reports" / "postfix.eml"


async def test_support_sees_what_the_report_tells_and_the_original_apart() -> None:
    ran = await run("explain", "--level", "support", "-", standard_input=REPORT.read_text(), width=200)
    told, _, original = ran.out.partition("Header of the message that could not be delivered")
    assert "About this text" in told
    assert "A delivery report" in told
    assert "Reported by: mail.example.org" in told
    assert "Recipient: bob@example.com" in told
    assert "Subject: 550 5.7.1 new offers, and why 421 is no error" in original
    assert "new offers" not in told


async def test_the_explanation_names_its_own_source() -> None:
    ran = await run("explain", "--level", "support", TENANT, width=200)
    assert "Seen: smtp 535 5.7.139" in ran.out
    assert "SmtpClientAuthentication is disabled for the Tenant" in ran.out
    assert "2026-11" in ran.out


async def test_json_carries_what_the_text_is_and_tells_beside_its_problems() -> None:
    ran = await run("explain", "--json", "-", standard_input=REPORT.read_text())
    assert (ran.json["kind"], ran.json["healthy"]) == ("report", False)
    assert ["recipient", "bob@example.com"] in ran.json["about"]
    assert ["To", "bob@example.com"] in ran.json["original"]


@pytest.mark.parametrize("level", ["plain", "it", "support"])
async def test_a_healthy_text_is_said_to_be_healthy(level: str) -> None:
    ran = await run("explain", "--level", level, "250 2.0.0 Ok: queued as 4F1C2")
    assert ran.code == 0
    assert "Nothing went wrong here" in ran.out


async def test_a_healthy_text_has_no_matches_in_json() -> None:
    ran = await run("explain", "--json", "250 2.0.0 Ok: queued as 4F1C2")
    assert (ran.code, ran.json["matches"], ran.json["healthy"]) == (0, [], True)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("x" * (LONGEST + 5), "longer than 2 million characters"),
        ("PK\x03\x04\x14", "sendwright open FILE"),
        ("%PDF-1.7", "This is not text"),
        ("\x00\x01\x02" * 50, "This is not text"),
    ],
    ids=["too-long", "archive", "document", "binary"],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
async def test_what_cannot_be_read_is_refused_in_a_sentence(pasted: str, sentence: str, form: list[str]) -> None:
    ran = await run("explain", *form, "-", standard_input=pasted, width=200)
    assert ran.code == 2
    assert sentence in ran.out
    assert ran.data == ""


async def test_endless_input_is_read_no_further_than_needed() -> None:
    asked: list[int] = []

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            return b"5" * size

    stream = cast("TextIO", SimpleNamespace(buffer=Endless()))
    out = io.StringIO()
    assert (
        await explain.run(
            parse("explain", "-"), Console(emoji=False, file=out), Console(emoji=False, file=out), standard_input=stream
        )
        == 2
    )
    assert asked == [LONGEST + 1]


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
@pytest.mark.parametrize("level", ["plain", "it", "support"])
async def test_every_level_speaks_every_language(language: str, level: str) -> None:
    with speaking(language):
        ran = await run("explain", "--level", level, "-", standard_input=REPORT.read_text())
    assert ran.code == 0
    assert len(ran.out.split()) > 20


@pytest.mark.parametrize("level", ["plain", "it", "support"])
@settings(max_examples=30)
@given(pasted=st.text())
async def test_no_text_breaks_it(level: str, pasted: str) -> None:
    ran = await run("explain", "--level", level, "-", standard_input=f"550 {pasted}")
    assert ran.code in {0, 1, 2}
    assert ran.out


@settings(max_examples=50)
@given(pasted=st.text(st.characters(exclude_categories=("Cc",))))
async def test_no_text_breaks_the_json(pasted: str) -> None:
    ran = await run("explain", "--json", "-", standard_input=f"535 {pasted}")
    assert ran.json["matches"]
