"""Looks for secrets in a finished diagnosis file, in every spelling in which they could have come into it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from sendwright.recording import spellings
from sendwright.recording.folding import fold
from sendwright.recording.redactor import Redactor
from sendwright.secret import Secret

_STRONG: Final = 8
"""Letters from which on a secret cannot stand in our own words by chance, unless it is a word itself."""

_SOFT_BREAK: Final = re.compile(r"=[ \t]{0,20}\r?\n")
"""Where quoted-printable breaks a line (RFC 2045 section 6.7), also in the middle of a letter."""

OWN: Final = frozenset(
    {
        "at",
        "checked",
        "code",
        "fact",
        "help",
        "id",
        "kind",
        "label",
        "layer",
        "lead",
        "learn_more",
        "name",
        "owner",
        "path",
    }
    | {"remedies", "retry", "side", "stage", "step", "submit", "system", "title", "type", "verdict", "verify_with"}
    | {"confidence", "condition", "key", "origin", "placeholder", "options", "statement", "howto", "actions", "icon"}
)
"""Members that hold words of this program alone: a password that is an ordinary word would be found in them."""


class Search:
    """Knows secrets, and finds them; never prints them."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        given = {secret.reveal() for secret in secrets} - {""}
        revealed = given | {secret.replace(" ", "+") for secret in given if secret.strip()}  # as forms on the web do
        self._tiny = {secret for secret in revealed if len(fold(secret)) < spellings.SHORTEST}
        self._others = revealed - self._tiny
        self._redactor = Redactor()
        for secret in self._others:
            self._redactor.learn(secret=secret)
        strong = {secret for secret in self._others if is_strong(secret)}
        self._octets = {form for secret in strong for form in spellings.encodings(secret)}
        self._plain = {spellings.plain(secret) for secret in strong} - {""}
        self._plain |= {form for secret in strong for form in spellings.rewritten(secret) if len(form) >= _STRONG}
        self._coded = {form for secret in strong for form in spellings.coded(secret)}

    def __repr__(self) -> str:
        return "Search(…)"

    def in_words(self, content: bytes) -> str | None:
        """Return how a secret is spelled in `content`, lines of JSON with words of others; None where there is none.

        The answer is `plain`, `split` (over lines or strings), `coded` (base64, hex, UTF-16, URL, escapes).
        """
        values = [msgspec.json.decode(line) for line in content.split(b"\n") if line]
        for words in dict.fromkeys(found for value in values for found in _foreign(value)):
            if words in self._tiny:
                return "plain"
            read = {words, _SOFT_BREAK.sub("", words)}
            if any(self._redactor.clean_of_known(letters) != letters for letters in read):
                said = words.casefold()
                return "plain" if any(secret.casefold() in said for secret in self._others) else "coded"
        said = "".join(words for value in values for words in _named(value, "text"))
        strings = "".join(words for value in values for words in _strings(value))
        return self.in_octets(content) or self._folded(said) or self._folded(strings)

    def in_octets(self, content: bytes) -> str | None:
        """Return how a secret is spelled in octets of any kind; one that is an ordinary word is not looked for."""
        if any(form in content for form in self._octets):
            return "plain"
        return self._folded(content.decode("utf-8", "replace")) or self._folded(content.decode("latin-1"))

    def _folded(self, words: str) -> str | None:
        letters = fold(words)
        if any(secret in letters for secret in self._plain):
            return "split"
        return "coded" if any(form in letters for form in self._coded) else None


def is_strong(secret: str) -> bool:
    """Tell whether `secret` cannot stand in a text by chance: it is long enough, and no word."""
    return len(fold(secret)) >= _STRONG and not secret.isalpha()


def _foreign(value: object, own: frozenset[str] = OWN) -> Iterator[str]:
    """Yield the strings in `value` that this program did not choose itself; own: members whose words it did choose."""
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in value.items():
                if not (name in own and isinstance(inner, str | list)):
                    yield from _foreign(inner, frozenset() if name == "values" else own)
        case list():
            for inner in value:
                yield from _foreign(inner, own)


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in value.items():
                yield str(name)
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


def _named(value: object, name: str) -> Iterator[str]:
    """Yield the members `name` of the objects in `value`: a secret may be split over what was said one by one."""
    if isinstance(value, Mapping):
        for member, inner in value.items():
            if member == name and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner, name)
