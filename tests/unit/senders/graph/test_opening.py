"""A profile of Microsoft 365 becomes a sender, or says why it cannot."""

from datetime import timedelta

import msgspec
import pytest
from tests.unit.senders.doubles import NOW, Keeper, network, token
from tests.unit.senders.graph.doubles import ACCOUNT, MAILBOX, TENANT, settings

from sendwright.oauth.entra.application import ApplicationTokens
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant_tokens import GrantTokens
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import mailbox_key, open_sender
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET, TOKEN
from sendwright.senders.graph.opening import graph_settings, permissions_of, scope_of, token_source
from sendwright.senders.graph.sender import GraphSender
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.pace import Paces
from sendwright.senders.submission import SubmissionSender
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.queue_policy import QueuePolicy

ME, SHARED, SMTP = Route.ME, Route.MAILBOX, Route.SMTP
PERSON, APP = Way.ACCOUNT, Way.APPLICATION
GRAPH, OUTLOOK = "https://graph.microsoft.com", "https://outlook.office.com"


def profile(route: Route = ME, way: Way = PERSON, **changes: object) -> SenderProfile:
    given = msgspec.to_builtins(settings(route, way)) | changes
    return SenderProfile(provider="microsoft365", sender="graph", address=MAILBOX, alias="Notices", settings=given)


