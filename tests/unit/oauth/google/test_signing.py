"""A service account without a key is signed for by IAM, as an identity of one's own."""

import logging
from pathlib import Path

import httpx
import pytest
from tests.unit.oauth.google.fake_services import (
    OPERATOR,
    OPERATOR_KEY,
    PLACE,
    SIGNS,
    STS,
    FakeServices,
    Refusal,
    interface_refusal,
    refusal,
)
from tests.unit.oauth.google.federations import IMPERSONATES, POOL, federation
from tests.unit.oauth.google.key_files import EMAIL, UNIQUE_ID, key_file, pem
from tests.unit.oauth.standing_in import NOW, Clock, Notes

from sendwright.oauth.google.identity import SCOPE
from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.google.service_account import ServiceAccountTokens
from sendwright.oauth.google.signing import METADATA_SERVER, open_identity
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Owner
from sendwright.secret import Secret

SUBJECT = "anna@example.org"
METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default"
OPERATOR_FILE = key_file(client_email=OPERATOR, private_key=pem(OPERATOR_KEY))
FROM_METADATA = Secret(METADATA_SERVER)


def services() -> FakeServices:
    """Return the services, as a machine at Google meets them."""
    fake = FakeServices()
    fake.answers[f"{METADATA}/"] = {"email": OPERATOR, "scopes": [SCOPE], "aliases": ["default"]}
    fake.answers[f"{METADATA}/token"] = {
        "access_token": "ya29.of-the-machine",
        "expires_in": 900,
        "token_type": "Bearer",
    }
    return fake


def tokens(
    fake: FakeServices, identity: Secret, *, place: GooglePlace = PLACE, recorder: Notes | None = None
) -> ServiceAccountTokens:
    return ServiceAccountTokens(
        email=EMAIL,
        subject=SUBJECT,
        scope=SEND,
        place=place,
        web=fake.web,
        recorder=recorder or Notes(),
        clock=Clock(),
        signer=open_identity(identity, place=place, near=fake.near),
        unique_id=UNIQUE_ID,
    )


async def refused(fake: FakeServices, identity: Secret) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await tokens(fake, identity).token()
    return failure.value.evidence


@pytest.fixture
def subject_token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("eyJ.of.the-cluster")
    return path


async def test_the_machine_s_own_account_signs_for_the_service_account() -> None:
    fake, recorder = services(), Notes()
    access = await tokens(fake, FROM_METADATA, recorder=recorder).token()
    assert access.secret.reveal() == "ya29.delegated-1"
    assert [(method, address.partition("?")[0]) for method, address in fake.asked] == [
        ("GET", f"{METADATA}/"),
        ("GET", f"{METADATA}/token"),
        ("POST", SIGNS),
        ("POST", PLACE.token),
    ]
    assert fake.bearers == ["Bearer ya29.of-the-machine"], "to nobody but what signs"
    assert fake.headers == [{"typ": "JWT", "alg": "RS256"}], "which key signs is for IAM to choose"
    begun = int(NOW.timestamp())
    assert fake.assertions == [
        {"iss": EMAIL, "sub": SUBJECT, "scope": SEND, "aud": PLACE.token, "iat": begun, "exp": begun + 3600}
    ]
    assert {"ya29.of-the-machine", "ya29.delegated-1", fake.forms[0]["assertion"]} <= recorder.learned


async def test_a_key_of_the_operator_s_own_account_signs() -> None:
    fake = services()
    await tokens(fake, OPERATOR_FILE).token()
    assert [address for _, address in fake.asked] == [PLACE.token, SIGNS, PLACE.token]
    assert [claims["iss"] for claims in fake.assertions] == [OPERATOR, EMAIL]
    assert fake.assertions[0]["scope"] == SCOPE
    assert "sub" not in fake.assertions[0], "it acts as itself"
    assert fake.bearers == ["Bearer ya29.own-1"]


async def test_a_federated_identity_signs(subject_token: Path) -> None:
    fake, recorder = services(), Notes()
    await tokens(fake, federation({"file": str(subject_token)}), recorder=recorder).token()
    assert [address for _, address in fake.asked] == [STS, SIGNS, PLACE.token]
    assert fake.forms[0]["subject_token"] == "eyJ.of.the-cluster"
    assert fake.forms[0]["audience"] == POOL
    assert fake.bearers == ["Bearer ya29.exchanged-1"]
    assert {"eyJ.of.the-cluster", "ya29.exchanged-1"} <= recorder.learned


