"""Who issued an error of OAuth is told by hosts, numbers and a few descriptions, else by nothing."""

import pytest

from sendwright.problems.evidence import System
from sendwright.problems.pasted.issuer import issuers


@pytest.mark.parametrize(
    ("words", "said", "first"),
    [
        ("AADSTS50076: x", "", System.ENTRA),
        ("https://login.microsoftonline.com/common", "", System.ENTRA),
        ("https://login.microsoftonline.us/common", "", System.ENTRA),
        ("https://login.partner.microsoftonline.cn", "", System.ENTRA),
        ("https://login.chinacloudapi.cn", "", System.ENTRA),
        ("msal.exceptions", "", System.ENTRA),
        ("https://accounts.google.com/signin", "", System.GOOGLE),
        ("https://oauth2.googleapis.com/token", "", System.GOOGLE),
        ("", "Token has been expired or revoked.", System.GOOGLE),
        ("", "Bad Request", System.GOOGLE),
        ("400 Bad Request", "", System.OAUTH),
        ("", "", System.OAUTH),
        ("https://id.example.org/token", "The token is old", System.OAUTH),
    ],
)
def test_the_likeliest_comes_first(words: str, said: str, first: System) -> None:
    found = issuers(words, said=said)
    assert found[0] is first
    assert System.OAUTH in found
    assert len(found) == len(set(found))
