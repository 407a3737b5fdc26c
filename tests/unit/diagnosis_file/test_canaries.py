"""Planted secrets: not one comes into a file, however it is spelled and wherever it stands."""

import base64
import html
import json
import quopri
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.diagnosis_file.made import NOON, diagnosis, nobody_hidden, wrong_password

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import DiagnosisFile, SecretFound, Shown, pack
from sendwright.diagnosis_file.canaries import Search
from sendwright.problems.dictionary import load
from sendwright.recording.event import Event, Layer
from sendwright.recording.folding import fold
from sendwright.secret import Secret

SECRETS = (
    "wax-Falke-42%&",
    "correct horse battery staple",
    "hunter2!hunter2",
    "P@ssw0rd-2026",
    "übermütig-Öl-9",
    "пароль-12345",
    "密码-abc-123",
    '"quoted\\back/slash"9',
    "tab\there-4711",
    "abcd efgh ijkl mnop 1",
    "xkeysib-1f4a9c0b7e2d",
    "SG.q1w2e3r4t5.A1s2D3f4",
    "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "ya29.a0AfH6SMBx-1_2",
    "1//0gRefresh-Token_Xy",
    "0.AXoA7-refresh~token.42",
    "GOCSPX-1a2B3c4D5e6F",
    "client~secret.8Q~x",
    "+/+/+/==padded1",
    "a1b2c3d4e5f60718",
    "00ff00ff00ff00ff",
    "%41%42%43-percent-1",
    "&amp;entity;9&lt;",
    "=3Dquoted=20printable",
    "semi;colon,comma 8",
    "new-line-none-7\u00a0x",
    "emoji-🔑-key-5",
)

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "base64, alone": lambda secret: _b64(secret.encode()),
    "base64, one before": lambda secret: _b64(b"x" + secret.encode() + b"yz"),
    "base64, two before": lambda secret: _b64(b"xy" + secret.encode() + b"z"),
    "base64url": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    "base64 in lines": lambda secret: "\n".join(_pieces(_b64(secret.encode() * 3), 16)),
    "SASL PLAIN": lambda secret: _b64(f"\0anna@contoso.com\0{secret}".encode()),
    "SASL XOAUTH2": lambda secret: _b64(f"user=anna@contoso.com\1auth=Bearer {secret}\1\1".encode()),
    "SASL OAUTHBEARER": lambda secret: _b64(f"n,a=anna,\1host=x\1auth=Bearer {secret}\1\1".encode()),
    "HTTP basic": lambda secret: "Authorization: Basic " + _b64(f"anna:{secret}".encode()),
    "URL": lambda secret: quote(secret, safe=""),
    "URL of a form": quote_plus,
    "URL, lower case": lambda secret: "".join(f"%{octet:02x}" for octet in secret.encode()),
    "hex": lambda secret: secret.encode().hex(),
    "hex, upper case": lambda secret: secret.encode().hex().upper(),
    "hex with colons": lambda secret: secret.encode().hex(":"),
    "UTF-16": lambda secret: secret.encode("utf-16-le").hex(),
    "UTF-16, big end first": lambda secret: secret.encode("utf-16-be").hex(),
    "UTF-16, base64": lambda secret: _b64(secret.encode("utf-16-le")),
    "with NULs": "\0".join,
    "JSON": json.dumps,
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "HTML": html.escape,
    "HTML numbers": lambda secret: "".join(f"&#{ord(letter)};" for letter in secret),
    "quoted-printable": lambda secret: quopri.encodestring(secret.encode(), quotetabs=True).decode(),
    "broken over lines": lambda secret: "\r\n ".join(_pieces(secret, 5)),
    "spaced": " ".join,
}

PLACES: dict[str, Callable[[str], DiagnosisFile]] = {
    "an event": lambda words: diagnosis(events=(Event(at_ms=1.0, layer=Layer.SMTP, name="said", text=words),)),
    "a value of an event": lambda words: diagnosis(
        events=(Event(at_ms=1.0, layer=Layer.HTTP, name="heard", values={"name": words}),)
    ),
    "the other side's words": lambda words: diagnosis(
        msgspec.structs.replace(
            wrong_password(), evidence=msgspec.structs.replace(wrong_password().evidence, text=words)
        )
    ),
    "the values of a problem": lambda words: diagnosis(
        msgspec.structs.replace(wrong_password(), values={"username": words})
    ),
    "what a stage saw": lambda words: diagnosis(
        stages=(StageResult(id="greet", verdict=Verdict.PASSED, evidence={"seen": [{"x": words}]}),)
    ),
    "a screen": lambda words: diagnosis(screens=(Shown(at=NOON, screen={"fields": [{"name": "a", "value": words}]}),)),
    "the environment": lambda words: diagnosis(environment={"proxy": words}),
    "the wall map": lambda words: diagnosis(wall={"a": [{"b": words}]}),
    "the two-sided test": lambda words: diagnosis(sides={"a": [{"b": words}]}),
    "the subject": lambda words: diagnosis(subject={"kind": "smtp", "host": words}),
}


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _pieces(words: str, length: int) -> list[str]:
    return [words[start : start + length] for start in range(0, len(words), length)]


