"""Cards and stage lines read well on a narrow, colourless terminal, and hold whatever a server said."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from sendwright.cli.render import problem_card, stage_label, stage_line
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import Explanation, Fact, RemedyText, Source, Verification, explain
from sendwright.texts import speaking, text


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def _drawn(part: RenderableType, *, width: int = 80, colour: bool = False) -> str:
    out = io.StringIO()
    Console(
        emoji=False, file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None
    ).print(part)
    return out.getvalue()


def _explanation(*remedies: RemedyText, **fields: object) -> Explanation:
    usual: dict[str, object] = {
        "code": "unrecognised",
        "title": "A title",
        "what": "What happened.",
        "why": ("A reason.",),
        "owner": "nobody",
        "retry": "later",
        "confidence": "likely",
        "remedies": remedies,
        "source": Source("smtp", "550", "No."),
        "learn_more": "",
        "finality": "final",
        "side": "ours",
        "standing": "It stays so.",
        "verify": Verification("Try it again."),
        "fact": Fact("", ""),
    }
    return Explanation(**{**usual, **fields})  # type: ignore[arg-type]  # each test names what it changes


def _of(code: str) -> Explanation:
    return explain(classify(Evidence(stage="submit", system=System.SMTP, condition=code)))


@pytest.mark.parametrize(
    ("verdict", "mark", "word"),
    [
        (Verdict.PASSED, "✓", "fine"),
        (Verdict.FAILED, "✗", "problem"),
        (Verdict.NOT_REACHED, "·", "not reached"),
    ],
)
def test_a_line_has_a_sign_and_a_word(verdict: Verdict, mark: str, word: str) -> None:
    drawn = _drawn(stage_line(StageResult(id="sign-in", verdict=verdict, took_ms=12.4)))
    assert drawn.startswith(f"{mark} Sign in")
    assert word in drawn
    assert ("12 ms" in drawn) == (verdict is not Verdict.NOT_REACHED)


def test_a_failed_line_names_the_problem() -> None:
    problem = classify(Evidence(stage="sign-in", system=System.SMTP, reply=535))
    drawn = _drawn(stage_line(StageResult(id="sign-in", verdict=Verdict.FAILED, problem=problem)))
    assert "auth-wrong-credentials" in drawn


@pytest.mark.parametrize(
    ("stage", "evidence", "shown"),
    [
        ("resolve", {"addresses": ["192.0.2.1", "2001:db8::1"]}, "192.0.2.1, 2001:db8::1"),
        ("connect", {"address": "192.0.2.1"}, "192.0.2.1"),
        ("greet", {"greeting": "mail.example.org\tESMTP"}, "mail.example.org ESMTP"),
        ("secure", {"version": "TLSv1.3", "cipher": "AES"}, "TLSv1.3, AES"),
        ("sign-in", {"mechanism": "PLAIN"}, "PLAIN"),
        ("submit", {"reply": "250 Ok"}, "250 Ok"),
        ("mailbox", {"anything": 1}, ""),
    ],
)
def test_a_line_shows_what_was_seen(stage: str, evidence: dict[str, object], shown: str) -> None:
    drawn = _drawn(stage_line(StageResult(id=stage, verdict=Verdict.PASSED, evidence=evidence)))
    assert shown in drawn


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("stage", SMTP_STAGES)
def test_a_line_is_one_line(width: int, stage: str) -> None:
    evidence: dict[str, object] = {"greeting": "x" * 500, "address": "y" * 500, "addresses": ["z" * 500]}
    drawn = _drawn(stage_line(StageResult(id=stage, verdict=Verdict.PASSED, evidence=evidence)), width=width)
    assert drawn.count("\n") == 1
    assert len(drawn.rstrip("\n")) <= width


def test_a_stage_without_a_name_is_called_by_its_id() -> None:
    assert stage_label("of-tomorrow") == "of-tomorrow"
    assert stage_label("secure") == "Encrypt the conversation"


@pytest.mark.parametrize("code", sorted(load().definitions))
def test_every_problem_makes_a_card_that_fits_eighty_columns(code: str) -> None:
    drawn = _drawn(problem_card(_of(code)))
    assert max(len(line) for line in drawn.splitlines()) <= 80
    assert code in drawn
    assert text("card.who") in drawn


def test_a_card_stands_in_the_order_in_which_people_ask() -> None:
    drawn = _drawn(problem_card(_of("auth-wrong-credentials")))
    order = ["✗", "knows no such combination", "Why, most likely first", "Who has to act", "What to do", "certain"]
    places = [drawn.index(part) for part in order]
    assert places == sorted(places)


def test_a_warning_is_marked_as_one() -> None:
    assert "! One of two ways" in _drawn(problem_card(_of("ipv6-unreachable"), verdict=Verdict.WARNING))


def test_each_kind_of_remedy_says_what_to_do() -> None:
    drawn = _drawn(
        problem_card(
            _explanation(
                RemedyText("copy", "Run this", "Set-Thing -Now"),
                RemedyText("open", "Open that", "https://example.org/x"),
                RemedyText("change", "Change the port", "port", "465"),
                RemedyText("change", "Check the host", "host"),
                RemedyText("wait", "Wait", "300"),
                RemedyText("retry", "Try again", ""),
            )
        )
    )
    for words in (
        "Run this:",
        "Set-Thing -Now",
        "Open that:",
        "https://example.org/x",
        "Change the port: 465",
        "Check the host",
        "Wait (300 seconds)",
        "Try again",
    ):
        assert words in drawn, words
    assert "host:" not in drawn


def test_our_own_name_is_not_called_the_exact_words() -> None:
    seen = Evidence(stage="greet", system=System.SMTP, condition="wrong-security-mode")
    assert "The exact words" not in _drawn(problem_card(explain(classify(seen))))
    assert "The exact words" in _drawn(problem_card(_explanation()))


def test_a_page_to_read_on_is_named() -> None:
    drawn = _drawn(problem_card(_explanation(learn_more="https://example.org/more")))
    assert "More about it: https://example.org/more" in drawn
    assert "More about it" not in _drawn(problem_card(_explanation()))


def test_colour_adds_nothing_that_the_words_do_not_say() -> None:
    part = problem_card(_of("auth-wrong-credentials"))
    coloured = _drawn(part, colour=True)
    assert "\x1b[" in coloured
    assert "✗" in coloured


@given(said=st.text(), title=st.text(max_size=60), value=st.text(max_size=60))
def test_no_words_of_a_server_break_a_card(said: str, title: str, value: str) -> None:
    explanation = _explanation(
        RemedyText("copy", title, value), title=title, what=said, why=(said,), source=Source("smtp", "550", said)
    )
    assert "unrecognised" in _drawn(problem_card(explanation))


@given(greeting=st.text())
def test_no_greeting_breaks_a_line(greeting: str) -> None:
    result = StageResult(id="greet", verdict=Verdict.PASSED, evidence={"greeting": greeting})
    assert _drawn(stage_line(result)).startswith("✓ Say hello")
