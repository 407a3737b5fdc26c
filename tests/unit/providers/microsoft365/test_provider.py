"""Microsoft 365 as a provider: what it recognises, the profile it makes, whose the secrets are."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import (
    ANNA,
    APPLICATION,
    ASKED,
    BEN,
    CLIENT,
    NOW,
    SHARED,
    SIGNED_IN,
    TENANT,
    flow_world,
)

from sendwright import texts
from sendwright.errors import VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.provider import Microsoft365
from sendwright.providers.microsoft365.sign_in.signing_in import keeper_of
from sendwright.secret import Secret
from sendwright.senders.graph.opening import graph_settings
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef
from sendwright.world import World

PROVIDER = Microsoft365()
GRANT = SecretRef("microsoft-grant", "of-a-test")
SECRET = SecretRef("microsoft-client-secret", "of-a-test")
REFRESH = Secret("refresh-token-of-a-test")


@pytest.mark.parametrize(
    ("domain", "host", "key"),
    [
        ("contoso.com", "contoso-com.mail.protection.outlook.com", "exchanger"),
        ("contoso.com", "CONTOSO-COM.MAIL.PROTECTION.OUTLOOK.COM.", "exchanger"),
        ("contoso.com", "contoso-com.k-v1.mx.microsoft", "exchanger"),
        ("contoso.us", "contoso-us.mail.protection.office365.us", "exchanger"),
        ("contoso.cn", "contoso-cn.mail.protection.partner.outlook.cn", "exchanger"),
        ("contoso.onmicrosoft.com", "mail.example.org", "initial"),
        ("contoso.com", "mail.contoso.com", None),
        ("contoso.com", "outlook.com", None),
        ("contoso.com", "mail.protection.outlook.com.example.org", None),
        ("onmicrosoft.com.example.org", "mail.example.org", None),
        ("notmx.microsoft.example", "a.notmx.microsoft.example", None),
    ],
)
def test_mail_with_microsoft_is_recognised(domain: str, host: str, key: str | None) -> None:
    found = PROVIDER.recognises(domain, (MailExchanger(10, "mx.example.net"), MailExchanger(20, host)))
    if key is None:
        assert found is None
    else:
        assert found is not None
        assert found.key == f"microsoft365.recognised.{key}"
        assert not found.last_resort
        assert domain in texts.text(found.key, **found.values)


def settings_for(state: MicrosoftAnswers, address: str) -> GraphSettings:
    return msgspec.convert(PROVIDER.profile(state, address=address, alias="A").settings, GraphSettings)


ONLY_OWN = replace(SIGNED_IN, scopes=("Mail.Send", "User.Read"))


@pytest.mark.parametrize(
    ("state", "address", "mailbox", "route"),
    [
        (SIGNED_IN, "", BEN.username, Route.ME),
        (SIGNED_IN, BEN.username, BEN.username, Route.ME),
        (SIGNED_IN, SHARED, SHARED, Route.ME),
        (ONLY_OWN, "ben.alias@contoso.com", BEN.username, Route.ME),
        (replace(SIGNED_IN, mailbox=SHARED, route=Route.MAILBOX), SHARED, SHARED, Route.MAILBOX),
        (replace(SIGNED_IN, mailbox=SHARED, route=Route.MAILBOX), SHARED.upper(), SHARED, Route.MAILBOX),
        (replace(SIGNED_IN, mailbox=SHARED, route=Route.MAILBOX), "alias@contoso.com", "alias@contoso.com", Route.ME),
        (replace(SIGNED_IN, mailbox=SHARED, route=Route.SMTP), "alias@contoso.com", SHARED, Route.SMTP),
        (replace(APPLICATION, mailbox=SHARED), SHARED, SHARED, Route.MAILBOX),
        (replace(APPLICATION, mailbox=SHARED), "info@contoso.com", "info@contoso.com", Route.MAILBOX),
        (replace(APPLICATION, mailbox=SHARED, route=Route.SMTP), SHARED, SHARED, Route.SMTP),
    ],
)
def test_mailbox_and_route_follow_from_the_address(
    state: MicrosoftAnswers, address: str, mailbox: str, route: Route
) -> None:
    settings = settings_for(state, address)
    assert (settings.mailbox, settings.route) == (mailbox, route)
    assert (settings.client_id, settings.tenant) == (CLIENT, TENANT)
    assert settings.account == ("" if state.way is Way.APPLICATION else BEN.username)


@pytest.mark.parametrize("state", [SIGNED_IN, replace(APPLICATION, mailbox=SHARED)])
def test_the_profile_can_be_sent_with(state: MicrosoftAnswers) -> None:
    profile = PROVIDER.profile(state, address="", alias="Example")
    assert (profile.provider, profile.sender) == ("microsoft365", "graph")
    assert graph_settings(profile).mailbox == profile.address


@pytest.mark.parametrize(
    ("state", "address"),
    [
        (MicrosoftAnswers(), ""),
        (ASKED, SHARED),
        (SIGNED_IN, BEN.username),
        (replace(SIGNED_IN, mailbox=SHARED), SHARED),
        (replace(APPLICATION, mailbox=SHARED), SHARED),
    ],
)
def test_an_address_nobody_chose_yet_is_the_one_that_is_known(state: MicrosoftAnswers, address: str) -> None:
    assert PROVIDER.profile(state, address="", alias="").address == address


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("route", list(Route))
def test_the_path_is_told_in_words(way: Way, route: Route) -> None:
    state = replace(SIGNED_IN if way is Way.ACCOUNT else APPLICATION, mailbox=SHARED, route=route)
    words = PROVIDER.path(state)
    assert "Microsoft 365" in words
    assert (BEN.username if way is Way.ACCOUNT else SHARED) in words
    assert ("SMTP" in words) is (route is Route.SMTP)


def test_an_address_typed_before_is_taken_over_once() -> None:
    assert PROVIDER.prefill(MicrosoftAnswers(), SHARED).address == SHARED
    assert PROVIDER.prefill(ASKED, "other@contoso.com") == ASKED


def test_whose_account_it_is() -> None:
    assert PROVIDER.signed_in_as(SIGNED_IN) == BEN.username
    assert PROVIDER.signed_in_as(APPLICATION) is None
    assert PROVIDER.tested_by_backend(APPLICATION)
    assert not PROVIDER.tested_by_backend(SIGNED_IN)
    assert PROVIDER.tested_by_backend(replace(SIGNED_IN, handed_over=True))
    assert not PROVIDER.keeps_secrets(SIGNED_IN)


def test_every_reference_can_be_forgotten() -> None:
    assert PROVIDER.secrets(MicrosoftAnswers()) == ()
    assert PROVIDER.secrets(replace(ASKED, grant=GRANT, client_secret=SECRET)) == (GRANT, SECRET)


async def granted(world: World, *, scope: str = "https://graph.microsoft.com/Mail.Send") -> MicrosoftAnswers:
    access = AccessToken(secret=Secret("access-token-of-a-test"), expires_at=NOW.replace(hour=11), scope=scope)
    await keeper_of(GRANT, world).store(REFRESH, {scope: access})
    return replace(SIGNED_IN, grant=GRANT)


async def test_the_refresh_token_is_handed_over_once_and_gone_then() -> None:
    world = flow_world()
    state = await granted(world)
    credentials = await PROVIDER.credentials(state, world)
    assert {name: secret.reveal() for name, secret in credentials.items()} == {"refresh_token": REFRESH.reveal()}
    after = await PROVIDER.handed_over(state, world)
    assert after.handed_over
    assert await PROVIDER.credentials(after, world) == {}
    assert await PROVIDER.handed_over(after, world) == after
    left = await world.vault.fetch(GRANT)
    assert left is not None
    assert REFRESH.reveal() not in left.reveal()


async def test_the_desk_signs_in_with_an_access_token_before_and_after_the_hand_over() -> None:
    world = flow_world()
    state = await granted(world)
    before = await PROVIDER.desk_credentials(state, world)
    after = await PROVIDER.desk_credentials(await PROVIDER.handed_over(state, world), world)
    assert before == after
    assert list(after) == ["access_token"]


@pytest.mark.parametrize("state", [SIGNED_IN, replace(SIGNED_IN, handed_over=True)])
async def test_without_a_grant_the_desk_says_that_the_sign_in_is_elsewhere(state: MicrosoftAnswers) -> None:
    with pytest.raises(OAuthFailed) as failed:
        await PROVIDER.desk_credentials(state, flow_world())
    assert failed.value.evidence.condition == "access-token-ended"
    assert await PROVIDER.credentials(state, flow_world()) == {}
    assert await PROVIDER.handed_over(state, flow_world()) == state


async def test_an_application_hands_over_a_typed_secret_and_nothing_else() -> None:
    vault = MemoryVault()
    world = flow_world(vault=vault)
    assert await PROVIDER.credentials(APPLICATION, world) == {}
    own = replace(APPLICATION, own=True, credential="secret", client_secret=SECRET)
    with pytest.raises(VaultUnavailable):
        await PROVIDER.credentials(own, world)
    await vault.keep(SECRET, Secret("typed"))
    assert {name: secret.reveal() for name, secret in (await PROVIDER.credentials(own, world)).items()} == {
        "client_secret": "typed"
    }
    assert await PROVIDER.desk_credentials(own, world) == {}
    assert await PROVIDER.credentials(replace(own, credential="certificate", certificate="c1"), world) == {}


@pytest.mark.parametrize(
    ("state", "certificate"),
    [
        (replace(SIGNED_IN, mailbox=SHARED, route=Route.ME), ""),
        (replace(APPLICATION, mailbox=SHARED, route=Route.MAILBOX, certificate="c1"), "c1"),
    ],
)
def test_a_reconnection_keeps_everything_but_the_sign_in(state: MicrosoftAnswers, certificate: str) -> None:
    profile = PROVIDER.profile(state, address=SHARED, alias="Example")
    again = PROVIDER.reconnecting(profile)
    assert again is not None
    assert again.reconnecting
    assert not again.connected
    assert (again.own, again.certificate) == (bool(certificate), certificate)
    assert (again.expected is None) is (state.way is Way.APPLICATION)
    account = BEN if state.way is Way.ACCOUNT else None
    assert again.expected is None or again.expected.same_as(BEN)
    connected = replace(again, account=account, consented=account is None, scopes=state.scopes)
    assert PROVIDER.profile(connected, address=SHARED, alias="Example") == profile


@pytest.mark.parametrize("settings", [{}, {"client_id": CLIENT}, {"host": "localhost"}, {"way": "of-tomorrow"}])
def test_a_profile_of_another_version_is_not_reconnected(settings: dict[str, object]) -> None:
    profile = SenderProfile(provider="microsoft365", sender="graph", address=SHARED, alias="A", settings=settings)
    assert PROVIDER.reconnecting(profile) is None


def test_another_account_is_another_profile() -> None:
    mine = PROVIDER.profile(SIGNED_IN, address=SHARED, alias="A")
    hers = PROVIDER.profile(replace(SIGNED_IN, account=ANNA), address=SHARED, alias="A")
    assert mine != hers
