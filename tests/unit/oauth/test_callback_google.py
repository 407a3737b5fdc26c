"""What Google puts behind a redirect URI, and how far it is believed."""

from urllib.parse import urlencode

import pytest

from sendwright.oauth.callback import UNDERSTOOD, CallbackRefused, read_callback, require_state

LOOPBACK = "http://127.0.0.1:49152"
GOOD = {
    "state": "s-1",
    "iss": "https://accounts.google.com",
    "code": "4/0AbCdEf-gh_ij",
    "scope": "email openid https://www.googleapis.com/auth/gmail.send https://www.googleapis.com/auth/userinfo.email",
    "authuser": "0",
    "hd": "example.org",
    "prompt": "consent",
}
REFUSED = {"error": "access_denied", "error_subtype": "access_denied", "state": "s-1"}


@pytest.mark.parametrize("said", [GOOD, REFUSED])
def test_every_parameter_of_google_is_handed_on_as_it_stands(said: dict[str, str]) -> None:
    found = read_callback(f"{LOOPBACK}/?{urlencode(said)}", redirect_uri=LOOPBACK)
    assert found == said
    require_state(found, "s-1")
    assert said.keys() <= UNDERSTOOD


def test_what_google_may_add_one_day_is_ignored() -> None:
    found = read_callback(f"{LOOPBACK}/?{urlencode(GOOD | {'session_bound': '1'})}", redirect_uri=LOOPBACK)
    assert found == GOOD


@pytest.mark.parametrize("name", ["authuser", "hd", "prompt", "error_subtype", "iss", "scope"])
def test_what_stands_there_twice_is_no_answer(name: str) -> None:
    query = f"{urlencode(GOOD | {name: 'a'})}&{name}=b"
    with pytest.raises(CallbackRefused) as refused:
        read_callback(f"{LOOPBACK}/?{query}", redirect_uri=LOOPBACK)
    assert refused.value.code == "repeated-parameter"


@pytest.mark.parametrize("name", ["authuser", "hd", "prompt", "error_subtype"])
@pytest.mark.parametrize("value", ["a\nb", "a\u202eb", "\x00"])
def test_what_would_turn_the_text_around_it_is_no_answer(name: str, value: str) -> None:
    with pytest.raises(CallbackRefused) as refused:
        read_callback(f"{LOOPBACK}/?{urlencode(GOOD | {name: value})}", redirect_uri=LOOPBACK)
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("address", ["http://localhost:49152", "http://127.0.0.1:49153", "http://[::1]:49152"])
def test_another_place_of_this_computer_is_another_place(address: str) -> None:
    with pytest.raises(CallbackRefused) as refused:
        read_callback(f"{address}/?{urlencode(GOOD)}", redirect_uri=LOOPBACK)
    assert refused.value.code == "other-address"
