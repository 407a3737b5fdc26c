"""A private key is an RSA key without a passphrase, or the reason is said."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.unit.oauth.google.key_files import KEY, pem

from sendwright.oauth.rsa_key import RsaKeyUnusable, read_rsa_key


@pytest.mark.parametrize("letters", [pem(), pem(old=True), f"Bag Attributes\n{pem()}"])
def test_a_key_is_read_in_either_form(letters: str) -> None:
    assert read_rsa_key(letters).public_key() == KEY.public_key()


@pytest.mark.parametrize(
    ("letters", "why"),
    [
        ("", "key-unreadable"),
        ("-----BEGIN PRIVATE KEY-----", "key-unreadable"),
        (pem()[:400], "key-unreadable"),
        ("\ud800", "key-unreadable"),
        (pem(locked=True), "key-locked"),
        (pem(locked=True, old=True), "key-locked"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "key-not-rsa"),
    ],
)
def test_what_is_no_usable_key_is_told_why_and_not_shown(letters: str, why: str) -> None:
    with pytest.raises(RsaKeyUnusable) as unusable:
        read_rsa_key(letters)
    assert unusable.value.args == (why,)
    assert unusable.value.__suppress_context__ or unusable.value.__context__ is None
