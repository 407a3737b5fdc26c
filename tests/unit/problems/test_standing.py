"""Of every problem it is said whether it may pass by itself, and on whose side it lies."""

from pathlib import Path

import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load, read
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Finality, Owner, Side
from sendwright.texts import LANGUAGES, speaking, text


def smtp(reply: int | None, enhanced: str | None = None, *, stage: str = "recipient") -> Evidence:
    return Evidence(stage=stage, system=System.SMTP, reply=reply, enhanced=enhanced)


@pytest.mark.parametrize(
    ("evidence", "code", "finality", "side"),
    [
        (smtp(452, "4.2.2"), "recipient-mailbox-full", Finality.DEFERRED, Side.THEIRS),
        (smtp(552, "5.2.2"), "recipient-mailbox-full", Finality.FINAL, Side.THEIRS),
        (smtp(550, "5.1.1"), "recipient-unknown", Finality.FINAL, Side.OURS),
        (smtp(451, "4.7.1"), "greylisted", Finality.DEFERRED, Side.THEIRS),
        (smtp(535, "5.7.8", stage="sign-in"), "auth-wrong-credentials", Finality.FINAL, Side.OURS),
        (
            Evidence(stage="connect", system=System.SOCKET, errno="ECONNREFUSED"),
            "connection-refused",
            Finality.DEFERRED,
            Side.OURS,
        ),
        (smtp(None, "4.2.2"), "recipient-mailbox-full", Finality.DEFERRED, Side.THEIRS),
        (
            Evidence(stage="secure", system=System.TLS, verify=10),
            "tls-certificate-expired",
            Finality.FINAL,
            Side.OURS,
        ),
        (smtp(599), "unrecognised", Finality.FINAL, Side.UNKNOWN),
        (Evidence(stage="", system=System.SMTP, text="hm"), "unrecognised", Finality.UNKNOWN, Side.UNKNOWN),
    ],
)
def test_the_reply_says_whether_it_may_pass_and_the_dictionary_whose_it_is(
    evidence: Evidence, code: str, finality: Finality, side: Side
) -> None:
    problem = classify(evidence)
    assert (problem.code, problem.finality, problem.side) == (code, finality, side)
    explained = explain(problem)
    assert (explained.finality, explained.side) == (finality, side)
    assert explained.standing == text(f"explanation.standing.{finality}.{side}")


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (smtp(550, "5.2.121"), "sent again later it may pass"),
        (smtp(450, "4.2.1"), "It may pass by itself"),
        (smtp(550, "5.1.1"), "It stays until somebody acts"),
    ],
)
def test_what_was_refused_for_good_may_pass_when_it_is_sent_again(evidence: Evidence, said: str) -> None:
    assert said in explain(classify(evidence)).standing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standing_has_a_sentence_of_its_own(language: str) -> None:
    with speaking(language):
        sentences = {text(f"explanation.standing.{finality}.{side}") for finality in Finality for side in Side}
    assert len(sentences) == len(Finality) * len(Side)


def test_what_the_recipient_has_to_mend_is_never_called_our_fault() -> None:
    for code, entry in load().definitions.items():
        if entry.owner is Owner.RECIPIENT:
            assert entry.side in {None, Side.THEIRS}, code


DICTIONARY = """
checked = "2026-11-20"

[[problem]]
code = "unrecognised"
owner = "you"
side = "unknown"
retry = "after-fix"
source = "nothing"
verify_with = "usual {host}"

[[rule]]
problem = "unrecognised"
system = "smtp"
replies = [550]
owner = "recipient"
samples = [{reply = "550 x", source = "s"}]

[[rule]]
problem = "unrecognised"
system = "smtp"
replies = [551]
side = "theirs"
verify_with = "special"
samples = [{reply = "551 x", source = "s"}]
"""


@pytest.mark.parametrize(
    ("reply", "side", "verify_with"),
    [(550, Side.THEIRS, "usual {host}"), (551, Side.THEIRS, "special"), (552, Side.UNKNOWN, "usual {host}")],
)
def test_a_rule_that_names_another_owner_or_side_counts_more(
    tmp_path: Path, reply: int, side: Side, verify_with: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(DICTIONARY)
    problem = classify(smtp(reply), dictionary=read([file]))
    assert (problem.side, problem.verify_with) == (side, verify_with)
    assert (problem.fact, problem.checked) == ("nothing", "2026-11-20")


def test_the_command_that_verifies_holds_only_what_is_safe_in_a_command() -> None:
    problem = classify(
        Evidence(
            stage="sign-in",
            system=System.SMTP,
            condition="smtp-auth-disabled-for-mailbox",
            values={"username": "anna@contoso.com"},
        )
    )
    verified = explain(problem).verify
    assert (
        verified.command == "Get-CASMailbox -Identity 'anna@contoso.com' | Format-List SmtpClientAuthenticationDisabled"
    )
    assert verified.text == text("problems.smtp-auth-disabled-for-mailbox.verify")
    hostile = classify(
        Evidence(
            stage="sign-in",
            system=System.SMTP,
            condition="smtp-auth-disabled-for-mailbox",
            values={"username": "x'; Remove-Mailbox '"},
        )
    )
    assert "Remove-Mailbox" not in explain(hostile).verify.command


def test_where_a_problem_has_no_words_of_its_own_the_usual_way_to_verify_is_told() -> None:
    assert explain(classify(smtp(451, "4.7.1"))).verify.text == text("explanation.verify.deferred")
    assert explain(classify(smtp(599))).verify.text == text("explanation.verify.final")
