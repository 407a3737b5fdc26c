"""The scopes that the simulated Google knows."""

import pytest

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.practice.google import pages, permissions
from sendwright.practice.google.permissions import CLOUD, KNOWN, LISTS, PROFILE, SENDS, SHOWS
from sendwright.practice.google.refused import Refused
from sendwright.texts import LANGUAGES, speaking


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("openid", {OPENID}),
        ("openid email profile", {OPENID, EMAIL, PROFILE}),
        (f"email {EMAIL} email", {EMAIL}),
        (f"  {SEND}   openid ", {SEND, OPENID}),
        (" ".join(KNOWN), set(KNOWN)),
    ],
)
def test_what_is_asked_for_is_known_by_its_long_name(asked: str, found: set[str]) -> None:
    assert permissions.read(asked) == found


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ("", "invalid_request", "Missing required parameter: scope"),
        ("   ", "invalid_request", "Missing required parameter: scope"),
        ("openid nonsense", "invalid_scope", "valid=[openid], invalid=[nonsense]"),
        ("Mail.Send offline_access", "invalid_scope", "invalid=[Mail.Send, offline_access]"),
        (SEND.upper(), "invalid_scope", f"invalid=[{SEND.upper()}]"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(asked: str, error: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        permissions.read(asked)
    assert caught.value.error == error
    assert said in caught.value.said


@pytest.mark.parametrize(
    ("scopes", "of_gmail"),
    [({OPENID, EMAIL, PROFILE}, False), (set(USUAL), True), ({SETTINGS}, True), ({MAIL}, True), ({CLOUD}, False)],
)
def test_what_opens_anything_of_a_mailbox_is_told_apart(scopes: set[str], of_gmail: bool) -> None:
    assert permissions.of_gmail(frozenset(scopes)) is of_gmail


@pytest.mark.parametrize(
    ("scope", "sends", "lists", "shows"),
    [
        (SEND, True, False, False),
        (SETTINGS, False, True, False),
        (MAIL, True, True, True),
        (EMAIL, False, False, False),
    ],
)
def test_each_method_takes_its_own_scopes(scope: str, sends: bool, lists: bool, shows: bool) -> None:
    assert (scope in SENDS, scope in LISTS, scope in SHOWS) == (sends, lists, shows)


def test_who_somebody_is_stands_first_in_an_answer() -> None:
    assert permissions.listed(frozenset({SEND, EMAIL, OPENID})) == f"{EMAIL} {OPENID} {SEND}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scope_has_a_short_name_and_words(language: str) -> None:
    short = {permissions.short(one) for one in KNOWN}
    assert len(short) == len(KNOWN)
    with speaking(language):
        assert len({pages.meaning(one) for one in KNOWN}) == len(KNOWN)
