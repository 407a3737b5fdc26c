"""Finds the few rules that can match a failure without trying them all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from sendwright.problems.enhanced import EnhancedPattern, split
from sendwright.problems.evidence import Evidence
from sendwright.problems.rule import NO_CODE, Rule

_WIDEST_RANGE = 300
_Key = tuple[str, object]
_Entry = tuple[int, Rule]


@dataclass(frozen=True, kw_only=True)
class RuleIndex:
    """Rules by what they cannot match without, in their own order."""

    entries: Mapping[_Key, tuple[_Entry, ...]]

    def candidates(self, evidence: Evidence) -> Iterator[Rule]:
        """Yield every rule that may match `evidence`, in the order of the files; most others are left out."""
        keys = _keys_of_evidence(evidence)
        found = sorted(chain.from_iterable(self.entries.get(key, ()) for key in keys), key=_position)
        return (rule for _, rule in found)


def index(rules: Iterable[Rule]) -> RuleIndex:
    """Return the index of `rules`. Raises enhanced.InvalidPattern."""
    entries: defaultdict[_Key, list[_Entry]] = defaultdict(list)
    for position, rule in enumerate(rules):
        for key in dict.fromkeys(_keys_of_rule(rule)):
            entries[key].append((position, rule))
    return RuleIndex(entries={key: tuple(found) for key, found in entries.items()})


def _position(entry: _Entry) -> int:
    return entry[0]


def _keys_of_evidence(evidence: Evidence) -> Iterator[_Key]:
    yield ("any", None)
    named = ("number", "reason", "error", "errno", "verify", "condition", "http", "reply")
    for name in named:
        value = getattr(evidence, name)
        if value is not None:
            yield (name, value)
    parts = split(evidence.enhanced)
    if parts is None:
        yield ("enhanced", NO_CODE)
    else:
        _, subject, detail = parts
        yield ("enhanced", (subject, detail))
        yield ("subject", subject)


def _keys_of_rule(rule: Rule) -> Iterable[_Key]:
    """Return keys of which one fits whatever the rule matches: those of its sharpest constraint."""
    named: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("number", rule.numbers),
        ("reason", rule.reasons),
        ("errno", rule.errnos),
        ("verify", rule.verify),
        ("condition", rule.conditions),
        ("error", rule.errors),
        ("http", rule.http),
    )
    for name, values in named:
        if values:
            return [(name, value) for value in values]
    keys = [key for pattern in rule.patterns for key in _keys_of_pattern(pattern)]
    if rule.enhanced and ("any", None) not in keys:
        return [*keys, ("enhanced", NO_CODE)] if NO_CODE in rule.enhanced else keys
    return [("reply", reply) for reply in rule.replies] or [("any", None)]


def _keys_of_pattern(pattern: EnhancedPattern) -> list[_Key]:
    subject, detail = pattern.subject, pattern.detail
    if subject[0] != subject[1]:
        return [("any", None)]
    if detail[1] - detail[0] > _WIDEST_RANGE:
        return [("subject", subject[0])]
    return [("enhanced", (subject[0], number)) for number in range(detail[0], detail[1] + 1)]
