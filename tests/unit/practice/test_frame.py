"""The frame of the simulated pages: words of a service, or the shared ones; what is said in it stays words."""

import pytest
from tests.unit.practice.visiting import Parsed

from sendwright.practice.frame import SHARED, Frame, Tick, items, link_back, way_back
from sendwright.texts import LANGUAGES, speaking, text

PLAIN = Frame(desk="/practice/it")
OWN = Frame(desk="/practice/admin", texts="google", folder="google/")
HOSTILE = '"><script>x()</script>&amp;'


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_service_s_own_words_stand_before_the_shared_ones(language: str) -> None:
    with speaking(language):
        assert OWN.words("approve-title") == text("practice.google.approve-title") != PLAIN.words("approve-title")
        assert OWN.words("next") == PLAIN.words("next") == text(f"practice.{SHARED}.next")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_its_language_its_title_and_where_the_administrators_are_played(language: str) -> None:
    with speaking(language):
        html = OWN.page("password", {"flow": "a-flow", "application": "Sendwright", "username": "x"}, {"message": ""})
        assert f'lang="{language}"' in html
        parsed = Parsed(html)
        assert parsed.tags["it"]["href"] == "/practice/admin?back=a-flow"
        assert text("practice.pages.password-title") in parsed.words


def test_a_template_of_the_service_stands_before_the_shared_one() -> None:
    words = {"flow": "f", "application": "A", "username": "x", "boxes_note": "", "title": "T"}
    own = OWN.page("consent", words, {"boxes": "", "already": "", "permissions": ""})
    shared = PLAIN.page(
        "consent", words | {"organisation": "O"}, {"tick": "", "permissions": "", "application_permissions": ""}
    )
    assert "boxes-note" in own
    assert "boxes-note" not in shared


def test_what_is_said_on_a_page_stays_words() -> None:
    words = dict.fromkeys(("flow", "application", "username", "title"), HOSTILE)
    html = OWN.page("password", words, {"message": "<b>ours</b>"})
    assert "<script>x" not in html
    assert "<b>ours</b>" in html
    assert HOSTILE in Parsed(html).words


@pytest.mark.parametrize(("flow", "query"), [("", ""), ("abc", "?back=abc"), ("a/b&c", "?back=a%2Fb%26c")])
def test_the_way_back_is_an_address(flow: str, query: str) -> None:
    assert way_back(flow) == query
    link = Parsed(link_back(flow))
    assert link.tags.get("back", {}).get("href", "") == (f"/sign-in/{query.removeprefix('?back=')}" if flow else "")


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize(
    ("group", "kind", "name", "value"), [("", "checkbox", "one", "yes"), ("g", "radio", "g", "one")]
)
def test_a_box_is_labelled_and_as_it_stands(on: bool, group: str, kind: str, name: str, value: str) -> None:
    html = Tick(id="one", label=HOSTILE, on=on, group=group).html()
    tag = Parsed(f'<form action="/">{html}</form>').tags["one"]
    assert (tag["type"], tag["name"], tag["value"], "checked" in tag) == (kind, name, value, on)
    assert '<label for="one">' in html
    assert "<script>" not in html


def test_a_list_has_an_item_for_each() -> None:
    assert items(["a", "<b>"]) == "<li>a</li><li>&lt;b&gt;</li>"
    assert items([]) == ""
