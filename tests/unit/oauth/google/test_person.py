"""Who signed in is believed only once the id_token proves it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey
from tests.unit.oauth.google.fake_google import KEY, NEW_KEY, OTHER_KEY, FakeGoogle, refusal
from tests.unit.oauth.google.signing_in import ALICE, ended, refused, signed_in, started
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.account import Account
from sendwright.oauth.google.sign_in import SignedIn
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence


def seconds(**from_now: float) -> int:
    return int((NOW + timedelta(**from_now)).timestamp())


async def refused_with(fake: FakeGoogle, **more: object) -> Evidence:
    request = await started(fake)
    return await refused(fake, request, fake.sign_in(request.url), **more)


FORGED = [
    ({"iss": "https://accounts.google.com.example"}, "issuer"),
    ({"iss": "https://login.microsoftonline.com/x/v2.0"}, "issuer"),
    ({"iss": None}, "issuer"),
    ({"iss": ["https://accounts.google.com"]}, "issuer"),
    ({"iss": ""}, "issuer"),
    ({"aud": "another.apps.googleusercontent.com"}, "audience"),
    ({"aud": None}, "audience"),
    ({"azp": "another.apps.googleusercontent.com"}, "audience"),
    ({"nonce": "of-another-sign-in"}, "nonce"),
    ({"nonce": None}, "nonce"),
    ({"nonce": 7}, "nonce"),
    ({"sub": None}, "subject"),
    ({"sub": ""}, "subject"),
    ({"exp": None}, "times"),
    ({"email": None}, "account"),
    ({"email": ["alice@example.org"]}, "account"),
    ({"email": "alice"}, "account"),
    ({"email_verified": False}, "email"),
    ({"email_verified": None}, "email"),
    ({"email_verified": "true"}, "email"),
    ({"email_verified": 1}, "email"),
]


@pytest.mark.parametrize(("claims", "check"), FORGED)
async def test_a_claim_that_does_not_hold_lets_nobody_in(claims: dict[str, Any], check: str) -> None:
    seen = await refused_with(FakeGoogle(claims=claims))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", check)
    assert classify(seen).code == "id-token-not-ours"
    assert seen.values["client_id"], "whose application it was is told"


@pytest.mark.parametrize(
    ("claims", "minutes"),
    [
        ({"iat": seconds(hours=-3), "exp": seconds(hours=-2)}, True),
        ({"iat": seconds(hours=1), "exp": seconds(hours=2)}, True),
    ],
)
async def test_a_clock_that_is_wrong_is_told_as_such(claims: dict[str, Any], *, minutes: bool) -> None:
    seen = await refused_with(FakeGoogle(claims=claims))
    assert seen.condition == "id-token-clock"
    assert bool(seen.values.get("minutes")) is minutes


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
async def test_both_forms_of_the_issuer_are_the_same_account(issuer: str) -> None:
    found = await signed_in(FakeGoogle(claims={"iss": issuer}), expected=ALICE)
    assert found.account == ALICE


@pytest.mark.parametrize(
    "token",
    [None, "", "nonsense", "a.b.c", 7, [], "e30.e30.", "eyJhbGciOiJub25lIn0.e30."],
)
async def test_a_proof_that_is_none_lets_nobody_in(token: object) -> None:
    seen = await refused_with(FakeGoogle(answer={"id_token": token}))
    assert seen.condition == "id-token-not-ours"
    assert seen.values["check"] in {"form", "algorithm"}


async def test_a_proof_signed_by_another_key_of_the_same_name_lets_nobody_in() -> None:
    seen = await refused_with(FakeGoogle(key=OTHER_KEY))
    assert (seen.condition, seen.values["check"]) == ("id-token-not-ours", "signature")


async def test_a_proof_signed_with_something_that_everybody_knows_lets_nobody_in() -> None:
    from joserfc import jwt  # noqa: PLC0415 - of this forgery only

    public = OctKey.import_key(str(KEY.as_dict(private=False)["n"]))
    forged = jwt.encode({"alg": "HS256", "kid": "one"}, {"sub": "x"}, public, algorithms=["HS256"])
    seen = await refused_with(FakeGoogle(answer={"id_token": forged}))
    assert seen.values["check"] == "algorithm"


async def test_keys_that_came_meanwhile_are_fetched_once() -> None:
    fake = FakeGoogle(key=NEW_KEY, published=[[KEY], [KEY, NEW_KEY]])
    assert (await signed_in(fake)).account == ALICE
    assert fake.paths() == ["/oauth2/v3/certs", "/token", "/oauth2/v3/certs"]


async def test_a_key_that_nobody_publishes_lets_nobody_in_and_is_not_asked_for_again_and_again() -> None:
    fake = FakeGoogle(key=NEW_KEY)
    seen = await refused_with(fake)
    assert seen.values["check"] == "key"
    assert fake.paths().count("/oauth2/v3/certs") == 2


@pytest.mark.parametrize(
    ("claims", "domain"),
    [
        ({}, "example.org"),
        ({"hd": "EXAMPLE.org"}, "example.org"),
        ({"hd": None, "email": "alice@gmail.com"}, ""),
        ({"hd": None, "email": "alice@example.org"}, ""),
        ({"hd": ["example.org"]}, ""),
        ({"hd": True}, ""),
    ],
)
async def test_the_workspace_is_told_by_its_claim_and_by_nothing_else(claims: dict[str, Any], domain: str) -> None:
    assert (await signed_in(FakeGoogle(claims=claims))).account.domain == domain


async def test_names_are_shown_as_they_are_and_turn_nothing_around() -> None:
    fake = FakeGoogle(claims={"name": "Alice\u202egnp.exe", "email": "alice@example.org\nBcc: x"})
    account = (await signed_in(fake)).account
    assert "\u202e" not in account.name
    assert "\n" not in account.username


@pytest.mark.parametrize(
    ("expected", "same"),
    [
        (ALICE, True),
        (Account(tenant=ALICE.tenant, oid=ALICE.oid, username="former-name@example.org"), True),
        (Account(tenant=ALICE.tenant, oid="999", username="alice@example.org"), False),
        (Account(tenant="72f988bf-86f1-41af-91ab-2d7cd011db47", oid=ALICE.oid, username="alice@example.org"), False),
    ],
)
async def test_whoever_reconnects_has_to_be_the_one_who_connected(expected: Account, *, same: bool) -> None:
    fake = FakeGoogle()
    if same:
        found: SignedIn = await signed_in(fake, expected=expected)
        assert found.account == ALICE
        return
    seen = await refused_with(fake, expected=expected)
    assert (seen.condition, seen.values["username"]) == ("other-account", "alice@example.org")
    assert seen.values["expected"] == expected.username
    assert classify(seen).code == "other-account"
    assert "/revoke" not in fake.paths(), "that would end what is in use too"


@pytest.mark.parametrize(
    "keys",
    [httpx.Response(200, json={}), httpx.Response(200, json={"keys": "none"}), refusal("x"), httpx.Response(503)],
)
async def test_without_keys_the_code_is_not_used_up(keys: httpx.Response) -> None:
    fake = FakeGoogle()
    genuine = fake.serve

    async def serve(request: httpx.Request) -> httpx.Response:
        return keys if request.url.path.endswith("certs") else await genuine(request)

    fake.serve = serve
    request = await started(fake)
    parameters = fake.sign_in(request.url)
    await refused(fake, request, parameters)
    assert fake.forms() == []
    fake.serve = genuine
    assert (await ended(fake, request, parameters, recorder=Notes())).account == ALICE
