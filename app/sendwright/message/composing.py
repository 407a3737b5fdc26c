"""Composes the messages that the program itself writes."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sendwright.address import parse_address
from sendwright.deployment.colour import fitted
from sendwright.deployment.model import Platform
from sendwright.message.identity import new_message_id
from sendwright.message.outgoing import OutgoingMessage
from sendwright.message.template import fill, item, paragraphs, row
from sendwright.texts import language, lines, text

DARK_GROUND = "#1e2228"
"""The card's colour in the templates where the reader's system is dark."""

KIND_HEADER = "X-Sendwright-Kind"
CODE_HEADER = "X-Sendwright-Code"

LONGEST_FRAMED = 100_000
"""Characters of a text that is set into a frame: there, a paragraph of three letters takes a hundred."""

_TEST_WORDS = ("label", "title", "lead", "next", "unexpected", "footer")
_NEUTRAL_ACCENT = Platform().accent
_PARAGRAPH = "margin:12px 0 0 0; font-size:16px; line-height:24px; color:#1c2128;"


def compose_test(
    *,
    sender: str,
    alias: str,
    recipient: str,
    organisation: str,
    asked_by: str,
    asked_at: datetime,
    path_description: str,
    code: str,
    platform_name: str,
    accent: str = _NEUTRAL_ACCENT,
) -> OutgoingMessage:
    """Return the test message that proves a sender.

    sender, recipient: addr-specs. organisation: empty where it is not known; the alias stands in for it. asked_at:
    aware, the message's Date. path_description: words such as `smtp.example.org, port 465`. code: what the person
    compares with the wizard, from `new_code`, and the header X-Sendwright-Code; empty where nobody waits for it.
    accent: `#rrggbb` of the deployment.
    """
    values = {
        "organisation": organisation or alias,
        "platform": platform_name,
        "address": sender,
        "code": code,
    }
    facts = {
        text("message.test.organisation"): values["organisation"],
        text("message.test.from"): f"{alias} <{sender}>",
        text("message.test.asked-by"): asked_by,
        text("message.test.asked-at"): written_date(asked_at),
        text("message.test.path"): path_description,
    }
    steps = lines("message.test.steps" if code else "message.test.steps-alone")
    words = {name: text(f"message.test.{name}", **values) for name in _TEST_WORDS}
    box = {"label": text("message.test.code"), "code": code, "note": text("message.test.code-note")} if code else {}
    return OutgoingMessage(
        sender_address=sender,
        alias=alias,
        recipient=recipient,
        subject=text("message.test.subject-code" if code else "message.test.subject", **values),
        message_id=new_message_id(parse_address(sender).domain),
        text=_test_text(words, box, facts, steps),
        html=fill(
            "test.html",
            words=words | _look(accent),
            markup={
                "code_box": fill("test-code.html", words=box, markup={}) if box else "",
                "facts": "\n".join(row(name, value) for name, value in facts.items()),
                "steps": "\n".join(item(step) for step in steps),
            },
        ),
        headers={KIND_HEADER: "test"} | ({CODE_HEADER: code} if code else {}),
        written_at=asked_at,
    )


def compose_notification(
    *,
    sender: str,
    alias: str,
    recipient: str,
    kind: str,
    kind_label: str,
    subject: str,
    message_id: str,
    written_at: datetime,
    platform_name: str,
    text: str = "",
    html: str = "",
    accent: str = _NEUTRAL_ACCENT,
) -> OutgoingMessage:
    """Return the message of a notification that the platform asked for.

    text, html: at least one is not empty. What the platform wrote stays as it is; where it wrote no HTML, its text is
    set into a plain frame with kind_label above it, unless it is longer than LONGEST_FRAMED. kind: id such as
    `comment`, goes into X-Sendwright-Kind. message_id: made once when the notification was accepted.

    There is no Reply-To: answers go to the address that recipients see. There is no List-Id (RFC 2919) either: a
    notification is written to one person, nobody subscribes or leaves, and mail services treat what has one as bulk;
    whoever wants to sort by kind has the header.
    """
    if not html and len(text) <= LONGEST_FRAMED:
        html = _framed(kind_label, subject, text, platform_name=platform_name, accent=accent)
    return OutgoingMessage(
        sender_address=sender,
        alias=alias,
        recipient=recipient,
        subject=subject,
        message_id=message_id,
        text=text,
        html=html,
        headers={KIND_HEADER: kind},
        written_at=written_at,
    )


def written_date(moment: datetime) -> str:
    """Return a moment in words, with its distance from UTC: `20 November 2026, 09:41 UTC+01:00`."""
    offset = f"{moment:%z}"
    distance = "" if offset.rstrip("0") in {"+", "-"} else f"{offset[:3]}:{offset[3:5]}"
    return text(
        "message.day",
        day=moment.day,
        month=lines("message.months")[moment.month - 1],
        year=moment.year,
        time=f"{moment:%H:%M}",
        zone=f"UTC{distance}",
    )


def _test_text(words: Mapping[str, str], box: Mapping[str, str], facts: Mapping[str, str], steps: Iterable[str]) -> str:
    numbered = (f"{number}. {step}" for number, step in enumerate(steps, start=1))
    parts = (
        words["title"],
        words["lead"],
        "\n".join((text("message.fact", name=box["label"], value=box["code"]), box["note"])) if box else "",
        "\n".join(text("message.fact", name=name, value=value) for name, value in facts.items()),
        "\n".join((words["next"], *numbered)),
        words["unexpected"],
        words["footer"],
    )
    return "\n\n".join(part for part in parts if part)


def _framed(kind_label: str, subject: str, words: str, *, platform_name: str, accent: str) -> str:
    footer = text("message.notification.footer", platform=platform_name)
    return fill(
        "notification.html",
        words={"kind": kind_label, "subject": subject, "footer": footer} | _look(accent),
        markup={"words": paragraphs(words, style=_PARAGRAPH)},
    )


def _look(accent: str) -> dict[str, str]:
    return {"language": language(), "accent": accent, "accent_dark": fitted(accent, ground=DARK_GROUND)}
