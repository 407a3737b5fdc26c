"""Which descriptions of an identity are used: none that runs a program or leads to a strange host."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.google.fake_services import OPERATOR, PLACE, STS
from tests.unit.oauth.google.federations import IMPERSONATES, POOL, federation
from tests.unit.oauth.google.key_files import EMAIL, key_file

from sendwright.oauth.google.identity import read_identity
from sendwright.oauth.google.near import is_near
from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret

FILE: dict[str, object] = {"file": "/var/run/token"}
PRACTICE = place_of(login="https://localhost:8443")


def unusable(identity: Secret, *, place: GooglePlace = PLACE) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        read_identity(identity, place=place)
    assert failure.value.evidence.text == ""
    return failure.value.evidence


@pytest.mark.parametrize("letters", ["", "  \n", "\ufeff"])
def test_an_empty_setting_is_no_identity(letters: str) -> None:
    assert classify(unusable(Secret(letters))).code == "google-signing-identity-missing"


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        (Secret("/etc/sendwright/identity.json"), "not-json"),
        (Secret("metadata server"), "not-json"),
        (Secret('["external_account"]'), "not-json"),
        (Secret("[" * 9_000), "not-json"),
        (Secret("\ud800"), "not-json"),
        (Secret("{}"), "other-kind"),
        (Secret('{"type": "authorized_user", "refresh_token": "1//x"}'), "authorized-user"),
        (Secret('{"type": "impersonated_service_account"}'), "other-kind"),
        (Secret('{"type": "external_account_authorized_user"}'), "federation"),
        (Secret('{"installed": {"client_id": "x"}}'), "oauth-client"),
        (key_file(universe_domain="example.test"), "other-universe"),
        (key_file(private_key="x"), "key-unreadable"),
        (federation({"executable": {"command": "/bin/date"}}), "executable"),
        (federation(FILE | {"executable": {"command": "/bin/date"}}), "executable"),
        (federation({"executable": None}), "executable"),
        (federation({"certificate": {"use_default_certificate_config": True}}), "certificate"),
        (federation({"url": "http://tokens.example.org/mine"}), "url"),
        (federation({"url": "http://10.0.0.7/mine"}), "url"),
        (federation({"url": "https://user:word@tokens.example.org/mine"}), "url"),
        (federation({"url": "file:///etc/shadow"}), "url"),
        (federation({"url": ["https://tokens.example.org"]}), "url"),
        (federation({"region_url": "http://collector.example.net/"}), "region_url"),
        (federation({"imdsv2_session_token_url": "http://collector.example.net/"}), "imdsv2_session_token_url"),
        (federation(FILE, credential_source="/var/run/token"), "credential_source"),
        (federation(FILE, credential_source=None), "credential_source"),
        (federation(FILE, audience=""), "audience"),
        (federation(FILE, audience=5), "audience"),
        (federation(FILE, subject_token_type=None), "subject_token_type"),
        (federation(FILE, token_url="http://sts.googleapis.com/v1/token"), "token_url"),
        (federation(FILE, token_url="https://sts.googleapis.com.example.net/v1/token"), "token_url"),
        (federation(FILE, token_url="https://example.net/sts.googleapis.com"), "token_url"),
        (federation(FILE, token_url="https://evilgoogleapis.com/v1/token"), "token_url"),
        (federation(FILE, token_url="https://sts.googleapis.com:8443/v1/token"), "token_url"),
        (federation(FILE, token_url="https://x@sts.googleapis.com/v1/token"), "token_url"),
        (federation(FILE, token_url="https://localhost:8443/v1/token"), "token_url"),
        (federation(FILE, token_url=None), "token_url"),
        (
            federation(FILE, service_account_impersonation_url=IMPERSONATES.replace("googleapis", "example")),
            "service_account_impersonation_url",
        ),
        (
            federation(FILE, service_account_impersonation_url=f"{IMPERSONATES}?x"),
            "service_account_impersonation_url",
        ),
        (federation(FILE, service_account_impersonation_url=7), "service_account_impersonation_url"),
        (federation(FILE, universe_domain="example.test"), "universe_domain"),
    ],
)
def test_a_description_that_cannot_be_used_says_at_which_part(identity: Secret, why: str) -> None:
    evidence = unusable(identity, place=PLACE)
    assert classify(evidence).code == "google-signing-identity-unusable"
    assert evidence.values == {"why": why}


@pytest.mark.parametrize(
    "identity",
    [
        federation(FILE),
        federation(FILE, token_url="https://sts.europe-west1.rep.googleapis.com/v1/token"),
        federation(FILE, universe_domain="googleapis.com"),
        federation({"url": "http://169.254.169.254/metadata/identity"}),
        federation({"url": "http://[fd00:ec2::254]/latest"}),
        federation({"url": "http://localhost:7070/token"}),
        federation({"url": "https://tokens.example.org/mine"}),
        Secret(federation(FILE).reveal().replace(f'"token_url": "{STS}", ', "")),
    ],
)
def test_a_federation_that_stays_with_google_is_used(identity: Secret) -> None:
    found = read_identity(identity, place=PLACE)
    assert found.federation is not None
    assert found.federation.info["audience"] == POOL
    assert found.principal == ""
    assert "credential_source" not in repr(found)


def test_what_only_programs_could_mean_is_left_out() -> None:
    found = read_identity(federation(FILE, subject_token_supplier="x", trust_boundary={"locations": []}), place=PLACE)
    assert found.federation is not None
    assert found.federation.info.keys() == {"audience", "subject_token_type", "credential_source", "token_url"}


def test_a_practice_stands_in_for_google() -> None:
    identity = federation(FILE, token_url="https://localhost:8443/v1/token")
    assert read_identity(identity, place=PRACTICE).federation
    unusable(federation(FILE, token_url="https://localhost:8444/v1/token"), place=PRACTICE)


def test_the_identity_is_named_for_whoever_allows_it_to_sign() -> None:
    becomes = federation(FILE, service_account_impersonation_url=IMPERSONATES)
    assert read_identity(becomes, place=PLACE).principal == OPERATOR
    assert read_identity(key_file(), place=PLACE).principal == EMAIL
    assert read_identity(Secret(" metadata-server\n"), place=PLACE).principal == ""


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://metadata.google.internal/computeMetadata/v1/", True),
        ("http://169.254.169.254/", True),
        ("http://169.254.170.2/v2/credentials", True),
        ("http://127.0.0.1:7070/", True),
        ("http://[::1]/", True),
        ("http://[fe80::1]/", True),
        ("http://[fd20:ce::254]/", True),
        ("https://169.254.169.254/", False),
        ("http://metadata.google.internal.example.net/", False),
        ("http://x@169.254.169.254/", False),
        ("http://10.1.2.3/", False),
        ("http://192.168.1.1/", False),
        ("http://2852039166/", False),
        ("http://example.org/169.254.169.254", False),
        ("http://", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_only_this_machine_and_its_link_are_spoken_to_in_the_clear(url: str, *, near: bool) -> None:
    assert is_near(url) is near


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(
        [
            "audience",
            "credential_source",
            "token_url",
            "service_account_impersonation_url",
            "subject_token_type",
            "type",
        ]
    ),
)
def test_any_value_is_used_or_refused_by_name(value: object, field: str) -> None:
    identity = Secret(json.dumps(json.loads(federation(FILE).reveal()) | {field: value}))
    try:
        found = read_identity(identity, place=PLACE)
    except OAuthFailed as failure:
        assert failure.evidence.condition == "google-signing-identity-unusable"  # noqa: PT017 - either is right
    else:
        assert found.federation is not None
        assert all(address.startswith("https://") for address in found.federation.services)
