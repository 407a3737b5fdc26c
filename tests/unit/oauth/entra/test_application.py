"""The application proves who it is, and keeps its token as long as it lasts."""

import base64
import json
from datetime import timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from joserfc import jws
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from tests.unit.oauth.entra.fake_entra import CLIENT, GRAPH, LOGIN, TENANT, FakeEntra, refusal, registration
from tests.unit.oauth.standing_in import NOW, Clock, Notes

from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import read_token
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.problems.problem import Owner
from sendwright.secret import Secret

SCOPE = f"{GRAPH}/.default"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
CURVE = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sendwright")])


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> str:
    return certificate(key).public_bytes(Encoding.PEM).decode()


def tokens(
    fake: FakeEntra,
    credential: ClientCredential | None = None,
    *,
    clock: Clock | None = None,
    recorder: Notes | None = None,
    at: Registration | None = None,
) -> ApplicationTokens:
    return ApplicationTokens(
        at or registration(),
        credential or ClientCredential(secret=Secret("the application's secret")),
        scope=SCOPE,
        web=fake.web,
        recorder=recorder or Notes(),
        clock=clock or Clock(),
    )


async def refused(source: ApplicationTokens) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await source.token()
    return failure.value.evidence


async def test_a_secret_is_exchanged_for_a_token_that_shows_its_roles() -> None:
    fake, recorder = FakeEntra(), Notes()
    access = await tokens(fake, recorder=recorder).token()
    form = fake.forms("client_credentials")[0]
    assert (form["client_id"], form["scope"], form["client_secret"]) == (CLIENT, SCOPE, "the application's secret")
    assert "offline_access" not in form["scope"]
    assert read_token(access.secret).roles == ("Mail.Send",)
    assert {"the application's secret", access.secret.reveal()} <= recorder.learned
    assert access.expires_at == NOW + timedelta(seconds=3599)


@pytest.mark.parametrize("order", [PRIVATE + pem(), pem() + PRIVATE, f"Bag Attributes\n{PRIVATE}\r\n\n{pem()}"])
async def test_a_certificate_signs_what_the_tenant_s_token_endpoint_can_verify(order: str) -> None:
    fake, recorder = FakeEntra(), Notes()
    await tokens(fake, ClientCredential(certificate=Secret(order)), recorder=recorder).token()
    form = fake.forms("client_credentials")[0]
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in form
    public = RSAKey.import_key(certificate(KEY).public_key())
    registry = JWSRegistry(algorithms=["PS256"], strict_check_header=False)
    registry.max_header_length = 10_000  # MSAL sends the certificate along
    proof = jws.deserialize_compact(form["client_assertion"], public, algorithms=["PS256"], registry=registry)
    header, claims = proof.headers(), json.loads(proof.payload)
    thumbprint = base64.urlsafe_b64encode(certificate(KEY).fingerprint(hashes.SHA256())).rstrip(b"=").decode()
    assert (header["alg"], header["x5t#S256"].rstrip("=")) == ("PS256", thumbprint)
    assert claims["aud"] == f"{LOGIN}/{TENANT}/oauth2/v2.0/token"
    assert claims["iss"] == claims["sub"] == CLIENT
    assert 0 < claims["exp"] - claims["iat"] <= 600
    assert claims["jti"]
    assert order in recorder.learned


async def test_a_token_is_kept_until_it_does_not_last() -> None:
    fake, clock = FakeEntra(), Clock()
    source = tokens(fake, clock=clock)
    first = await source.token()
    clock.now = NOW + timedelta(minutes=54)
    assert await source.token() == first
    clock.now = NOW + timedelta(minutes=55)
    assert await source.token() != first
    assert len(fake.forms("client_credentials")) == 2


async def test_a_refusal_is_not_kept() -> None:
    fake = FakeEntra(refusals=[refusal("unauthorized_client", 7000229)])
    source = tokens(fake)
    assert (await refused(source)).number == 7000229
    assert (await source.token()).secret.reveal()


@pytest.mark.parametrize(
    ("number", "code", "owner"),
    [
        (7000215, "client-secret-wrong", Owner.PLATFORM_VENDOR),
        (7000222, "client-secret-expired", Owner.PLATFORM_VENDOR),
        (700027, "client-certificate-refused", Owner.PLATFORM_VENDOR),
        (700016, "application-not-in-tenant", Owner.MICROSOFT_365_ADMIN),
        (7000112, "application-disabled", Owner.MICROSOFT_365_ADMIN),
    ],
)
@pytest.mark.parametrize("own", [True, False])
async def test_who_has_to_act_depends_on_whose_registration_it_is(
    number: int, code: str, owner: Owner, *, own: bool
) -> None:
    fake = FakeEntra(refusals=[refusal("invalid_client", number, status=401)])
    problem = classify(await refused(tokens(fake, at=registration(own=own))))
    assert problem.code == code
    assert problem.owner == (Owner.MICROSOFT_365_ADMIN if own else owner)


def encrypted() -> str:
    return KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pw")).decode()


def curve() -> str:
    return CURVE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() + pem(CURVE)


@pytest.mark.parametrize(
    "credential",
    [
        ClientCredential(),
        ClientCredential(secret=Secret("")),
        ClientCredential(certificate=Secret("")),
        ClientCredential(certificate=Secret(PRIVATE)),
        ClientCredential(certificate=Secret(pem())),
        ClientCredential(certificate=Secret(PRIVATE + pem(OTHER_KEY))),
        ClientCredential(certificate=Secret(encrypted() + pem())),
        ClientCredential(certificate=Secret(curve())),
        ClientCredential(certificate=Secret(PRIVATE[:200] + "\n" + pem())),
        ClientCredential(certificate=Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + pem())),
    ],
)
async def test_a_credential_that_is_none_is_told_before_anything_is_sent(credential: ClientCredential) -> None:
    fake = FakeEntra()
    seen = await refused(tokens(fake, credential))
    assert seen.condition == "client-credential-unreadable"
    assert classify(seen).code == "client-credential-unreadable"
    assert fake.asked == []


async def test_an_application_acts_in_one_organisation() -> None:
    fake = FakeEntra()
    seen = await refused(tokens(fake, at=registration(tenant=ANY_ORGANISATION)))
    assert classify(seen).code == "tenant-not-named"
    assert fake.asked == []


async def test_no_answer_is_no_refusal() -> None:
    seen = await refused(tokens(FakeEntra(refusals=[httpx.ConnectTimeout("x")])))
    assert (seen.stage, seen.condition) == ("reach", "connection-timed-out")


def test_a_credential_does_not_print_itself() -> None:
    shown = repr(ClientCredential(secret=Secret("s3cret-of-the-app"), certificate=Secret(PRIVATE)))
    assert "s3cret" not in shown
    assert "PRIVATE" not in shown