@pytest.mark.parametrize(
    ("route", "way", "kind"),
    [
        (ME, PERSON, GraphSender),
        (SHARED, PERSON, GraphSender),
        (SMTP, PERSON, SubmissionSender),
        (SHARED, APP, GraphSender),
        (SMTP, APP, SubmissionSender),
    ],
)
async def test_each_way_and_route_opens_its_sender(route: Route, way: Way, kind: type) -> None:
    sender = open_sender(profile(route, way), {TOKEN: Secret("canary")}, network())
    assert type(sender) is kind
    await sender.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_id", ""),
        ("client_id", "a/b"),
        ("tenant", ""),
        ("tenant", "organizations"),
        ("tenant", "Common"),
        ("tenant", "../x"),
        ("cloud", "germany"),
        ("mailbox", ""),
        ("mailbox", "a@b@c"),
        ("mailbox", "notices@contoso.com\r\nBcc: eve@example.com"),
        ("mailbox", "me/../../users/eve@example.com"),
        ("account", ""),
        ("account", "anna"),
        ("login", "http://login.example.com"),
        ("login", "https://user:pw@login.example.com"),
        ("login", "https://login.example.com/path"),
        ("graph", "ftp://graph.example.com"),
        ("graph", "https://graph.example.com/"),
        ("graph", "https://[broken"),
        ("graph", "https://graph.example.com?x"),
        ("smtp_port", 0),
        ("smtp_port", 70_000),
        ("way", "daemon"),
        ("route", "pigeon"),
        ("surprise", "canary"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_by_name(field: str, value: object) -> None:
    wrong = profile(**{field: value})
    for use in (graph_settings, mailbox_key, lambda one: open_sender(one, {TOKEN: Secret("x")}, network())):
        with pytest.raises(ProfileUnusable) as caught:
            use(wrong)
        assert field in str(caught.value)
        assert "canary" not in str(caught.value)
        assert "eve@" not in str(caught.value)


@pytest.mark.parametrize(("route", "account"), [(ME, ""), (SHARED, ACCOUNT)])
def test_an_application_is_nobody_and_has_no_mailbox_of_its_own(route: Route, account: str) -> None:
    with pytest.raises(ProfileUnusable):
        graph_settings(profile(route, APP, account=account))


def test_a_practice_may_stand_in_for_microsoft_over_tls() -> None:
    found = graph_settings(profile(login="https://localhost:8443", graph="https://127.0.0.1:8444"))
    assert found.registration.place.graph == "https://127.0.0.1:8444"


@pytest.mark.parametrize(
    ("route", "way", "carries"), [(ME, PERSON, ACCOUNT), (SHARED, PERSON, MAILBOX), (SMTP, APP, MAILBOX)]
)
def test_limits_are_counted_for_the_mailbox_that_carries_the_message(route: Route, way: Way, carries: str) -> None:
    assert mailbox_key(profile(route, way)) == f"graph:{TENANT}:{carries}"


def test_spelling_makes_no_second_mailbox_and_another_organisation_does() -> None:
    key = mailbox_key(profile(SHARED))
    assert mailbox_key(profile(SHARED, mailbox=MAILBOX.upper(), tenant=TENANT.upper())) == key
    assert mailbox_key(profile(SHARED, tenant="contoso.onmicrosoft.com")) != key


async def test_senders_of_one_mailbox_share_its_pace_and_others_do_not() -> None:
    paces = Paces()
    means = {"credentials": {TOKEN: Secret("x")}, "network": network(), "paces": paces}
    one, same = (open_sender(profile(), **means) for _ in range(2))  # type: ignore[arg-type]  # as named
    other = open_sender(profile(SHARED), **means)  # type: ignore[arg-type]  # as named
    alone = open_sender(profile(), {TOKEN: Secret("x")}, network())
    assert isinstance(one, GraphSender)
    assert isinstance(same, GraphSender)
    assert isinstance(other, GraphSender)
    assert isinstance(alone, GraphSender)
    assert one._pace is same._pace
    assert len({id(sender._pace) for sender in (one, other, alone)}) == 3


async def test_over_smtp_three_at_once_are_the_most() -> None:
    sender = open_sender(profile(SMTP), {TOKEN: Secret("x")}, network())
    assert isinstance(sender, SubmissionSender)
    assert sender._pace is not None
    assert sender._pace._limits.at_once == 3


def test_the_queue_starts_no_more_than_a_mailbox_takes() -> None:
    limits = QueuePolicy().limits["graph"]
    assert (limits.at_once, limits.starts, limits.period_s) == (4, 30, 60.0)


@pytest.mark.parametrize(
    ("chosen", "scope"),
    [
        (settings(ME), f"{GRAPH}/Mail.Send {GRAPH}/Mail.Send.Shared"),
        (settings(ME, mailbox=ACCOUNT.upper()), f"{GRAPH}/Mail.Send"),
        (settings(SHARED), f"{GRAPH}/Mail.Send {GRAPH}/Mail.Send.Shared"),
        (settings(SHARED, APP), f"{GRAPH}/.default"),
        (settings(SMTP), f"{OUTLOOK}/SMTP.Send"),
        (settings(SMTP, APP), "https://outlook.office365.com/.default"),
        (settings(SMTP, APP, cloud="us-government-dod"), "https://outlook-dod.office365.us/.default"),
        (settings(SMTP, cloud="china"), "https://partner.outlook.cn/SMTP.Send"),
        (settings(ME, cloud="us-government-high", mailbox=ACCOUNT), "https://graph.microsoft.us/Mail.Send"),
        (settings(SHARED, APP, graph="https://localhost:1"), f"{GRAPH}/.default"),
    ],
)
def test_each_route_asks_for_what_it_needs_and_for_nothing_else(chosen: GraphSettings, scope: str) -> None:
    assert scope_of(chosen) == scope


def test_smtp_needs_no_permission_of_graph() -> None:
    assert permissions_of(settings(SMTP)) == ()


@pytest.mark.parametrize(
    ("chosen", "given", "kind"),
    [
        (settings(), {TOKEN: Secret("x")}, FixedAccess),
        (settings(SHARED, APP), {TOKEN: Secret("x")}, FixedAccess),
        (settings(SHARED, APP), {CLIENT_SECRET: Secret("x")}, ApplicationTokens),
        (settings(SHARED, APP), {CLIENT_CERTIFICATE: Secret("x")}, ApplicationTokens),
    ],
)
def test_tokens_come_from_what_was_given(chosen: GraphSettings, given: dict[str, Secret], kind: type) -> None:
    assert type(token_source(chosen, given, network())) is kind


def test_an_account_sends_by_the_grant_that_its_keeper_has() -> None:
    assert type(token_source(settings(), {}, network(), grant=Keeper(Secret("x"), {}))) is GrantTokens


def test_a_certificate_goes_before_a_secret() -> None:
    given = {CLIENT_CERTIFICATE: Secret("certificate"), CLIENT_SECRET: Secret("secret")}
    source = token_source(settings(SHARED, APP), given, network())
    assert isinstance(source, ApplicationTokens)
    assert (source._credential.certificate, source._credential.secret) == (Secret("certificate"), None)


@pytest.mark.parametrize(
    ("chosen", "given", "own"),
    [
        (settings(SHARED, APP), {CLIENT_SECRET: Secret("x")}, True),
        (settings(SHARED, APP, certificate="one"), {CLIENT_CERTIFICATE: Secret("x")}, True),
        (settings(SHARED, APP), {CLIENT_CERTIFICATE: Secret("x")}, False),
    ],
)
def test_whose_registration_it_is_is_known(chosen: GraphSettings, given: dict[str, Secret], own: bool) -> None:
    source = token_source(chosen, given, network())
    assert isinstance(source, ApplicationTokens)
    assert source._registration.own is own


@pytest.mark.parametrize(
    ("chosen", "given", "words"),
    [
        (settings(), {}, "neither a grant nor a credential 'access_token'"),
        (settings(), {"refresh_token": Secret("canary")}, "neither a grant"),
        (settings(SHARED, APP), {}, "'client_certificate' or 'client_secret'"),
        (settings(SHARED, APP), {"refresh_token": Secret("canary")}, "'client_certificate' or 'client_secret'"),
    ],
)
def test_what_lacks_is_named(chosen: GraphSettings, given: dict[str, Secret], words: str) -> None:
    with pytest.raises(ProfileUnusable, match=words) as caught:
        token_source(chosen, given, network())
    assert "canary" not in str(caught.value)


async def test_a_token_whose_end_is_not_known_is_taken_for_an_hour() -> None:
    time = [NOW]
    source = token_source(settings(), {TOKEN: Secret("opaque")}, network(), clock=lambda: time[0])
    assert (await source.token()).expires_at == NOW + timedelta(hours=1)
    assert (await source.token()).secret == Secret("opaque")
    assert token().lasts(NOW)
