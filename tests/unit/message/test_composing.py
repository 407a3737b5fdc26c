"""The messages that the program itself writes."""

import re
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from sendwright.deployment.colour import READABLE, contrast
from sendwright.message import OutgoingMessage, compose_notification, compose_test, encode, new_code, text_of_html
from sendwright.message.composing import DARK_GROUND, LONGEST_FRAMED, written_date
from sendwright.texts import speaking

ASKED_AT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
NASTY = "<script>alert('x')</script> & \"Söhne\" $code ${code} {code}"
WORDS = {
    "sender": "notifications@contoso.com",
    "alias": "Contoso & Co.",
    "recipient": "anna@example.org",
    "organisation": "Contoso <GmbH>",
    "asked_by": "Anna Admin",
    "path_description": "smtp.contoso.com, port 465",
    "code": "K7Q4MX",
    "platform_name": "Example Platform",
}


def a_test(**changed: str) -> OutgoingMessage:
    return compose_test(**{**WORDS, **changed}, asked_at=ASKED_AT)


def a_notification(**changed: str) -> OutgoingMessage:
    words = {
        "sender": "notifications@contoso.com",
        "alias": "Contoso",
        "recipient": "anna@example.org",
        "kind": "comment",
        "kind_label": "Comment",
        "subject": "Bob wrote",
        "message_id": "<1@contoso.com>",
        "platform_name": "Example Platform",
        **changed,
    }
    return compose_notification(**words, written_at=ASKED_AT)


class Checker(HTMLParser):
    """Notes what a mail program would fetch or run, and tags that are not closed in order."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()
        self.wrong += self.open

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.wrong += [tag for bad in ("script", "img", "link", "iframe", "form", "object") if tag == bad]
        self.wrong += [name for name, _ in attrs if name.startswith("on") or name in {"src", "background"}]
        if tag not in self.VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")


def test_a_test_message_says_everything_that_helps_to_recognise_it() -> None:
    message = a_test()
    for words in (message.text, text_of_html(message.html)):
        for value in (
            "Contoso <GmbH>",
            "Contoso & Co. <notifications@contoso.com>",
            "Anna Admin",
            "20 November 2026, 09:41 UTC",
            "smtp.contoso.com, port 465",
            "K7Q4MX",
            "Example Platform",
            "Go back to the wizard",
        ):
            assert value in words
    assert message.subject == "Test message for Contoso <GmbH>: K7Q4MX"
    assert message.headers == {"X-Sendwright-Kind": "test", "X-Sendwright-Code": "K7Q4MX"}
    assert message.message_id.endswith("@contoso.com>")
    assert (message.written_at, message.reply_to) == (ASKED_AT, None)
    assert encode(message).isascii()


def test_a_test_message_that_nobody_waits_for_has_no_code() -> None:
    message = a_test(code="")
    assert message.subject == "Test message for Contoso <GmbH>"
    assert message.headers == {"X-Sendwright-Kind": "test"}
    for words in (message.text, text_of_html(message.html)):
        assert "Code" not in words
        assert "wizard" not in words
        assert "Nothing else is needed." in words


def test_an_organisation_without_a_name_is_called_by_its_alias() -> None:
    assert a_test(organisation="").subject == "Test message for Contoso & Co.: K7Q4MX"


@pytest.mark.parametrize("place", sorted(set(WORDS) - {"sender", "recipient"}))
def test_whatever_is_put_into_a_test_message_stays_words(place: str) -> None:
    message = a_test(**{place: NASTY})
    assert Checker(message.html).wrong == []
    assert NASTY in text_of_html(message.html)
    assert NASTY in message.text


@pytest.mark.parametrize("place", ["kind_label", "subject", "platform_name", "text"])
def test_whatever_is_put_into_a_notification_stays_words(place: str) -> None:
    message = a_notification(**{"text": "x", place: NASTY})
    assert Checker(message.html).wrong == []
    assert NASTY in text_of_html(message.html)


def test_a_notification_of_text_gets_a_frame_with_its_kind() -> None:
    message = a_notification(text="Hello Anna,\nhow are you?\r\n\r\nhttps://example.org/?a=1&b=2. Bye")
    assert message.text == "Hello Anna,\nhow are you?\r\n\r\nhttps://example.org/?a=1&b=2. Bye"
    assert Checker(message.html).wrong == []
    assert '<a class="link" href="https://example.org/?a=1&amp;b=2">' in message.html
    assert text_of_html(message.html).split("\n\n") == [
        "Comment",
        "Bob wrote",
        "Hello Anna,\nhow are you?",
        "https://example.org/?a=1&b=2. Bye",
        "A notification from Example Platform.",
    ]


def test_a_text_that_would_grow_hundredfold_in_a_frame_gets_none() -> None:
    words = "a\n\n" * (LONGEST_FRAMED // 3)
    assert words in a_notification(text=words).text
    assert len(a_notification(text=words).html) > 10 * LONGEST_FRAMED
    long = "a\n\n" * (LONGEST_FRAMED // 3 + 1)
    assert (a_notification(text=long).text, a_notification(text=long).html) == (long, "")
    assert a_notification(text=long, html="<p>Own</p>").html == "<p>Own</p>"


def test_the_html_of_the_platform_stays_as_it_is() -> None:
    message = a_notification(html="<p>Own</p>")
    assert (message.html, message.text) == ("<p>Own</p>", "")


def test_a_notification_carries_its_kind_and_no_list() -> None:
    message = a_notification(text="x", kind="rights-request")
    assert message.headers == {"X-Sendwright-Kind": "rights-request"}
    head = encode(message).partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nx-sendwright-kind: rights-request\r\n" in head
    assert not re.search(rb"\r\n(list-|reply-to|precedence|feedback-id)", head)


@pytest.mark.parametrize("link", ["javascript:alert(1)", 'https://example.org/"onclick="x', "https://a.b/<script>"])
def test_a_link_in_a_text_cannot_bring_anything_along(link: str) -> None:
    message = a_notification(text=f"See {link} now")
    assert Checker(message.html).wrong == []
    assert 'href="javascript' not in message.html


@pytest.mark.parametrize("accent", ["#000000", "#1f5fbf", "#8a0f4b"])
def test_the_accent_is_readable_on_both_grounds(accent: str) -> None:
    message = compose_test(**WORDS, asked_at=ASKED_AT, accent=accent)
    found = re.search(r"\.accent \{ color: (#[0-9a-f]{6})", message.html)
    assert found is not None
    assert contrast(found[1], DARK_GROUND) >= READABLE
    assert f"color:{accent};" in message.html


def test_messages_fetch_nothing_and_follow_the_readers_light() -> None:
    for message in (a_test(code=new_code()), a_notification(text="x")):
        assert Checker(message.html).wrong == []
        assert "prefers-color-scheme: dark" in message.html
        assert '<meta name="color-scheme" content="light dark">' in message.html
        assert "url(" not in message.html
        assert "http" not in message.html
        assert len(message.html) < 50_000, "Gmail cuts at 102 kB"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "20 November 2026, 09:41 UTC"),
        (1, "20 November 2026, 10:41 UTC+01:00"),
        (-9.5, "20 November 2026, 00:11 UTC-09:30"),
    ],
)
def test_a_moment_is_written_out(hours: float, words: str) -> None:
    assert written_date(ASKED_AT.astimezone(timezone(timedelta(hours=hours)))) == words


def test_a_message_says_its_language() -> None:
    with speaking("en"):
        assert '<html lang="en">' in a_test().html
