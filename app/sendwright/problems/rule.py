"""The entries of the problem dictionary: what a problem is, by what it is recognised, real samples of it."""

from functools import cached_property

import msgspec

from sendwright.problems.enhanced import EnhancedPattern, parse_pattern
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence, Owner, Remedy, Retry, Side

GAP = "…"
NO_CODE = "-"
UNKNOWN_STAGE = ""

_WEIGHT_OF_LOSS = 256
_WEIGHT_OF_OBSERVATION = 32
_WEIGHT_OF_TELLING_CODE = 16
_WEIGHT_OF_WORDS = 8
_WEIGHT_OF_VAGUE_CODE = 3
_WEIGHT_OF_REPLY = 2
_WEIGHT_OF_ERROR = 4
_WEIGHT_OF_STAGE = 2
_WEIGHT_OF_CLASS = 1


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A problem that the dictionary knows.

    owner, retry, confidence, remedies, learn_more: what holds unless the rule that recognised it says other.
    source: where the fact comes from; checked: when that was last looked at, the file's own date when empty. side:
    on whose side the cause lies; the owner's when not given. stops_all: also where it shows while one recipient or
    message is judged, every other message meets it too. verify_with: command that shows whether it is mended; it is
    filled in like a remedy of kind `copy`. wait_s: seconds to wait where the other side named no time. An
    observation (Evidence.condition) or a backend's reason that is called like the code needs no rule. for_own: who has
    to act instead where the application is registered by the organisation itself (`registration` is `own` among the
    values of the evidence): nobody else can mend it there.
    """

    code: str
    owner: Owner
    retry: Retry
    source: str
    confidence: Confidence = Confidence.CERTAIN
    remedies: tuple[Remedy, ...] = ()
    learn_more: str = ""
    side: Side | None = None
    stops_all: bool = False
    verify_with: str = ""
    checked: str = ""
    wait_s: int = 0
    for_own: Owner | None = None


class Unknown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who can find out what `system` means by an answer that no rule recognises.

    It changes nothing but whom to ask and where to look: that the answer is not known, and whether to try again, stay
    as they are. source, remedies, learn_more: as those of a Definition.
    """

    system: System
    owner: Owner
    source: str
    remedies: tuple[Remedy, ...]
    learn_more: str = ""


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that was really seen: a server's `reply` as it stood on the wire, or an observation.

    source: who answers like this. stage: where; the rule's first stage when empty. enhanced: the code of a report
    that tells no reply (`Status:` of RFC 3464).
    """

    source: str
    reply: str = ""
    enhanced: str | None = None
    stage: str = ""
    condition: str | None = None
    verify: int | None = None
    errno: str | None = None
    error: str | None = None
    number: int | None = None
    http: int | None = None
    reason: str | None = None
    mechanism: str = ""
    perhaps_sent: bool = False


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """By what a problem is recognised: every constraint that is given must hold; of a list one entry must.

    replies: SMTP reply codes; `reply_class` is the first digit alone. enhanced: patterns
    (problems.enhanced), `-` where the server gave none. errors: OAuth's. numbers: AADSTS. mechanisms: SASL mechanisms
    of the sign-in. words: text that the other side says, in any case; parts around `…` must come in that order. Words
    only refine a code: a rule with words needs a code too. owner, side, retry, confidence, remedies, learn_more,
    verify_with: instead of the problem's.
    """

    problem: str
    system: System
    samples: tuple[Sample, ...]
    stages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reply_class: int | None = None
    replies: tuple[int, ...] = ()
    enhanced: tuple[str, ...] = ()
    verify: tuple[int, ...] = ()
    errnos: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    http: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    perhaps_sent: bool = False
    words: tuple[str, ...] = ()
    owner: Owner | None = None
    side: Side | None = None
    retry: Retry | None = None
    confidence: Confidence | None = None
    remedies: tuple[Remedy, ...] | None = None
    learn_more: str | None = None
    verify_with: str | None = None

    @cached_property
    def patterns(self) -> tuple[EnhancedPattern, ...]:
        """The enhanced codes as patterns. Raises enhanced.InvalidPattern."""
        return tuple(parse_pattern(pattern) for pattern in self.enhanced if pattern != NO_CODE)

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The words as parts to look for one after another."""
        return tuple(tuple(normalise(part) for part in words.split(GAP)) for words in self.words)

    @property
    def has_code(self) -> bool:
        """Whether something other than words, stage and class of reply decides."""
        return bool(
            self.conditions
            or self.replies
            or self.enhanced
            or self.verify
            or self.errnos
            or self.errors
            or self.numbers
            or self.http
            or self.reasons
            or self.perhaps_sent
        )

    @property
    def decides(self) -> bool:
        """Whether the rule hangs on an observation rather than on the other side's code."""
        return self._observations > 0 or self.perhaps_sent

    def matches(self, evidence: Evidence, said: str) -> bool:
        """Tell whether the rule recognises `evidence`, whose text is `said` in normalised form."""
        return (
            evidence.system == self.system
            and (not self.stages or evidence.stage == UNKNOWN_STAGE or evidence.stage in self.stages)
            and (not self.conditions or evidence.condition in self.conditions)
            and (self.reply_class is None or (evidence.reply or 0) // 100 == self.reply_class)
            and (not self.replies or evidence.reply in self.replies)
            and (not self.enhanced or self._fits(evidence.enhanced))
            and (not self.verify or evidence.verify in self.verify)
            and (not self.errnos or evidence.errno in self.errnos)
            and (not self.errors or evidence.error in self.errors)
            and (not self.numbers or evidence.number in self.numbers)
            and (not self.http or evidence.http in self.http)
            and (not self.reasons or evidence.reason in self.reasons)
            and (not self.mechanisms or evidence.values.get("mechanism", "").upper() in self.mechanisms)
            and (not self.perhaps_sent or evidence.perhaps_sent)
            and (not self.words or self._length_of_words(said) > 0)
        )

    def weight(self, evidence: Evidence, said: str) -> tuple[int, int]:
        """Return how specific the rule is for `evidence`, which it matches: the heaviest rule explains it.

        Between rules that know equally much, the longer words win: `spamhaus` says more than `spam`.
        """
        weight = (
            _WEIGHT_OF_LOSS * self.perhaps_sent
            + _WEIGHT_OF_OBSERVATION * self._observations
            + _WEIGHT_OF_WORDS * bool(self.words)
            + _WEIGHT_OF_ERROR * bool(self.errors)
            + _WEIGHT_OF_REPLY * bool(self.replies or self.http)
            + _WEIGHT_OF_STAGE * (bool(self.stages) + bool(self.mechanisms))
            + _WEIGHT_OF_CLASS * (self.reply_class is not None)
            + self._weight_of_enhanced(evidence)
        )
        return weight, self._length_of_words(said)

    @property
    def _observations(self) -> int:
        return sum(map(bool, (self.conditions, self.verify, self.errnos, self.numbers, self.reasons)))

    def _fits(self, enhanced: str | None) -> bool:
        if enhanced is None:
            return NO_CODE in self.enhanced
        return any(pattern.matches(enhanced) for pattern in self.patterns)

    def _length_of_words(self, said: str) -> int:
        return max((len("".join(parts)) for parts in self.phrases if _said(parts, said)), default=0)

    def _weight_of_enhanced(self, evidence: Evidence) -> int:
        return max(
            (
                _WEIGHT_OF_TELLING_CODE if pattern.telling else _WEIGHT_OF_VAGUE_CODE
                for pattern in self.patterns
                if pattern.matches(evidence.enhanced)
            ),
            default=0,
        )


def normalise(text: str) -> str:
    """Return `text` as it is compared: without case, each run of blanks as one."""
    return " ".join(text.casefold().split())


def _said(parts: tuple[str, ...], said: str) -> bool:
    position = 0
    for part in parts:
        position = said.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True
