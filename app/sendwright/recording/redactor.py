"""Takes known secrets out of a text, in whatever spelling they come back."""

import base64
import re
from collections.abc import Iterable

from sendwright.recording import spellings
from sendwright.recording.folding import Place, View, fold, readings, traced
from sendwright.recording.grammar import STAND_IN, cut_by_place

SHORTEST_FRAGMENT = 8
"""Characters from which on a base64 run is compared with what was sent: servers cut what they repeat."""

SHORTEST_PIECE = 12
"""The same for a run of plain letters and a piece of the secret: a password may hold an ordinary word."""

_RUN = re.compile(r"[A-Za-z0-9+/]{6,}={0,2}")
_URL_RUN = re.compile(r"[A-Za-z0-9_-]{6,}={0,2}")
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")


class Redactor:
    """Knows secrets; never prints them."""

    __slots__ = ("_encoded", "_forms", "_plain", "_spellings")

    def __init__(self) -> None:
        self._plain: dict[str, str] = {}
        self._spellings: dict[str, bool] = {}
        self._forms: set[bytes] = set()
        self._encoded: set[str] = set()

    def __repr__(self) -> str:
        return "Redactor(…)"

    def learn(self, *, secret: str, sent: bytes = b"") -> None:
        """Remember a secret, and the base64 text in which it went over the wire."""
        if secret and secret not in self._plain:
            bare = spellings.plain(secret)
            self._plain[secret] = bare
            self._spellings |= dict.fromkeys(spellings.coded(secret), True)
            self._spellings |= dict.fromkeys((*spellings.rewritten(secret), *filter(None, (bare,))), False)
            self._forms |= {form for form in spellings.encodings(secret) if len(form) >= spellings.SHORTEST}
            if len(spellings.octets(secret)) >= spellings.SHORTEST:
                self._encoded.add(_bare(base64.b64encode(spellings.octets(secret)).decode()))
        if len(sent) >= SHORTEST_FRAGMENT:
            self._encoded.add(_bare(sent.decode("ascii", "replace")))

    def clean(self, text: str) -> str:
        """Return `text` without anything learned, and without what is a secret by its shape or its place.

        Letter case, line breaks, escapes, and where it was cut do not matter.
        """
        return cut_by_place(self.clean_of_known(text))

    def clean_of_known(self, text: str) -> str:
        """Return `text` without anything learned."""
        if not text or not (self._plain or self._encoded):
            return text
        for secret in sorted(self._plain, key=len, reverse=True):
            text = _pattern(secret, alone=len(secret) < spellings.SHORTEST).sub(STAND_IN, text)
        # What is whole goes first: half of it would not be known again.
        text = _without(text, self._places(text))
        return _URL_RUN.sub(self._judge, _RUN.sub(self._judge, text))

    def _places(self, text: str) -> Iterable[Place]:
        """Return where secrets stand in `text` under other spellings."""
        found: list[Place] = []
        for read, chain in readings(text):
            letters = fold(read)
            here = [(spelling, coded) for spelling, coded in self._spellings.items() if spelling in letters]
            if here:
                view = traced(text, chain)
                for spelling, coded in here:
                    found += _wide(text, _found(view, spelling), coded=coded)
        return found

    def _judge(self, run: re.Match[str]) -> str:
        bare = _bare(run[0])
        if bare in self._encoded or self._is_piece(bare):
            return STAND_IN
        return STAND_IN if self._holds_secret(run[0]) else run[0]

    def _is_piece(self, bare: str) -> bool:
        """Tell whether a folded run is part of what was sent, or holds it whole."""
        if any(
            (bare in sent and len(bare) >= SHORTEST_FRAGMENT) or (sent in bare and len(sent) >= SHORTEST_FRAGMENT)
            for sent in self._encoded
        ):
            return True
        return len(bare) >= SHORTEST_PIECE and any(bare in secret for secret in self._plain.values())

    def _holds_secret(self, run: str) -> bool:
        """Tell whether `run` is base64 of something with a secret in it, wherever its groups of four begin."""
        room = len(run) * 3 // 4
        forms = [form for form in self._forms if len(form) <= room]
        if not forms:
            return False
        standard = run.replace("-", "+").replace("_", "/").rstrip("=")
        groups = [standard[start:] for start in range(4)]
        decoded = [base64.b64decode(group[: len(group) // 4 * 4] + _rest(group)) for group in groups]
        return any(form in octets for form in forms for octets in decoded)


def _pattern(secret: str, *, alone: bool) -> re.Pattern[str]:
    """Return what matches `secret`; alone: as a word of its own, as one of three letters stands inside of many."""
    before, behind = ("(?<!\\w)", "(?!\\w)") if alone else ("", "")
    return re.compile(f"{before}{re.escape(secret)}{behind}", re.IGNORECASE)


def _bare(run: str) -> str:
    return fold(run).rstrip("=")


def _rest(group: str) -> str:
    """Return the last, incomplete group of four with its padding; a single letter holds no octet."""
    rest = group[len(group) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _found(view: View, spelling: str) -> list[Place]:
    places = []
    at = view.letters.find(spelling)
    while at >= 0:
        last = at + len(spelling)
        places.append((view.places[at][0], view.places[last - 1][1]))
        at = view.letters.find(spelling, last)
    return places


def _wide(text: str, places: Iterable[Place], *, coded: bool) -> Iterable[Place]:
    """Yield `places`, each of coded text with the rest of its run: its first and last letters say something too."""
    for start, end in places:
        first, last = start, end
        while coded and first > 0 and text[first - 1] in _BASE64:
            first -= 1
        while coded and last < len(text) and text[last] in _BASE64:
            last += 1
        yield first, last


def _without(text: str, places: Iterable[Place]) -> str:
    kept: list[str] = []
    end = 0
    for start, stop in sorted(places):
        if start >= end:
            kept += (text[end:start], STAND_IN)
        end = max(end, stop)
    return "".join((*kept, text[end:]))
