"""Loads the problem dictionary, which is data, and finds the entry that explains a failure best."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import msgspec

from sendwright import resources
from sendwright.errors import SendwrightError
from sendwright.problems.enhanced import InvalidPattern
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.index import RuleIndex, index
from sendwright.problems.problem import Owner, Remedy, RemedyKind, Retry
from sendwright.problems.rule import Definition, Rule, Unknown, normalise

UNRECOGNISED = "unrecognised"

WEIGHT_OF_NAME = (32, 0)
"""An observation that is called like a problem weighs as much as a rule for it."""

_AUTOMATIC = {Retry.NOW, Retry.LATER}
_DATE = re.compile(r"20[0-9]{2}-[01][0-9](?:-[0-3][0-9])?")
_TEMPORARY, _PERMANENT = 4, 5


class DictionaryInvalid(SendwrightError):
    """A file of the dictionary cannot be used; the text names it and says why."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    checked: str
    problem: tuple[Definition, ...] = ()
    rule: tuple[Rule, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What explains a failure: the problem, and the rule that recognised it, None where its own name did.

    weight: how much was recognised; more is better.
    """

    definition: Definition
    rule: Rule | None
    weight: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class Dictionary:
    """All problems by code and all rules by the system whose failures they recognise.

    unknown: the entry for `unrecognised` as it is for systems of which we know whom to ask.
    """

    definitions: Mapping[str, Definition]
    rules: Mapping[System, tuple[Rule, ...]]
    unknown: Mapping[System, Definition] = field(default_factory=dict)

    def find(self, evidence: Evidence) -> Entry:
        """Return the entry that explains `evidence`: the heaviest rule, or else the name we observed it by.

        The last resort is the entry for `unrecognised`, so there always is one.
        """
        return self.choose(evidence, self.fitting(evidence))

    def fitting(self, evidence: Evidence) -> tuple[Entry, ...]:
        """Return the entries of all rules that match `evidence`, in their own order."""
        said = normalise(evidence.text)
        rules = self._index[evidence.system].candidates(evidence) if evidence.system in self._index else ()
        return tuple(
            Entry(definition=self.definitions[rule.problem], rule=rule, weight=rule.weight(evidence, said))
            for rule in rules
            if rule.matches(evidence, said)
        )

    def choose(self, evidence: Evidence, fitting: Iterable[Entry]) -> Entry:
        """Return what explains `evidence` best among the entries that match it (see `find`)."""
        best = max(fitting, key=lambda entry: entry.weight, default=None)
        named = self._named(evidence)
        if named is not None and (best is None or not (_decides(best) or best.definition.code == named.code)):
            return Entry(definition=named, rule=None, weight=WEIGHT_OF_NAME)
        return best or Entry(definition=self.unknown.get(evidence.system, self.definitions[UNRECOGNISED]), rule=None)

    @cached_property
    def _index(self) -> Mapping[System, RuleIndex]:
        return {system: index(rules) for system, rules in self.rules.items()}

    def _named(self, evidence: Evidence) -> Definition | None:
        names = (evidence.condition or "", evidence.reason or "")
        return next((self.definitions[name] for name in names if name in self.definitions), None)


def _decides(entry: Entry) -> bool:
    return entry.rule is not None and entry.rule.decides


@cache
def load() -> Dictionary:
    """Return the dictionary that belongs to the program. Raises DictionaryInvalid."""
    return read(sorted(resources.path("problems").glob("*.toml")))


def read(files: Iterable[Path]) -> Dictionary:
    """Return the dictionary of `files`. Raises DictionaryInvalid."""
    definitions: dict[str, Definition] = {}
    rules: list[Rule] = []
    unknown: dict[System, Unknown] = {}
    for file in files:
        try:
            content = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _File)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise DictionaryInvalid(f"{file.name}: {error}") from error
        for definition in content.problem:
            if definition.code in definitions:
                raise DictionaryInvalid(f"{file.name}: {definition.code} is defined twice")
            dated = msgspec.structs.replace(definition, checked=definition.checked or content.checked)
            definitions[definition.code] = dated
        rules += content.rule
        for entry in content.unknown:
            if entry.system in unknown:
                raise DictionaryInvalid(f"{file.name}: what is unknown of {entry.system} is said twice")
            _require_usable(f"unknown of {entry.system}", entry.remedies, entry.learn_more)
            unknown[entry.system] = entry
    if UNRECOGNISED not in definitions:
        raise DictionaryInvalid(f"{UNRECOGNISED} is not defined")
    for rule in rules:
        _require_sound(rule, definitions)
    for definition in definitions.values():
        _require_usable(definition.code, definition.remedies, definition.learn_more)
        _require_told(definition)
    return Dictionary(
        definitions=definitions,
        rules={system: tuple(rule for rule in rules if rule.system == system) for system in System},
        unknown={system: _told_by(entry, definitions[UNRECOGNISED]) for system, entry in unknown.items()},
    )


def _told_by(entry: Unknown, usual: Definition) -> Definition:
    return msgspec.structs.replace(
        usual, owner=entry.owner, source=entry.source, remedies=entry.remedies, learn_more=entry.learn_more
    )


def _require_sound(rule: Rule, definitions: Mapping[str, Definition]) -> None:
    definition = definitions.get(rule.problem)
    if definition is None:
        raise DictionaryInvalid(f"a rule names {rule.problem}, which is not defined")
    try:
        _ = rule.patterns
    except InvalidPattern as invalid:
        raise DictionaryInvalid(f"{rule.problem}: {invalid} is no pattern") from invalid
    if not rule.samples:
        raise DictionaryInvalid(f"{rule.problem}: a rule has no sample")
    if rule.words and not rule.has_code:
        raise DictionaryInvalid(f"{rule.problem}: words {rule.words} decide without a code")
    retry = rule.retry or definition.retry
    if _classes(rule) == {_TEMPORARY} and retry not in _AUTOMATIC:
        raise DictionaryInvalid(f"{rule.problem}: {rule.replies} ask for another try, the entry forbids it")
    if _PERMANENT in _classes(rule) and retry in _AUTOMATIC and (rule.words or not rule.enhanced):
        raise DictionaryInvalid(f"{rule.problem}: {rule.replies} refuse for good, the entry tries again")
    _require_usable(rule.problem, rule.remedies or (), rule.learn_more or "")


def _require_told(definition: Definition) -> None:
    if definition.owner is Owner.NOBODY and definition.side is None:
        raise DictionaryInvalid(f"{definition.code}: nobody acts, so on whose side it lies is to be said")
    if not _DATE.fullmatch(definition.checked):
        raise DictionaryInvalid(f"{definition.code}: {definition.checked} is no date (2026-11 or 2026-11-20)")


def _classes(rule: Rule) -> set[int]:
    """Return the first digits of the replies that the rule recognises, as far as it names them."""
    if rule.replies:
        return {reply // 100 for reply in rule.replies}
    if rule.reply_class is not None:
        return {rule.reply_class}
    return {digit for pattern in rule.patterns for digit in range(pattern.severity[0], pattern.severity[1] + 1)}


def _require_usable(code: str, remedies: Iterable[Remedy], learn_more: str) -> None:
    for remedy in remedies:
        if not remedy.value and remedy.kind is not RemedyKind.RETRY:
            raise DictionaryInvalid(f"{code}: the remedy {remedy.label} does nothing")
        if remedy.kind is RemedyKind.OPEN and not remedy.value.startswith("https://"):
            raise DictionaryInvalid(f"{code}: {remedy.value} is no https page")
    if learn_more and not learn_more.startswith("https://"):
        raise DictionaryInvalid(f"{code}: {learn_more} is no https page")
