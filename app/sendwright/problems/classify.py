"""Gives a failure its name."""

from math import ceil

from sendwright.problems.dictionary import Dictionary, Entry, load
from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Owner, Problem, Side
from sendwright.problems.rule import Definition, Rule

_SECONDS_OF_A_MINUTE = 60
_LONGEST_WAIT_S = 7 * 24 * 60 * 60
_SIDE_OF_OWNER = {Owner.RECIPIENT: Side.THEIRS, Owner.NOBODY: Side.UNKNOWN}
_OTHER_SECURITY = {"tls": "starttls", "starttls": "tls"}
_DOMAINS = {"domain": "sender", "recipient_domain": "recipient"}


def classify(evidence: Evidence, *, dictionary: Dictionary | None = None) -> Problem:
    """Return the problem that `evidence` shows; the last resort is `unrecognised`. Never raises."""
    return problem_of((dictionary or load()).find(evidence), evidence)


def problem_of(entry: Entry, evidence: Evidence) -> Problem:
    """Return the problem that `evidence` shows where `entry` explains it."""
    definition, rule = entry.definition, entry.rule
    remedies = rule.remedies if rule and rule.remedies is not None else definition.remedies
    learn_more = rule.learn_more if rule and rule.learn_more is not None else definition.learn_more
    return Problem(
        code=definition.code,
        owner=_owner(entry, evidence),
        retry=(rule and rule.retry) or definition.retry,
        confidence=(rule and rule.confidence) or definition.confidence,
        evidence=evidence,
        remedies=remedies,
        values={**_derived(evidence, definition.wait_s), **evidence.values},
        learn_more=learn_more,
        side=_side(definition, rule),
        verify_with=rule.verify_with if rule and rule.verify_with is not None else definition.verify_with,
        fact=definition.source,
        checked=definition.checked,
    )


def _owner(entry: Entry, evidence: Evidence) -> Owner:
    """Return who has to act: what the rule says, and what holds for a registration of the organisation's own."""
    definition, rule = entry.definition, entry.rule
    if rule is not None and rule.owner is not None:
        return rule.owner
    if definition.for_own is not None and evidence.values.get("registration") == "own":
        return definition.for_own
    return definition.owner


def _side(definition: Definition, rule: Rule | None) -> Side:
    """Return what is stated most closely; else the owner tells, for nobody acts for the other side."""
    if rule is not None and rule.side is not None:
        return rule.side
    if rule is None or rule.owner is None or rule.owner is definition.owner:
        return definition.side or _SIDE_OF_OWNER.get(definition.owner, Side.OURS)
    return _SIDE_OF_OWNER.get(rule.owner, Side.OURS)


def _derived(evidence: Evidence, usual_wait_s: int) -> dict[str, str]:
    """Return the values that follow from what was seen: the code, how long to wait, what to change it to."""
    values = {"code": evidence.code, "stage": evidence.stage}
    if evidence.number is not None:
        values["number"] = str(evidence.number)
    asked_s = evidence.retry_after_s or 0
    wait_s = asked_s if 0 < asked_s <= _LONGEST_WAIT_S else usual_wait_s
    if wait_s > 0:
        values["wait_s"] = str(ceil(wait_s))
        values["wait_minutes"] = str(ceil(wait_s / _SECONDS_OF_A_MINUTE))
    security = _OTHER_SECURITY.get(evidence.values.get("security", ""))
    if security is not None:
        values["other_security"] = security
    for name, whose in _DOMAINS.items():
        domain = evidence.values.get(whose, "").rpartition("@")[2]
        if domain:
            values[name] = domain
    name = _first_usable(evidence.values.get("names", ""))
    if name:
        values["other_host"] = name
    return values


def _first_usable(names: str) -> str:
    """Return the first name of a certificate that is a host and no wildcard."""
    return next((name for name in names.replace(",", " ").split() if "*" not in name), "")
