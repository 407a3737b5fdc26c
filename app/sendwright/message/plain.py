"""Derives the text of a message from its HTML.

By hand: html2text is under the GPL, inscriptis brings lxml along, and a notification needs no more than paragraphs,
lists, links and table rows.
"""

import re
from collections.abc import Callable

from sendwright.message.markup import Closing, Opening, Words, pieces

_DEEPEST = 8
"""Lists that are nested deeper are not indented any further."""

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
    for piece in pieces(html):
        match piece:
            case Opening(tag, attributes):
                reader.open(tag, attributes)
            case Closing(tag):
                reader.close(tag)
            case Words(words):
                reader.read(words)
    return reader.text()


class _Reader:
    """Collects words and the breaks between them. _unseen: the tag that hides, and how deep it is nested."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._unseen: tuple[str, int] | None = None
        self._link: tuple[str, int] | None = None
        self._counters: list[int | None] = []
        self._verbatim = 0

    def text(self) -> str:
        """Return what was collected; no line ends in a space, and no two empty lines follow each other."""
        joined = "\n".join(line.rstrip(" \t") for line in "".join(self._pieces).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def open(self, tag: str, found: dict[str, str]) -> None:
        """Take a start tag and its attributes."""
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen = (tag, self._unseen[1] + 1)
            return
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

    def close(self, tag: str) -> None:
        """Take an end tag."""
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

    def read(self, words: str) -> None:
        """Take what stands between two tags."""
        if not self._unseen:
            self._say(words)

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
        indent = "  " * min(max(0, len(self._counters) - 1), _DEEPEST)
        mark = "-"
        if self._counters and (count := self._counters[-1]) is not None:
            self._counters[-1] = count + 1
            mark = f"{count + 1}."
        self._pieces.append(f"{indent}{mark} ")

    def _deepen(self) -> None:
        self._verbatim += 1

    def _open_link(self, found: dict[str, str]) -> None:
        self._close_link()  # a link in a link ends it, as in a browser
        self._link = (found.get("href", "").strip(), len(self._pieces))

    def _close_link(self) -> None:
        if self._link is None:
            return
        target, start = self._link
        self._link = None
        words = "".join(self._pieces[start:]).strip()
        if target.startswith(("http://", "https://")) and target.rstrip("/") != words.rstrip("/"):
            self._pieces.append(f" ({target})" if words else target)
