"""Every problem is explained in every language, and never half in English."""

from collections.abc import Mapping

import pytest

from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import UNKNOWN, explain
from sendwright.problems.problem import Owner, Problem
from sendwright.problems.ticket import ticket
from sendwright.texts import LANGUAGES, placeholders, speaking, text

ENGLISH = "en"
OTHERS = tuple(language for language in LANGUAGES if language != ENGLISH)


def problem(code: str, values: Mapping[str, str]) -> Problem:
    definition = load().definitions[code]
    return Problem(
        code=code,
        owner=definition.owner,
        retry=definition.retry,
        confidence=definition.confidence,
        evidence=Evidence(stage="sign-in", system=System.SMTP, values=dict(values)),
        remedies=definition.remedies,
        values=dict(values),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(load().definitions))
def test_every_problem_is_explained(code: str, language: str) -> None:
    with speaking(language):
        wanted = placeholders(f"problems.{code}.what")
        bare = explain(problem(code, {}))
        full = explain(problem(code, {name: f"value-of-{name}" for name in (*wanted, "client_id")}))
        assert ticket(problem(code, {}))
        assert text(f"owners.{bare.owner}.name")
    for sentence in (bare.title, bare.what, *bare.why, full.title, full.what, *full.why):
        assert "{" not in sentence
        assert sentence[0] == UNKNOWN or sentence[0].isupper() or sentence.startswith("value-of-"), sentence
    for name in wanted:
        assert f"value-of-{name}" in full.what
    assert len(full.remedies) == len(load().definitions[code].remedies)
    assert len(bare.remedies) <= len(full.remedies)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("code", sorted(load().definitions))
def test_no_part_of_an_explanation_falls_back_to_english(code: str, language: str) -> None:
    with speaking(ENGLISH):
        english = explain(problem(code, {}))
    with speaking(language):
        other = explain(problem(code, {}))
    assert other.title != english.title
    assert other.what != english.what
    assert not set(other.why) & set(english.why)
    assert not {remedy.label for remedy in other.remedies} & {remedy.label for remedy in english.remedies}


@pytest.mark.parametrize("language", OTHERS)
def test_every_owner_is_named(language: str) -> None:
    for owner in Owner:
        with speaking(ENGLISH):
            english = text(f"owners.{owner}.name"), text(f"owners.{owner}.who")
        with speaking(language):
            assert text(f"owners.{owner}.name") != english[0]
            assert text(f"owners.{owner}.who") != english[1]
