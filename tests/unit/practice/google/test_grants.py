"""How long codes and tokens count, and what ends them before."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sendwright.oauth.google.scopes import EMAIL, OPENID, SEND, USUAL
from sendwright.practice.google.example import ANNA, BEN, CLARA, CLIENT_ID, OWN_CLIENT_ID, example
from sendwright.practice.google.grants import Access, Code, Grants, bearer
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Workspace

WHO = frozenset({OPENID, EMAIL})
ALL = frozenset(USUAL)


@pytest.fixture
def workspace() -> Workspace:
    return example()


@pytest.fixture
def grants(workspace: Workspace) -> Grants:
    return Grants(workspace)


def refresh(grants: Grants, email: str = ANNA, scopes: frozenset[str] = ALL, *, client_id: str = CLIENT_ID) -> str:
    workspace = grants.workspace
    return grants.refresh_token(workspace.clients[client_id], workspace.people[email], scopes)[0]


def access(grants: Grants, email: str = ANNA, scopes: frozenset[str] = ALL, *, client_id: str = CLIENT_ID) -> str:
    workspace = grants.workspace
    client, ends = workspace.clients[client_id], workspace.now() + timedelta(hours=1)
    made = Access(client_id=client_id, project=client.project, scopes=scopes, ends=ends, person=workspace.people[email])
    return grants.access_token(made)


def alive(grants: Grants, token: str, client_id: str = CLIENT_ID) -> bool:
    try:
        grants.exchange(token, grants.workspace.clients[client_id])
    except Refused:
        return False
    return True


def code(grants: Grants) -> str:
    workspace = grants.workspace
    return grants.code(
        Code(
            client_id=CLIENT_ID,
            redirect_uri="http://127.0.0.1:5000/",
            challenge="",
            nonce="",
            scopes=ALL,
            person=workspace.people[ANNA],
            offline=True,
            ends=workspace.now() + timedelta(minutes=10),
        )
    )


def test_a_code_counts_once(grants: Grants) -> None:
    value = code(grants)
    assert grants.redeem(value, CLIENT_ID).person.email == ANNA
    with pytest.raises(Refused, match="invalid_grant"):
        grants.redeem(value, CLIENT_ID)


@pytest.mark.parametrize(("ahead", "client_id"), [(timedelta(minutes=11), CLIENT_ID), (timedelta(0), OWN_CLIENT_ID)])
def test_a_code_ends_and_is_of_no_use_to_another(grants: Grants, ahead: timedelta, client_id: str) -> None:
    value = code(grants)
    grants.workspace.ahead = ahead
    with pytest.raises(Refused, match="invalid_grant"):
        grants.redeem(value, client_id)


def test_the_hundredth_token_stands_and_the_one_after_ends_the_oldest_in_silence(grants: Grants) -> None:
    tokens = [refresh(grants) for _ in range(100)]
    others = [refresh(grants, BEN), refresh(grants, client_id=OWN_CLIENT_ID)]
    assert alive(grants, tokens[0])
    refresh(grants)
    assert [alive(grants, one) for one in tokens[:3]] == [False, True, True]
    assert alive(grants, others[0])
    assert alive(grants, others[1], OWN_CLIENT_ID)
    assert grants.revoked == []


@pytest.mark.parametrize(("days", "stands"), [(179, True), (181, False)])
def test_a_token_dies_after_six_months_without_use(grants: Grants, days: int, stands: bool) -> None:
    token = refresh(grants)
    grants.workspace.ahead = timedelta(days=days)
    assert alive(grants, token) is stands


def test_every_use_gives_six_months_more(grants: Grants) -> None:
    token = refresh(grants)
    for month in range(1, 13):
        grants.workspace.ahead = timedelta(days=150 * month)
        assert alive(grants, token)


def renamed_password(workspace: Workspace) -> None:
    workspace.people[ANNA].password = "another"


def suspended(workspace: Workspace) -> None:
    workspace.people[ANNA].suspended = True


def deleted(workspace: Workspace) -> None:
    del workspace.people[ANNA]


def blocked(workspace: Workspace) -> None:
    workspace.policies.blocked.add(CLIENT_ID)


@pytest.mark.parametrize(
    ("change", "scopes", "renews", "opens"),
    [
        (renamed_password, ALL, False, False),
        (renamed_password, frozenset({SEND}), False, False),
        (renamed_password, WHO, True, True),
        (suspended, WHO, False, False),
        (deleted, WHO, False, False),
        (blocked, ALL, False, True),
    ],
)
def test_what_happens_to_the_account_ends_tokens(
    grants: Grants, change: Callable[[Workspace], None], scopes: frozenset[str], renews: bool, opens: bool
) -> None:
    token, opening = refresh(grants, scopes=scopes), access(grants, scopes=scopes)
    change(grants.workspace)
    assert alive(grants, token) is renews
    assert (grants.read(opening) is not None) is opens


@pytest.mark.parametrize(
    ("testing", "internal", "trusted", "scopes"),
    [
        (True, "", False, ALL),
        (True, "", False, WHO),
        (True, "example.org", False, ALL),
        (True, "", True, ALL),
        (False, "", False, ALL),
    ],
)
def test_in_testing_a_token_ends_after_seven_days_whether_it_is_used_or_not(
    grants: Grants, testing: bool, internal: str, trusted: bool, scopes: frozenset[str]
) -> None:
    seven = (testing, internal, trusted, scopes) == (True, "", False, ALL)
    workspace = grants.workspace
    client = workspace.clients[CLIENT_ID]
    client.testing, client.internal = testing, internal
    if trusted:
        workspace.policies.trusted.add(CLIENT_ID)
    token, ends = grants.refresh_token(client, workspace.people[ANNA], scopes)
    assert (ends is not None) is seven
    for day in (3, 6, 8):
        workspace.ahead = timedelta(days=day)
        assert alive(grants, token) is (not seven or day < 7)


def test_a_trust_of_the_workspace_does_not_help_a_personal_account(grants: Grants) -> None:
    workspace = grants.workspace
    client = workspace.clients[CLIENT_ID]
    client.testing = True
    workspace.policies.trusted.add(CLIENT_ID)
    assert grants.refresh_token(client, workspace.people[CLARA], ALL)[1] is not None
    assert grants.refresh_token(client, workspace.people[ANNA], ALL)[1] is None


@pytest.mark.parametrize("by_access", [True, False])
def test_revoking_one_token_ends_all_that_the_project_holds_of_its_person(grants: Grants, by_access: bool) -> None:
    workspace = grants.workspace
    workspace.clients[OWN_CLIENT_ID].project = workspace.clients[CLIENT_ID].project
    workspace.consents = {(CLIENT_ID, ANNA): set(ALL), (OWN_CLIENT_ID, ANNA): set(ALL), (CLIENT_ID, BEN): set(ALL)}
    first, second, opening = refresh(grants), refresh(grants), access(grants)
    sister, ben = refresh(grants, client_id=OWN_CLIENT_ID), refresh(grants, BEN)
    assert grants.revoke(opening if by_access else first)
    assert [alive(grants, one) for one in (first, second)] == [False, False]
    assert not alive(grants, sister, OWN_CLIENT_ID)
    assert grants.read(opening) is None
    assert alive(grants, ben)
    assert set(workspace.consents) == {(CLIENT_ID, BEN)}
    assert grants.revoked == [(ANNA, workspace.clients[CLIENT_ID].project)]
    assert not grants.revoke(first)
    assert len(grants.revoked) == 1


def test_another_project_keeps_what_it_has(grants: Grants) -> None:
    token, other = refresh(grants), refresh(grants, client_id=OWN_CLIENT_ID)
    assert grants.revoke(token)
    assert alive(grants, other, OWN_CLIENT_ID)


def test_revoking_what_is_not_there_changes_nothing(grants: Grants) -> None:
    token = refresh(grants)
    assert not grants.revoke("1//forged")
    assert alive(grants, token)


def test_a_token_of_nobody_is_revoked_alone(grants: Grants) -> None:
    ends = grants.workspace.now() + timedelta(hours=1)
    made = Access(client_id="", project="", scopes=ALL, ends=ends, principal="principal://x")
    value = grants.access_token(made)
    assert grants.revoke(value)
    assert grants.read(value) is None
    assert grants.revoked == []


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        ("Bearer {}", True),
        ("bearer  {} ", True),
        ("Basic {}", False),
        ("{}", False),
        ("", False),
        ("Bearer x{}", False),
    ],
)
def test_only_a_bearer_opens_anything(grants: Grants, header: str, counts: bool) -> None:
    assert (bearer(header.format(access(grants)), grants) is not None) is counts


def test_an_access_token_ends(grants: Grants) -> None:
    value = access(grants)
    grants.workspace.ahead = timedelta(minutes=61)
    assert grants.read(value) is None
