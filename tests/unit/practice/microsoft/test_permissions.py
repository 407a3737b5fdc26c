"""What a scope asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.registration import Registration
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.permissions import (
    DEFAULT,
    GRAPH,
    OUTLOOK,
    SIGN_IN,
    is_graph,
    is_outlook,
    listed,
    needs_administrator,
    parse,
)

EVERYTHING = {"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send", "Mail.Read"}


@pytest.mark.parametrize(
    ("scope", "resources", "sign_in"),
    [
        ("", {}, set()),
        ("openid", {}, {"openid"}),
        ("Mail.Send", {GRAPH: {"Mail.Send"}}, set()),
        (f"{GRAPH}/Mail.Send openid offline_access", {GRAPH: {"Mail.Send"}}, {"openid", "offline_access"}),
        (f"{GRAPH}/Mail.Send User.Read", {GRAPH: {"Mail.Send", "User.Read"}}, set()),
        (f"{OUTLOOK}/SMTP.Send", {OUTLOOK: {"SMTP.Send"}}, set()),
        ("https://outlook.office365.com/.default", {"https://outlook.office365.com": {DEFAULT}}, set()),
        (f"{GRAPH}/.default", {GRAPH: {DEFAULT}}, set()),
        (f"{GRAPH}//.default", {GRAPH: {DEFAULT}}, set()),
        (
            f"{GRAPH}/Mail.Send {OUTLOOK}/SMTP.Send profile",
            {GRAPH: {"Mail.Send"}, OUTLOOK: {"SMTP.Send"}},
            {"profile"},
        ),
    ],
)
def test_a_scope_names_permissions_of_resources(scope: str, resources: dict[str, set[str]], sign_in: set[str]) -> None:
    asked = parse(scope)
    assert {resource: set(found) for resource, found in asked.resources.items()} == resources
    assert asked.sign_in == sign_in
    assert asked.permissions == set().union(*resources.values())


@pytest.mark.parametrize(
    ("scope", "number", "named"),
    [
        ("Mail.Fly", 650053, "Mail.Fly"),
        (f"{GRAPH}/SMTP.Send", 650053, "SMTP.Send"),
        (f"{OUTLOOK}/Mail.Send", 650053, "Mail.Send"),
        (f"openid {GRAPH}/mail.send", 650053, "mail.send"),
        ("https://graph.example/Mail.Send", 70011, "https://graph.example/Mail.Send"),
        (f"{GRAPH}/", 70011, f"{GRAPH}/"),
        ("https://", 70011, "https://"),
    ],
)
def test_what_a_resource_does_not_have_is_refused_by_name(scope: str, number: int, named: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(scope)
    assert caught.value.number == number
    assert named in caught.value.sentence()


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_every_cloud_s_own_addresses_are_known(cloud: str) -> None:
    registration = Registration(client_id="x", cloud=cloud)
    asked = parse(registration.scope("Mail.Send"))
    (resource,) = asked.resources
    assert is_graph(resource)
    assert not is_outlook(resource)
    (resource,) = parse(f"{CLOUDS[cloud].outlook}/SMTP.Send").resources
    assert is_outlook(resource)
    assert not is_graph(resource)


def test_what_stands_for_everything_is_divided_by_resource() -> None:
    assert listed(GRAPH, EVERYTHING) == EVERYTHING - {"SMTP.Send"}
    assert listed(OUTLOOK, EVERYTHING) == {"SMTP.Send"}
    assert listed(GRAPH, {"made-up"}) == set()


@pytest.mark.parametrize(
    ("permissions", "needed"),
    [
        (set(), False),
        ({"Mail.Send"}, False),
        ({"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"}, False),
        ({"Mail.Send", "Mail.Read"}, True),
        ({"Mail.ReadWrite"}, True),
        ({"MailboxSettings.Read"}, True),
        ({"IMAP.AccessAsUser.All"}, True),
    ],
)
def test_reading_is_kept_from_people_s_own_consent(permissions: set[str], needed: bool) -> None:
    assert needs_administrator(permissions) is needed


@given(st.lists(st.sampled_from(sorted(SIGN_IN | {"Mail.Send", "User.Read", f"{OUTLOOK}/SMTP.Send"}))))
def test_order_and_repetition_do_not_matter(words: list[str]) -> None:
    assert parse(" ".join(words)) == parse("  ".join(sorted(set(words), reverse=True)))


@given(st.text())
def test_any_text_is_understood_or_refused(scope: str) -> None:
    refused: Refused | None = None
    try:
        found = parse(scope)
    except Refused as caught:
        refused = caught
    if refused is None:
        assert found.sign_in <= SIGN_IN
    else:
        assert refused.number in {650053, 70011}
