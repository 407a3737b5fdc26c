"""Tokens: made for somebody, read by the services, nobody else's."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, TENANT_ID, contoso
from sendwright.practice.microsoft.permissions import GRAPH
from sendwright.practice.microsoft.tokens import Tokens, client_info

LOGIN = "https://localhost:1"


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(LOGIN)


def encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def access(tokens: Tokens, *, person: bool = True) -> str:
    tenant = contoso()
    return tokens.access_token(
        tenant,
        client_id=CLIENT_ID,
        audience=GRAPH,
        permissions=frozenset({"User.Read", "Mail.Send"}),
        person=tenant.people[BEN] if person else None,
    )


def test_what_was_put_in_is_read_again(tokens: Tokens) -> None:
    found = tokens.read(access(tokens))
    assert found is not None
    assert (found.tenant, found.client_id, found.audience) == (TENANT_ID, CLIENT_ID, GRAPH)
    assert (found.username, found.permissions) == (BEN, {"Mail.Send", "User.Read"})
    assert not found.application


def test_an_application_s_token_has_roles_and_nobody(tokens: Tokens) -> None:
    found = tokens.read(access(tokens, person=False))
    assert found is not None
    assert found.application
    assert found.permissions == {"Mail.Send", "User.Read"}


def test_an_id_token_opens_nothing(tokens: Tokens) -> None:
    tenant = contoso()
    made = tokens.id_token(tenant, tenant.people[BEN], client_id=CLIENT_ID, nonce="n")
    assert tokens.read(made) is None
    keys = KeySet.import_key_set(tokens.published())  # type: ignore[arg-type]
    claims = jwt.decode(made, keys, algorithms=["RS256"]).claims
    assert (claims["nonce"], claims["name"], claims["ver"]) == ("n", "Ben Example", "2.0")
    assert claims["sub"] != tenant.people[BEN].oid


def test_no_nonce_is_made_up(tokens: Tokens) -> None:
    tenant = contoso()
    made = tokens.id_token(tenant, tenant.people[BEN], client_id=CLIENT_ID, nonce="")
    assert "nonce" not in json.loads(urlsafe_b64decode(made.split(".")[1] + "=="))


def test_a_token_of_another_key_is_none_of_ours(tokens: Tokens) -> None:
    assert tokens.read(access(Tokens(LOGIN))) is None


def test_a_signature_of_the_published_key_as_a_password_does_not_count(tokens: Tokens) -> None:
    (published,) = tokens.published()["keys"]  # type: ignore[misc]
    public = RSAKey.import_key(published).as_pem(private=False)
    claims = {"appid": CLIENT_ID, "tid": TENANT_ID, "aud": GRAPH, "upn": BEN, "scp": "Mail.Send", "exp": 2**40}
    said = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
    forged = f"{said}.{encoded(hmac.digest(public, said.encode(), 'sha256'))}"
    assert tokens.read(forged) is None


def test_an_unsigned_token_does_not_count(tokens: Tokens) -> None:
    _, body, _ = access(tokens).split(".")
    assert tokens.read(f"eyJhbGciOiJub25lIn0.{body}.") is None


@given(st.text())
def test_any_text_is_no_token(text: str) -> None:
    assert READER.read(text) is None


@given(st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_changed_token_does_not_count(place: int, letter: str) -> None:
    at = place % (len(SIGNED) - 2)
    changed = SIGNED[:at] + letter + SIGNED[at + 1 :]
    assert changed == SIGNED or READER.read(changed) is None


def test_client_info_names_the_account_at_home() -> None:
    tenant = contoso()
    ben = tenant.people[BEN]
    for home, expected in (("", TENANT_ID), ("elsewhere", "elsewhere")):
        ben.home = home
        said = client_info(tenant, ben)
        assert json.loads(urlsafe_b64decode(said + "==")) == {"uid": ben.oid, "utid": expected}


READER = Tokens(LOGIN)
SIGNED = access(READER)
