"""The file of a service account's key is read strictly, and each usual mistake has a name of its own."""

import base64
import json
import logging
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.google.key_files import EMAIL, KEY, KEY_ID, UNIQUE_ID, content, key_file, pem

from sendwright.oauth.google.service_account import KeyUnusable, read_file, read_key
from sendwright.oauth.google.service_account_key import LONGEST_FILE, UNUSABLE
from sendwright.secret import Secret

SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - one that is to be refused
CURVE = ec.generate_private_key(ec.SECP256R1())
P12 = pkcs12.serialize_key_and_certificates(b"privatekey", KEY, None, None, BestAvailableEncryption(b"notasecret"))
OAUTH_CLIENT = {
    "client_id": "123456789012-abc.apps.googleusercontent.com",
    "client_secret": "GOCSPX-made-up",
    "token_uri": "https://oauth2.googleapis.com/token",
}
AUTHORIZED_USER = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "1//made-up"}
FEDERATION = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    "token_url": "https://sts.googleapis.com/v1/token",
}


def text(found: object) -> Secret:
    return Secret(json.dumps(found))


def why(secret: Secret) -> str:
    with pytest.raises(KeyUnusable) as unusable:
        read_key(secret)
    assert unusable.value.code in UNUSABLE
    assert str(unusable.value) == unusable.value.code
    assert unusable.value.__cause__ is None
    assert unusable.value.__suppress_context__ or unusable.value.__context__ is None
    return unusable.value.code


def test_a_key_file_says_whose_key_it_is() -> None:
    key = read_key(key_file())
    assert (key.email, key.unique_id, key.key_id, key.project) == (EMAIL, UNIQUE_ID, KEY_ID, "practice-project")
    assert key.private_key == Secret(pem())


@pytest.mark.parametrize(
    "secret",
    [
        key_file(private_key=pem(old=True)),
        key_file(private_key=pem().replace("\n", "\r\n")),
        key_file(private_key=pem(rsa.generate_private_key(public_exponent=65537, key_size=3072))),
        key_file(universe_domain=None),
        key_file(project_id=None, auth_uri=None),
        key_file(token_uri="https://collector.example.net/token"),
        key_file(client_email=EMAIL.upper()),
        key_file(client_email="practice-project@appspot.gserviceaccount.com"),
        key_file(client_email="123456789012-compute@developer.gserviceaccount.com"),
        key_file(client_email="notices@project.example.org.iam.gserviceaccount.com"),
        key_file(note="a field of later years"),
        Secret("\ufeff" + key_file().reveal()),
        Secret("\r\n  " + key_file().reveal() + "\r\n"),
        text(content()),
    ],
)
def test_what_differs_in_form_only_is_read(secret: Secret) -> None:
    key = read_key(secret)
    assert key.unique_id == UNIQUE_ID
    assert key.email == key.email.lower()


