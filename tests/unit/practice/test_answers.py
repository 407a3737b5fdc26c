"""Where a browser is sent with an answer."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.answers import extended


@pytest.mark.parametrize(
    ("uri", "fragment", "expected"),
    [
        ("http://127.0.0.1:5000", False, "http://127.0.0.1:5000/?code=a%2Fb&state=s"),
        ("http://127.0.0.1:5000/", False, "http://127.0.0.1:5000/?code=a%2Fb&state=s"),
        ("http://localhost/back?kept=1", False, "http://localhost/back?kept=1&code=a%2Fb&state=s"),
        ("http://localhost/back?kept=1", True, "http://localhost/back?kept=1#code=a%2Fb&state=s"),
        ("http://localhost/back#gone", False, "http://localhost/back?code=a%2Fb&state=s"),
    ],
)
def test_an_answer_joins_what_the_address_says_already(uri: str, fragment: bool, expected: str) -> None:
    assert extended(uri, {"code": "a/b", "state": "s"}, fragment=fragment) == expected


@given(st.text(max_size=50), st.booleans())
def test_whatever_the_application_said_as_state_comes_back_as_it_was(state: str, fragment: bool) -> None:
    try:
        state.encode()
    except UnicodeEncodeError:
        return  # no browser could have said it
    parts = urlsplit(extended("http://localhost/?a=b", {"state": state}, fragment=fragment))
    said = parse_qs(parts.fragment if fragment else parts.query, keep_blank_values=True)
    assert said["state"] == [state]
