"""What comes back to a redirect URI, and all that only looks like it."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.errors import SendwrightError
from sendwright.oauth.callback import (
    LONGEST_ADDRESS,
    LONGEST_VALUE,
    MOST_PARAMETERS,
    UNDERSTOOD,
    CallbackRefused,
    is_callback,
    read_callback,
    read_form,
    require_state,
)
from sendwright.texts import LANGUAGES, speaking

LOOPBACK = "http://localhost:49152"
EMBEDDED = "https://login.microsoftonline.com/common/oauth2/nativeclient"
ANSWER = "code=0.AXkA&state=s-1"


def refusal(address: str, *, redirect_uri: str = LOOPBACK) -> str:
    with pytest.raises(CallbackRefused) as refused:
        read_callback(address, redirect_uri=redirect_uri)
    assert isinstance(refused.value, SendwrightError)
    return refused.value.code


@pytest.mark.parametrize(
    ("redirect_uri", "address"),
    [
        (LOOPBACK, f"{LOOPBACK}/?{ANSWER}"),
        (LOOPBACK, f"{LOOPBACK}?{ANSWER}"),
        (f"{LOOPBACK}/", f"{LOOPBACK}?{ANSWER}"),
        (LOOPBACK, f"{LOOPBACK}/#{ANSWER}"),
        (LOOPBACK, f"{LOOPBACK}/?code=0.AXkA#state=s-1"),
        (LOOPBACK, f"HTTP://LocalHost:49152/?{ANSWER}"),
        (f"{LOOPBACK}/back", f"{LOOPBACK}/back?{ANSWER}"),
        (EMBEDDED, f"{EMBEDDED}?{ANSWER}"),
        (EMBEDDED, f"{EMBEDDED.replace('.com/', '.com:443/')}?{ANSWER}"),
        (f"{EMBEDDED}?of=us", f"{EMBEDDED}?of=us&{ANSWER}"),
        (f"{EMBEDDED}?code=own", f"{EMBEDDED}?{ANSWER}&code=own"),
    ],
)
def test_an_answer_at_the_redirect_uri_is_read_from_query_and_fragment(redirect_uri: str, address: str) -> None:
    assert read_callback(address, redirect_uri=redirect_uri) == {"code": "0.AXkA", "state": "s-1"}
    assert is_callback(address, redirect_uri=redirect_uri)


@pytest.mark.parametrize(
    "address",
    [
        f"https://localhost:49152/?{ANSWER}",
        f"http://localhost:49153/?{ANSWER}",
        f"http://localhost/?{ANSWER}",
        f"http://127.0.0.1:49152/?{ANSWER}",
        f"http://localhost.:49152/?{ANSWER}",
        f"http://localhost.example.org:49152/?{ANSWER}",
        f"http://example.org/?{LOOPBACK}/?{ANSWER}",
        f"http://localhost:49152/back?{ANSWER}",
        f"http://localhost:49152//?{ANSWER}",
        f"http://localhost:49152/./?{ANSWER}",
        f"http://localhost:49152/%2F?{ANSWER}",
        f"http://localhost:49152/;a?{ANSWER}",
        f"http://localhost:49152@example.org/?{ANSWER}",
        f"http://someone@localhost:49152/?{ANSWER}",
        f"http://@localhost:49152/?{ANSWER}",
        f"http://example.org\\@localhost:49152/?{ANSWER}",
        f"http:\\\\localhost:49152/?{ANSWER}",
        f"//localhost:49152/?{ANSWER}",
        f"/?{ANSWER}",
        f"file:///?{ANSWER}",
        f"javascript:location='{LOOPBACK}/?{ANSWER}'",
        f"data:text/html,{ANSWER}",
        f"view-source:{LOOPBACK}/?{ANSWER}",
        f"blob:{LOOPBACK}/?{ANSWER}",
        f"http://ⓛocalhost:49152/?{ANSWER}",
        "",
        "code=0.AXkA&state=s-1",
    ],
)
def test_an_answer_at_another_place_is_refused(address: str) -> None:
    assert refusal(address) == "other-address"
    assert not is_callback(address, redirect_uri=LOOPBACK)


@pytest.mark.parametrize(
    ("redirect_uri", "address"),
    [
        (f"{EMBEDDED}?of=us", f"{EMBEDDED}?{ANSWER}"),
        (f"{EMBEDDED}?of=us", f"{EMBEDDED}?of=them&{ANSWER}"),
        (f"{EMBEDDED}?of=us", f"{EMBEDDED}?of=us&of=us&{ANSWER}"),
        (EMBEDDED, f"{EMBEDDED}/?{ANSWER}"),
        (EMBEDDED, f"{EMBEDDED.upper()}?{ANSWER}"),
    ],
)
def test_path_and_query_of_the_redirect_uri_come_back_as_they_are(redirect_uri: str, address: str) -> None:
    assert refusal(address, redirect_uri=redirect_uri) == "other-address"


@pytest.mark.parametrize(
    "address",
    [
        f"{LOOPBACK}/?{ANSWER}\n",
        f" {LOOPBACK}/?{ANSWER}",
        f"{LOOPBACK}/?{ANSWER} ",
        f"http://local\thost:49152/?{ANSWER}",
        f"{LOOPBACK}/?code=0.A\r\nXkA&state=s-1",
        f"{LOOPBACK}/\0?{ANSWER}",
        f"{LOOPBACK}/?{ANSWER}&x=\u202e",
        f"{LOOPBACK}/?{ANSWER}&x=\ud800",
        f"{LOOPBACK}/?{ANSWER}&x=\u00a0",
        f"http://localhost:49152x/?{ANSWER}",
        f"http://localhost:99999/?{ANSWER}",
        f"http://[localhost:49152/?{ANSWER}",
        f"{LOOPBACK}/?code=%00&state=s-1",
        f"{LOOPBACK}/?code=a%0d%0aSet-Cookie:b&state=s-1",
        f"{LOOPBACK}/?code=%E2%80%AEa&state=s-1",
        f"{LOOPBACK}/?code=%FF&state=s-1",
        f"{LOOPBACK}/?code=%ED%A0%80&state=s-1",
        f"{LOOPBACK}/?error=%0a&state=s-1",
        f"{LOOPBACK}/?{ANSWER}&%FF=1",
    ],
)
def test_characters_that_do_not_show_are_refused_before_anything_is_read(address: str) -> None:
    assert refusal(address) == "unreadable"


@pytest.mark.parametrize("name", ["code", "state", "error", "session_state", "iss", "unheard-of"])
@pytest.mark.parametrize("between", ["&", "#"])
def test_a_parameter_stands_once(name: str, between: str) -> None:
    once = {"code": "a", "state": "s-1"} if name != "error" else {"error": "access_denied", "state": "s-1"}
    twice = urlencode({**once, name: "b"}) + between + urlencode({name: "b"})
    assert refusal(f"{LOOPBACK}/?{twice}") == "repeated-parameter"


def test_a_parameter_stands_once_even_where_one_of_the_two_is_empty_or_spelled_otherwise() -> None:
    assert refusal(f"{LOOPBACK}/?{ANSWER}&state=") == "repeated-parameter"
    assert refusal(f"{LOOPBACK}/?{ANSWER}&st%61te=s-2") == "repeated-parameter"


def test_parameters_that_nobody_knows_are_ignored() -> None:
    found = read_callback(
        f"{LOOPBACK}/?{ANSWER}&foo=bar&__proto__=x&redirect_uri=https://example.org&token=y", redirect_uri=LOOPBACK
    )
    assert found == {"code": "0.AXkA", "state": "s-1"}


def test_a_parameter_without_a_value_counts_as_omitted() -> None:
    assert read_callback(f"{LOOPBACK}/?error=&{ANSWER}&scope", redirect_uri=LOOPBACK) == {
        "code": "0.AXkA",
        "state": "s-1",
    }
    assert refusal(f"{LOOPBACK}/?code=&state=s-1") == "no-answer"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "no-answer"),
        ("state=s-1", "no-answer"),
        ("CODE=a&state=s-1", "no-answer"),
        ("id_token=a.b.c&state=s-1", "no-answer"),
        (f"{ANSWER}&error=access_denied", "contradictory"),
        ("&" * MOST_PARAMETERS, "too-long"),
        (f"{ANSWER}&" + "&".join(f"x{number}=1" for number in range(MOST_PARAMETERS)), "too-long"),
        (f"state=s-1&code={'a' * (LONGEST_VALUE + 1)}", "too-long"),
        (f"{ANSWER}&x={'a' * LONGEST_ADDRESS}", "too-long"),
    ],
)
def test_what_is_no_answer_is_refused_by_its_reason(query: str, code: str) -> None:
    assert refusal(f"{LOOPBACK}/?{query}") == code


def test_an_answer_as_long_as_one_may_be_is_read() -> None:
    code = "a" * LONGEST_VALUE
    assert read_callback(f"{LOOPBACK}/?code={code}&state=s-1", redirect_uri=LOOPBACK)["code"] == code


def test_every_parameter_of_a_failed_admin_consent_is_understood() -> None:
    said = {
        "admin_consent": "True",
        "error": "access_denied",
        "error_subcode": "cancel",
        "error_description": "AADSTS65004: User declined to consent.\r\nTrace ID: 1\r\nCorrelation ID: 2",
        "error_uri": "https://login.microsoftonline.com/error?code=65004",
        "tenant": "contoso.com",
        "scope": "https://graph.microsoft.com/.default",
        "state": "s-1",
        "session_state": "x",
        "client_info": "eyJ1aWQiOiIxIn0",
        "iss": "https://login.microsoftonline.com/organizations/v2.0",
    }
    found = read_callback(f"{LOOPBACK}/?{urlencode(said)}", redirect_uri=LOOPBACK)
    assert found == {**said, "error_description": said["error_description"].replace("\r\n", "\n")}
    assert found.keys() | {"code"} <= UNDERSTOOD


def test_the_sentence_of_an_error_is_kept_and_cannot_turn_the_text_around_it() -> None:
    query = urlencode({"error": "server_error", "error_description": "no\u202ehtap\0", "state": "s-1"})
    assert read_callback(f"{LOOPBACK}/?{query}", redirect_uri=LOOPBACK)["error_description"] == "no\\u202ehtap\\x00"


def test_what_was_read_cannot_be_changed() -> None:
    found = read_callback(f"{LOOPBACK}/?{ANSWER}", redirect_uri=LOOPBACK)
    with pytest.raises(TypeError):
        found["state"] = "s-2"  # type: ignore[index]


def test_a_posted_answer_is_read_like_one_in_the_address() -> None:
    assert read_form(b"code=a%2Bb&state=s+1&x=y") == {"code": "a+b", "state": "s 1"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "no-answer"),
        (b"\xff", "unreadable"),
        (b"code=a&code=b", "repeated-parameter"),
        (b"code=%00", "unreadable"),
        (b'{"code": "a"}', "no-answer"),
        (b"code=a&x=" + b"a" * LONGEST_ADDRESS, "too-long"),
    ],
)
def test_a_posted_answer_is_refused_like_one_in_the_address(body: bytes, code: str) -> None:
    with pytest.raises(CallbackRefused) as refused:
        read_form(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "state-missing"),
        ({"state": ""}, "state-missing"),
        ({"state": "s-2"}, "state-differs"),
        ({"state": "s-1 "}, "state-differs"),
        ({"state": "S-1"}, "state-differs"),
        ({"state": "s-1s-1"}, "state-differs"),
        ({"state": "s-1é"}, "state-differs"),
    ],
)
def test_a_forged_state_is_refused(parameters: dict[str, str], code: str) -> None:
    with pytest.raises(CallbackRefused) as refused:
        require_state(parameters, "s-1")
    assert refused.value.code == code


def test_our_own_state_passes() -> None:
    require_state({"state": "s-1"}, "s-1")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        "too-long",
        "unreadable",
        "other-address",
        "repeated-parameter",
        "contradictory",
        "no-answer",
        "state-missing",
        "state-differs",
        "ended",
    ],
)
def test_every_reason_has_words(code: str, language: str) -> None:
    with speaking(language):
        assert CallbackRefused(code).words.endswith(".")


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)


@given(code=WORDS, state=WORDS, fragment=st.booleans())
def test_whatever_is_sent_comes_back_as_it_was(code: str, state: str, fragment: bool) -> None:
    query = urlencode({"code": code, "state": state})
    found = read_callback(f"{LOOPBACK}/{'#' if fragment else '?'}{query}", redirect_uri=LOOPBACK)
    assert found == {"code": code, "state": state}
    require_state(found, state)


def outcome(address: str) -> dict[str, str] | str:
    try:
        return dict(read_callback(address, redirect_uri=LOOPBACK))
    except CallbackRefused as refused:
        return refused.words


@given(st.text(max_size=200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for address in (text, f"{LOOPBACK}/?{text}", f"{LOOPBACK}/?code=1&state={quote(text)}", f"http://{text}"):
        found = outcome(address)
        if isinstance(found, dict):
            assert found.keys() <= UNDERSTOOD
            assert all(found.values())
        else:
            assert found.endswith(".")


@given(st.binary(max_size=200))
def test_no_octets_do_more_than_be_refused(body: bytes) -> None:
    try:
        found = read_form(body)
    except CallbackRefused:
        return
    assert found.keys() <= UNDERSTOOD
