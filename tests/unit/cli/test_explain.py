"""`sendwright explain`: any code or reply, for three kinds of readers and for scripts."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from tests.unit.cli.doctoring import parse, run

from sendwright.cli import explain
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
    assert COMMAND not in ran.out


async def test_it_gets_the_command() -> None:
    ran = await run("explain", "--level", "it", TENANT)
    assert COMMAND in ran.out
    assert "https://aka.ms/smtp_auth_disabled" in ran.out
    assert "Seen: smtp" not in ran.out


async def test_support_gets_what_a_ticket_needs() -> None:
    ran = await run("explain", "--level", "support", TENANT, width=200)
    assert "Problem: smtp-auth-disabled-for-tenant" in ran.out
    assert "Seen: smtp 535 5.7.139" in ran.out


async def test_words_need_no_quotes() -> None:
    ran = await run("explain", "550", "5.1.1", "User", "unknown")
    assert "That recipient does not exist" in ran.out


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
    code = await explain.run(parse("explain", "-"), Console(file=out), Console(file=out), standard_input=log)
    assert code == 0
    assert "That recipient does not exist" in out.getvalue()


@pytest.mark.parametrize("level", ["plain", "it", "support"])
@given(pasted=st.text())
async def test_no_text_breaks_it(level: str, pasted: str) -> None:
    ran = await run("explain", "--level", level, "-", standard_input=f"550 {pasted}")
    assert ran.code in {0, 1}


@given(pasted=st.text())
async def test_no_text_breaks_the_json(pasted: str) -> None:
    ran = await run("explain", "--json", "-", standard_input=f"535 {pasted}")
    assert ran.json["matches"]
