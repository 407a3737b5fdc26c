"""What a token allows is held against what the way of sending needs."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.graph.doubles import ACCOUNT, MAILBOX, TENANT, settings

from sendwright.diagnosis.graph_permissions import GRAPH_ID, limited_by_exchange, missing_permissions, what_lacks
from sendwright.oauth.lens import TokenView
from sendwright.problems.classify import classify
from sendwright.senders.graph.settings import GraphSettings, Route, Way

GRAPH = "https://graph.microsoft.com"
SEND, SHARED, READ = "Mail.Send", "Mail.Send.Shared", "User.Read"
OWN = settings(mailbox=ACCOUNT)
OTHERS = settings()
APP = settings(Route.MAILBOX, Way.APPLICATION)
VALUES = {"username": ACCOUNT, "sender": MAILBOX}


def view(*scopes: str, roles: tuple[str, ...] = (), **changes: object) -> TokenView:
    usual = TokenView(readable=True, audience=GRAPH, scopes=scopes, roles=roles, tenant=TENANT, username=ACCOUNT)
    return msgspec.structs.replace(usual, **changes)


@pytest.mark.parametrize(
    ("chosen", "seen", "missing"),
    [
        (OWN, view(SEND), ()),
        (OWN, view(SEND.lower(), READ), ()),
        (OWN, view(READ), (SEND,)),
        (OWN, view(), (SEND,)),
        (OWN, view(SHARED), (SEND,)),
        (OTHERS, view(SEND, SHARED), ()),
        (OTHERS, view(SEND), (SHARED,)),
        (OTHERS, view(READ), (SEND, SHARED)),
        (settings(mailbox=ACCOUNT.upper()), view(SEND), ()),
        (settings(Route.SMTP), view(), ()),
        (APP, view(roles=(SEND,)), ()),
        (APP, view(), ()),
        (APP, view(roles=("User.Read.All",)), ()),
        (APP, view(SEND), (SEND,)),
    ],
)
def test_what_lacks_is_named(chosen: GraphSettings, seen: TokenView, missing: tuple[str, ...]) -> None:
    assert missing_permissions(seen, chosen) == missing
    lacks = what_lacks(seen, chosen, VALUES)
    if not missing:
        assert lacks is None
        return
    assert lacks is not None
    assert (lacks.stage, lacks.values["permission"]) == ("permissions", ", ".join(missing))
    assert lacks.values["username"] == ACCOUNT
    assert classify(lacks).code == "graph-permission-missing"


@pytest.mark.parametrize(
    ("chosen", "audience", "code"),
    [
        (OWN, f"{GRAPH}/", None),
        (OWN, GRAPH.upper(), None),
        (OWN, GRAPH_ID, None),
        (settings(mailbox=ACCOUNT, graph="https://localhost:1"), "https://localhost:1", None),
        (settings(mailbox=ACCOUNT, graph="https://localhost:1"), GRAPH, None),
        (OWN, "https://graph.microsoft.us", "wrong-cloud"),
        (settings(mailbox=ACCOUNT, cloud="china"), GRAPH, "wrong-cloud"),
        (settings(mailbox=ACCOUNT, cloud="us-government-dod"), "https://dod-graph.microsoft.us", None),
        (OWN, "https://outlook.office.com", "oauth-token-refused"),
        (OWN, "https://graph.microsoft.com.example.com", "oauth-token-refused"),
        (OWN, "", "oauth-token-refused"),
    ],
)
def test_a_token_is_for_the_graph_of_this_cloud(chosen: GraphSettings, audience: str, code: str | None) -> None:
    lacks = what_lacks(view(SEND, audience=audience), chosen, VALUES)
    assert (lacks and classify(lacks).code) == code
    if lacks is not None:
        assert lacks.values["audience"] == audience


def test_a_token_of_another_organisation_is_one() -> None:
    lacks = what_lacks(view(SEND, tenant="99990000-0000-4000-8000-000000000009"), OWN, VALUES)
    assert lacks is not None
    assert classify(lacks).code == "account-of-another-organisation"
    assert lacks.values["found_tenant"] == "99990000-0000-4000-8000-000000000009"


@pytest.mark.parametrize("tenant", ["contoso.onmicrosoft.com", TENANT.upper()])
def test_the_organisation_may_be_spelled_otherwise(tenant: str) -> None:
    assert what_lacks(view(SEND), settings(mailbox=ACCOUNT, tenant=tenant), VALUES) is None


@pytest.mark.parametrize(
    ("chosen", "roles", "limited"),
    [(APP, (SEND,), False), (APP, ("mail.send",), False), (APP, (), True), (APP, ("X",), True), (OWN, (), False)],
)
def test_without_the_role_only_exchange_lets_an_application_in(
    chosen: GraphSettings, roles: tuple[str, ...], limited: bool
) -> None:
    assert limited_by_exchange(view(roles=roles), chosen) is limited


@given(scopes=st.lists(st.text(max_size=20), max_size=5), roles=st.lists(st.text(max_size=20), max_size=5))
def test_only_a_token_that_names_every_permission_passes(scopes: list[str], roles: list[str]) -> None:
    seen = view(*scopes, roles=tuple(roles))
    held = {scope.lower() for scope in scopes}
    assert (what_lacks(seen, OTHERS, VALUES) is None) == ({SEND.lower(), SHARED.lower()} <= held)