def refused(file: DiagnosisFile, *secrets: str) -> SecretFound:
    with pytest.raises(SecretFound) as found:
        pack(file, secrets=map(Secret, secrets), pseudonyms=nobody_hidden())
    return found.value


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_in_every_spelling(secret: str, spelling: str) -> None:
    words = f"250 {SPELLINGS[spelling](secret)} ok"
    found = refused(PLACES["an event"](words), "another-secret-1", secret)
    assert found.entry == "events.jsonl"
    assert found.form in {"plain", "split", "coded"}
    assert secret not in f"{found} {found!r} {found.args}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", ["plain", "SASL PLAIN", "URL", "hex", "with NULs"])
def test_a_secret_is_found_wherever_it_stands(place: str, spelling: str) -> None:
    for secret in SECRETS[:6]:
        assert refused(PLACES[place](SPELLINGS[spelling](secret)), secret)


@pytest.mark.parametrize("place", PLACES)
def test_a_file_without_a_secret_is_written(place: str) -> None:
    secrets = [*map(Secret, SECRETS), Secret(""), Secret("a"), Secret("at"), Secret("abc")]
    assert pack(PLACES[place]("250 fine"), secrets=secrets, pseudonyms=nobody_hidden())


def test_a_secret_in_the_name_of_a_member_is_found() -> None:
    assert refused(diagnosis(wall={SECRETS[0]: 1}), SECRETS[0])


def test_a_secret_said_in_two_pieces_one_after_the_other_is_found() -> None:
    events = tuple(
        Event(at_ms=float(at), layer=Layer.SMTP, name="said", text=piece)
        for at, piece in enumerate(("AUTH LOGIN", "wax-Fal", "ke-42%&", "."))
    )
    assert refused(diagnosis(events=events), "wax-Falke-42%&").form == "split"


def test_the_first_entry_that_holds_it_is_named() -> None:
    assert refused(PLACES["the environment"]("wax-Falke-42%&"), "wax-Falke-42%&").entry == "environment.jsonl"
    assert refused(PLACES["the other side's words"]("wax-Falke-42%&"), "wax-Falke-42%&").entry == "diagnosis.jsonl"


@pytest.mark.parametrize(
    "weak", ["password", "login", "sender", "passed", "user", "event", "code", "sign-in", "smtp-text", "port"]
)
def test_a_password_that_is_an_ordinary_word_does_not_forbid_every_file(weak: str) -> None:
    file = diagnosis(
        environment={"system": "Linux"}, screens=(Shown(at=NOON, screen={"type": "form", "step": "sender"}),)
    )
    assert pack(file, secrets=(Secret(weak),), pseudonyms=nobody_hidden())


@pytest.mark.parametrize("code", sorted(load().definitions))
def test_no_problem_of_ours_looks_like_an_ordinary_password(code: str) -> None:
    problem = msgspec.structs.replace(wrong_password(), code=code)
    secrets = [Secret(word) for word in ("password", "passwort", "geheim", "secret", "mailmail")]
    assert pack(diagnosis(problem), secrets=secrets, pseudonyms=nobody_hidden())


@pytest.mark.parametrize("weak", ["password", "geheim", "1234", "abcd"])
def test_a_weak_password_is_found_in_what_others_said(weak: str) -> None:
    assert refused(PLACES["an event"](f"I heard {weak} from you"), weak)
    assert refused(PLACES["a value of an event"](weak), weak)


@pytest.mark.parametrize("tiny", ["a", "xy", "abc", " "])
def test_a_tiny_password_is_found_only_where_it_stands_alone(tiny: str) -> None:
    assert refused(PLACES["a value of an event"](tiny), tiny)
    assert pack(PLACES["an event"](f"250 {tiny} fine"), secrets=(Secret(tiny),), pseudonyms=nobody_hidden())


def test_the_octets_of_the_finished_file_are_searched_too() -> None:
    search = Search([Secret("wax-Falke-42%&")])
    assert search.in_octets(b"PK\x03\x04" + b"wax-Falke-42%&" + bytes(9)) == "plain"
    assert search.in_octets(b"PK\x03\x04" + "wax-Falke-42%&".encode("utf-16-be")) == "plain"
    assert search.in_octets(b"\xff\xfe" + base64.b64encode(b"wax-Falke-42%&")) == "coded"
    assert search.in_octets(b"\xff wax-\nFalke\n-42%& \xff") == "split"
    assert search.in_octets(bytes(range(256)) * 40) is None


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=("Cc", "Cf")), min_size=9, max_size=30
    ),
    st.sampled_from(sorted(SPELLINGS)),
)
def test_whatever_a_secret_is_made_of_it_is_found(secret: str, spelling: str) -> None:
    assume(len(fold(secret)) >= 9)
    assume(secret.upper().casefold() == secret.casefold())  # Turkish letters come back as others
    words = f"250 {SPELLINGS[spelling](secret)} ok"
    assert refused(PLACES["an event"](words), secret)


def test_a_search_never_shows_what_it_looks_for() -> None:
    assert repr(Search([Secret("wax-Falke-42%&")])) == "Search(…)"
