"""The messages that the program itself writes, in every language."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from sendwright.message import OutgoingMessage, compose_notification, compose_test, encode
from sendwright.texts import LANGUAGES, speaking, text

ASKED_AT = datetime(2026, 8, 1, 9, 41, tzinfo=UTC)
SAID = {
    "en": ("Test message for Contoso: K7Q4MX", "Organisation: Contoso", "1 August 2026, 09:41 UTC"),
    "fr": (
        "Message de test pour Contoso\N{NO-BREAK SPACE}: K7Q4MX",
        "Organisation\N{NO-BREAK SPACE}: Contoso",
        "1 août 2026, 09:41 UTC",
    ),
    "nl": ("Testbericht voor Contoso: K7Q4MX", "Organisatie: Contoso", "1 augustus 2026, 09:41 UTC"),
}


def a_test(language: str) -> OutgoingMessage:
    with speaking(language):
        return compose_test(
            sender="notifications@contoso.com",
            alias="Contoso",
            recipient="anna@example.org",
            organisation="Contoso",
            asked_by="Anna Admin",
            asked_at=ASKED_AT,
            path_description="smtp.contoso.com, port 465",
            code="K7Q4MX",
            platform_name="Example Platform",
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_message_is_whole_in_its_language(language: str) -> None:
    message = a_test(language)
    subject, organisation, asked_at = SAID[language]
    assert message.subject == subject
    assert organisation in message.text
    assert message.text.count("K7Q4MX") == 1
    for body in (message.text, message.html):
        assert asked_at in body
        assert "Example Platform" in body
    assert f'<html lang="{language}">' in message.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_recipients_get_reads_as_it_was_written(language: str) -> None:
    """Letters beyond ASCII and no-break spaces come through the transfer encodings."""
    message = a_test(language)
    received = message_from_bytes(encode(message), policy=policy.default)
    assert received["Subject"] == message.subject
    bodies = {part.get_content_type(): part.get_content() for part in received.walk() if not part.is_multipart()}
    assert bodies["text/plain"].replace("\r\n", "\n").strip() == message.text.strip()
    assert SAID[language][2] in bodies["text/html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_of_a_notification_is_in_the_language(language: str) -> None:
    with speaking(language):
        message = compose_notification(
            sender="notifications@contoso.com",
            alias="Contoso",
            recipient="anna@example.org",
            kind="task",
            kind_label=text("kinds.task"),
            subject="X-17",
            text="X-17",
            message_id="<1@contoso.com>",
            platform_name="Example Platform",
            written_at=ASKED_AT,
        )
        assert text("message.notification.footer", platform="Example Platform") in message.html
    assert f'<html lang="{language}">' in message.html
    assert {"en": "Task", "fr": "Tâche", "nl": "Taak"}[language] in message.html