async def test_a_federated_identity_may_become_a_service_account_first(subject_token: Path) -> None:
    fake = services()
    identity = federation({"file": str(subject_token)}, service_account_impersonation_url=IMPERSONATES)
    await tokens(fake, identity).token()
    assert [address for _, address in fake.asked] == [STS, IMPERSONATES, SIGNS, PLACE.token]
    assert fake.bearers == ["Bearer ya29.exchanged-1", "Bearer ya29.impersonated-2"]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ({"url": "http://169.254.169.254/metadata/identity"}, httpx.Response(200, text="eyJ.of.azure")),
        ({"url": "https://tokens.example.org/mine"}, httpx.Response(200, text="eyJ.of.azure")),
        (
            {
                "url": "http://169.254.169.254/metadata/identity",
                "headers": {"Metadata": "True"},
                "format": {"type": "json", "subject_token_field_name": "access_token"},
            },
            httpx.Response(200, json={"access_token": "eyJ.of.azure"}),
        ),
    ],
)
async def test_the_token_to_exchange_may_come_from_an_address(
    source: dict[str, object], answer: httpx.Response
) -> None:
    fake = services().refuse(str(source["url"]), answer)
    await tokens(fake, federation(source)).token()
    assert fake.asked[0] == ("GET", source["url"])
    assert fake.forms[0]["subject_token"] == "eyJ.of.azure"


async def test_a_request_to_aws_is_signed_and_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA-made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    fake = services()
    source: dict[str, object] = {
        "environment_id": "aws1",
        "regional_cred_verification_url": "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
    }
    kind = "urn:ietf:params:aws:token-type:aws4_request"
    await tokens(fake, federation(source, subject_token_type=kind)).token()
    assert [address for _, address in fake.asked] == [STS, SIGNS, PLACE.token]
    assert "sts.eu-west-1.amazonaws.com" in fake.forms[0]["subject_token"]


async def test_in_a_practice_all_of_it_happens_there() -> None:
    fake = services()
    place = place_of(login="https://localhost:8443")
    await tokens(fake, OPERATOR_FILE, place=place).token()
    path = SIGNS.removeprefix(PLACE.iam)
    assert [address for _, address in fake.asked] == [place.token, f"https://localhost:8443{path}", place.token]
    assert {claims["aud"] for claims in fake.assertions} == {place.token}


async def test_a_token_that_lasts_needs_no_other_signature() -> None:
    fake = services()
    source = tokens(fake, FROM_METADATA)
    assert await source.token() == await source.token()
    assert len(fake.asked) == 4


DENIED = "Permission 'iam.serviceAccounts.signBlob' denied on resource (or it may not exist)."
OFF = "IAM Service Account Credentials API has not been used in project 123456789012 before or it is disabled."


@pytest.mark.parametrize(
    ("answer", "code", "owner"),
    [
        (
            interface_refusal(403, "PERMISSION_DENIED", DENIED, "IAM_PERMISSION_DENIED", permission="x"),
            "google-signing-not-allowed",
            Owner.GOOGLE_WORKSPACE_ADMIN,
        ),
        (
            interface_refusal(403, "PERMISSION_DENIED", "The caller does not have permission"),
            "google-signing-not-allowed",
            Owner.GOOGLE_WORKSPACE_ADMIN,
        ),
        (
            interface_refusal(400, "FAILED_PRECONDITION", "words of tomorrow"),
            "google-signing-not-allowed",
            Owner.GOOGLE_WORKSPACE_ADMIN,
        ),
        (
            interface_refusal(403, "PERMISSION_DENIED", OFF, "SERVICE_DISABLED", consumer="projects/123456789012"),
            "google-signing-interface-off",
            Owner.PLATFORM_VENDOR,
        ),
        (
            interface_refusal(404, "NOT_FOUND", f"Not found; Gaia id not found for email {EMAIL}"),
            "google-service-account-unusable",
            Owner.GOOGLE_WORKSPACE_ADMIN,
        ),
        (
            interface_refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
            "google-signing-identity-refused",
            Owner.PLATFORM_VENDOR,
        ),
        (
            interface_refusal(403, "PERMISSION_DENIED", "scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            "google-signing-identity-refused",
            Owner.PLATFORM_VENDOR,
        ),
        (interface_refusal(503, "UNAVAILABLE", "busy"), "google-unavailable", Owner.NOBODY),
        (interface_refusal(429, "RESOURCE_EXHAUSTED", "slowly"), "google-unavailable", Owner.NOBODY),
    ],
)
@pytest.mark.parametrize("identity", [OPERATOR_FILE, FROM_METADATA])
async def test_what_iam_refuses_names_who_has_to_act(
    answer: httpx.Response, code: str, owner: Owner, identity: Secret
) -> None:
    fake = services().refuse(SIGNS, answer)
    evidence = await refused(fake, identity)
    problem = classify(evidence)
    assert (problem.code, problem.owner) == (code, owner)
    assert (evidence.system, evidence.stage, evidence.http) == (System.GOOGLE, "sign-in", answer.status_code)
    said = {"service_account": EMAIL, "username": SUBJECT, "principal": OPERATOR}
    assert said.items() <= evidence.values.items()
    assert evidence.values.get("consumer", "123456789012") == "123456789012"
    assert fake.asked[-1] == ("POST", SIGNS), "nothing is tried again, and nothing further is asked"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={}),
        httpx.Response(200, json={"signedBlob": 5}),
        httpx.Response(200, json={"signedBlob": "abcde"}),
        httpx.Response(200, json={"signedBlob": None}),
    ],
)
async def test_a_signature_that_is_none_is_not_sent_on(answer: httpx.Response) -> None:
    fake = services().refuse(SIGNS, answer)
    assert classify(await refused(fake, FROM_METADATA)).code == "google-answer-not-understood"
    assert fake.forms == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (
            refusal("invalid_target", 'The target service indicated by the "audience" parameters is invalid.'),
            "google-signing-identity-refused",
        ),
        (
            refusal("unauthorized_client", "The given credential is rejected by the attribute condition."),
            "google-signing-identity-refused",
        ),
        (refusal("invalid_grant", "ID Token issued at 1 is stale to sign-in."), "google-signing-identity-refused"),
        (refusal("invalid_grant"), "google-signing-identity-refused"),
        (interface_refusal(403, "PERMISSION_DENIED", "no"), "google-signing-identity-refused"),
        (httpx.Response(502), "google-unavailable"),
        (httpx.ConnectTimeout("x"), "connection-timed-out"),
    ],
)
async def test_what_the_exchange_refuses_is_the_operator_s_and_no_matter_of_delegation(
    answer: Refusal, code: str, subject_token: Path
) -> None:
    evidence = await refused(services().refuse(STS, answer), federation({"file": str(subject_token)}))
    assert classify(evidence).code == code
    assert "the-cluster" not in str(evidence)


