"""The pages at the end of a sign-in, in every language."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import h11
import pytest

from sendwright.oauth.loopback_pages import (
    ALREADY,
    HEADERS,
    NOTHING,
    PROBLEM,
    RECEIVED,
    STRAY,
    WAITING,
    page,
    page_words,
    response,
)
from sendwright.texts import LANGUAGES, speaking

PAGES = (WAITING, RECEIVED, PROBLEM, ALREADY, STRAY, NOTHING)


class Elements(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes.update(attrs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_words_that_name_the_product(name: str, language: str) -> None:
    with speaking(language):
        words = page_words(product="Notes of Contoso")
    html = page(name, words).decode()
    assert f'lang="{language}"' in html
    assert "Notes of Contoso" in words.sentences[name]
    assert words.titles[name] in html
    assert "{" not in re.sub(r"<style>.*</style>", "", html)


def test_the_pages_of_the_languages_differ() -> None:
    shown = set()
    for language in LANGUAGES:
        with speaking(language):
            shown |= {page(name, page_words()) for name in PAGES}
    assert len(shown) == len(LANGUAGES) * len(PAGES)


def test_a_page_loads_nothing_and_leads_nowhere() -> None:
    found = Elements(page(RECEIVED, page_words()).decode())
    assert set(found.names) == {"html", "head", "meta", "title", "style", "body", "h1", "p"}
    assert not {"src", "href", "action", "onload", "http-equiv"} & found.attributes.keys()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_calls_a_sign_in_done(name: str) -> None:
    with speaking("en"):
        said = page(name, page_words()).decode().lower()
    assert not any(word in said for word in ("signed in", "success", "connected"))


def test_what_a_deployment_names_itself_is_text_and_no_markup() -> None:
    html = page(WAITING, page_words(product='<img src=x onerror="a">', notice="</aside><b>")).decode()
    assert set(Elements(html).names) >= {"aside", "h1"}
    assert not {"img", "b"} & set(Elements(html).names)


def test_the_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    style = re.search(r"<style>(.*)</style>", page(WAITING, page_words()).decode())
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    directives = dict(part.strip().split(" ", 1) for part in dict(HEADERS)["content-security-policy"].split(";"))
    assert directives.pop("style-src") == f"'sha256-{digest}'"
    assert directives.keys() == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert set(directives.values()) == {"'none'"}


@pytest.mark.parametrize(("status", "phrase"), [(200, b"OK"), (303, b"See Other"), (421, b"Misdirected Request")])
def test_an_answer_is_whole_and_ends_the_connection(status: int, phrase: bytes) -> None:
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
    assert isinstance(connection.next_event(), h11.Request)
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("host", "localhost")]))
    client.send(h11.EndOfMessage())
    client.receive_data(response(connection, status, b"words", location="/received", allow="GET"))
    head = client.next_event()
    assert isinstance(head, h11.Response)
    assert (head.status_code, head.reason) == (status, phrase)
    given = dict(head.headers)
    assert (given[b"content-length"], given[b"location"], given[b"allow"]) == (b"5", b"/received", b"GET")
    assert given[b"content-type"] == b"text/html; charset=utf-8"
    body = client.next_event()
    assert isinstance(body, h11.Data)
    assert bytes(body.data) == b"words"
    assert isinstance(client.next_event(), h11.EndOfMessage)
    assert connection.our_state is h11.MUST_CLOSE
