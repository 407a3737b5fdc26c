"""A profile of Gmail becomes a sender, or says why it cannot."""

import json
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.unit.senders.doubles import NOW, Keeper, Learning, network
from tests.unit.senders.gmail.doubles import (
    ACCOUNT,
    CLIENT,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
    profile,
    settings,
)

from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.google.scopes import MAIL, OPENID, SEND
from sendwright.oauth.google.service_account import ServiceAccountTokens
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.grant_tokens import GrantTokens
from sendwright.problems.evidence import System
from sendwright.secret import Secret
from sendwright.senders.catalogue import mailbox_key, open_sender
from sendwright.senders.credentials import CLIENT_SECRET, SERVICE_ACCOUNT_KEY, SIGNING_IDENTITY, TOKEN, TOKEN_SCOPE
from sendwright.senders.gmail.opening import client_of, gmail_settings, limits_of, scope_of, token_source
from sendwright.senders.gmail.sender import GmailSender
from sendwright.senders.gmail.settings import GmailSettings, Route, Way
from sendwright.senders.pace import Paces
from sendwright.senders.sources import TokenSources
from sendwright.senders.submission import SubmissionSender
from sendwright.senders.unusable import ProfileUnusable

API, SMTP, RELAY = Route
PERSON, SERVICE = Way


