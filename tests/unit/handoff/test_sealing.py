"""Sealed credentials open for one key and one profile, unaltered, and for nothing else."""

import base64
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from sendwright.handoff.backend import HandoffFailed
from sendwright.handoff.sealing import (
    SealBroken,
    digest_of,
    fingerprint_of,
    new_sealing_key,
    open_sealed,
    published,
    seal,
)
from sendwright.profile import SenderProfile
from sendwright.secret import Secret

KEY = new_sealing_key()
JWKS = published([KEY])
PROFILE = SenderProfile(
    provider="custom_smtp",
    sender="smtp",
    address="notifications@example.org",
    alias="Example",
    settings={"host": "smtp.example.org", "port": 587},
)
CREDENTIALS = {"password": Secret("canary-Pa55wörd")}


def code_of(sealed: str, *, profile: SenderProfile = PROFILE, keys: tuple[ECKey, ...] = (KEY,)) -> str:
    with pytest.raises(SealBroken) as caught:
        open_sealed(sealed, keys, profile=profile)
    assert "canary" not in str(caught.value) + repr(caught.value.__cause__)
    return caught.value.code


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200).map(Secret), max_size=4))
def test_what_was_sealed_opens_again(credentials: dict[str, Secret]) -> None:
    sealed = seal(credentials, JWKS, profile=PROFILE)
    assert open_sealed(sealed, (KEY,), profile=PROFILE) == credentials


def test_a_seal_is_a_compact_jwe_that_says_nothing_and_never_looks_the_same() -> None:
    first, second = (seal(CREDENTIALS, JWKS, profile=PROFILE) for _ in range(2))
    segments = first.split(".")
    header = json.loads(base64.urlsafe_b64decode(segments[0] + "=="))
    assert {name: header[name] for name in ("alg", "enc", "kid")} == {
        "alg": "ECDH-ES",
        "enc": "A256GCM",
        "kid": KEY.kid,
    }
    assert segments[1] == ""
    assert first != second
    assert fingerprint_of(first) != fingerprint_of(second)
    assert len(fingerprint_of(first)) == 16


def test_no_altered_letter_goes_unnoticed() -> None:
    sealed = seal(CREDENTIALS, JWKS, profile=PROFILE)
    for position, letter in enumerate(sealed):
        for other in "Ab_." if letter not in "Ab_." else "Zq-7":
            altered = sealed[:position] + other + sealed[position + 1 :]
            with pytest.raises(SealBroken):
                open_sealed(altered, (KEY,), profile=PROFILE)


def test_no_cut_or_added_letter_goes_unnoticed() -> None:
    sealed = seal(CREDENTIALS, JWKS, profile=PROFILE)
    for position in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_sealed(sealed[:position], (KEY,), profile=PROFILE)
    for added in ("A", "=", ".", " ", "\n", ".A"):
        assert code_of(sealed + added) == "credentials-unreadable"
        assert code_of(added + sealed) == "credentials-unreadable"


@given(st.one_of(st.text(max_size=300), st.text("ABCabc019-_.=", max_size=300)))
def test_nonsense_is_unreadable(nonsense: str) -> None:
    assert code_of(nonsense) == "credentials-unreadable"


@pytest.mark.parametrize(
    "change",
    [
        {"address": "other@example.org"},
        {"alias": "Somebody"},
        {"settings": {"host": "evil.example.com", "port": 587}},
        {"settings": {"host": "smtp.example.org", "port": 25}},
        {"provider": "gmail"},
    ],
)
def test_credentials_open_for_no_other_profile(change: dict[str, Any]) -> None:
    sealed = seal(CREDENTIALS, JWKS, profile=PROFILE)
    other = msgspec.structs.replace(PROFILE, **change)
    assert code_of(sealed, profile=other) == "credentials-of-another-profile"


def test_the_order_of_settings_makes_no_other_profile() -> None:
    turned = msgspec.structs.replace(PROFILE, settings=dict(reversed(PROFILE.settings.items())))
    assert digest_of(turned) == digest_of(PROFILE)


def test_the_digest_is_part_of_the_interface() -> None:
    text = (
        '{"address":"notifications@example.org","alias":"Example","provider":"custom_smtp",'
        '"schema":"sendwright.profile/1","sender":"smtp",'
        '"settings":{"host":"smtp.example.org","port":587}}'
    )
    import hashlib  # noqa: PLC0415 - only here

    assert digest_of(PROFILE) == hashlib.sha256(text.encode()).hexdigest()


