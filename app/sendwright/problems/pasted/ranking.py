"""Says what clues mean, and which meaning comes first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from sendwright.problems.classify import problem_of
from sendwright.problems.dictionary import UNRECOGNISED, Dictionary, Entry
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.understood import Match
from sendwright.problems.problem import Confidence, Finality, Problem
from sendwright.problems.rule import UNKNOWN_STAGE

# Where a reply of its kind is most often given comes first: it decides between explanations of equal weight. Greeting
# and encryption are left to the words of the text, because every reply means something there.
_STAGES = ("recipient", "submit", "sender", "connect", "resolve", "backend")
_SIGN_IN_WORDS = ("auth", "login", "log in", "sign in", "password", "credential")

# What follows from another failure of the same conversation, when there is one: the cause comes first.
_FOLLOWS_SIGN_IN = frozenset({"sign-in-required", "relay-denied"})
_FOLLOWS_ANYTHING = frozenset(
    {
        "protocol-error", "no-valid-recipients", "connection-dropped", "answer-not-understood", "tls-handshake-failed",
        "tls-certificate-refused",
    }
)  # fmt: skip
_SIGN_IN_FAILED = ("auth-", "smtp-auth-", "basic-auth-", "oauth-")
_SIGN_IN_REPLIES = frozenset({432, 454, 534, 535, 538})


@dataclass(frozen=True, kw_only=True)
class _Meaning:
    """A problem, by which clue it was recognised, and how much was recognised."""

    problem: Problem
    clue: Clue
    weight: tuple[int, int]

    @property
    def known(self) -> bool:
        return self.problem.code != UNRECOGNISED

    @property
    def final(self) -> bool:
        return self.problem.finality is not Finality.DEFERRED

    @property
    def refusal(self) -> bool:
        """Whether a server refused for good in words that mean nothing to us."""
        return not self.known and self.final and not self.clue.deferred and self.problem.evidence.reply is not None


def rank(clues: Iterable[Clue], dictionary: Dictionary) -> tuple[Match, ...]:
    """Return what `clues` mean: each problem once, causes before what follows from them, final before deferred,
    specific before vague; one `unrecognised` where nothing is known, none where there are no clues.

    A final refusal that is not known comes before deferrals that are: what passes by itself does not explain it.
    """  # noqa: D205 - one sentence, longer than a line
    meanings = [meaning for clue in clues for meaning in _meanings(clue, dictionary)]
    known = [meaning for meaning in meanings if meaning.known]
    unknown = [meaning for meaning in meanings if not meaning.known]
    if not known:
        return tuple(_matches(unknown[:1]))
    refused = [meaning for meaning in unknown if meaning.refusal]
    if refused and not any(meaning.final for meaning in known):
        known.append(refused[0])
    codes = {meaning.problem.code for meaning in known}
    failed = any(
        meaning.clue.evidence.reply in _SIGN_IN_REPLIES or _is_sign_in(meaning.problem.code) for meaning in known
    )

    def key(meaning: _Meaning) -> tuple[bool, bool, tuple[int, int]]:
        code = meaning.problem.code
        follows = (failed and code in _FOLLOWS_SIGN_IN) or (len(codes) > 1 and code in _FOLLOWS_ANYTHING)
        return (not follows, meaning.final, meaning.weight)

    return tuple(_matches(sorted(known, key=key, reverse=True)))


def _matches(meanings: Iterable[_Meaning]) -> Iterator[Match]:
    seen: set[str] = set()
    for meaning in meanings:
        if meaning.problem.code not in seen:
            seen.add(meaning.problem.code)
            yield Match(problem=meaning.problem, matched=meaning.clue.matched or meaning.clue.evidence.code)


def _is_sign_in(code: str) -> bool:
    return code.startswith(_SIGN_IN_FAILED)


def _meanings(clue: Clue, dictionary: Dictionary) -> tuple[_Meaning, ...]:
    """Return what `clue` may mean, from the first of its systems that knows anything of it.

    Where the text does not name the issuer, the one whose own words these are has said it; issuers that know equally
    much may each be the one: all are returned, less sure.
    """
    nothing: tuple[_Meaning, ...] = ()
    candidates: list[tuple[_Meaning, ...]] = []
    for position, system in enumerate((clue.evidence.system, *clue.others)):
        seen = clue.evidence if position == 0 else msgspec.structs.replace(clue.evidence, system=system)
        found = tuple(_of_evidence(clue, seen, dictionary))
        nothing = nothing or found
        if any(meaning.known for meaning in found):
            if clue.evidence.system is not System.OAUTH:
                listed = position == 0 or clue.evidence.number is None
                return found if listed else tuple(map(_less_sure, found))  # the number itself is not known
            candidates.append(found)
    if not candidates:
        return nothing
    heaviest = max(found[0].weight for found in candidates)
    best = [found for found in candidates if found[0].weight == heaviest]
    if len(best) == 1 or best[0][0].problem.evidence.system is System.OAUTH:
        return best[0]
    return tuple(_less_sure(meaning) for found in best for meaning in found)


def _of_evidence(clue: Clue, evidence: Evidence, dictionary: Dictionary) -> Iterator[_Meaning]:
    """Yield the heaviest of what `evidence` means: at its stage, or at any where that is not known or tells nothing."""
    if evidence.stage != UNKNOWN_STAGE:
        told = dictionary.find(evidence)
        if told.definition.code != UNRECOGNISED:
            yield _Meaning(problem=problem_of(told, evidence), clue=clue, weight=told.weight)
            return
    anywhere = msgspec.structs.replace(evidence, stage=UNKNOWN_STAGE)
    entries = _by_stage(anywhere, dictionary)
    heaviest = max(entry.weight[0] for entry in entries)
    best = [entry for entry in entries if entry.weight[0] == heaviest]
    for entry in best:
        problem = problem_of(entry, _placed(anywhere, entry))
        meaning = _Meaning(problem=problem, clue=clue, weight=entry.weight)
        yield _less_sure(meaning) if len(best) > 1 else meaning


def _by_stage(evidence: Evidence, dictionary: Dictionary) -> list[Entry]:
    """Return the best entry of every stage, each problem once, in the order of the stages."""
    fitting = dictionary.fitting(evidence) or _without_reply(evidence, dictionary)
    named = [stage for entry in fitting if entry.rule for stage in entry.rule.stages]
    found: dict[str, Entry] = {}
    for stage in dict.fromkeys((*_in_order(evidence), *(stage for stage in named if stage not in {"greet", "secure"}))):
        here = (entry for entry in fitting if entry.rule and (not entry.rule.stages or stage in entry.rule.stages))
        entry = dictionary.choose(evidence, here)
        found.setdefault(entry.definition.code, entry)
    return list(found.values())


def _without_reply(evidence: Evidence, dictionary: Dictionary) -> tuple[Entry, ...]:
    """Return what an enhanced code means that stands without its reply: what it means with every reply it has."""
    if evidence.reply is not None or evidence.enhanced is None:
        return ()
    rules = dictionary.rules.get(evidence.system, ())
    replies = {
        reply
        for rule in rules
        if any(pattern.telling and pattern.matches(evidence.enhanced) for pattern in rule.patterns)
        for reply in rule.replies
    }
    found = [dictionary.fitting(msgspec.structs.replace(evidence, reply=reply)) for reply in sorted(replies)]
    return tuple(entry for entries in found for entry in entries)


def _in_order(evidence: Evidence) -> tuple[str, ...]:
    """Return the stages, signing in first where the code or the words are of it, else last."""
    said = evidence.text.casefold()
    by_words = any(word in said for word in _SIGN_IN_WORDS)
    return ("sign-in", *_STAGES) if by_words or evidence.reply in _SIGN_IN_REPLIES else (*_STAGES, "sign-in")


def _placed(evidence: Evidence, entry: Entry) -> Evidence:
    """Return `evidence` at the stage that `entry` names, where it names one alone."""
    stages = entry.rule.stages if entry.rule else ()
    return msgspec.structs.replace(evidence, stage=stages[0]) if len(stages) == 1 else evidence


def _less_sure(meaning: _Meaning) -> _Meaning:
    if meaning.problem.confidence is not Confidence.CERTAIN:
        return meaning
    problem = msgspec.structs.replace(meaning.problem, confidence=Confidence.LIKELY)
    return _Meaning(problem=problem, clue=meaning.clue, weight=meaning.weight)
