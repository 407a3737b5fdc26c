"""Makes proofs of sign-in with real keys, good ones and others."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.id_token import Claims, Issuer, tenant_issuer, verify_id_token
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
LOGIN = "https://login.microsoftonline.com"
TEMPLATE = f"{LOGIN}/{{tenantid}}/v2.0"
CLIENT = "11111111-2222-3333-4444-555555555555"
NONCE = "n-0S6_WzA2Mj"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa-2"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1"})
WIDE_EC = ECKey.generate_key("P-384", {"kid": "ec-384"})


def public(*keys: RSAKey | ECKey) -> dict[str, object]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


KEYS = public(RSA, OTHER_RSA, EC, WIDE_EC)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def claims(**changed: object) -> dict[str, Any]:
    given = {
        "iss": f"{LOGIN}/{TENANT}/v2.0",
        "aud": CLIENT,
        "sub": "pairwise",
        "tid": TENANT,
        "oid": "o-1",
        "nonce": NONCE,
        "iat": seconds(NOW - timedelta(seconds=20)),
        "nbf": seconds(NOW - timedelta(seconds=20)),
        "exp": seconds(NOW + timedelta(hours=1)),
    } | changed
    return {name: value for name, value in given.items() if value is not ...}


def signed(
    said: Mapping[str, Any] | None = None,
    *,
    key: RSAKey | ECKey | OctKey = RSA,
    alg: str = "RS256",
    kid: object = "",
    **header: object,
) -> Secret:
    head = {"alg": alg, "kid": key.kid if kid == "" else kid, **header}
    head = {name: value for name, value in head.items() if value is not ...}
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    return Secret(jwt.encode(head, dict(said or claims()), key, algorithms=[alg], registry=registry))


def coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def verify(
    token: Secret,
    *,
    keys: Mapping[str, object] = KEYS,
    issuer: Issuer = tenant_issuer(TEMPLATE),  # noqa: B008 - a pure rule
    now: datetime = NOW,
    audience: str = CLIENT,
    nonce: str = NONCE,
) -> Claims:
    return verify_id_token(
        token, keys=keys, audience=audience, issuer=issuer, nonce=nonce, now=now, system=System.ENTRA
    )


def refused(token: Secret, **how: Any) -> Evidence:  # noqa: ANN401 - as verify takes it
    with pytest.raises(OAuthFailed) as failed:
        verify(token, **how)
    evidence = failed.value.evidence
    assert (evidence.stage, evidence.system) == ("sign-in", System.ENTRA)
    assert classify(evidence).code == evidence.condition
    assert token.reveal() == "" or token.reveal() not in repr(evidence)
    return evidence


def check(token: Secret, **how: Any) -> str:  # noqa: ANN401 - as verify takes it
    evidence = refused(token, **how)
    assert evidence.condition == "id-token-not-ours"
    return evidence.values["check"]
