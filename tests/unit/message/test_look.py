"""The look of our own messages: readable in light and dark, for every accent that a deployment may have."""

import re
from datetime import UTC, datetime

import pytest

from sendwright.deployment.colour import READABLE, contrast
from sendwright.message import compose_notification, compose_test
from sendwright.message.composing import DARK_GROUND

MOMENT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
PAGE, CARD, WELL = "#f5f6f8", "#ffffff", "#f5f6f8"
DARK_WELL = "#262c34"


def both(accent: str) -> list[str]:
    a_test = compose_test(
        sender="a@contoso.com",
        alias="Contoso",
        recipient="anna@example.org",
        organisation="Contoso",
        asked_by="Anna",
        asked_at=MOMENT,
        path_description="smtp.contoso.com",
        code="K7Q4MX",
        platform_name="Example",
        accent=accent,
    )
    notification = compose_notification(
        sender="a@contoso.com",
        alias="Contoso",
        recipient="anna@example.org",
        kind="comment",
        kind_label="Comment",
        subject="Bob wrote",
        message_id="<1@contoso.com>",
        written_at=MOMENT,
        platform_name="Example",
        text="Hello",
        accent=accent,
    )
    return [a_test.html, notification.html]


def inline_colours(html: str) -> set[str]:
    body = html.partition("<body")[2]
    return set(re.findall(r"[; \"]color:(#[0-9a-f]{6})", body))


def dark_colours(html: str) -> set[str]:
    block = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", html, re.DOTALL)
    assert block is not None
    return set(re.findall(r"[; {]color: (#[0-9a-f]{6})", block[1]))


@pytest.mark.parametrize("accent", ["#1f5fbf", "#8a0f4b", "#000000", "#767676"])
def test_all_words_are_readable_in_the_light(accent: str) -> None:
    for html in both(accent):
        colours = inline_colours(html)
        assert accent in colours
        assert len(colours) >= 3
        for colour in colours:
            assert contrast(colour, CARD) >= READABLE
            if colour != accent:
                assert contrast(colour, WELL) >= READABLE


@pytest.mark.parametrize("accent", ["#1f5fbf", "#8a0f4b", "#000000", "#767676"])
def test_all_words_are_readable_in_the_dark(accent: str) -> None:
    for html in both(accent):
        colours = dark_colours(html)
        assert len(colours) >= 3
        for colour in colours:
            assert contrast(colour, DARK_GROUND) >= READABLE
        words = colours - {colour for colour in colours if colour not in {"#e6eaef", "#a3adb8"}}
        assert all(contrast(colour, DARK_WELL) >= READABLE for colour in words)


def test_the_ground_that_the_accent_is_fitted_to_is_that_of_the_card() -> None:
    for html in both("#1f5fbf"):
        assert f".card {{ background: {DARK_GROUND} !important;" in html


def test_every_class_that_turns_dark_is_used() -> None:
    for html in both("#1f5fbf"):
        head, _, body = html.partition("<body")
        used = set(" ".join(re.findall(r'class="([^"]+)"', "<body" + body)).split())
        styled = set(re.findall(r"\.([a-z]+)[ ,]", head))
        assert styled - used <= {"link"}, "a link is there only where the words hold one"
        assert used - styled == set()


def test_tables_for_the_layout_are_none_to_a_screen_reader() -> None:
    for html in both("#1f5fbf"):
        tables = re.findall(r"<table[^>]*>", html.replace("<!--[if mso]>", "").replace("<![endif]-->", ""))
        assert sum('role="presentation"' not in table for table in tables) <= 1, "only the facts are a table"
        assert html.count("<h1") == 1
