"""Proofs of sign-in, and every claim by which one does not hold."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from tests.unit.oauth.id_tokens import (
    CLIENT,
    EC,
    KEYS,
    LOGIN,
    NONCE,
    NOW,
    OTHER_RSA,
    RSA,
    TEMPLATE,
    TENANT,
    check,
    claims,
    refused,
    seconds,
    signed,
    verify,
)

from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.id_token import ALGORITHMS, SKEW, knows_key, tenant_issuer
from sendwright.secret import Secret

OTHER_TENANT = "aaaaaaaa-0000-4000-8000-000000000000"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"


@pytest.mark.parametrize(("key", "alg"), [(RSA, "RS256"), (OTHER_RSA, "PS256"), (EC, "ES256")])
def test_a_proof_that_holds_yields_its_claims(key: RSAKey | ECKey, alg: str) -> None:
    assert alg in ALGORITHMS
    assert verify(signed(key=key, alg=alg)) == claims()
    assert knows_key(signed(key=key, alg=alg), KEYS)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"nbf": ...},
        {"iat": NOW.timestamp() - 0.5},
        {"whatever": {"more": [1, 2]}},
        {"exp": seconds(NOW - SKEW)},
        {"iat": seconds(NOW + SKEW), "nbf": seconds(NOW + SKEW)},
    ],
)
def test_what_the_standard_leaves_free_is_taken(changed: dict[str, object]) -> None:
    assert verify(signed(claims(**changed)))["sub"] == "pairwise"


def test_headers_that_nobody_has_to_understand_are_taken() -> None:
    assert verify(signed(x5t="abc", typ="JWT", vendor="x"))["oid"] == "o-1"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": f"{LOGIN}/{OTHER_TENANT}/v2.0"}, "issuer"),
        ({"tid": OTHER_TENANT}, "issuer"),
        ({"iss": f"{LOGIN}/{TENANT}/v2.0/"}, "issuer"),
        ({"iss": f"https://sts.windows.net/{TENANT}/"}, "issuer"),
        ({"iss": f"https://login.example.org/{TENANT}/v2.0"}, "issuer"),
        ({"iss": TEMPLATE, "tid": "{tenantid}"}, "issuer"),
        ({"iss": f"{LOGIN}/x/../{TENANT}/v2.0", "tid": f"x/../{TENANT}"}, "issuer"),
        ({"iss": "", "tid": ...}, "issuer"),
        ({"iss": ...}, "issuer"),
        ({"tid": 7}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [CLIENT, "another"]}, "audience"),
        ({"aud": {CLIENT: 1}}, "audience"),
        ({"aud": ...}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"sub": ""}, "subject"),
        ({"sub": ...}, "subject"),
        ({"sub": 7}, "subject"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": ...}, "nonce"),
        ({"nonce": [NONCE]}, "nonce"),
        ({"exp": ...}, "times"),
        ({"exp": "soon"}, "times"),
        ({"exp": True}, "times"),
        ({"exp": 1e308}, "times"),
        ({"exp": None}, "times"),
        ({"iat": ...}, "times"),
        ({"nbf": "x"}, "times"),
    ],
)
def test_a_claim_that_is_not_ours_is_refused(changed: dict[str, object], why: str) -> None:
    assert check(signed(claims(**changed))) == why


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        (NOW + timedelta(hours=1, minutes=5, seconds=1), "65"),
        (NOW - timedelta(minutes=5, seconds=21), "5"),
        (NOW - timedelta(days=3), "4320"),
        (NOW + timedelta(days=365), "525600"),
    ],
)
def test_a_proof_of_another_time_tells_of_the_clock(now: datetime, minutes: str) -> None:
    evidence = refused(signed(), now=now)
    assert (evidence.condition, evidence.values["minutes"]) == ("id-token-clock", minutes)


def test_a_proof_of_the_future_by_its_nbf_alone_tells_of_the_clock() -> None:
    token = signed(claims(nbf=seconds(NOW + timedelta(minutes=6))))
    assert refused(token).condition == "id-token-clock"


def test_who_is_wrong_is_told_before_what_time_it_is() -> None:
    assert check(signed(claims(nonce="another")), now=NOW + timedelta(days=9)) == "nonce"


def test_half_a_character_in_a_claim_does_no_harm() -> None:
    said = json.dumps(claims(nonce="half")).replace("half", "\\ud800")
    token = jws.serialize_compact({"alg": "RS256", "kid": RSA.kid}, said, RSA, ["RS256"])
    assert check(Secret(token)) in {"form", "nonce"}


def test_without_a_nonce_of_ours_nothing_holds() -> None:
    assert check(signed(claims(nonce="")), nonce="") == "nonce"


def test_an_issuer_may_be_given_as_it_is() -> None:
    token = signed(claims(iss="https://accounts.example.org"))
    assert verify(token, issuer="https://accounts.example.org")["sub"] == "pairwise"
    assert check(token, issuer="https://accounts.example.com") == "issuer"
    assert check(signed(claims(iss="")), issuer="") == "issuer"


@pytest.mark.parametrize(
    ("owner", "tenant", "holds"),
    [
        (TEMPLATE, TENANT, True),
        (f"{LOGIN}/{TENANT}/v2.0", TENANT, True),
        (f"{LOGIN}/{CONSUMERS}/v2.0", TENANT, False),
        (f"{LOGIN}/{CONSUMERS}/v2.0", CONSUMERS, True),
        (f"{LOGIN}/{OTHER_TENANT}/v2.0", TENANT, False),
    ],
)
def test_a_key_of_one_tenant_does_not_sign_for_another(owner: str, tenant: str, holds: bool) -> None:
    keys = {"keys": [{**RSA.as_dict(private=False), "issuer": owner}]}
    token = signed(claims(tid=tenant, iss=f"{LOGIN}/{tenant}/v2.0"))
    if holds:
        assert verify(token, keys=keys)["tid"] == tenant
    else:
        assert check(token, keys=keys) == "key"


@pytest.mark.parametrize(
    ("tenant", "expected"),
    [
        (TENANT, f"{LOGIN}/{TENANT}/v2.0"),
        (TENANT.replace("-", ""), ""),
        (f"{{{TENANT}}}", ""),
        (f"urn:uuid:{TENANT}", ""),
        ("contoso.com", ""),
        ("", ""),
        (None, ""),
        ([TENANT], ""),
    ],
)
def test_only_an_id_stands_for_the_tenant_in_a_template(tenant: object, expected: str) -> None:
    assert tenant_issuer(TEMPLATE)({"tid": tenant}) == expected


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text(max_size=3))


@given(
    st.dictionaries(
        st.sampled_from(["iss", "aud", "azp", "sub", "tid", "nonce", "iat", "exp", "nbf"]), JSON, min_size=1
    )
)
def test_no_claims_that_somebody_else_signed_pass(changed: dict[str, Any]) -> None:
    token = signed(claims(**changed), key=OTHER_RSA, kid=RSA.kid)
    assert refused(token).condition == "id-token-not-ours"


@given(st.sampled_from(["iss", "aud", "sub", "nonce", "iat", "exp", "nbf", "azp"]), JSON)
def test_no_kind_of_claim_does_harm(name: str, value: object) -> None:
    try:
        found = verify(signed(claims(**{name: value})))
    except OAuthFailed as failed:
        found = {"refused": failed.evidence.condition}
    assert found.get("refused") in {None, "id-token-not-ours", "id-token-clock"}
