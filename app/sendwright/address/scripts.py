"""Finds characters that pass for others: scripts mixed inside a word, and words that only look Latin.

By hand because confusable-homoglyphs 3.3.1 (data of January 2024) takes Japanese for a forgery: its mixed-script
test knows neither the restriction levels of UTS 39 section 5.2 nor what scripts belong together. The script of a
letter is the first word of its Unicode name, which Python's own unicodedata keeps current.
"""

import unicodedata

_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
"""Scripts that one word may mix: "highly restrictive" in UTS 39 section 5.2."""

_LIKE_LATIN = frozenset(
    "асԁеһіјӏорԛѕԝхуѵАВСЕНІЈКМОРЅТХУԜ"  # noqa: RUF001 - Cyrillic letters are the point
    "οναριυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
    "օսհոցᎪᏴᏟᎬᎻᎫᏦᎷᎳ"  # noqa: RUF001 - Armenian and Cherokee letters: look-alikes are the point
)
"""Letters that confusables.txt of UTS 39 maps to a Latin letter and that common fonts draw like it."""

_PHONETIC = range(0x0250, 0x02B0)
_TAGS = range(0xE0020, 0xE0080)  # spell the region of a flag, UTS 51 annex C
_WIDE = ("FULLWIDTH ", "HALFWIDTH ")


def domain_misleads(domain: str) -> bool:
    """Tell whether a label of `domain` (U-labels) can pass for another one."""
    labels = domain.split(".")
    latin_end = labels[-1].isascii()
    return any(_mixes(label) or _has_odd_letters(label) or (latin_end and _only_looks_latin(label)) for label in labels)


def alias_misleads(alias: str) -> bool:
    """Tell whether a word of `alias` can pass for another one. Whole words may differ in script from each other."""
    words = _words(alias)
    beside_latin = any("LATIN" in _scripts(word) for word in words)
    return any(
        _mixes(word) or _has_styled_letters(word) or (beside_latin and _only_looks_latin(word)) for word in words
    )


def hides_characters(text: str) -> bool:
    """Tell whether `text` holds characters that take no room, other than those that scripts and emoji need."""
    tags_of_a_flag = "\U0001f3f4" in text
    return any(
        unicodedata.category(one) == "Cf"
        and one not in "\u200c\u200d\u200e\u200f\u061c"
        and not (tags_of_a_flag and ord(one) in _TAGS)
        for one in text
    )


def _words(text: str) -> list[str]:
    return "".join(one if unicodedata.category(one)[0] in "LM" else " " for one in text).split()


def _scripts(word: str) -> frozenset[str]:
    found = set()
    for one in unicodedata.normalize("NFKC", word):
        name = unicodedata.name(one, "")
        script = name.partition(" ")[0].partition("-")[0]
        if unicodedata.category(one)[0] == "L" and script not in {"", "MODIFIER", "IDEOGRAPHIC"}:
            found.add(script)
    return frozenset(found)


def _mixes(word: str) -> bool:
    scripts = _scripts(word)
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)


def _only_looks_latin(word: str) -> bool:
    letters = [one for one in word if unicodedata.category(one)[0] == "L"]
    return bool(letters) and all(one in _LIKE_LATIN for one in letters)


def _has_odd_letters(label: str) -> bool:
    """Phonetic letters such as the one-storey g, which no language writes names of hosts with."""
    return any(ord(one) in _PHONETIC for one in label)


def _has_styled_letters(word: str) -> bool:
    """Mathematical, circled and such letters: they pass for plain ones and a screen reader cannot read them."""
    return any(
        not one.isascii()
        and unicodedata.normalize("NFKC", one).isascii()
        and not unicodedata.name(one, "").startswith(_WIDE)
        and unicodedata.name(one, "").startswith("MATHEMATICAL")
        for one in word
    )