def test_credentials_open_with_no_other_key() -> None:
    other = new_sealing_key()
    sealed = seal(CREDENTIALS, JWKS, profile=PROFILE)
    assert code_of(sealed, keys=(other,)) == "credentials-sealed-for-another-key"
    assert code_of(sealed, keys=()) == "credentials-sealed-for-another-key"
    impostor = ECKey.import_key({**other.as_dict(private=True), "kid": KEY.kid or ""})
    assert code_of(sealed, keys=(impostor,)) == "credentials-unreadable"
    assert open_sealed(sealed, (other, KEY), profile=PROFILE) == CREDENTIALS


def forged(header: dict[str, Any], key: Any, *, payload: bytes | None = None) -> str:  # noqa: ANN401 - any key
    contents = {"profile": digest_of(PROFILE), "credentials": {"password": "x"}}
    algorithms = [header["alg"], header["enc"], "DEF"]
    return jwe.encrypt_compact(header, payload or json.dumps(contents).encode(), key, algorithms=algorithms)


@pytest.mark.parametrize(
    "make",
    [
        lambda: forged({"alg": "ECDH-ES+A128KW", "enc": "A256GCM", "kid": KEY.kid}, KEY),
        lambda: forged({"alg": "ECDH-ES", "enc": "A128GCM", "kid": KEY.kid}, KEY),
        lambda: forged({"alg": "ECDH-ES", "enc": "A128CBC-HS256", "kid": KEY.kid}, KEY),
        lambda: forged({"alg": "ECDH-ES", "enc": "A256GCM", "kid": KEY.kid, "zip": "DEF"}, KEY),
        lambda: forged({"alg": "ECDH-ES", "enc": "A256GCM"}, KEY),
        lambda: forged({"alg": "dir", "enc": "A256GCM", "kid": KEY.kid}, OctKey.generate_key(256, auto_kid=False)),
        lambda: forged({"alg": "ECDH-ES", "enc": "A256GCM", "kid": KEY.kid}, KEY, payload=b"[]"),
        lambda: forged({"alg": "ECDH-ES", "enc": "A256GCM", "kid": KEY.kid}, KEY, payload=b"{}"),
        lambda: forged({"alg": "ECDH-ES", "enc": "A256GCM", "kid": KEY.kid}, KEY, payload=b"\xff"),
    ],
)
def test_other_algorithms_compression_and_contents_are_refused(make: Callable[[], str]) -> None:
    assert code_of(make()) == "credentials-unreadable"


def test_the_good_form_is_what_those_differ_from() -> None:
    good = forged({"alg": "ECDH-ES", "enc": "A256GCM", "kid": KEY.kid}, KEY)
    assert open_sealed(good, (KEY,), profile=PROFILE) == {"password": Secret("x")}


def test_a_seal_of_unreasonable_length_is_refused_before_it_is_read() -> None:
    sealed = seal({"password": Secret("x" * 100_000)}, JWKS, profile=PROFILE)
    assert code_of(sealed) == "credentials-unreadable"


PUBLIC = JWKS["keys"][0]
PRIVATE = dict(KEY.as_dict(private=True))


@pytest.mark.parametrize(
    "keys",
    [
        None,
        "nonsense",
        [],
        ["nonsense"],
        [{}],
        [{**PUBLIC, "kid": ""}],
        [{name: value for name, value in PUBLIC.items() if name != "kid"}],
        [{**PUBLIC, "use": "sig"}],
        [{**PUBLIC, "alg": "ECDH-ES+A128KW"}],
        [{**PUBLIC, "crv": "secp256k1"}],
        [{**PUBLIC, "y": PUBLIC["x"]}],
        [{**PUBLIC, "x": 7}],
        [{**PUBLIC, "x": "!"}],
        [{name: value for name, value in PUBLIC.items() if name != "y"}],
        [PRIVATE],
        [dict(RSAKey.generate_key(2048, private=False, auto_kid=True).as_dict())],
        [dict(OKPKey.generate_key("X25519", private=False, auto_kid=True).as_dict())],
        [dict(OctKey.generate_key(256, auto_kid=True).as_dict())],
    ],
)
def test_nothing_is_sealed_for_a_weak_unknown_or_broken_key(keys: object) -> None:
    with pytest.raises(HandoffFailed) as caught:
        seal(CREDENTIALS, {"keys": keys}, profile=PROFILE)
    assert caught.value.evidence.condition == "backend-key-unsuitable"


def test_the_first_suitable_key_is_used() -> None:
    other = new_sealing_key()
    jwks = {"keys": [{"kty": "oct"}, {**PUBLIC, "use": "sig"}, *published([other, KEY])["keys"]]}
    sealed = seal(CREDENTIALS, jwks, profile=PROFILE)
    assert open_sealed(sealed, (other,), profile=PROFILE) == CREDENTIALS


def test_only_public_halves_are_published() -> None:
    assert set(PUBLIC) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert PUBLIC["kid"] == KEY.thumbprint()
