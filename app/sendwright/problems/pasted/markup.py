"""Takes the words out of HTML, as mail programs and web pages bring it along."""

import html

from sendwright.problems.pasted.admission import visible

_HIDDEN = ("style", "script", "head", "title")
_LINES = frozenset(
    {"p", "br", "div", "tr", "td", "li", "h1", "h2", "h3", "h4", "table", "hr", "ul", "ol", "pre", "blockquote"}
)


def is_markup(text: str) -> bool:
    """Tell whether `text` begins like a page."""
    begin = text[:300].lstrip().casefold()
    return begin.startswith(("<!doctype html", "<html", "<head", "<body", "<?xml version", "<div", "<table"))


def words_of(page: str) -> str:
    """Return what a reader of `page` sees, with a new line for each block. Nothing in it is run or fetched."""
    parts: list[str] = []
    hidden = ""
    for number, piece in enumerate(page.split("<")):
        tag, closed, words = piece.partition(">")
        if number == 0:
            parts.append(piece)
            continue
        name = tag.strip("/ ").partition(" ")[0].partition("\n")[0].strip("/").casefold()
        if not closed or not (tag[:1].isalpha() or tag.startswith(("/", "!"))):
            if not hidden:
                parts.append(f"<{piece}")  # a lone sign, or an address in angle brackets
            continue
        if "@" in name and not hidden:
            parts.append(f"<{piece}")
            continue
        if name in _HIDDEN:
            hidden = "" if tag.startswith("/") else name
        if not hidden:
            parts.append(("\n" if name in _LINES else "") + words)
    return _unescaped("".join(parts))


def _unescaped(words: str) -> str:
    try:
        return visible(html.unescape(words))
    except ValueError:  # a number of thousands of digits
        return words
