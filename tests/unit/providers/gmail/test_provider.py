"""What Gmail offers to the wizard: recognition, profile, credentials with one owner, remarks, connecting again."""

from datetime import datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import (
    ALL,
    ANNA,
    ASKED,
    CLIENT,
    CLIENT_SECRET,
    NOW,
    OWN,
    OWN_CLIENT,
    SERVICE,
    SIGNED_IN,
    flow_world,
)

from sendwright.errors import VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.oauth.google.scopes import SEND, USUAL
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.provider import Gmail
from sendwright.providers.gmail.sign_in.signing_in import keeper_of
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof, Way
from sendwright.texts import text
from sendwright.vault.vault import SecretRef
from sendwright.world import World

GMAIL = Gmail()
GRANT = SecretRef("google-grant", "g")
SECRET = SecretRef("google-client-secret", "s")
KEY = SecretRef("google-service-account-key", "k")
HELD = replace(SIGNED_IN, grant=GRANT)
ALIAS = "notices@example.org"
UNPROVEN = replace(SIGNED_IN, sender=ALIAS, proof=SenderProof.UNPROVEN)
STEPS = [
    "gmail-way",
    "gmail-client",
    "gmail-client-check",
    "gmail-plan",
    "gmail-handover",
    "gmail-prepare",
    "gmail-shown",
    "gmail-consent",
    "gmail-connected",
    "gmail-key",
    "gmail-delegation",
    "gmail-sender",
    "gmail-alias",
]


async def held(world: World, *, lasts: timedelta = timedelta(hours=1)) -> None:
    access = AccessToken(secret=Secret("ya29.x"), expires_at=NOW + lasts, scope=" ".join(USUAL))
    await keeper_of(GRANT, world).store(Secret("1//x"), {SEND: access})


def exchangers(*hosts: str) -> tuple[MailExchanger, ...]:
    return tuple(MailExchanger(10, host) for host in hosts)


def test_its_steps_stand_in_their_order() -> None:
    assert [step.id for step in GMAIL.steps] == STEPS


@pytest.mark.parametrize(
    ("domain", "hosts", "key"),
    [
        ("gmail.com", (), "gmail.recognised.personal"),
        ("googlemail.com", (), "gmail.recognised.personal"),
        ("example.org", ("smtp.google.com",), "gmail.recognised.exchanger"),
        ("example.org", ("ASPMX.L.GOOGLE.COM.", "alt1.aspmx.l.google.com"), "gmail.recognised.exchanger"),
        ("example.org", ("aspmx2.googlemail.com",), "gmail.recognised.exchanger"),
        ("example.org", ("mail.example.org",), None),
        ("example.org", ("notgoogle.com",), None),
        ("example.org", ("google.com.evil.example",), None),
        ("notgmail.com", (), None),
        ("sub.gmail.com", (), None),
    ],
)
def test_a_domain_is_recognised_by_its_name_or_its_exchangers(
    domain: str, hosts: tuple[str, ...], key: str | None
) -> None:
    found = GMAIL.recognises(domain, exchangers(*hosts))
    assert (found.key if found else None) == key
    if found:
        assert domain in text(found.key, **found.values)
        assert not found.last_resort


@pytest.mark.parametrize(("state", "address"), [(GmailAnswers(), ALIAS), (ASKED, ASKED.address)])
def test_an_address_is_taken_over_where_none_is_known(state: GmailAnswers, address: str) -> None:
    assert GMAIL.prefill(state, ALIAS).address == address


@pytest.mark.parametrize(("state", "who"), [(ASKED, None), (SIGNED_IN, ANNA.username), (SERVICE, "anna@example.org")])
def test_whose_mailbox_it_is_is_known(state: GmailAnswers, who: str | None) -> None:
    assert GMAIL.signed_in_as(state) == who


@pytest.mark.parametrize("route", list(Route))
@pytest.mark.parametrize("state", [SIGNED_IN, SERVICE])
def test_every_way_has_words(state: GmailAnswers, route: Route) -> None:
    assert "anna@example.org" in GMAIL.path(replace(state, route=route))