async def test_a_key_of_the_operator_s_that_google_refuses_is_not_the_service_account_s() -> None:
    fake = services().refuse(PLACE.token, refusal("invalid_grant", "Invalid JWT Signature."))
    evidence = await refused(fake, OPERATOR_FILE)
    assert classify(evidence).code == "google-signing-identity-refused"
    assert evidence.text == "Invalid JWT Signature."


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (
            httpx.Response(404, json={"error": "invalid_request", "error_description": "Service account not enabled"}),
            404,
        ),
        (httpx.Response(500), 500),
        (httpx.Response(302, headers={"location": "https://example.net/"}), 302),
        (httpx.ConnectError("no route"), None),
        (httpx.ReadTimeout("silence"), None),
    ],
)
async def test_where_the_machine_has_no_identity_that_is_said_at_once(answer: Refusal, status: int | None) -> None:
    fake = services().refuse(f"{METADATA}/", answer)
    evidence = await refused(fake, FROM_METADATA)
    problem = classify(evidence)
    assert (problem.code, problem.owner) == ("google-signing-identity-missing", Owner.PLATFORM_VENDOR)
    assert (evidence.http, evidence.values["host"]) == (status, "metadata.google.internal")
    assert len(fake.asked) == 1


async def test_nonsense_of_the_metadata_server_is_no_token() -> None:
    for nonsense in ({}, {"access_token": "a"}, {"access_token": 5, "expires_in": 5}, {"expires_in": 5}):
        fake = services()
        fake.answers[f"{METADATA}/token"] = nonsense
        code = classify(await refused(fake, FROM_METADATA)).code
        assert code in {"google-answer-not-understood", "google-signing-identity-missing"}
        assert fake.bearers == []


@pytest.mark.parametrize("told", ["anna@example.org", f"{OPERATOR} and more", "x" * 5000 + "@a.gserviceaccount.com"])
async def test_a_name_that_is_no_service_account_s_is_not_shown(told: str) -> None:
    fake = services().refuse(SIGNS, interface_refusal(403, "PERMISSION_DENIED", DENIED))
    fake.answers[f"{METADATA}/"] = {"email": told}
    assert "principal" not in (await refused(fake, FROM_METADATA)).values


async def test_another_metadata_server_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from google.auth.compute_engine import _metadata  # noqa: PLC0415 - what GCE_METADATA_HOST would have set

    monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", "collector.example.net")
    fake = services()
    assert classify(await refused(fake, FROM_METADATA)).code == "google-service-not-recognised"
    assert fake.asked == []


@pytest.mark.parametrize("content", [None, "", "   "])
async def test_a_file_without_a_token_is_no_identity(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "secret-name-of-a-file"
    if content is not None:
        path.write_text(content)
    fake = services()
    if content == "   ":
        fake.refuse(STS, refusal("invalid_grant"))
    evidence = await refused(fake, federation({"file": str(path)}))
    assert classify(evidence).code.startswith("google-signing-identity-")
    assert "secret-name" not in str(evidence)


async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture, subject_token: Path) -> None:
    caplog.set_level(logging.DEBUG)
    fake, recorder = services(), Notes()
    await tokens(fake, federation({"file": str(subject_token)}), recorder=recorder).token()
    secrets = ("eyJ.of.the-cluster", "ya29.exchanged-1", "ya29.delegated-2", fake.forms[1]["assertion"])
    assert not any(secret in caplog.text or secret in str(recorder.noted) for secret in secrets)
