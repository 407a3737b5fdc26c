"""The pages that a browser sees at the end of a sign-in: they say what is true at that moment, and nothing of yours."""

import base64
import hashlib
import html
from http import HTTPStatus
from string import Template
from typing import Final

import h11
import msgspec

from sendwright.texts import language, text

WAITING: Final = "waiting"
RECEIVED: Final = "received"
PROBLEM: Final = "problem"
ALREADY: Final = "already"
STRAY: Final = "stray"
NOTHING: Final = "nothing"

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}"
    "h1{font-size:1.5rem;line-height:1.25}"
    "aside{border:1px solid;border-radius:.4rem;padding:.4rem .8rem}"
)
_PAGE = Template(
    '<!doctype html>\n<html lang="$language">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n<title>$title · $product</title>\n'
    "<style>$style</style>\n</head>\n<body>\n$notice<h1>$title</h1>\n<p>$what</p>\n</body>\n</html>\n"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS: Final = (
    ("cache-control", "no-store"),
    ("connection", "close"),
    ("content-security-policy", _POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),  # the address carries the code
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
)
"""Of every answer. None of CORS: no other page may read what stands here."""


class PageWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the pages, chosen once by whoever waits: a browser that knocks has no say in it.

    language: ISO 639-1. notice: stands above every page. titles, sentences: by the name of the page.
    """

    language: str
    product: str
    notice: str
    titles: dict[str, str]
    sentences: dict[str, str]


def page_words(*, product: str = "Sendwright", notice: str = "") -> PageWords:
    """Return the words in the language in use. notice: words on every page, such as that this is a practice."""
    names = (WAITING, RECEIVED, PROBLEM, ALREADY, STRAY, NOTHING)
    return PageWords(
        language=language(),
        product=product,
        notice=notice,
        titles={name: text(f"oauth.page.{name}.title", product=product) for name in names},
        sentences={name: text(f"oauth.page.{name}.what", product=product) for name in names},
    )


def page(name: str, words: PageWords) -> bytes:
    """Return the page `name` as HTML in UTF-8."""
    notice = f"<aside>{html.escape(words.notice)}</aside>\n" if words.notice else ""
    return _PAGE.substitute(
        language=html.escape(words.language),
        product=html.escape(words.product),
        title=html.escape(words.titles[name]),
        what=html.escape(words.sentences[name]),
        notice=notice,
        style=_STYLE,
    ).encode()


def response(connection: h11.Connection, status: int, body: bytes, *, location: str = "", allow: str = "") -> bytes:
    """Return an answer as it goes over the wire. body: empty for a request that takes none (HEAD)."""
    headers = [*HEADERS, ("content-type", "text/html; charset=utf-8"), ("content-length", str(len(body)))]
    headers += [(name, value) for name, value in (("location", location), ("allow", allow)) if value]
    head = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase)
    parts = (connection.send(event) for event in (head, h11.Data(data=body), h11.EndOfMessage()))
    return b"".join(part for part in parts if part)
