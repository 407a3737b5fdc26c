"""The pages as they are written: complete, accessible, in every language, and words stay words."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.unit.practice.microsoft.visiting import Parsed

from sendwright import resources
from sendwright.practice.frame import items, way_back
from sendwright.practice.microsoft import pages
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.contoso import contoso
from sendwright.practice.microsoft.it_desk import ItDesk
from sendwright.practice.microsoft.permissions import _OF_GRAPH, _OF_OUTLOOK
from sendwright.texts import LANGUAGES, speaking

FRAME = {
    "flow": "f",
    "application": "Sendwright",
    "username": "ben@contoso.com",
    "organisation": "Contoso",
    "said": "AADSTS1: no",
    "code": "",
    "words": "Words",
    "uri": "http://localhost/",
    "nonce": "n",
}
MARKUP = {"message": "", "permissions": "", "application_permissions": "", "tick": "", "accounts": "", "fields": ""}
SIMPLE = sorted(
    file.stem
    for file in resources.path("templates/practice").glob("*.html")
    if file.stem not in {"page", "refused", "it"}
)


class Structure(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.inputs: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.headings = 0
        self.language = ""
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "input" and values.get("type") != "hidden":
            self.inputs.append(values)
        if tag == "label":
            self.labels.add(values["for"])
        self.headings += tag == "h1"
        self.language = values.get("lang", self.language)
        if tag not in {"input", "meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def every_page() -> Iterator[tuple[str, str]]:
    for name in SIMPLE:
        yield name, pages.page(name, FRAME, MARKUP | {"tick": pages.organisation_tick()})
    yield "refused", pages.refusal(Refused(53003), contoso())
    yield "device", pages.refusal(Refused(53000), contoso(), device=True)
    yield "it", ItDesk(contoso(), []).page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_can_be_used_without_seeing_it(language: str) -> None:
    with speaking(language):
        for name, html in every_page():
            found = Structure(html)
            assert found.language == language, name
            assert found.headings == 1, name
            assert not found.unbalanced, name
            assert not found.open, name
            assert len(found.ids) == len(set(found.ids)), name
            for one in found.inputs:
                assert one["id"] in found.labels or "aria-label" in one, (name, one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_in_its_language_that_it_is_a_practice(language: str) -> None:
    notice = {"en": "This is a practice.", "fr": "Ceci est un exercice.", "nl": "Dit is een oefening."}[language]
    with speaking(language):
        for name, html in every_page():
            parsed = Parsed(html)
            assert notice in parsed.words, name
            assert "$" not in parsed.words, name
            assert all(target.startswith("/") for target in parsed.foreign), name


def test_pages_load_nothing_from_elsewhere() -> None:
    for name, html in every_page():
        assert not re.findall(r"(?:src|href)=[\"'](?!/)", html), name
        assert "url(" not in html, name
        assert "@import" not in html, name
        assert html.count("<script") == (name == "posting"), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(_OF_GRAPH | _OF_OUTLOOK))
def test_every_permission_is_explained_with_its_name(name: str, language: str) -> None:
    with speaking(language):
        words = pages.permission(name)
    assert words.endswith(f"({name})")
    assert len(words) > len(name) + 10


@pytest.mark.parametrize("number", sorted(pages.ON_THE_PAGE))
def test_a_message_is_told_at_once_and_without_its_number(number: int) -> None:
    html = pages.message(Refused(number))
    assert 'role="alert"' in html
    assert f'data-aadsts="{number}"' in html
    assert "AADSTS" not in html
    assert pages.message(None) == ""


def test_a_refusal_has_what_support_asks_for() -> None:
    refused = Refused(53003, user="ben@contoso.com")
    parsed = Parsed(pages.refusal(refused, contoso()))
    assert parsed.ids["said"] == refused.sentence()
    assert parsed.ids["correlation"] == refused.correlation_id
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", parsed.ids["timestamp"])


@pytest.mark.parametrize("hostile", ["<b>x</b>", '"><script>x()</script>', "&amp;", "' onclick='x()", "${title}"])
def test_words_stay_words(hostile: str) -> None:
    for name in SIMPLE:
        html = pages.page(name, dict.fromkeys(FRAME, hostile) | {"title": hostile}, MARKUP)
        assert "<b>" not in html
        assert "<script>x" not in html
        assert "' onclick" not in html
    assert items([hostile]).count("<") == 2


def test_what_is_posted_is_hidden_and_whole() -> None:
    html = pages.posting("http://localhost:1/", {"code": '"a"&b', "state": "s"}, nonce="n")
    (form,) = Parsed(html).forms
    assert form.action == "http://localhost:1/"
    assert form.fields == {"code": '"a"&b', "state": "s"}


@pytest.mark.parametrize(("flow", "expected"), [("", ""), ("abc-_1", "?back=abc-_1"), ("a/b&c", "?back=a%2Fb%26c")])
def test_the_it_department_knows_the_way_back(flow: str, expected: str) -> None:
    assert way_back(flow) == expected
