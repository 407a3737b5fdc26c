"""Who signed in has to be proven, and has to be somebody who can send for the organisation."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from tests.unit.oauth.entra.fake_entra import LOGIN, OID, OTHER_KEY, OTHER_TENANT, TENANT, FakeEntra, registration
from tests.unit.oauth.entra.signing_in import ALICE, ended, refused, started
from tests.unit.oauth.standing_in import NOW

from sendwright.oauth.account import Account
from sendwright.oauth.entra.registration import ANY_ORGANISATION, CONSUMERS, Registration
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence

ANYWHERE = registration(tenant=ANY_ORGANISATION)


async def said_of(fake: FakeEntra, *, expected: Account | None = None, at: Registration | None = None) -> Evidence:
    where = at or registration()
    request = await started(fake, registration=where)
    return await refused(fake, request, fake.sign_in(request.url), at=where, expected=expected)


TOKENS_THAT_DO_NOT_HOLD: list[tuple[dict[str, Any], str]] = [
    ({"aud": "another-application"}, "audience"),
    ({"aud": None}, "audience"),
    ({"iss": f"{LOGIN}/{OTHER_TENANT}/v2.0"}, "issuer"),
    ({"iss": "https://evil.example/v2.0"}, "issuer"),
    ({"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"}, "issuer"),
    ({"iss": None}, "issuer"),
    ({"nonce": "of-another-sign-in"}, "nonce"),
    ({"nonce": None}, "nonce"),
    ({"sub": None}, "subject"),
    ({"tid": None}, "issuer"),
    ({"tid": "contoso.com"}, "issuer"),
    ({"oid": None}, "account"),
    ({"exp": None}, "times"),
]


@pytest.mark.parametrize(("claims", "check"), TOKENS_THAT_DO_NOT_HOLD)
async def test_a_token_that_does_not_hold_is_not_ours(claims: dict[str, Any], check: str) -> None:
    seen = await said_of(FakeEntra(claims=claims))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", check)
    assert seen.values["client_id"]
    assert seen.values["tenant"] == TENANT


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int((NOW - timedelta(hours=1)).timestamp())},
        {"nbf": int((NOW + timedelta(hours=1)).timestamp())},
        {"iat": int((NOW + timedelta(hours=1)).timestamp()), "nbf": None},
    ],
)
async def test_a_token_of_another_time_blames_the_clock(claims: dict[str, Any]) -> None:
    assert (await said_of(FakeEntra(claims=claims))).condition == "id-token-clock"


async def test_a_token_that_somebody_else_signed_is_refused() -> None:
    seen = await said_of(FakeEntra(key=OTHER_KEY))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", "signature")


def unsigned(claims: dict[str, Any]) -> str:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}."


async def test_a_token_that_nobody_signed_is_refused() -> None:
    fake = FakeEntra()
    request = await started(fake)
    nonce = fake.codes[fake.sign_in(request.url)["code"]]["nonce"]
    claims = {"tid": TENANT, "oid": OID, "nonce": nonce, "iss": f"{LOGIN}/{TENANT}/v2.0"}
    fake.answer = {"id_token": unsigned(claims)}
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", "algorithm")


async def test_without_an_id_token_nobody_signed_in() -> None:
    seen = await said_of(FakeEntra(answer={"id_token": None}))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", "form")


async def test_keys_that_changed_meanwhile_are_fetched_again_once() -> None:
    fake = FakeEntra(published=[])
    request = await started(fake)
    parameters = fake.sign_in(request.url)

    async def publish() -> None:
        if fake.forms("authorization_code"):
            fake.published = [fake.key]

    fake.hold = publish
    assert (await ended(fake, request, parameters)).account == ALICE
    assert fake.paths().count("keys") == 2


async def test_a_key_that_nobody_publishes_is_not_believed() -> None:
    fake = FakeEntra(published=[RSAKey.generate_key(2048, {"kid": "two"})])
    seen = await said_of(fake)
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", "key")
    assert fake.paths().count("keys") == 2


@pytest.mark.parametrize("signed_by_us", [True, False])
async def test_a_personal_account_is_refused_for_what_it_is(*, signed_by_us: bool) -> None:
    personal = {"tid": CONSUMERS, "iss": f"{LOGIN}/{CONSUMERS}/v2.0"}
    fake = FakeEntra(claims=personal)
    if not signed_by_us:
        fake.key = OTHER_KEY
    seen = await said_of(fake, at=ANYWHERE)
    assert seen.condition == "personal-account-not-accepted"
    assert classify(seen).code == "personal-account-not-accepted"


@pytest.mark.parametrize(
    "idp", [f"https://sts.windows.net/{OTHER_TENANT}/", "live.com", f"{LOGIN}/{OTHER_TENANT}/v2.0", 7]
)
async def test_a_guest_has_no_mailbox_there(idp: object) -> None:
    seen = await said_of(FakeEntra(claims={"idp": idp}))
    assert seen.condition == "account-of-another-organisation"
    assert seen.values["username"] == "alice@contoso.com"
    assert classify(seen).code == "account-of-another-organisation"


@pytest.mark.parametrize("idp", [f"{LOGIN}/{TENANT}/v2.0", f"https://sts.windows.net/{TENANT.upper()}/", None])
async def test_a_member_may_name_her_own_organisation_as_identity_provider(idp: object) -> None:
    fake = FakeEntra(claims={"idp": idp})
    request = await started(fake)
    assert (await ended(fake, request, fake.sign_in(request.url))).account == ALICE


OTHERS = {"tid": OTHER_TENANT, "iss": f"{LOGIN}/{OTHER_TENANT}/v2.0"}


@pytest.mark.parametrize("named", [TENANT, TENANT.upper(), "contoso.com"])
async def test_a_true_token_of_another_tenant_is_refused(named: str) -> None:
    seen = await said_of(FakeEntra(claims=OTHERS), at=registration(tenant=named))
    assert seen.condition == "other-tenant"
    assert seen.values["signed_in_tenant"] == OTHER_TENANT
    assert classify(seen).code == "other-tenant"


async def test_a_first_sign_in_takes_any_organisation() -> None:
    fake = FakeEntra(claims=OTHERS)
    request = await started(fake, registration=ANYWHERE)
    signed_in = await ended(fake, request, fake.sign_in(request.url), at=ANYWHERE)
    assert signed_in.account.tenant == OTHER_TENANT


async def test_reconnecting_takes_the_same_account_whatever_it_is_called_now() -> None:
    fake = FakeEntra(claims={"preferred_username": "alice.new@contoso.com", "oid": OID.upper()})
    request = await started(fake)
    signed_in = await ended(fake, request, fake.sign_in(request.url), expected=ALICE)
    assert signed_in.account.username == "alice.new@contoso.com"
    assert signed_in.account.same_as(ALICE)


async def test_reconnecting_refuses_another_account() -> None:
    fake = FakeEntra(claims={"oid": "bbbbbbbb-1111-4222-8333-444444444444", "preferred_username": "bob@contoso.com"})
    seen = await said_of(fake, expected=ALICE)
    assert seen.condition == "other-account"
    assert (seen.values["username"], seen.values["expected"]) == ("bob@contoso.com", "alice@contoso.com")
    assert classify(seen).code == "other-account"


async def test_reconnecting_refuses_another_tenant_also_where_any_may_sign_in() -> None:
    seen = await said_of(FakeEntra(claims=OTHERS), at=ANYWHERE, expected=ALICE)
    assert seen.condition == "other-tenant"


async def test_names_are_bounded_and_show_what_would_not() -> None:
    fake = FakeEntra(claims={"name": "A\u202e" + "x" * 9999, "preferred_username": ["no", "word"]})
    request = await started(fake)
    account = (await ended(fake, request, fake.sign_in(request.url))).account
    assert "\u202e" not in account.name
    assert len(account.name) < 300
    assert account.username == ""


@pytest.mark.parametrize("place", ["jwks_uri", "token_endpoint", "issuer", "authorization_endpoint"])
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/keys",
        f"{LOGIN}.evil.example/keys",
        f"http://{LOGIN.partition('//')[2]}/keys",
        f"{LOGIN}:444/keys",
        f"https://user@{LOGIN.partition('//')[2]}/keys",
    ],
)
async def test_no_endpoint_may_lie_elsewhere(place: str, elsewhere: str) -> None:
    fake = FakeEntra()
    request = await started(fake)
    fake.metadata = {place: elsewhere}
    seen = await refused(fake, request, fake.sign_in(request.url))
    assert seen.condition == "sign-in-service-not-recognised"
    assert classify(seen).code == "sign-in-service-not-recognised"
    assert not fake.forms("authorization_code"), "the code was not sent"