@pytest.mark.parametrize(
    ("state", "address", "stands", "proof"),
    [
        (SIGNED_IN, "", ANNA.username, "own"),
        (SIGNED_IN, ANNA.username.upper(), ANNA.username.upper(), "own"),
        (SIGNED_IN, ALIAS, ALIAS, "unproven"),
        (replace(SIGNED_IN, sender=ALIAS, proof=SenderProof.LISTED), "", ALIAS, "listed"),
        (
            replace(SIGNED_IN, sender=ALIAS, proof=SenderProof.LISTED),
            "other@example.org",
            "other@example.org",
            "unproven",
        ),
        (ASKED, "", ASKED.address, "own"),
        (SERVICE, "", "anna@example.org", "own"),
    ],
)
def test_a_profile_says_whose_address_it_is_and_why_it_stays(
    state: GmailAnswers, address: str, stands: str, proof: str
) -> None:
    profile = GMAIL.profile(state, address=address, alias="Example")
    assert (profile.provider, profile.sender, profile.address, profile.alias) == ("gmail", "gmail", stands, "Example")
    settings = msgspec.convert(profile.settings, GmailSettings)
    assert settings.proof == proof


@pytest.mark.parametrize(
    ("state", "stored", "names"),
    [
        (HELD, True, {"refresh_token": "1//x", "client_secret": CLIENT_SECRET}),
        (replace(HELD, handed_over=True), True, {}),
        (SIGNED_IN, False, {}),
        (replace(HELD, own=True, client_id=OWN_CLIENT, client_secret=SECRET), True, {"client_secret": "own"}),
        (replace(HELD, own=True, client_id=OWN_CLIENT), True, {"refresh_token": "1//x"}),
        (replace(SERVICE, key=KEY), False, {"service_account_key": "key"}),
        (replace(SERVICE, keyless=True), False, {}),
    ],
)
async def test_the_backend_is_given_what_it_needs_and_no_more(
    state: GmailAnswers, names: dict[str, str], *, stored: bool
) -> None:
    world = flow_world()
    await world.vault.keep(SECRET, Secret("own"))
    await world.vault.keep(KEY, Secret("key"))
    if stored:
        await held(world)
    given = {name: secret.reveal() for name, secret in (await GMAIL.credentials(state, world)).items()}
    assert names.items() <= given.items()
    assert set(given) <= {"refresh_token", "client_secret", "service_account_key"}
    assert bool(given) is bool(names)


@pytest.mark.parametrize("state", [replace(SERVICE, key=KEY), SERVICE])
async def test_a_key_that_has_gone_is_not_passed_over_in_silence(state: GmailAnswers) -> None:
    with pytest.raises(VaultUnavailable):
        await GMAIL.credentials(state, flow_world())


async def test_the_desk_never_sends_with_the_refresh_token() -> None:
    world = flow_world()
    await held(world)
    given = await GMAIL.desk_credentials(HELD, world)
    assert {name: secret.reveal() for name, secret in given.items()} == {
        "access_token": "ya29.x",
        "access_token_scope": " ".join(USUAL),
    }


async def test_after_handing_over_the_desk_has_only_what_lasts() -> None:
    world = flow_world()
    await held(world)
    state = await GMAIL.handed_over(HELD, world)
    assert state.handed_over
    assert list(await GMAIL.desk_credentials(state, world)) == ["access_token", "access_token_scope"]
    with pytest.raises(OAuthFailed):
        await keeper_of(GRANT, world).hand_over()
    assert await GMAIL.handed_over(state, world) == state


async def test_after_the_access_token_has_ended_too_it_says_so() -> None:
    world = flow_world()
    await held(world, lasts=timedelta(seconds=1))
    state = await GMAIL.handed_over(HELD, world)
    with pytest.raises(OAuthFailed) as failed:
        await GMAIL.desk_credentials(state, world)
    assert failed.value.evidence.condition == "access-token-ended"
    with pytest.raises(OAuthFailed):
        await GMAIL.desk_credentials(SIGNED_IN, world)


async def test_a_key_stays_for_further_checks_and_is_forgotten_with_the_rest() -> None:
    world = flow_world()
    await world.vault.keep(KEY, Secret("key"))
    state = replace(SERVICE, key=KEY)
    assert await GMAIL.handed_over(state, world) == state
    assert list(await GMAIL.desk_credentials(state, world)) == ["service_account_key"]
    assert GMAIL.secrets(state) == (KEY,)
    assert not GMAIL.keeps_secrets(state)


@pytest.mark.parametrize(
    ("state", "by_backend", "held_there"),
    [
        (HELD, False, False),
        (replace(HELD, handed_over=True), True, True),
        (replace(SERVICE, key=KEY), False, False),
        (replace(SERVICE, keyless=True), True, False),
        (replace(SERVICE, key=KEY, handed_over=True), False, False),
    ],
)
def test_who_can_send_is_who_has_the_credential(state: GmailAnswers, *, by_backend: bool, held_there: bool) -> None:
    assert GMAIL.tested_by_backend(state) is by_backend
    assert GMAIL.held_by_backend(state) is held_there


