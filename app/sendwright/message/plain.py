"""Derives the text of a message from its HTML.

By hand on the standard library's parser: html2text is under the GPL, inscriptis brings lxml along, and a notification
needs no more than paragraphs, lists, links and table rows.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser

from typing_extensions import override

_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_PARAGRAPHS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "pre",
        "blockquote",
        "dl",
        "figure",
        "section",
        "article",
        "form",
    ]
)
_LINES = frozenset(
    ["div", "li", "tr", "dt", "dd", "header", "footer", "main", "nav", "address", "figcaption", "option"]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def text_of_html(html: str) -> str:
    """Return the words of `html` as plain text, with the targets of links behind their words.

    Paragraphs are set apart by an empty line, list items start with a dash or their number, cells of a row are two
    spaces apart. What a reader does not see (style, script, `display: none`) is left out.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects words and the breaks between them. _unseen: the tag that hides, and how deep it is nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unseen: tuple[str, int] | None = None
        self._links: list[tuple[str, int]] = []
        self._counters: list[int | None] = []
        self._verbatim = 0

    def text(self) -> str:
        """Return what was collected; no line ends in a space, and no two empty lines follow each other."""
        joined = re.sub(r"[ \t]+\n", "\n", "".join(self._pieces))
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen = (tag, self._unseen[1] + 1)
            return
        found = {name: value or "" for name, value in attrs}
        if tag not in _VOID and (tag in _UNSEEN or "hidden" in found or _HIDDEN.search(found.get("style", ""))):
            self._unseen = (tag, 1)
            return
        self._break(tag)
        opening: dict[str, Callable[[dict[str, str]], None]] = {
            "a": self._open_link,
            "br": lambda _: self._pieces.append("\n"),
            "hr": lambda _: self._pieces.append("\n\n----\n\n"),
            "img": lambda image: self._say(image.get("alt", "")),
            "li": lambda _: self._open_item(),
            "ol": lambda _: self._counters.append(0),
            "ul": lambda _: self._counters.append(None),
            "pre": lambda _: self._deepen(),
        }
        if tag in opening:
            opening[tag](found)

    @override
    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[0]:
                depth = self._unseen[1] - 1
                self._unseen = (tag, depth) if depth else None
            return
        if tag == "a":
            self._close_link()
        elif tag in {"td", "th"}:
            self._pieces.append("  ")
        elif tag in {"ol", "ul"} and self._counters:
            self._counters.pop()
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        self._break(tag)

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._say(data)

    def _say(self, words: str) -> None:
        if self._verbatim:
            self._pieces.append(words)
            return
        flowing = re.sub(r"[ \t\r\n\f]+", " ", words)  # not the no-break space, which is there on purpose
        if not self._pieces or self._pieces[-1].endswith((" ", "\n")):
            flowing = flowing.removeprefix(" ")
        if flowing:
            self._pieces.append(flowing)

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS and not (tag in {"ol", "ul"} and self._counters):
            self._pieces.append("\n\n")
        elif (tag in _LINES or tag in _PARAGRAPHS) and self._pieces and not self._pieces[-1].endswith("\n"):
            self._pieces.append("\n")

    def _open_item(self) -> None:
        indent = "  " * max(0, len(self._counters) - 1)
        mark = "-"
        if self._counters and (count := self._counters[-1]) is not None:
            self._counters[-1] = count + 1
            mark = f"{count + 1}."
        self._pieces.append(f"{indent}{mark} ")

    def _deepen(self) -> None:
        self._verbatim += 1

    def _open_link(self, found: dict[str, str]) -> None:
        self._links.append((found.get("href", "").strip(), len(self._pieces)))

    def _close_link(self) -> None:
        if not self._links:
            return
        target, start = self._links.pop()
        words = "".join(self._pieces[start:]).strip()
        if target.startswith(("http://", "https://")) and target.rstrip("/") != words.rstrip("/"):
            self._pieces.append(f" ({target})" if words else target)