@pytest.fixture(scope="module")
def key() -> Secret:
    """Return a key file of the service account."""
    pem = rsa.generate_private_key(public_exponent=65_537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    content = {
        "type": "service_account",
        "client_email": SERVICE_ACCOUNT,
        "client_id": SERVICE_ACCOUNT_ID,
        "private_key_id": "abc",
        "private_key": pem.decode(),
        "project_id": "project",
    }
    return Secret(json.dumps(content))


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(("route", "kind"), [(API, GmailSender), (SMTP, SubmissionSender), (RELAY, SubmissionSender)])
async def test_each_way_and_route_opens_its_sender(way: Way, route: Route, kind: type) -> None:
    sender = open_sender(profile(way, route), {TOKEN: Secret("canary")}, network())
    assert type(sender) is kind
    await sender.close()


@pytest.mark.parametrize(
    ("way", "field", "value"),
    [
        (PERSON, "account", ""),
        (PERSON, "account", "anna"),
        (PERSON, "account", "a@b@c"),
        (PERSON, "account", "anna@example.org\r\nBcc: eve@example.com"),
        (PERSON, "account_id", ""),
        (PERSON, "account_id", "../eve"),
        (PERSON, "account_id", "1" * 300),
        (SERVICE, "account_id", "110000000000000000001"),
        (PERSON, "domain", "example.org/eve"),
        (PERSON, "client_id", ""),
        (PERSON, "client_id", "a b"),
        (SERVICE, "client_id", ""),
        (SERVICE, "client_id", CLIENT),
        (SERVICE, "own", True),
        (PERSON, "service_account", SERVICE_ACCOUNT),
        (SERVICE, "service_account", ""),
        (SERVICE, "service_account", "nobody"),
        (PERSON, "keyless", True),
        (PERSON, "login", "http://localhost:8443"),
        (PERSON, "login", "https://user:pw@accounts.example.com"),
        (PERSON, "gmail", "https://gmail.example.com/path"),
        (PERSON, "gmail", "https://[broken"),
        (PERSON, "smtp_host", "smtp.example.com:25"),
        (PERSON, "smtp_host", "a b"),
        (PERSON, "smtp_port", 0),
        (PERSON, "smtp_port", 70_000),
        (PERSON, "way", "daemon"),
        (PERSON, "route", "pigeon"),
        (PERSON, "proof", "believed"),
        (PERSON, "surprise", "canary"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(way: Way, field: str, value: object) -> None:
    right = profile(way)
    wrong = msgspec.structs.replace(right, settings=right.settings | {field: value})  # type: ignore[dict-item]  # wrong
    for use in (gmail_settings, mailbox_key, lambda one: open_sender(one, {TOKEN: Secret("x")}, network())):
        with pytest.raises(ProfileUnusable) as caught:
            use(wrong)
        assert field in str(caught.value)
        assert "canary" not in str(caught.value)
        assert "eve@" not in str(caught.value)


def test_a_practice_may_stand_in_for_google_over_tls() -> None:
    places = {"login": "https://localhost:8443", "gmail": "https://127.0.0.1:8444", "smtp_host": "localhost"}
    found = gmail_settings(profile(route=SMTP, smtp_port=2525, **places))
    assert found.place.token == "https://localhost:8443/token"
    assert found.place.gmail == "https://127.0.0.1:8444"
    assert (found.submission.host, found.submission.port) == ("localhost", 2525)


@pytest.mark.parametrize(
    ("route", "host"), [(SMTP, "smtp.gmail.com"), (RELAY, "smtp-relay.gmail.com"), (API, "smtp.gmail.com")]
)
def test_submission_is_to_googles_servers_in_the_name_of_the_mailbox(route: Route, host: str) -> None:
    submission = gmail_settings(profile(route=route)).submission
    assert (submission.host, submission.port, submission.username) == (host, 587, ACCOUNT)
    assert submission.security == "starttls"


def test_one_mailbox_has_one_pace_whatever_the_way_route_and_spelling() -> None:
    keys = {mailbox_key(profile(way, route, account=ACCOUNT.upper())) for way in Way for route in Route}
    assert keys == {mailbox_key(profile())} == {f"gmail:{ACCOUNT}"}
    assert mailbox_key(profile(account="ben@example.org")) not in keys


@pytest.mark.parametrize(
    ("route", "domain", "per_day"),
    [
        (API, "example.org", 2_000),
        (API, "", 500),
        (SMTP, "example.org", 2_000),
        (SMTP, "", 500),
        (RELAY, "example.org", 10_000),
    ],
)
def test_a_mailbox_sends_sixty_in_a_minute_few_at_once_and_so_many_a_day(
    route: Route, domain: str, per_day: int
) -> None:
    limits = limits_of(settings(PERSON, route, domain=domain))
    assert (limits.starts, limits.period_s, limits.at_once, limits.per_day) == (60, 61.0, 3, per_day)


@pytest.mark.parametrize(("route", "scope"), [(API, SEND), (SMTP, MAIL), (RELAY, MAIL)])
@pytest.mark.parametrize("way", Way)
def test_each_route_asks_for_what_it_needs_and_for_nothing_else(way: Way, route: Route, scope: str) -> None:
    assert scope_of(settings(way, route)) == scope


async def test_senders_of_one_mailbox_share_its_pace_and_others_do_not() -> None:
    paces = Paces()
    given = {TOKEN: Secret("x")}
    one, same = (open_sender(profile(), given, network(), paces=paces) for _ in range(2))
    other = open_sender(profile(account="ben@example.org"), given, network(), paces=paces)
    relay = open_sender(profile(route=RELAY), given, network(), paces=paces)
    assert isinstance(one, GmailSender)
    assert isinstance(same, GmailSender)
    assert isinstance(other, GmailSender)
    assert isinstance(relay, SubmissionSender)
    assert one._pace is same._pace is relay._pace
    assert other._pace is not one._pace
    assert one._pace is not None
    assert one._pace._limits.starts == 60


@pytest.mark.parametrize("scope", ["", f"{OPENID} {SEND}"])
async def test_an_access_token_keeps_what_it_was_granted_where_that_is_said(scope: str) -> None:
    given = {TOKEN: Secret("ya29.x")} | ({TOKEN_SCOPE: Secret(scope)} if scope else {})
    access = await token_source(settings(), given, network()).token()
    assert access.scope == scope


async def test_an_access_token_is_taken_as_it_is_for_an_hour() -> None:
    time = [NOW]
    source = token_source(settings(), {TOKEN: Secret("ya29.x")}, network(), clock=lambda: time[0])
    assert isinstance(source, FixedAccess)
    access = await source.token()
    assert (access.secret, access.expires_at, access.scope) == (Secret("ya29.x"), NOW + timedelta(hours=1), "")
    time[0] += timedelta(hours=2)
    with pytest.raises(OAuthFailed) as caught:
        await source.token()
    assert (caught.value.evidence.system, caught.value.evidence.condition) == (System.GOOGLE, "access-token-ended")


def test_an_account_sends_by_the_grant_that_its_keeper_has() -> None:
    source = token_source(settings(), {CLIENT_SECRET: Secret("s")}, network(), grant=Keeper(Secret("x"), {}))
    assert isinstance(source, GrantTokens)
    assert source._scope == SEND


@pytest.mark.parametrize(("scope", "asked"), [(None, SEND), ("", ""), (MAIL, MAIL)])
def test_another_scope_may_be_asked_for(scope: str | None, asked: str) -> None:
    source = token_source(settings(), {}, network(), grant=Keeper(Secret("x"), {}), scope=scope)
    assert isinstance(source, GrantTokens)
    assert source._scope == asked


def test_the_clients_secret_comes_from_the_credentials_and_is_hidden() -> None:
    learning = Learning()
    token_source(
        settings(), {CLIENT_SECRET: Secret("canary")}, network(recorder=learning), grant=Keeper(Secret("x"), {})
    )
    assert learning.secrets == ["canary"]
    client = client_of(settings(own=True, login="https://localhost:1"), {CLIENT_SECRET: Secret("canary")})
    assert (client.client_id, client.secret, client.own) == (CLIENT, Secret("canary"), True)
    assert client.place.token == "https://localhost:1/token"
    assert client_of(settings(), {}).secret is None


def test_a_service_account_acts_for_the_mailbox_with_what_sending_needs(key: Secret) -> None:
    source = token_source(settings(SERVICE), {SERVICE_ACCOUNT_KEY: key}, network())
    assert isinstance(source, ServiceAccountTokens)
    assert (source._email, source._subject, source._scope) == (SERVICE_ACCOUNT, ACCOUNT, SEND)
    assert source._key is not None
    broad = token_source(settings(SERVICE), {SERVICE_ACCOUNT_KEY: key}, network(), scope=MAIL)
    assert isinstance(broad, ServiceAccountTokens)
    assert broad._scope == MAIL


def test_without_a_key_the_backends_identity_signs() -> None:
    given = {SIGNING_IDENTITY: Secret("metadata-server")}
    source = token_source(settings(SERVICE, keyless=True), given, network())
    assert isinstance(source, ServiceAccountTokens)
    assert (source._key, source._signing is None) == (None, False)


async def test_an_identity_that_cannot_be_used_shows_when_a_token_is_wanted() -> None:
    given = {SIGNING_IDENTITY: Secret('{"type": "canary"}')}
    sender = open_sender(profile(SERVICE, keyless=True), given, network())
    await sender.close()
    source = token_source(settings(SERVICE, keyless=True), given, network())
    with pytest.raises(OAuthFailed) as caught:
        await source.token()
    assert caught.value.evidence.condition == "google-signing-identity-unusable"
    assert "canary" not in str(caught.value.evidence)


@pytest.mark.parametrize(
    ("chosen", "given", "words"),
    [
        (settings(), {}, "neither a grant nor a credential 'access_token'"),
        (settings(), {"refresh_token": Secret("canary")}, "neither a grant"),
        (settings(SERVICE), {}, "'service_account_key'"),
        (settings(SERVICE), {SIGNING_IDENTITY: Secret("canary")}, "'service_account_key'"),
        (settings(SERVICE, keyless=True), {SERVICE_ACCOUNT_KEY: Secret("canary")}, "'signing_identity'"),
        (settings(SERVICE), {SERVICE_ACCOUNT_KEY: Secret("canary")}, "not-json"),
        (settings(SERVICE), {SERVICE_ACCOUNT_KEY: Secret('{"type": "authorized_user"}')}, "authorized-user"),
    ],
)
def test_what_lacks_is_named(chosen: GmailSettings, given: Mapping[str, Secret], words: str) -> None:
    with pytest.raises(ProfileUnusable, match=words) as caught:
        token_source(chosen, given, network())
    assert "canary" not in str(caught.value)


def test_the_key_of_another_service_account_is_refused(key: Secret) -> None:
    other = settings(SERVICE, service_account="other@project.iam.gserviceaccount.com")
    with pytest.raises(ProfileUnusable, match="another service account"):
        token_source(other, {SERVICE_ACCOUNT_KEY: key}, network())


async def test_senders_of_one_service_account_share_its_token_for_one_mailbox(key: Secret) -> None:
    sources, given = TokenSources(), {SERVICE_ACCOUNT_KEY: key}
    one, same = (open_sender(profile(SERVICE), given, network(), sources=sources) for _ in range(2))
    other = open_sender(profile(SERVICE, account="ben@example.org"), given, network(), sources=sources)
    found = [sender._asking._tokens for sender in (one, same, other) if isinstance(sender, GmailSender)]
    assert found[0] is found[1]
    assert found[2] is not found[0]
