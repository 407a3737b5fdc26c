"""Short names of permissions, and the scopes that ask for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oauth.entra.fake_entra import registration

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.scopes import by_resource, granted, resource_of, scope_of


@pytest.mark.parametrize("cloud", list(CLOUDS))
def test_each_cloud_has_its_own_services(cloud: str) -> None:
    at = registration(cloud=cloud)
    assert scope_of("Mail.Send", at) == f"{CLOUDS[cloud].graph}/Mail.Send"
    assert scope_of("SMTP.Send", at) == f"{CLOUDS[cloud].outlook}/SMTP.Send"


def test_a_practice_elsewhere_asks_for_the_cloud_s_own_names() -> None:
    assert scope_of("Mail.Send", registration(graph="https://localhost:1")) == "https://graph.microsoft.com/Mail.Send"


def test_a_scope_with_its_service_stays_as_it_is() -> None:
    assert (
        scope_of("https://outlook.office365.com/.default", registration()) == "https://outlook.office365.com/.default"
    )


def test_a_request_is_made_for_each_service_in_the_order_of_the_permissions() -> None:
    asked = ("Mail.Send", "SMTP.Send", "User.Read")
    assert by_resource(asked, registration()) == (
        ("https://graph.microsoft.com/Mail.Send", "https://graph.microsoft.com/User.Read"),
        ("https://outlook.office.com/SMTP.Send",),
    )
    assert by_resource((), registration()) == ()


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("https://graph.microsoft.com/Mail.Send https://graph.microsoft.com/User.Read", ("Mail.Send", "User.Read")),
        ("Mail.Send openid profile email offline_access", ("Mail.Send",)),
        ("https://graph.microsoft.com/Mail.Send Mail.Send", ("Mail.Send",)),
        ("https://graph.microsoft.com/.default", (".default",)),
        ("", ()),
        ("https://graph.microsoft.com/", ()),
    ],
)
def test_what_was_granted_is_called_by_its_short_name(scope: str, names: tuple[str, ...]) -> None:
    assert granted(scope) == names


PERMISSIONS = st.lists(st.sampled_from(["Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"]), unique=True)


@given(PERMISSIONS)
def test_whatever_is_asked_for_can_be_recognised_again(permissions: list[str]) -> None:
    groups = by_resource(tuple(permissions), registration())
    assert all(len({resource_of(scope) for scope in scopes}) == 1 for scopes in groups)
    assert sorted(granted(" ".join(scope for scopes in groups for scope in scopes))) == sorted(permissions)
