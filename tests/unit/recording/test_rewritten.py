"""Secrets in the spellings of other systems: wrong encodings, doubled quotes, octal, lines of a reply."""

import base64
import shlex
import unicodedata
from collections.abc import Callable
from urllib.parse import quote

import pytest
from tests.unit.diagnosis_file.made import diagnosis, nobody_hidden

from sendwright.diagnosis_file import SecretFound, pack
from sendwright.recording.event import Event, Layer
from sendwright.recording.visible import visible
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret

SECRETS = (
    "Müller-7%x",
    "pÄß→wörd-9",
    "🦊🔑secret-1",
    'it\'s "so" 5',
    "päss wörd 12",
    "канарейка-7",
    "x7Q!",
    "a\\101b-22",
)


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _one_by_one(write: str) -> Callable[[str], str]:
    return lambda secret: "".join(write.format(ord(letter)) for letter in secret)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "UTF-8 read as Latin-1": lambda s: s.encode().decode("latin-1"),
    "UTF-8 read as Windows-1252": lambda s: s.encode().decode("cp1252", "replace"),
    "UTF-16 read as Latin-1": lambda s: s.encode("utf-16-le").decode("latin-1"),
    "Latin-1 read as UTF-8": lambda s: s.encode("cp1252").decode("utf-8", "replace"),
    "Latin-1 kept as octets": lambda s: s.encode("cp1252").decode("utf-8", "surrogateescape"),
    "Latin-1 in base64": lambda s: _b64(s.encode("cp1252")),
    "Latin-1 in SASL PLAIN": lambda s: _b64(b"\0anna\0" + s.encode("cp1252")),
    "Latin-1 in a URL": lambda s: quote(s.encode("cp1252"), safe=""),
    "base64 of base64": lambda s: _b64(_b64(s.encode()).encode()),
    "UTF-7": lambda s: s.encode("utf-7").decode(),
    "letters taken apart": lambda s: unicodedata.normalize("NFD", s),
    "letters for compatibility": lambda s: unicodedata.normalize("NFKC", s),
    "octal": lambda s: "".join(f"\\{octet:03o}" for octet in s.encode()),
    "eight digits": _one_by_one("\\U{:08x}"),
    "in braces": _one_by_one("\\u{{{:x}}}"),
    "escape of older pages": lambda s: "".join(f"%u{ord(letter):04X}" for letter in s if ord(letter) < 1 << 16),
    "SQL": lambda s: s.replace("'", "''"),
    "CSV": lambda s: s.replace('"', '""'),
    "shell": shlex.quote,
    "header": lambda s: "".join(f"={octet:02X}" if octet > 126 else chr(octet) for octet in s.encode()).replace(
        " ", "_"
    ),
    "lines of a reply": lambda s: f"{s[:3]}\n535-5.7.8 {s[3:]}",
    "lines of a reply without the code": lambda s: f"{s[:3]}\n5.7.8 {s[3:]}",
}


def _can_write(spelling: str, secret: str) -> bool:
    try:
        SPELLINGS[spelling](secret)
    except UnicodeEncodeError:
        return False
    return spelling != "escape of older pages" or max(secret) <= "\uffff"


CASES = [(secret, spelling) for secret in SECRETS for spelling in SPELLINGS if _can_write(spelling, secret)]
WITHOUT_BACKSLASH = [(secret, spelling) for secret, spelling in CASES if "\\" not in secret]
"""Which backslash of a text that was made visible is ours cannot be told afterwards."""


@pytest.mark.parametrize("learned", ["before", "afterwards"])
@pytest.mark.parametrize(("secret", "spelling"), WITHOUT_BACKSLASH)
def test_a_secret_is_cut_out_of_what_is_noted(secret: str, spelling: str, learned: str) -> None:
    written = SPELLINGS[spelling](secret)
    recorder = WireRecorder()
    if learned == "before":
        recorder.learn(Secret(secret))
    recorder.note(Layer.SMTP, "heard", text=f"535 <{written}> is wrong", value=written)
    if learned == "afterwards":
        recorder.learn(Secret(secret))
    (event,) = recorder.events
    for noted in (event.text, event.values["value"]):
        assert written not in noted
        assert visible(written) not in noted
    assert event.text.startswith("535 <")
    assert event.text.endswith("> is wrong")


@pytest.mark.parametrize(("secret", "spelling"), CASES)
def test_a_file_that_holds_it_is_not_written(secret: str, spelling: str) -> None:
    events = (Event(at_ms=0.0, layer=Layer.SMTP, name="heard", text=f"535 <{SPELLINGS[spelling](secret)}>"),)
    with pytest.raises(SecretFound) as found:
        pack(diagnosis(events=events), secrets=(Secret(secret),), pseudonyms=nobody_hidden())
    assert found.value.entry == "events.jsonl"


@pytest.mark.parametrize(
    ("secret", "said", "noted"),
    [
        ("a", "220 mail.example.org a, at (A)", "220 mail.example.org […], at ([…])"),
        ("25", "port 25 of 2525, 250 OK", "port […] of 2525, 250 OK"),
        ("ab", "you said ab; about", "you said […]; about"),
        ("!!", "what!! a! b!!c", "what!! a! b!!c"),
        ("x7Q!", "hax7Q!ha", "ha[…]ha"),
    ],
)
def test_a_password_of_three_letters_blots_out_no_other_words(secret: str, said: str, noted: str) -> None:
    recorder = WireRecorder()
    recorder.learn(Secret(secret))
    recorder.note(Layer.SMTP, "heard", text=said)
    assert recorder.events[0].text == noted