@pytest.mark.parametrize(
    ("state", "address", "keys"),
    [
        (ASKED, ALIAS, []),
        (SIGNED_IN, "", []),
        (SIGNED_IN, ANNA.username, []),
        (SIGNED_IN, ALIAS, ["gmail.remarks.unproven"]),
        (UNPROVEN, "", ["gmail.remarks.unproven"]),
        (replace(UNPROVEN, proof=SenderProof.ARRIVED), "", []),
        (replace(SIGNED_IN, ends_at=NOW), "", ["gmail.remarks.ends"]),
        (replace(UNPROVEN, ends_at=NOW), ALIAS, ["gmail.remarks.unproven", "gmail.remarks.ends"]),
        (replace(SERVICE, ends_at=NOW), "", []),
        (SERVICE, ALIAS, ["gmail.remarks.unproven"]),
    ],
)
def test_what_is_open_stays_to_be_said(state: GmailAnswers, address: str, keys: list[str]) -> None:
    notices = GMAIL.remarks(state, address=address)
    assert [notice.key for notice in notices] == keys
    for notice in notices:
        assert notice.warning
        assert text(notice.key, **notice.values)


@pytest.mark.parametrize(("state", "ends"), [(SIGNED_IN, None), (replace(SIGNED_IN, ends_at=NOW), NOW)])
def test_when_it_ends_is_told_where_google_said_so(state: GmailAnswers, ends: datetime | None) -> None:
    assert GMAIL.ends_at(state) == ends
    assert GMAIL.ends_at(replace(state, way=Way.SERVICE_ACCOUNT)) is None


@pytest.mark.parametrize(
    ("state", "key"),
    [(SIGNED_IN, "gmail.ending.platform"), (replace(SIGNED_IN, own=True), "gmail.ending.own"), (SERVICE, "")],
)
def test_what_ending_a_sign_in_ends_beside_it_is_said(state: GmailAnswers, key: str) -> None:
    profile = GMAIL.profile(state, address="", alias="Example")
    assert GMAIL.ending(profile) == key
    assert GMAIL.ending(replace(profile, settings={"of": "tomorrow"})) == ""
    if key:
        assert text(key, account=ANNA.username)


@pytest.mark.parametrize(
    "state",
    [
        SIGNED_IN,
        replace(SIGNED_IN, own=True, client_id=OWN_CLIENT),
        replace(SIGNED_IN, sender=ALIAS, proof=SenderProof.ARRIVED, route=Route.SMTP),
        SERVICE,
        replace(SERVICE, keyless=True, sender=ALIAS, proof=SenderProof.LISTED),
    ],
)
def test_connecting_again_makes_the_same_profile(state: GmailAnswers) -> None:
    before = GMAIL.profile(state, address="", alias="Example")
    again = GMAIL.reconnecting(before)
    assert again is not None
    assert again.reconnecting
    if state.way is Way.ACCOUNT:
        assert again.account is None
        assert again.expected is not None
        assert again.expected.same_as(ANNA)
        again = replace(again, account=ANNA, scopes=ALL)
    assert GMAIL.profile(again, address=before.address, alias="Example") == before


def test_a_profile_does_not_lead_the_sign_in_elsewhere() -> None:
    staged = GMAIL.profile(replace(SIGNED_IN, login="https://evil.example"), address="", alias="Example")
    assert staged.settings["login"] == "https://evil.example"
    again = GMAIL.reconnecting(staged)
    assert again is not None
    assert (again.login, again.gmail, again.smtp_host) == ("", "", "")


@pytest.mark.parametrize("settings", [{}, {"account": 5}, {"account": "a@example.org", "of": "tomorrow"}])
def test_a_profile_of_a_newer_kind_is_not_connected_again(settings: dict[str, object]) -> None:
    profile = SenderProfile(provider="gmail", sender="gmail", address=ALIAS, alias="Example", settings=settings)
    assert GMAIL.reconnecting(profile) is None


def test_everything_that_lies_in_the_vault_can_be_forgotten() -> None:
    state = replace(OWN, grant=GRANT, client_secret=SECRET, key=KEY)
    assert set(GMAIL.secrets(state)) == {GRANT, SECRET, KEY}
    assert GMAIL.secrets(ASKED) == ()
    assert CLIENT_SECRET not in repr(flow_world().deployment)
    assert CLIENT in repr(ASKED)
