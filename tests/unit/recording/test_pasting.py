"""Whoever pastes an error may paste a secret along with it: the explanation does not pass it on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.pasted import PasteRefused, understand
from sendwright.problems.ticket import ticket
from sendwright.recording.pasting import understand_safely

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJlLW9mLXRlc3Q"
CASES = {
    "a bearer token": (f"ERROR 403 ErrorAccessDenied Access is denied. Authorization: Bearer {JWT}", JWT),
    "a code in the address of a browser": (
        "https://app.example.org/cb?error=server_error&error_description=retry%20code%3D0.AXkA-secret-code-4711-abcdef",
        "secret-code-4711",
    ),
    "a client secret in a form": (
        "AADSTS7000215: Invalid client secret, sent client_secret=Q~8Q~top-secret-value-42&grant_type=x",
        "top-secret-value-42",
    ),
    "a refresh token in JSON": (
        '{"error":"invalid_grant","error_description":"AADSTS70008: refresh_token=0.AXoAabcdefSECRETxyz0123456789"}',
        "SECRETxyz0123",
    ),
    "what was said to sign in": (
        "535 5.7.8 Authentication failed, got AUTH PLAIN AGFubmEAY29ycmVjdC1ob3JzZS1iYXR0ZXJ5",
        "AGFubmEAY29ycmVjdC1ob3JzZS1iYXR0ZXJ5",
    ),
    "a password in the address of a proxy": (
        "httpx.ProxyError: 407 Proxy Authentication Required, http://anna:hunter2-hunter2@proxy.example.org:3128",
        "hunter2-hunter2",
    ),
}


def shown(pasted: str) -> str:
    """Everything that a person or a program gets to see of the explanation."""
    understood = understand_safely(pasted)
    parts = [msgspec.json.encode(understood).decode()]
    for match in understood.matches:
        parts.append(msgspec.json.encode(explain(match.problem)).decode())
        parts += [ticket(match.problem, level=level) for level in Level]
    return "\n".join(parts)


@pytest.mark.parametrize("name", CASES)
def test_a_secret_beside_an_error_is_not_passed_on(name: str) -> None:
    pasted, secret = CASES[name]
    assert secret in msgspec.json.encode(understand(pasted)).decode()
    assert secret not in shown(pasted)


@pytest.mark.parametrize("name", CASES)
def test_the_problem_is_the_same_with_and_without_the_secret(name: str) -> None:
    pasted, _ = CASES[name]
    plain, safe = understand(pasted), understand_safely(pasted)
    assert [match.problem.code for match in safe.matches] == [match.problem.code for match in plain.matches]
    assert (safe.kind, safe.healthy) == (plain.kind, plain.healthy)
    assert safe.matches[0].problem.code != "unrecognised"


@pytest.mark.parametrize(
    "pasted",
    [
        "550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown",
        "AADSTS50126: Error validating credentials due to invalid username or password.",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        "certificate verify failed: Hostname mismatch, certificate is not valid for 'mail.example.org'",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(pasted: str) -> None:
    assert understand_safely(pasted) == understand(pasted)


def test_what_is_refused_stays_refused() -> None:
    with pytest.raises(PasteRefused) as caught:
        understand_safely(b"PK\x03\x04" + b"\x00" * 40)
    assert caught.value.code == "archive"


@given(st.text(max_size=300))
def test_any_text_is_understood_the_same(pasted: str) -> None:
    plain, safe = understand(pasted), understand_safely(pasted)
    assert [match.problem.code for match in safe.matches] == [match.problem.code for match in plain.matches]
    assert len(safe.about) == len(plain.about)
