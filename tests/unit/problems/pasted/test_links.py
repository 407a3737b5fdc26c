"""The addresses of browsers are read with what they carry."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.evidence import System
from sendwright.problems.pasted.links import clues_of, is_link, links_in, tells_of_success

DECLINED = "AADSTS65004: The resource owner declined\r\nTrace ID: x"


@pytest.mark.parametrize(
    ("text", "system", "error", "number", "reason"),
    [
        (
            f"http://127.0.0.1:8400/?error=access_denied&error_subcode=cancel&error_description={quote(DECLINED)}",
            System.ENTRA, "access_denied", 65004, "cancel",
        ),
        (
            f"http://localhost/#error=access_denied&error_description={DECLINED.partition(':')[0]}%3a+x&state=1",
            System.ENTRA, "access_denied", 65004, None,
        ),
        ("https://login.microsoftonline.com/x?error=server_error", System.ENTRA, "server_error", None, None),
        ("https://login.microsoftonline.us/x?error=server_error", System.ENTRA, "server_error", None, None),
        ("https://login.chinacloudapi.cn/x?error=server_error", System.ENTRA, "server_error", None, None),
        ("https://accounts.google.com/x?error=access_denied", System.GOOGLE, "access_denied", None, None),
        ("http://127.0.0.1:8400/?error=access_denied", System.OAUTH, "access_denied", None, None),
        ("com.example.app:/back?error=access_denied", System.OAUTH, "access_denied", None, None),
        ("error=access_denied&state=1", System.OAUTH, "access_denied", None, None),
        ("?error=access_denied", System.OAUTH, "access_denied", None, None),
    ],
)  # fmt: skip
def test_an_error_is_read(text: str, system: System, error: str, number: int | None, reason: str | None) -> None:
    clues = [clue for link in links_in(text) for clue in clues_of(link)]
    seen = clues[0].evidence
    assert (seen.system, seen.error, seen.number, seen.reason) == (system, error, number, reason)
    assert is_link(text)


def test_values_of_the_fields_are_kept() -> None:
    link = next(links_in("http://127.0.0.1/?error=x&client_id=abc&tenant=contoso.com&code=secret"))
    values = next(clues_of(link)).evidence.values
    assert values == {"client_id": "abc", "tenant": "contoso.com"}


def test_the_packed_error_of_google_is_opened() -> None:
    packed = base64.urlsafe_b64encode(b"\n\x16disallowed_useragent\x12\x10Error 403: x").decode().rstrip("=")
    link = next(links_in(f"https://accounts.google.com/signin/oauth/error?authError={packed}&client_id=x"))
    assert {clue.evidence.error or clue.evidence.reason for clue in clues_of(link)} == {"disallowed_useragent"}


@pytest.mark.parametrize("packed", ["!!!", "A", "é", "%ff%fe", "====", ""])
def test_a_packed_error_that_cannot_be_opened_is_none(packed: str) -> None:
    for link in links_in(f"https://accounts.google.com/error?authError={packed}"):
        assert list(clues_of(link)) == []


@pytest.mark.parametrize(
    ("text", "success"),
    [
        ("http://127.0.0.1/?code=x&state=y", True),
        ("http://127.0.0.1/?admin_consent=True&tenant=x", True),
        ("http://127.0.0.1/?admin_consent=False", False),
        ("http://127.0.0.1/?code=x", False),
        ("http://127.0.0.1/?code=x&state=y&error=z", False),
        ("http://127.0.0.1/?q=code", False),
    ],
)
def test_success_is_told(text: str, success: bool) -> None:
    assert [tells_of_success(link) for link in links_in(text)] == [success]


@pytest.mark.parametrize(
    "text", ["", "hello", "550 5.1.1", "http://example.org", "a b=error=c", "postfix/smtp: error=x"]
)
def test_what_carries_no_error_has_no_clue(text: str) -> None:
    assert [clue for link in links_in(text) for clue in clues_of(link)] == []


@pytest.mark.parametrize("text", ["", "see http://127.0.0.1/?error=x", "550 5.1.1", "http://x.example/ y", "x" * 9999])
def test_a_text_with_more_than_an_address_is_no_address(text: str) -> None:
    assert not is_link(text)


def test_a_description_cannot_steer_a_terminal() -> None:
    link = next(links_in("http://127.0.0.1/?error=x&error_description=%1b[31mred%07%e2%80%ae"))
    assert next(clues_of(link)).evidence.text == "red"


def test_no_more_than_fifty_are_read() -> None:
    assert len(list(links_in("http://127.0.0.1/?error=x " * 500))) == 50


@given(st.text(alphabet="htp:/?#&=error%0_descipton1\\ "))
def test_nothing_breaks_it(text: str) -> None:
    for link in links_in(text):
        assert all(clue.place == link.place for clue in clues_of(link))
        assert tells_of_success(link) in {True, False}
