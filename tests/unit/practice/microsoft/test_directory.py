"""Who and what is meant by a name in a request."""

import pytest

from sendwright.oauth.entra.registration import CONSUMERS
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, TENANT_ID, contoso
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.tenant import Person, Tenant

FABRIKAM = "11111111-2222-4333-8444-555555555555"


def somebody(username: str, home: str = "") -> Person:
    return Person(username=username, password="x", name=username, oid=f"oid-of-{username}", home=home)


@pytest.fixture
def directory() -> Directory:
    fabrikam = Tenant(id=FABRIKAM, domain="fabrikam.example", name="Fabrikam")
    fabrikam.people = {"zoe": somebody("zoe@fabrikam.example"), "ben": somebody(BEN, home=TENANT_ID)}
    personal = Tenant(id=CONSUMERS, domain="outlook.example", name="Personal")
    personal.people = {"joe": somebody("joe@outlook.example")}
    return Directory((contoso(), fabrikam, personal))


@pytest.mark.parametrize("segment", ["organizations", "common", "consumers", "COMMON"])
def test_some_names_stand_for_no_tenant_in_particular(directory: Directory, segment: str) -> None:
    assert directory.tenant(segment) is None


@pytest.mark.parametrize(
    ("segment", "name"),
    [(TENANT_ID, "Contoso"), ("contoso.com", "Contoso"), (FABRIKAM.upper(), "Fabrikam"), (CONSUMERS, "Personal")],
)
def test_a_tenant_has_an_id_and_a_domain(directory: Directory, segment: str, name: str) -> None:
    found = directory.tenant(segment)
    assert found is not None
    assert found.name == name
    assert directory.by_id(found.id) is found


@pytest.mark.parametrize("segment", ["", "contoso", "contoso.com.attacker.example", "../contoso.com"])
def test_an_unknown_tenant_is_refused(directory: Directory, segment: str) -> None:
    with pytest.raises(Refused) as caught:
        directory.tenant(segment)
    assert caught.value.number == 90002


@pytest.mark.parametrize(
    ("username", "segment", "tenant", "guest"),
    [
        (BEN, "organizations", "Contoso", False),
        (BEN.upper(), "organizations", "Contoso", False),
        (f" {BEN} ", "organizations", "Contoso", False),
        (BEN, FABRIKAM, "Fabrikam", True),
        (ANNA, "contoso.com", "Contoso", False),
        ("zoe@fabrikam.example", "organizations", "Fabrikam", False),
        ("joe@outlook.example", "common", "Personal", False),
        ("joe@outlook.example", "consumers", "Personal", False),
    ],
)
def test_somebody_signs_in_at_home_or_where_she_is_a_guest(
    directory: Directory, username: str, segment: str, tenant: str, guest: bool
) -> None:
    found, person = directory.account(username, segment)
    assert found.name == tenant
    assert bool(person.home) is guest


@pytest.mark.parametrize(
    ("username", "segment", "number"),
    [
        ("nobody@contoso.com", "organizations", 50034),
        ("nobody@contoso.com", TENANT_ID, 50034),
        ("", "organizations", 50034),
        ("joe@outlook.example", "organizations", 50020),
        ("zoe@fabrikam.example", TENANT_ID, 50020),
        (BEN, "consumers", 50020),
        (INFO, "organizations", 50057),
        (INFO.upper(), TENANT_ID, 50057),
    ],
)
def test_others_are_refused_with_the_reason(directory: Directory, username: str, segment: str, number: int) -> None:
    with pytest.raises(Refused) as caught:
        directory.account(username, segment)
    assert caught.value.number == number


@pytest.mark.parametrize("segment", ["organizations", "common", TENANT_ID, FABRIKAM])
def test_an_application_of_many_tenants_is_found_everywhere(directory: Directory, segment: str) -> None:
    assert directory.client(CLIENT_ID, segment).client_id == CLIENT_ID


@pytest.mark.parametrize(
    ("segment", "number"), [("organizations", 50194), ("common", 50194), (FABRIKAM, 700016), (TENANT_ID, 0)]
)
def test_an_application_of_one_tenant_is_found_there_only(directory: Directory, segment: str, number: int) -> None:
    directory.tenants[0].registrations[CLIENT_ID].multi_tenant = False
    if not number:
        assert directory.client(CLIENT_ID, segment).name == "Sendwright"
        return
    with pytest.raises(Refused) as caught:
        directory.client(CLIENT_ID, segment)
    assert caught.value.number == number


def test_an_unknown_and_a_disabled_application_are_refused(directory: Directory) -> None:
    with pytest.raises(Refused) as caught:
        directory.client("made-up", "organizations")
    assert caught.value.number == 700016
    directory.tenants[0].registrations[CLIENT_ID].disabled = True
    with pytest.raises(Refused) as caught:
        directory.client(CLIENT_ID, "organizations")
    assert caught.value.number == 7000112


def test_a_tenant_s_own_registration_comes_first(directory: Directory) -> None:
    fabrikam = directory.tenants[1]
    own = contoso(name="Fabrikam's own").registrations[CLIENT_ID]
    fabrikam.registrations[CLIENT_ID] = own
    assert directory.client(CLIENT_ID, FABRIKAM) is own
    assert directory.client(CLIENT_ID, TENANT_ID) is not own
