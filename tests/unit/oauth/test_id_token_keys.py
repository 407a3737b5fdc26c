"""Signatures of proofs of sign-in: of no key, of the wrong one, of one that is none."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.unit.oauth.id_tokens import EC, KEYS, OTHER_RSA, RSA, WIDE_EC, check, claims, coded, public, signed, verify

from sendwright.oauth.id_token import knows_key
from sendwright.secret import Secret

SHARED = OctKey.generate_key(256, {"kid": "oct-1"})


@pytest.mark.parametrize("alg", ["HS256", "HS512", "none", "RS1", "ES384", "EdDSA", "", "rs256"])
def test_only_signatures_of_a_private_key_count(alg: str) -> None:
    unsigned = Secret(f"{coded({'alg': alg, 'kid': RSA.kid})}.{coded(claims())}.")
    assert check(unsigned) == "algorithm"


def test_a_shared_secret_is_no_key_even_where_the_server_lists_one() -> None:
    keys = {"keys": [SHARED.as_dict(private=True), *KEYS["keys"]]}  # type: ignore[misc]
    assert check(signed(key=SHARED, alg="HS256"), keys=keys) == "algorithm"


def test_the_public_key_does_not_sign_as_a_shared_secret() -> None:
    pem = RSA.as_pem(private=False)
    forged = jwt.encode({"alg": "HS256", "kid": RSA.kid}, claims(), OctKey.import_key(coded(pem.decode())), ["HS256"])
    assert check(Secret(forged)) == "algorithm"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"key": OTHER_RSA, "kid": RSA.kid}, "signature"),
        ({"key": OTHER_RSA, "alg": "PS256", "kid": RSA.kid}, "signature"),
        ({"alg": "PS256", "kid": EC.kid}, "key"),
        ({"key": EC, "alg": "ES256", "kid": RSA.kid}, "key"),
        ({"kid": "unheard-of"}, "key"),
        ({"kid": ...}, "key"),
    ],
)
def test_a_signature_of_another_key_is_refused(how: dict[str, Any], why: str) -> None:
    assert check(signed(**how)) == why


def test_a_key_that_is_too_short_is_refused() -> None:
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the point of it
    modulus = numbers.public_key().public_numbers().n.to_bytes(128)
    short = {"kty": "RSA", "kid": "rsa-short", "n": base64.urlsafe_b64encode(modulus).decode().rstrip("="), "e": "AQAB"}
    head, payload = coded({"alg": "RS256", "kid": "rsa-short"}), coded(claims())
    seal = numbers.sign(f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256())
    token = Secret(f"{head}.{payload}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}")
    assert check(token, keys={"keys": [short]}) == "signature"
    padded = {**short, "n": base64.urlsafe_b64encode(bytes(128) + modulus).decode().rstrip("=")}
    assert check(token, keys={"keys": [padded]}) == "signature"


def test_a_key_that_the_server_does_not_list_is_told_apart_so_that_newer_ones_can_be_fetched() -> None:
    newer = RSAKey.generate_key(2048, {"kid": "rsa-3"})
    assert not knows_key(signed(key=newer), KEYS)
    assert check(signed(key=newer)) == "key"
    assert verify(signed(key=newer), keys=public(newer))["oid"] == "o-1"
    assert not knows_key(Secret("opaque"), KEYS)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": None},
        {"keys": {}},
        {"keys": ["rsa-1", 1, None]},
        {"keys": [{"kid": "rsa-1"}]},
        {"keys": [{"kid": "rsa-1", "kty": "oct", "k": "AA"}]},
        {"keys": [{**RSA.as_dict(private=False), "use": "enc"}]},
        {"keys": [{**RSA.as_dict(private=False), "kid": "RSA-1"}]},
    ],
)
def test_without_a_usable_key_nothing_holds(keys: dict[str, object]) -> None:
    assert check(signed(), keys=keys) == "key"


@pytest.mark.parametrize(
    "broken", [{"n": ""}, {"n": "AQAB"}, {"n": "!"}, {"n": 7}, {"e": ""}, {"n": None}, {"e": "AA"}, {"n": "é"}]
)
def test_a_key_that_is_none_does_no_harm(broken: dict[str, object]) -> None:
    assert check(signed(), keys={"keys": [{**RSA.as_dict(private=False), **broken}]}) == "signature"


@pytest.mark.parametrize("broken", [{"x": ""}, {"x": "AA", "y": "AA"}, {"crv": "P-384"}, {"crv": "x"}, {"y": 7}])
def test_a_point_off_the_curve_does_no_harm(broken: dict[str, object]) -> None:
    keys = {"keys": [{**EC.as_dict(private=False), **broken}]}
    assert check(signed(key=EC, alg="ES256"), keys=keys) == "signature"


def test_a_curve_that_the_algorithm_does_not_name_is_refused() -> None:
    head, _, signature = signed(key=EC, alg="ES256", kid=WIDE_EC.kid).reveal().split(".")
    assert check(Secret(f"{head}.{coded(claims())}.{signature}")) == "signature"


def test_the_key_of_a_certificate_inside_the_token_is_not_asked() -> None:
    own = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    assert check(signed(key=own, jwk=own.as_dict(private=False), jku="https://example.org/keys")) == "signature"


def test_an_extension_that_must_be_understood_is_refused() -> None:
    head = coded({"alg": "RS256", "kid": RSA.kid, "crit": ["b64"], "b64": False})
    assert check(Secret(f"{head}.{coded(claims())}.AA")) == "form"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_of_which_anything_was_changed_is_refused(part: int) -> None:
    parts = signed().reveal().split(".")
    others = signed(claims(oid="o-2"), key=RSA, typ="x").reveal().split(".")
    parts[part] = others[part]
    assert check(Secret(".".join(parts))) == "signature"


@pytest.mark.parametrize("letters", ["", "opaque", "a.b.c", "..", "a.b.c.d.e", "." * 70_000, "é.é.é", "\ud800.a.b"])
def test_what_is_no_token_is_refused(letters: str) -> None:
    assert check(Secret(letters)) == "form"


@pytest.mark.parametrize("signature", ["", "AA", "!!", "=", "é"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    head, payload, _ = signed().reveal().split(".")
    assert check(Secret(f"{head}.{payload}.{signature}")) == ("form" if signature == "é" else "signature")
