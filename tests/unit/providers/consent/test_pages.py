"""Stops, pasted words and pages to pass on, as every provider that signs in has them."""

import pytest
from tests.unit.providers.doubles import Reported

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Command, Mail, Paragraph, QrCode
from sendwright.errors import VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.providers.consent.asking import Asking, waiting_document
from sendwright.providers.consent.pasted import LONGEST, clean_words, pasted_words, seen_in, words_form
from sendwright.providers.consent.stopping import as_stage, stop_of
from sendwright.screens import Action, FieldKind, Halted, Rejected

SEEN = Evidence(stage="sign-in", system=System.GOOGLE, error="access_denied")
WAY_ON = Action(name="on", label="wizard.continue")
AREAS = ["gmail.shown", "microsoft365.shown"]


@pytest.mark.parametrize(
    ("failure", "code"),
    [(Failure(SEEN), "google-sign-in-cancelled"), (VaultUnavailable("locked"), None)],
)
def test_a_stop_is_named_and_keeps_ways_on_and_state(failure: Failure | VaultUnavailable, code: str | None) -> None:
    stop = stop_of(failure, classify, actions=(WAY_ON,), after="the state")
    assert (stop.actions, stop.state) == ((WAY_ON,), "the state")
    if code is None:
        assert (stop.problem.evidence.system, stop.problem.evidence.condition) == (System.KEYCHAIN, "locked")
    else:
        assert stop.problem.code == code


async def test_work_is_a_stage_and_its_failure_a_stop_with_a_cause() -> None:
    async def fine() -> int:
        return 7

    async def broken() -> int:
        raise Failure(SEEN)

    progress = Reported()
    assert await as_stage("one", fine(), progress, classify) == 7
    with pytest.raises(Halted) as halted:
        await as_stage("two", broken(), progress, classify, actions=(WAY_ON,))
    assert halted.value.actions == (WAY_ON,)
    assert isinstance(halted.value.__cause__, Failure)
    assert [(one.id, one.verdict) for one in progress.results] == [("one", Verdict.PASSED), ("two", Verdict.FAILED)]
    assert all(one.took_ms is not None and one.took_ms >= 0 for one in progress.results)


@pytest.mark.parametrize("texts", AREAS)
def test_the_form_has_one_field_for_everything(texts: str) -> None:
    form = words_form("a-step", texts=texts, words="typed", actions=(WAY_ON,))
    assert (form.step, form.title, form.actions) == ("a-step", f"{texts}.title", (WAY_ON,))
    assert [(field.name, field.kind, field.value) for field in form.fields] == [("words", FieldKind.LINES, "typed")]


@pytest.mark.parametrize("answer", [{}, {"words": ""}, {"words": " \n\t"}])
def test_nothing_pasted_is_refused(answer: dict[str, str]) -> None:
    with pytest.raises(Rejected) as rejected:
        pasted_words(answer, texts="gmail.shown")
    assert rejected.value.fields == {"words": "gmail.shown.words-missing"}
    assert pasted_words({"words": " x "}, texts="gmail.shown") == " x "


def test_words_are_kept_short_and_clean() -> None:
    assert len(clean_words("x " * LONGEST)) <= LONGEST
    assert "hunter2" not in clean_words("password=hunter2")
    assert clean_words("  Error 400 ") == "Error 400"


def test_what_nobody_recognises_stays_unknown_with_its_words() -> None:
    unknown = seen_in(" Oops ", lambda _: None, System.GOOGLE)
    assert (unknown.system, unknown.text) == (System.GOOGLE, "Oops")
    assert seen_in("x", lambda _: SEEN, System.GOOGLE) is SEEN


@pytest.mark.parametrize("area", ["gmail.handover", "microsoft365.handover"])
def test_what_is_passed_on_comes_in_three_forms(area: str) -> None:
    fact = Command(label="Id", value="123")
    page = waiting_document(
        Asking(
            id="waiting",
            texts=area,
            intro="Pass it on.",
            link="https://admin.example.org/",
            subject="Please",
            body=("Hello,", "thank you"),
            watch="Nobody can see it.",
            facts=(fact,),
        )
    )
    first, second, link, mail, code, last = page.blocks
    assert isinstance(first, Paragraph)
    assert isinstance(last, Paragraph)
    assert (first.text, last.text) == ("Pass it on.", "Nobody can see it.")
    assert second == fact
    assert isinstance(link, Command)
    assert isinstance(mail, Mail)
    assert isinstance(code, QrCode)
    assert link.value == code.value == "https://admin.example.org/"
    assert (mail.subject, mail.body) == ("Please", "Hello,\n\nthank you")
