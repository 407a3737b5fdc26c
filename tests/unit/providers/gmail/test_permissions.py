"""Which permissions are asked for, which lack, which are more than anybody needs."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import ASKED

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS
from sendwright.providers.gmail.permissions import beyond, missing, reads_addresses, short, text_name, wanted
from sendwright.senders.gmail.settings import Route
from sendwright.texts import LANGUAGES, has, speaking

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
PROFILE = "https://www.googleapis.com/auth/userinfo.profile"


@pytest.mark.parametrize(
    ("route", "returning", "expected"),
    [
        (Route.API, False, (OPENID, EMAIL, SEND)),
        (Route.API, True, (OPENID, EMAIL, SEND, SETTINGS)),
        (Route.SMTP, False, (OPENID, EMAIL, MAIL)),
        (Route.SMTP, True, (OPENID, EMAIL, MAIL)),
        (Route.RELAY, False, (OPENID, EMAIL, MAIL)),
    ],
)
def test_no_more_is_asked_for_than_the_route_needs(route: Route, returning: bool, expected: tuple[str, ...]) -> None:
    assert wanted(replace(ASKED, route=route, returning=returning)) == expected


@pytest.mark.parametrize(
    ("route", "granted", "expected"),
    [
        (Route.API, (OPENID, EMAIL, SEND), ()),
        (Route.API, (OPENID, EMAIL), (SEND,)),
        (Route.API, (OPENID, SETTINGS), (SEND,)),
        (Route.API, (MAIL,), ()),
        (Route.SMTP, (OPENID, EMAIL, SEND), (MAIL,)),
        (Route.RELAY, (SEND, SETTINGS), (MAIL,)),
        (Route.SMTP, (MAIL,), ()),
    ],
)
def test_what_sending_lacks_is_named(route: Route, granted: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert missing(replace(ASKED, route=route), granted) == expected


@pytest.mark.parametrize(
    ("route", "granted", "expected"),
    [
        (Route.API, (OPENID, EMAIL, SEND), ()),
        (Route.API, (OPENID, PROFILE, SEND, SETTINGS), ()),
        (Route.API, (SEND, MAIL, READONLY), (MAIL, READONLY)),
        (Route.SMTP, (MAIL, SEND), (SEND,)),
    ],
)
def test_what_nobody_needs_is_named(route: Route, granted: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert beyond(replace(ASKED, route=route), granted) == expected


@pytest.mark.parametrize(
    ("granted", "reads"), [((SEND,), False), ((SEND, SETTINGS), True), ((MAIL,), True), ((), False)]
)
def test_the_list_is_read_only_with_a_permission_for_it(granted: tuple[str, ...], reads: bool) -> None:
    assert reads_addresses(granted) is reads


@pytest.mark.parametrize(
    ("scope", "name", "key"),
    [
        (SEND, "gmail.send", "gmail-send"),
        (SETTINGS, "gmail.settings.basic", "gmail-settings-basic"),
        (MAIL, "mail.google.com", "mail-google-com"),
        (OPENID, "openid", "openid"),
    ],
)
def test_a_permission_has_a_short_name(scope: str, name: str, key: str) -> None:
    assert (short(scope), text_name(scope)) == (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scope", [SEND, SETTINGS, MAIL])
def test_what_opens_a_mailbox_is_said_in_every_language(scope: str, language: str) -> None:
    with speaking(language):
        assert has(f"gmail.scopes.{text_name(scope)}")
        assert has(f"gmail.allowed.{text_name(scope)}")
