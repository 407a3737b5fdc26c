"""A hundred thousand answers and reports that nobody has written: each is read to its end, and soundly."""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendwright.problems.dictionary import UNRECOGNISED, load
from sendwright.problems.explanation import explain
from sendwright.problems.pasted import PasteRefused, Understood, understand
from sendwright.problems.problem import Confidence

FOLDER = Path(__file__).parent
TEXTS = [
    answer["text"]
    for file in sorted(FOLDER.glob("*.toml"))
    for answer in tomllib.loads(file.read_text(encoding="utf-8"))["answer"]
]
REPORTS = [file.read_bytes() for file in sorted((FOLDER / "reports").iterdir())]
SEEDS, EACH = 25, 4000
REFUSALS = {"too-long", "archive", "not-text"}

WORDS = (
    "User unknown", "mailbox full", "Relaying denied", "try again later", "greylisted", "spam", "blocked using", "SPF",
    "Authentication failed", "quota exceeded", "TLS required", "(in reply to RCPT TO command)", "<bob@example.com>",
    "host mx.example.com[192.0.2.7] said:", "status=deferred", "status=sent", "dsn=4.4.1,", "Connection timed out",
    "certificate has expired", "AADSTS50076", "invalid_grant", "ErrorSendAsDenied", "HTTP/1.1 407", "port 587",
    "250 Ok", '{"error":"access_denied"}', "http://127.0.0.1/?error=access_denied", "Action: failed", "Status: 5.1.1",
    "\n", "\n\n", "Content-Type: multipart/report; boundary=b", "--b", "--b--", "=?utf-7?q?+AGE-?=",
    "\x00", "\ud800", "é", "\u202e", "Diagnostic-Code: smtp; 550 5.7.1", "<html>", "</p>", "&#x41;", "&#99999999999;",
    "[", "{", "\\", "'", '"',
)  # fmt: skip


def _reply(chance: random.Random) -> str:
    """A reply of RFC 5321 section 4.2 with any code, with or without an enhanced one, and words in any order."""
    code = f"{chance.choice('245')}{chance.randrange(10)}{chance.randrange(10)}"
    enhanced = f"{chance.choice('245')}.{chance.randrange(9)}.{chance.randrange(chance.choice((9, 40, 1000)))}"
    parts = [code + chance.choice(" -"), *([enhanced] if chance.random() < 0.6 else [])]
    return " ".join([*parts, *chance.choices(WORDS, k=chance.randrange(4))])


def _changed(text: str, chance: random.Random) -> str:
    """Return `text` with a few pieces cut out, doubled, turned around, or put in."""
    for _ in range(chance.randrange(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randrange(1, 40))
        piece = text[start:end]
        put = chance.choice(("", piece * 2, piece[::-1], chance.choice(WORDS), chr(chance.randrange(1, 0x2FFF)), "5"))
        text = text[:start] + put + text[end:]
    return text


def _generated(seed: int) -> Iterator[str | bytes]:
    chance = random.Random(seed)  # noqa: S311 - nothing secret, and the same every time
    for number in range(EACH):
        if number % 40 == 0:
            yield _changed(chance.choice(REPORTS).decode(), chance).encode(errors="replace")
        elif number % 5 == 0:
            yield _changed(chance.choice(TEXTS)[:500], chance)
        else:
            yield _reply(chance)


def _complaints(understood: Understood) -> Iterator[str]:
    codes = [match.problem.code for match in understood.matches]
    if understood.healthy is bool(codes):
        yield "neither healthy nor a problem, or both"
    if len(codes) != len(set(codes)):
        yield "a problem stands there twice"
    if UNRECOGNISED in codes[1:]:
        yield "what is not known comes after what is"
    if not set(codes) <= set(load().definitions):
        yield "a problem that is not in the dictionary"
    for match in understood.matches:
        if (match.problem.confidence is Confidence.UNKNOWN) is not (match.problem.code == UNRECOGNISED):
            yield "sure of what is not known, or not sure of what is"
        shown = (match.matched, match.problem.evidence.text, *match.problem.values.values())
        if not all(_printable(text) for text in shown):
            yield "something that could steer a terminal"
    if not all(_printable(text) for pair in (*understood.about, *understood.original) for text in pair):
        yield "something that could steer a terminal, beside the problems"


def _printable(text: str) -> bool:
    return all(character.isprintable() or character == "\n" for character in text)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_it_is_read_to_its_end_and_soundly(seed: int) -> None:
    read = 0
    for number, text in enumerate(_generated(seed)):
        try:
            understood = understand(text)
        except PasteRefused as refused:
            assert refused.code in REFUSALS, text  # noqa: PT017 - only one of many may be refused, not each
            continue
        assert list(_complaints(understood)) == [], text
        read += 1
        if number % 100 == 0:
            assert all(explain(match.problem).title for match in understood.matches)
    assert read > EACH * 0.99


def test_there_are_a_hundred_thousand() -> None:
    assert SEEDS * EACH == 100_000


def test_the_same_text_means_the_same_again() -> None:
    for text in list(_generated(0))[:300]:
        assert understand(text) == understand(text)
