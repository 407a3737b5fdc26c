"""Connection codes survive mail programs and chats, and say what is wrong with those that did not."""

import textwrap

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.connection_code import (
    ConnectionCode,
    ConnectionCodeInvalid,
    format_connection_code,
    is_loopback,
    is_safe,
    parse_connection_code,
)
from sendwright.secret import Secret

CODE = ConnectionCode(
    BackendAddress(url="https://notify.example.org:8443/sendwright"), Secret("canary-one-time-secret")
)
TEXT = format_connection_code(CODE).reveal()


def reason_of(text: str) -> str:
    with pytest.raises(ConnectionCodeInvalid) as caught:
        parse_connection_code(text)
    assert "canary" not in repr(caught.value)
    return caught.value.reason


@given(
    host=st.from_regex(r"[a-z][a-z0-9-]{0,30}(\.[a-z]{2,8}){1,3}", fullmatch=True),
    port=st.integers(1, 65535),
    secret=st.text(min_size=1, max_size=60),
)
def test_what_was_written_is_read_again(host: str, port: int, secret: str) -> None:
    code = ConnectionCode(BackendAddress(url=f"https://{host}:{port}"), Secret(secret))
    assert parse_connection_code(format_connection_code(code).reveal()) == code


def test_an_authority_travels_along() -> None:
    authorities = trustme.CA().cert_pem.bytes().decode() + trustme.CA().cert_pem.bytes().decode()
    address = BackendAddress(url="https://notify.example.org", ca_pem=authorities)
    code = parse_connection_code(format_connection_code(ConnectionCode(address, Secret("x"))).reveal())
    assert code.address.ca_pem is not None
    assert "".join(code.address.ca_pem.split()) == "".join(authorities.split())


@pytest.mark.parametrize(
    "around",
    [
        lambda text: f"  {text}\n",
        lambda text: f"Your code: {text}. It works once.",
        lambda text: text.lower(),
        lambda text: "\r\n".join(textwrap.wrap(text, 40)),
        lambda text: "\n".join("> " + line for line in textwrap.wrap(text, 30)),
        lambda text: "=\n".join(textwrap.wrap(text, 76, break_on_hyphens=False)),
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("-", " \u2013 "),
        "\u200b".join,
        lambda text: f"**{text}**",
        lambda text: f"\u201c{text}\u201d",
        lambda text: text + " and then some words ABCDEFG",
        lambda text: text[:4] + text[4:].replace("-", ""),
    ],
)
def test_a_code_is_found_whatever_surrounds_or_wraps_it(around: object) -> None:
    assert callable(around)
    assert parse_connection_code(around(TEXT)) == CODE


@pytest.mark.parametrize(
    "text", ["", " ", "hello", "SW", "SW1", "123456", "https://notify.example.org", "XSW1-ABCDE", "SWX-AAAAA"]
)
def test_what_is_no_code_is_called_so(text: str) -> None:
    assert reason_of(text) == "not-a-code"


def test_every_missing_end_is_noticed() -> None:
    for length in range(4, len(TEXT)):
        assert reason_of(TEXT[:length]) == "truncated", length
        assert reason_of(TEXT[:length] + " \u2026") == "truncated", length


def test_every_wrong_letter_is_noticed() -> None:
    for position in range(4, len(TEXT)):
        if TEXT[position] == "-":
            continue
        for other in "AZ7":
            if other == TEXT[position]:
                continue
            altered = TEXT[:position] + other + TEXT[position + 1 :]
            try:
                found = parse_connection_code(altered)
            except ConnectionCodeInvalid as invalid:
                assert invalid.reason in {"damaged", "truncated"}  # noqa: PT017 - one of many
            else:
                assert found == CODE  # bits of the last letter that carry nothing
                assert position == len(TEXT) - 1


@pytest.mark.parametrize("digit", "0189")
def test_a_letter_that_no_code_has_is_damage_and_no_missing_end(digit: str) -> None:
    assert reason_of(TEXT[:40] + digit + TEXT[41:]) == "damaged"


@pytest.mark.parametrize("text", ["SW2-AAAAA", "sw17-AAAAA-BBBBB"])
def test_a_code_of_a_later_version_is_called_so(text: str) -> None:
    assert reason_of(text) == "newer"


@given(st.text(max_size=200))
def test_nonsense_behind_the_prefix_never_opens(rest: str) -> None:
    assert reason_of("SW1-" + rest) in {"truncated", "damaged"}


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://notify.example.org", True),
        ("https://notify.example.org:8443/path", True),
        ("http://127.0.0.1:8025", True),
        ("http://127.8.9.10:8025", True),
        ("http://[::1]:8025", True),
        ("http://localhost:8025", True),
        ("http://notify.example.org", False),
        ("http://192.0.2.1:80", False),
        ("http://127.0.0.1.example.org", False),
        ("http://localhost.example.org", False),
        ("http://0.0.0.0:80", False),
        ("https://user@notify.example.org", False),
        ("https://user:secret@notify.example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("https://notify.example.org/?token=x", False),
        ("https://notify.example.org/#x", False),
        ("ftp://notify.example.org", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://notify.example.org:99999", False),
        ("notify.example.org", False),
        ("", False),
    ],
)
def test_a_token_goes_only_where_nobody_reads_along(url: str, *, safe: bool) -> None:
    assert is_safe(url) is safe
    code = ConnectionCode(BackendAddress(url=url), Secret("x"))
    if safe:
        assert parse_connection_code(format_connection_code(code).reveal()).address.url == url
        return
    with pytest.raises(ValueError, match="not an address"):
        format_connection_code(code)


def test_an_unsafe_address_in_a_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendwright.handoff.connection_code.is_safe", lambda url: True)
    text = format_connection_code(ConnectionCode(BackendAddress(url="http://notify.example.org"), Secret("x"))).reveal()
    monkeypatch.undo()
    assert reason_of(text) == "unsafe-address"


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.1", False), ("10.0.0.1", False), ("", False)],
)
def test_only_this_computer_is_this_computer(host: str, *, here: bool) -> None:
    assert is_loopback(host) is here


def test_a_code_prints_without_its_secret() -> None:
    assert "canary" not in repr(CODE) + str(CODE) + repr(format_connection_code(CODE))


@given(data=st.data())
def test_whatever_happens_on_the_way_no_other_code_comes_out(data: st.DataObject) -> None:
    """Letters lost, doubled, swapped or replaced in any number: the same code, or a refusal, never another one."""
    letters = list(TEXT)
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(letters) - 2))
        match data.draw(st.sampled_from(["lose", "double", "swap", "replace"])):
            case "lose":
                del letters[position]
            case "double":
                letters.insert(position, letters[position])
            case "swap":
                letters[position], letters[position + 1] = letters[position + 1], letters[position]
            case _:
                letters[position] = data.draw(st.sampled_from("ABCXYZ237-018 sw"))
    try:
        found = parse_connection_code("".join(letters))
    except ConnectionCodeInvalid as invalid:
        assert invalid.reason in {"not-a-code", "truncated", "damaged", "newer"}  # noqa: PT017 - one of two ends
    else:
        assert found == CODE
