"""An application that signs in by itself: by a certificate, by a secret, and wrongly."""

import asyncio
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msal
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.unit.practice.microsoft.test_token_endpoint import refused
from tests.unit.practice.microsoft.visiting import GRAPH, World

from sendwright.practice.client_secret import basic
from sendwright.practice.microsoft.client_proof import ASSERTION_TYPE
from sendwright.practice.microsoft.contoso import CLIENT_ID, TENANT_ID

FORM = {"grant_type": "client_credentials", "scope": f"{GRAPH}/.default"}


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    """Private key and certificate, PEM."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    made = authority.issue_cert("application.example", key_type=trustme.KeyType.RSA)
    return made.private_key_pem.bytes().decode(), made.cert_chain_pems[0].bytes().decode()


@pytest.fixture
def confidential(world: World) -> World:
    registration = world.tenant.registrations[CLIENT_ID]
    registration.secrets = {"right": datetime.now(UTC) + timedelta(days=1), "old": datetime.now(UTC)}
    world.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    return world


def assertion(world: World, pair: tuple[str, str], *, algorithm: str = "PS256", **changed: Any) -> str:  # noqa: ANN401 - any claim
    key, pem = pair
    now = int(datetime.now(UTC).timestamp())
    thumbprint = x509.load_pem_x509_certificate(pem.encode()).fingerprint(SHA256())
    header = {"alg": algorithm, "typ": "JWT", "x5t#S256": encoded(thumbprint)}
    claims = {
        "aud": f"{world.microsoft.login}/{TENANT_ID}/oauth2/v2.0/token",
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "jti": str(uuid4()),
        "nbf": now,
        "exp": now + 600,
    }
    private = RSAKey.import_key(key)
    return jwt.encode(header, claims | changed, private, algorithms=[algorithm])


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


async def by_certificate(world: World, value: str) -> Any:  # noqa: ANN401 - a response
    proof = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": value}
    return await world.ask(FORM | proof, segment=TENANT_ID)


async def test_msal_signs_in_by_certificate(confidential: World, pair: tuple[str, str]) -> None:
    key, pem = pair
    confidential.tenant.registrations[CLIENT_ID].upload(pem)
    application = await asyncio.to_thread(
        msal.ConfidentialClientApplication,
        CLIENT_ID,
        client_credential={"private_key": key, "public_certificate": pem},
        authority=f"{confidential.microsoft.login}/{TENANT_ID}",
        instance_discovery=False,
        http_client=confidential.session(),
    )
    found = await asyncio.to_thread(application.acquire_token_for_client, [f"{GRAPH}/.default"])
    assert found.get("token_type") == "Bearer", found["error_description"]
    assert "refresh_token" not in found


async def test_a_secret_counts_until_it_ends(confidential: World) -> None:
    assert (await confidential.ask(FORM | {"client_secret": "right"}, segment=TENANT_ID)).status_code == 200
    for secret, number in (("wrong", 7000215), ("old", 7000222)):
        response = await confidential.ask(FORM | {"client_secret": secret}, segment=TENANT_ID)
        refused(response, number, "invalid_client", 401)
    refused(await confidential.ask(FORM, segment=TENANT_ID), 7000218, "invalid_client", 401)


async def test_a_secret_may_come_by_http_basic(confidential: World) -> None:
    address = f"{confidential.microsoft.login}/{TENANT_ID}/oauth2/v2.0/token"
    response = await confidential.http().post(address, data=FORM, auth=(CLIENT_ID, "right"))
    assert response.status_code == 200


@pytest.mark.parametrize("segment", ["common", "organizations", "consumers"])
async def test_an_application_names_its_tenant(confidential: World, segment: str) -> None:
    response = await confidential.ask(FORM | {"client_secret": "right"}, segment=segment)
    refused(response, 9001023, "invalid_request")


async def test_without_a_consent_the_application_is_not_found(confidential: World) -> None:
    confidential.tenant.app_roles.clear()
    response = await confidential.ask(FORM | {"client_secret": "right"}, segment=TENANT_ID)
    refused(response, 700016, "unauthorized_client", 401)


@pytest.mark.parametrize("roles", [set(), {"Mail.Send"}])
async def test_the_token_names_the_roles_that_were_granted_or_none(confidential: World, roles: set[str]) -> None:
    confidential.tenant.app_roles[CLIENT_ID] = roles
    found = (await confidential.ask(FORM | {"client_secret": "right"}, segment=TENANT_ID)).json()
    keys = (await confidential.http().get(f"{confidential.microsoft.login}/x/discovery/v2.0/keys")).json()["keys"]
    claims = jwt.decode(found["access_token"], RSAKey.import_key(keys[0]), algorithms=["RS256"]).claims
    assert claims.get("roles") == (sorted(roles) or None)
    assert "scp" not in claims
    assert claims["idtyp"] == "app"


@pytest.mark.parametrize("scope", [f"{GRAPH}/Mail.Send", "", f"{GRAPH}/.default https://outlook.office.com/.default"])
async def test_an_application_asks_for_everything_of_one_resource(confidential: World, scope: str) -> None:
    response = await confidential.ask(FORM | {"client_secret": "right", "scope": scope}, segment=TENANT_ID)
    refused(response, 70011, "invalid_scope")


@pytest.mark.parametrize("segment", [TENANT_ID, "contoso.com"])
async def test_an_assertion_is_taken_at_the_tenant_s_own_addresses(
    confidential: World, pair: tuple[str, str], segment: str
) -> None:
    confidential.tenant.registrations[CLIENT_ID].upload(pair[1])
    proof = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion(confidential, pair)}
    assert (await confidential.ask(FORM | proof, segment=segment)).status_code == 200


NOW = int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://login.microsoftonline.com/common"},
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"jti": ""},
        {"exp": NOW - 3600},
        {"nbf": NOW + 3600, "exp": NOW + 7200},
        {"exp": NOW + 7 * 24 * 3600},
    ],
)
async def test_an_assertion_that_says_something_else_is_refused(
    confidential: World, pair: tuple[str, str], changed: dict[str, object]
) -> None:
    confidential.tenant.registrations[CLIENT_ID].upload(pair[1])
    response = await by_certificate(confidential, assertion(confidential, pair, **changed))
    refused(response, 700027, "invalid_client", 401)


async def test_an_assertion_by_another_key_or_by_none_is_refused(confidential: World, pair: tuple[str, str]) -> None:
    refused(await by_certificate(confidential, assertion(confidential, pair)), 700027, "invalid_client", 401)
    confidential.tenant.registrations[CLIENT_ID].upload(pair[1])
    good = assertion(confidential, pair)
    head, body, signature = good.split(".")
    for value in ("", "a.b", "a.b.c", f"{head}.{body}.", f"{head}.{body}.{signature[::-1]}", "ä.b.c"):
        refused(await by_certificate(confidential, value), 700027, "invalid_client", 401)
    stranger = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert("x.example", key_type=trustme.KeyType.RSA)
    forged = assertion(confidential, (stranger.private_key_pem.bytes().decode(), pair[1]))
    refused(await by_certificate(confidential, forged), 700027, "invalid_client", 401)
    proof = {"client_assertion_type": "saml", "client_assertion": good}
    refused(await confidential.ask(FORM | proof, segment=TENANT_ID), 700027, "invalid_client", 401)


async def test_a_certificate_may_be_named_by_its_older_thumbprint_and_ends(
    confidential: World, pair: tuple[str, str]
) -> None:
    key, pem = pair
    certificate = x509.load_pem_x509_certificate(pem.encode())
    thumbprint = confidential.tenant.registrations[CLIENT_ID].upload(pem)
    assert thumbprint == certificate.fingerprint(SHA256()).hex()
    claims = jwt.decode(assertion(confidential, pair), RSAKey.import_key(key), algorithms=["PS256"]).claims
    header = {"alg": "RS256", "x5t": encoded(certificate.fingerprint(SHA1()))}  # noqa: S303 - only names it
    value = jwt.encode(header, claims, RSAKey.import_key(key))
    assert (await by_certificate(confidential, value)).status_code == 200
    confidential.tenant.registrations[CLIENT_ID].certificates.clear()
    refused(await by_certificate(confidential, value), 700027, "invalid_client", 401)


async def test_a_certificate_that_the_assertion_brings_counts_only_if_it_is_registered(
    confidential: World, pair: tuple[str, str]
) -> None:
    key, pem = pair
    certificate = x509.load_pem_x509_certificate(pem.encode())
    claims = jwt.decode(assertion(confidential, pair), RSAKey.import_key(key), algorithms=["PS256"]).claims
    der = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    header = {"alg": "PS256", "x5t#S256": encoded(certificate.fingerprint(SHA256())), "x5c": [der]}
    value = jwt.encode(header, claims, RSAKey.import_key(key), algorithms=["PS256"])
    refused(await by_certificate(confidential, value), 700027, "invalid_client", 401)
    confidential.tenant.registrations[CLIENT_ID].certificates.add(certificate.fingerprint(SHA256()).hex().upper())
    assert (await by_certificate(confidential, value)).status_code == 200
    broken = jwt.encode(header | {"x5c": ["AAAA"]}, claims, RSAKey.import_key(key), algorithms=["PS256"])
    refused(await by_certificate(confidential, broken), 700027, "invalid_client", 401)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Basic YTpi", {"client_id": "a", "client_secret": "b"}),
        ("basic YSUyMGI6YyUyQmQ=", {"client_id": "a b", "client_secret": "c+d"}),
        ("Bearer x", {}),
        ("Basic ***", {}),
        ("Basic /w==", {}),
        ("", {}),
    ],
)
def test_http_basic_is_read_as_oauth_writes_it(header: str, found: dict[str, str]) -> None:
    assert basic(header) == found
