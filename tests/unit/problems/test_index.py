"""The index leaves out only rules that cannot match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.index import index
from sendwright.problems.rule import Rule, normalise

RULES = [rule for rules in load().rules.values() for rule in rules]
SMTP = load().rules[System.SMTP]


def _of(*names: str) -> st.SearchStrategy[object]:
    """Values that the rules name in one of their lists, or none."""
    known = sorted({value for rule in RULES for name in names for value in getattr(rule, name)}, key=str)
    return st.sampled_from([None, *known])


EVIDENCE = st.builds(
    Evidence,
    stage=st.sampled_from(["", *sorted({stage for rule in RULES for stage in rule.stages})]),
    system=st.sampled_from(System),
    condition=_of("conditions"),
    reply=st.one_of(_of("replies"), st.integers(400, 599)),
    enhanced=st.one_of(st.none(), st.from_regex(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True)),
    verify=_of("verify"),
    errno=_of("errnos"),
    error=_of("errors"),
    number=_of("numbers"),
    http=_of("http"),
    reason=_of("reasons"),
    text=st.sampled_from(["", *(words for rule in RULES for words in rule.words)]),
    perhaps_sent=st.booleans(),
)


@given(EVIDENCE)
def test_it_finds_what_trying_every_rule_finds_and_in_the_same_order(evidence: Evidence) -> None:
    said = normalise(evidence.text)
    slowly = [rule for rule in load().rules[evidence.system] if rule.matches(evidence, said)]
    assert [entry.rule for entry in load().fitting(evidence)] == slowly


@pytest.mark.parametrize("system", System)
def test_every_rule_stands_in_it(system: System) -> None:
    rules = load().rules[system]
    held = {id(rule) for found in index(rules).entries.values() for _, rule in found}
    assert held == {id(rule) for rule in rules}


@pytest.mark.parametrize(
    ("enhanced", "seen", "found"),
    [
        (("5.7.8",), "5.7.8", True),
        (("5.7.8",), "5.7.9", False),
        (("5.7.8",), None, False),
        (("-",), None, True),
        (("-", "5.7.8"), "5.7.8", True),
        (("x.7.1-3",), "4.7.2", True),
        (("x.7.1-3",), "4.7.4", False),
        (("5.7.*",), "5.7.999", True),
        (("5.*.1",), "5.0.1", True),
    ],
)
def test_a_pattern_is_found_by_the_codes_it_stands_for(
    enhanced: tuple[str, ...], seen: str | None, found: bool
) -> None:
    rule = Rule(problem="x", system=System.SMTP, samples=(), enhanced=enhanced)
    evidence = Evidence(stage="", system=System.SMTP, reply=550, enhanced=seen)
    assert (rule in index([rule]).candidates(evidence)) is found


def test_few_rules_are_tried_for_a_refusal() -> None:
    evidence = Evidence(stage="", system=System.SMTP, reply=535, enhanced="5.7.8")
    tried = list(index(SMTP).candidates(evidence))
    assert 0 < len(tried) < len(SMTP) / 2
