"""Assertions of service accounts: whose they are, for whom, for how long, and what is wrong with them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS
from sendwright.practice.google.assertions import NOT_LISTED, UNTIMELY, check
from sendwright.practice.google.example import (
    ANNA,
    BEN,
    CLARA,
    GROUP,
    NOTICES,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
    example,
)
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Workspace

AUDIENCE = "https://oauth2.googleapis.com/token"


@cache
def key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name})


def public(name: str) -> str:
    return key(name).as_pem(private=False).decode("ascii")


@pytest.fixture
def workspace() -> Workspace:
    made = example()
    made.service_accounts[SERVICE_ACCOUNT].keys = {"one": public("one"), "two": public("two")}
    made.delegations[SERVICE_ACCOUNT_ID] = {SEND, SETTINGS}
    return made


def claims(workspace: Workspace, **changes: object) -> dict[str, Any]:
    now = int(workspace.now().timestamp())
    usual = {"iss": SERVICE_ACCOUNT, "sub": ANNA, "scope": SEND, "aud": AUDIENCE, "iat": now, "exp": now + 3600}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def assertion(workspace: Workspace, *, signed_by: str = "one", kid: str | None = "one", **changes: object) -> str:
    header = {"alg": "RS256", "typ": "JWT"} | ({"kid": kid} if kid is not None else {})
    return jwt.encode(header, claims(workspace, **changes), key(signed_by))


@pytest.mark.parametrize(("signed_by", "kid"), [("one", "one"), ("two", "two"), ("two", None), ("one", "")])
def test_any_key_of_the_account_proves_it(workspace: Workspace, signed_by: str, kid: str | None) -> None:
    found = check(assertion(workspace, signed_by=signed_by, kid=kid), workspace, audience=AUDIENCE)
    assert (found.account.email, found.scopes) == (SERVICE_ACCOUNT, {SEND})
    assert found.person is workspace.people[ANNA]


@pytest.mark.parametrize("subject", [None, "", SERVICE_ACCOUNT])
def test_without_a_user_it_acts_for_itself(workspace: Workspace, subject: str | None) -> None:
    workspace.delegations.clear()
    assert check(assertion(workspace, sub=subject), workspace, audience=AUDIENCE).person is None


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"iss": "other@practice-project.iam.gserviceaccount.com"}, "invalid_grant", "account not found"),
        ({"iss": None}, "invalid_grant", "account not found"),
        ({"signed_by": "foreign"}, "invalid_grant", "Invalid JWT Signature."),
        ({"signed_by": "two"}, "invalid_grant", "Invalid JWT Signature."),
        ({"kid": "unknown"}, "invalid_grant", "Invalid JWT Signature."),
        ({"aud": "https://accounts.google.com/o/oauth2/auth"}, "invalid_grant", "audience"),
        ({"aud": None}, "invalid_grant", "audience"),
        ({"iat": None}, "invalid_grant", UNTIMELY),
        ({"exp": None}, "invalid_grant", UNTIMELY),
        ({"exp": "soon"}, "invalid_grant", UNTIMELY),
        ({"scope": None}, "invalid_request", "scope"),
        ({"scope": "nonsense"}, "invalid_scope", "nonsense"),
        ({"scope": MAIL}, "unauthorized_client", NOT_LISTED),
        ({"scope": f"{SEND} {MAIL}"}, "unauthorized_client", NOT_LISTED),
        ({"sub": CLARA}, "invalid_grant", "Invalid email or User ID"),
        ({"sub": GROUP}, "invalid_grant", "Invalid email or User ID"),
        ({"sub": NOTICES}, "invalid_grant", "Invalid email or User ID"),
        ({"sub": "nobody@example.org"}, "invalid_grant", "Invalid email or User ID"),
    ],
)
def test_what_is_wrong_is_named(workspace: Workspace, changes: dict[str, Any], error: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        check(assertion(workspace, **changes), workspace, audience=AUDIENCE)
    assert (caught.value.error, said in caught.value.said) == (error, True)
    assert caught.value.status == (401 if error == "unauthorized_client" else 400)


@pytest.mark.parametrize(
    ("starts", "ends", "good"),
    [
        (0, 3600, True),
        (-3000, 600, True),
        (200, 3800, True),
        (-3700, -100, True),
        (0, 3601, False),
        (400, 4000, False),
        (-4000, -400, False),
        (-7200, 3600, False),
    ],
)
def test_it_lasts_an_hour_at_most_and_a_clock_may_be_wrong_by_minutes(
    workspace: Workspace, starts: int, ends: int, good: bool
) -> None:
    now = int(workspace.now().timestamp())
    made = assertion(workspace, iat=now + starts, exp=now + ends)
    if good:
        assert check(made, workspace, audience=AUDIENCE).person is not None
        return
    with pytest.raises(Refused) as caught:
        check(made, workspace, audience=AUDIENCE)
    assert caught.value.said == UNTIMELY


def disabled(workspace: Workspace) -> None:
    workspace.service_accounts[SERVICE_ACCOUNT].disabled = True


def without_keys(workspace: Workspace) -> None:
    workspace.service_accounts[SERVICE_ACCOUNT].keys.clear()


def broken_key(workspace: Workspace) -> None:
    workspace.service_accounts[SERVICE_ACCOUNT].keys = {"one": "no key"}


def not_delegated(workspace: Workspace) -> None:
    workspace.delegations.clear()


def suspended(workspace: Workspace) -> None:
    workspace.people[ANNA].suspended = True


@pytest.mark.parametrize(
    ("arrange", "error"),
    [
        (disabled, "invalid_grant"),
        (without_keys, "invalid_grant"),
        (broken_key, "invalid_grant"),
        (not_delegated, "unauthorized_client"),
        (suspended, "invalid_grant"),
    ],
)
def test_what_was_changed_meanwhile_counts(
    workspace: Workspace, arrange: Callable[[Workspace], None], error: str
) -> None:
    made = assertion(workspace)
    arrange(workspace)
    with pytest.raises(Refused, match=error):
        check(made, workspace, audience=AUDIENCE)


def test_one_who_is_suspended_keeps_nobody_else_from_it(workspace: Workspace) -> None:
    suspended(workspace)
    assert check(assertion(workspace, sub=BEN), workspace, audience=AUDIENCE).person is workspace.people[BEN]


@pytest.mark.parametrize(
    ("made", "error"), [("", "invalid_request"), ("nonsense", "invalid_grant"), ("a.b.c", "invalid_grant")]
)
def test_what_is_no_token_is_refused(workspace: Workspace, made: str, error: str) -> None:
    with pytest.raises(Refused, match=error):
        check(made, workspace, audience=AUDIENCE)


def test_neither_no_algorithm_nor_a_shared_secret_is_a_signature(workspace: Workspace) -> None:
    header, body, _ = assertion(workspace).split(".")
    shared = OctKey.import_key(public("one")[:64].encode("ascii").replace(b"-----", b""))
    for made in (f"{header}.{body}.", jwt.encode({"alg": "HS256", "kid": "one"}, claims(workspace), shared)):
        with pytest.raises(Refused) as caught:
            check(made, workspace, audience=AUDIENCE)
        assert caught.value.said == "Invalid JWT Signature."