def test_the_file_s_own_token_address_is_not_kept() -> None:
    key = read_key(key_file(token_uri="https://collector.example.net/token"))
    assert "collector" not in repr(key)
    assert not any("collector" in str(getattr(key, name)) for name in key.__dataclass_fields__)


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        (Secret(""), "empty"),
        (Secret(" \r\n\t"), "empty"),
        (Secret("\ufeff"), "empty"),
        (Secret("x" * (LONGEST_FILE + 1)), "too-long"),
        (key_file(padding="x" * LONGEST_FILE), "too-long"),
        (Secret("no json"), "not-json"),
        (Secret(key_file().reveal()[:-40]), "not-json"),
        (Secret('{"type": "service_account" "client_id": "1"}'), "not-json"),
        (Secret("{'type': 'service_account'}"), "not-json"),
        (Secret("[" * 20_000), "not-json"),
        (Secret('{"a":' * 6_000), "not-json"),
        (text([content()]), "not-json"),
        (text("service_account"), "not-json"),
        (text(None), "not-json"),
        (Secret("\ud800"), "not-json"),
        (Secret(pem()), "private-key-alone"),
        (Secret("\n" + pem(old=True)), "private-key-alone"),
        (Secret(base64.b64encode(P12).decode()), "p12"),
        (Secret(base64.encodebytes(P12).decode()), "p12"),
        (text({"installed": OAUTH_CLIENT}), "oauth-client"),
        (text({"web": OAUTH_CLIENT}), "oauth-client"),
        (text(AUTHORIZED_USER), "authorized-user"),
        (text(FEDERATION), "federation"),
        (text(FEDERATION | {"type": "external_account_authorized_user"}), "federation"),
        (text(FEDERATION | {"type": "impersonated_service_account"}), "other-kind"),
        (key_file(type="gdch_service_account"), "other-kind"),
        (key_file(type="SERVICE_ACCOUNT"), "other-kind"),
        (key_file(type=None), "other-kind"),
        (key_file(type=["service_account"]), "other-kind"),
        (key_file(type={"service_account": 1}), "other-kind"),
        (text({}), "other-kind"),
        (key_file(client_email=None), "incomplete"),
        (key_file(client_email=7), "incomplete"),
        (key_file(client_email=""), "incomplete"),
        (key_file(client_email="anna@example.org"), "incomplete"),
        (key_file(client_email="notices@gserviceaccount.com.example.net"), "incomplete"),
        (key_file(client_email=f"{EMAIL}:signBlob?x="), "incomplete"),
        (key_file(client_email=f"../{EMAIL}"), "incomplete"),
        (key_file(client_email=f"{EMAIL}\n"), "incomplete"),
        (key_file(client_id=None), "incomplete"),
        (key_file(client_id=int(UNIQUE_ID)), "incomplete"),
        (key_file(client_id="123456789012-abc.apps.googleusercontent.com"), "incomplete"),
        (key_file(client_id="١٠٤٨٥٧٦٠٠٠"), "incomplete"),
        (key_file(private_key_id=None), "incomplete"),
        (key_file(private_key_id=""), "incomplete"),
        (key_file(private_key_id='"}'), "incomplete"),
        (key_file(private_key=None), "incomplete"),
        (key_file(private_key="  "), "incomplete"),
        (key_file(private_key=5), "incomplete"),
        (key_file(project_id=5), "incomplete"),
        (key_file(universe_domain="example-universe.test"), "other-universe"),
        (key_file(universe_domain=""), "other-universe"),
        (key_file(private_key="-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "key-unreadable"),
        (key_file(private_key=pem().replace("\n", "\\n")), "key-unreadable"),
        (key_file(private_key=pem()[:300]), "key-unreadable"),
        (key_file(private_key="\ud800"), "not-json"),
        (key_file(private_key=pem(locked=True)), "key-locked"),
        (key_file(private_key=pem(CURVE)), "key-not-rsa"),
        (key_file(private_key=pem(SHORT)), "key-too-short"),
    ],
)
def test_each_usual_mistake_has_a_name_of_its_own(secret: Secret, code: str) -> None:
    assert why(secret) == code


def test_a_file_is_decoded_as_editors_save_it() -> None:
    letters = key_file().reveal()
    for octets in (letters.encode(), letters.encode("utf-8-sig"), letters.encode("utf-16")):
        assert read_key(read_file(octets)).email == EMAIL


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (P12, "p12"),
        (b"\x30\x82\x09\x00\x02\x01\x03\x30" + bytes(64), "p12"),
        (b"x" * (2 * LONGEST_FILE + 1), "too-long"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "not-json"),
        (b"\xff\xfe\x00", "not-json"),
        (b"PK\x03\x04\x80\x81", "not-json"),
    ],
)
def test_a_file_that_is_no_text_is_told_by_its_kind(octets: bytes, code: str) -> None:
    with pytest.raises(KeyUnusable) as unusable:
        read_file(octets)
    assert unusable.value.code == code


def test_a_key_does_not_print_itself_and_is_not_pickled(caplog: pytest.LogCaptureFixture) -> None:
    key = read_key(key_file())
    logging.getLogger("test").error("%r %s", key, key)
    for shown in (repr(key), str(key), caplog.text):
        assert "PRIVATE" not in shown
        assert pem()[100:140] not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("field", ["client_email", "client_id", "private_key_id", "private_key", "universe_domain"])
def test_what_is_refused_is_no_part_of_the_refusal(field: str) -> None:
    marked = key_file(**{field: "MARK of the file"})
    with pytest.raises(KeyUnusable) as unusable:
        read_key(marked)
    told = [str(unusable.value), repr(unusable.value), repr(unusable.value.args), repr(unusable.value.__dict__)]
    assert not any("MARK" in words for words in told)


@given(st.text(max_size=200) | st.from_regex(r"\{[\"a-z:,\[\]{}0-9 ]{0,80}\}", fullmatch=True))
def test_any_text_is_a_key_or_a_named_mistake(letters: str) -> None:
    assert why(Secret(letters)) in UNUSABLE


@given(st.binary(max_size=200))
def test_any_file_is_text_or_a_named_mistake(octets: bytes) -> None:
    try:
        secret = read_file(octets)
    except KeyUnusable as unusable:
        assert unusable.code in {"p12", "not-json"}  # noqa: PT017 - either outcome is right, each with its own claim
    else:
        assert why(secret) in UNUSABLE


@given(
    st.dictionaries(
        st.sampled_from(sorted(content())), st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text())
    )
)
def test_any_field_may_be_anything(changes: dict[str, object]) -> None:
    try:
        key = read_key(key_file(**changes))
    except KeyUnusable as unusable:
        assert unusable.code in UNUSABLE  # noqa: PT017 - either outcome is right, each with its own claim
    else:
        assert key.email.endswith(".gserviceaccount.com")
        assert key.unique_id.isdecimal()
