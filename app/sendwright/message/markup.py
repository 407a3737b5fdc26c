"""Takes HTML apart in one pass over it, whatever it is.

html.parser looks for the end of each broken tag again, and needs hours for a message that is full of them. The rules
are those of the HTML standard's tokenizer (html.spec.whatwg.org, 13.2.5): what is opened and never closed reaches to
the end.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple


class Opening(NamedTuple):
    """A start tag; names in lower case, of attributes that occur twice the first."""

    tag: str
    attributes: dict[str, str]


class Closing(NamedTuple):
    """An end tag; its name in lower case."""

    tag: str


class Words(NamedTuple):
    """What stands between tags, its character references resolved."""

    text: str


Piece = Opening | Closing | Words

_RAW = frozenset({"script", "style"})
_TAGLESS = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE) for tag in (*_RAW, "textarea", "title")}
"""Elements in which nothing is a tag but their own end."""

_NAME = re.compile(r"[A-Za-z][^\s/>]*")
# Every branch ends where its scan ended, so that nothing is read more than twice.
_ATTRIBUTE = re.compile(r"""[\s/]+|([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*)))?|=""")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
"""A reference beyond Unicode; int() refuses the long ones (sys.set_int_max_str_digits)."""


def pieces(html: str) -> Iterator[Piece]:
    """Yield tags and words in their order; comments and declarations are left out."""
    at, seen = 0, 0  # html[seen:at] are words that were not yielded yet
    while (at := html.find("<", at)) >= 0:
        closes = html.startswith("/", at + 1)
        name = _NAME.match(html, at + 1 + closes)
        if name is None and html[at + 1 : at + 2] not in {"!", "?", "/"}:
            at += 1
            continue
        if at > seen:
            yield Words(_resolved(html[seen:at]))
        if name is None:
            at = seen = _after_comment(html, at)
            continue
        tag = name[0].lower()
        attributes, at = _attributes(html, name.end())
        seen = at
        if at > len(html):
            return  # it ends inside of the tag
        if closes:
            yield Closing(tag)
            continue
        yield Opening(tag, attributes)
        if tag in _TAGLESS:
            end = _TAGLESS[tag].search(html, at)
            at = end.start() if end else len(html)
            yield Words(html[seen:at] if tag in _RAW else _resolved(html[seen:at]))
            seen = at
    if seen < len(html):
        yield Words(_resolved(html[seen:]))


def _after_comment(html: str, start: int) -> int:
    mark = "-->" if html.startswith("<!--", start) else ">"
    end = html.find(mark, start + 2)
    return len(html) if end < 0 else end + len(mark)


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """Return the attributes from `at` on and where the tag ends; beyond the end of `html` where it does not."""
    found: dict[str, str] = {}
    while at < len(html) and html[at] != ">":
        one = _ATTRIBUTE.match(html, at)
        if one is None:  # never: every letter but ">" begins a branch
            break
        if one[1]:
            found.setdefault(one[1].lower(), _resolved(one[2] or one[3] or one[4] or ""))
        at = one.end()
    return found, at + 1


def _resolved(words: str) -> str:
    return unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", words))
