"""What an access token says of itself, and tokens made to hurt whoever looks."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.jwt_parts import LONGEST_TOKEN, take_apart
from sendwright.oauth.lens import LONGEST_WORD, MOST_WORDS, OPAQUE, TokenView, read_token
from sendwright.secret import Secret


def coded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def token(claims: object, *, header: object = None) -> Secret:
    head = {"alg": "RS256", "typ": "JWT"} if header is None else header
    return Secret(f"{coded(json.dumps(head).encode())}.{coded(json.dumps(claims).encode())}.{coded(b'signature')}")


DELEGATED = {
    "aud": "https://graph.microsoft.com",
    "iss": "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
    "iat": 1_795_000_000,
    "exp": 1_795_004_500,
    "app_displayname": "Sendwright",
    "appid": "11111111-2222-3333-4444-555555555555",
    "oid": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "scp": "Mail.Send Mail.Send.Shared User.Read",
    "tid": "72f988bf-86f1-41af-91ab-2d7cd011db47",
    "upn": "ann@contoso.com",
    "ver": "1.0",
}


def test_a_token_of_a_person_is_read() -> None:
    assert read_token(token(DELEGATED)) == TokenView(
        readable=True,
        audience="https://graph.microsoft.com",
        scopes=("Mail.Send", "Mail.Send.Shared", "User.Read"),
        roles=(),
        tenant="72f988bf-86f1-41af-91ab-2d7cd011db47",
        username="ann@contoso.com",
        account_id="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        app_id="11111111-2222-3333-4444-555555555555",
        app_name="Sendwright",
        issued_at=datetime.fromtimestamp(1_795_000_000, UTC),
        expires_at=datetime.fromtimestamp(1_795_004_500, UTC),
        version="1.0",
    )


def test_a_token_of_an_application_is_read() -> None:
    found = read_token(token({"aud": ["api"], "azp": "app-2", "roles": ["Mail.Send", "User.Read.All"], "ver": "2.0"}))
    assert found == TokenView(
        readable=True, audience="api", app_id="app-2", roles=("Mail.Send", "User.Read.All"), version="2.0"
    )


@pytest.mark.parametrize(
    ("claims", "username"),
    [
        ({"upn": "a", "preferred_username": "b", "unique_name": "c"}, "a"),
        ({"preferred_username": "b", "unique_name": "c"}, "b"),
        ({"upn": "", "unique_name": "c"}, "c"),
        ({"upn": 7, "unique_name": ["c"]}, "c"),
        ({}, ""),
    ],
)
def test_the_name_of_the_account_stands_under_several_claims(claims: dict[str, object], username: str) -> None:
    assert read_token(token(claims)).username == username


GOOD_HEAD = coded(b'{"alg":"RS256"}')


@pytest.mark.parametrize(
    "letters",
    [
        "",
        ".",
        "..",
        "...",
        "EwB4A8l6BAAU",
        "1/fFAGRNJru1FTz70BzhT3Zg",
        f"{GOOD_HEAD}.{coded(b'{}')}",
        f"{GOOD_HEAD}.{coded(b'{}')}.x.y.z",
        f"{GOOD_HEAD}.{coded(b'[]')}.x",
        f"{GOOD_HEAD}.{coded(b'null')}.x",
        f"{GOOD_HEAD}.{coded(b'1')}.x",
        f"{GOOD_HEAD}.{coded(b'{')}.x",
        f"{GOOD_HEAD}.{coded(b'{} {}')}.x",
        f"{GOOD_HEAD}.{coded(bytes([0xFF, 0xFE]))}.x",
        f"{GOOD_HEAD}.!!!!.x",
        f"{GOOD_HEAD}.A.x",
        f"{GOOD_HEAD}.é.x",
        f"x.{coded(b'{}')}.x",
        f"{GOOD_HEAD}.{coded(b'[' * 20_000)}.x",
        f"{GOOD_HEAD}.{coded(b'{' + b'%c%c:{' % (34, 34) * 9_000)}.x",
        f"{GOOD_HEAD}.{coded(b'{%c%c:%b}' % (34, 34, b'[' * 9_000 + b']' * 9_000))}.x",
        "." * LONGEST_TOKEN,
        "a" * (LONGEST_TOKEN + 1),
        f"{GOOD_HEAD}.{coded(json.dumps({'aud': 'a' * LONGEST_TOKEN}).encode())}.x",
    ],
)
def test_what_is_no_readable_token_is_opaque(letters: str) -> None:
    assert read_token(Secret(letters)) == OPAQUE
    assert take_apart(Secret(letters)) is None
    assert not OPAQUE.readable


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": 1, "scp": 1, "roles": 1, "tid": None, "oid": {}, "iat": "x", "exp": [], "ver": 2},
        {"aud": [], "roles": {}, "scp": ["", 1, None], "upn": [[]], "iat": True, "exp": False},
        {"iat": -1, "exp": 10**30},
        {"iat": 1e308, "exp": -1e308},
        {"scp": "   ", "roles": [[], {}], "aud": [""]},
    ],
)
def test_claims_of_the_wrong_kind_count_as_missing(claims: dict[str, object]) -> None:
    assert read_token(token(claims)) == TokenView(readable=True)


def test_names_cannot_turn_the_text_around_them_or_break_the_line() -> None:
    found = read_token(token({"app_displayname": "Send\u202ethgirw\u0000\n<b>", "upn": "\u200bann", "scp": "a\u2066b"}))
    assert found.app_name == "Send\\u202ethgirw\\x00\\n<b>"
    assert found.username == "\\u200bann"
    assert found.scopes == ("a\\u2066b",)


def test_words_and_lists_are_cut() -> None:
    found = read_token(
        token({"app_displayname": "\u202e" * 1_000, "scp": " ".join(map(str, range(2_000))), "upn": "a" * 999})
    )
    assert len(found.app_name) == LONGEST_WORD
    assert found.scopes == tuple(map(str, range(MOST_WORDS)))
    assert found.username == "a" * LONGEST_WORD


def test_the_view_does_not_hold_the_token() -> None:
    secret = token(DELEGATED)
    shown = repr(read_token(secret))
    assert not any(part in shown for part in secret.reveal().split("."))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
CLAIMS = st.dictionaries(
    st.sampled_from(["aud", "scp", "roles", "tid", "upn", "oid", "appid", "azp", "iat", "exp", "ver", "x"]), JSON
)


@given(CLAIMS)
def test_no_claims_do_harm(claims: dict[str, object]) -> None:
    found = read_token(token(claims))
    words = [found.audience, found.tenant, found.username, found.app_id, *found.scopes, *found.roles]
    assert all(len(word) <= LONGEST_WORD for word in words)
    assert all(word.replace("\xa0", " ").isprintable() for word in words), "a no-break space stays: French needs it"
    assert all(at is None or at.tzinfo is UTC for at in (found.issued_at, found.expires_at))


@given(st.text() | st.lists(st.text(alphabet="aA0-_=+/ \0é"), min_size=3, max_size=3).map(".".join))
def test_no_letters_do_harm(letters: str) -> None:
    assert read_token(Secret(letters)).readable in {True, False}
