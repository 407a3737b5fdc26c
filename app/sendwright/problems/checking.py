"""Proves that the dictionary means what it says: every rule is the one that recognises its own samples."""

from collections.abc import Iterator

import msgspec

from sendwright.problems.dictionary import Dictionary
from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Retry
from sendwright.problems.reading import read_reply
from sendwright.problems.rule import Rule, Sample, normalise

_AUTOMATIC = {Retry.NOW, Retry.LATER}


def evidence_of(rule: Rule, sample: Sample) -> Evidence:
    """Return what an adapter would have seen of `sample`."""
    reply = read_reply(sample.reply)
    return Evidence(
        stage=sample.stage or (rule.stages[0] if rule.stages else ""),
        system=rule.system,
        condition=sample.condition,
        reply=reply.code if reply else None,
        enhanced=reply.enhanced if reply else sample.enhanced,
        verify=sample.verify,
        errno=sample.errno,
        error=sample.error,
        number=sample.number,
        http=sample.http,
        reason=sample.reason,
        text=reply.text if reply else sample.reply,
        values={"mechanism": sample.mechanism} if sample.mechanism else {},
        perhaps_sent=sample.perhaps_sent,
    )


def complaints(dictionary: Dictionary) -> Iterator[str]:
    """Yield what is wrong: a rule that misses or loses its sample, words that decide too much."""
    for rules in dictionary.rules.values():
        for rule in rules:
            for sample in rule.samples:
                evidence = evidence_of(rule, sample)
                shown = f"{rule.problem}: {sample.reply or evidence.code} at {evidence.stage or 'any stage'}"
                yield from (f"{shown}: {why}" for why in _wrong(dictionary, rule, evidence))


def _wrong(dictionary: Dictionary, rule: Rule, evidence: Evidence) -> Iterator[str]:
    said = normalise(evidence.text)
    if not rule.matches(evidence, said):
        yield "the rule misses its own sample"
        return
    weight = rule.weight(evidence, said)
    for other in dictionary.rules[rule.system]:
        if other is rule or not other.matches(evidence, said):
            continue
        if other.weight(evidence, said) > weight:
            yield f"lost to {other.problem} {other.words or other.enhanced or other.replies}"
        elif other.weight(evidence, said) == weight:
            yield f"ties with {other.problem} {other.words or other.enhanced or other.replies}"
    if rule.words and _automatic(dictionary, evidence) != _automatic(dictionary, _silenced(evidence)):
        yield "words decide whether to try again; only codes may"


def _silenced(evidence: Evidence) -> Evidence:
    return msgspec.structs.replace(evidence, text="")


def _automatic(dictionary: Dictionary, evidence: Evidence) -> bool:
    entry = dictionary.find(evidence)
    retry = entry.rule.retry if entry.rule and entry.rule.retry else entry.definition.retry
    return retry in _AUTOMATIC
