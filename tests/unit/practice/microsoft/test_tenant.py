"""A simulated organisation: its people, its mailboxes, its clock."""

from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.mail_server import PASSWORD
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY, contoso
from sendwright.practice.microsoft.tenant import AppRegistration, Person, Right, Role, UserConsent

people = st.sampled_from([ANNA, BEN])
mailboxes = st.sampled_from([INFO, NOREPLY])
rights = st.sampled_from(list(Right))


def test_the_made_up_organisation_is_what_the_practice_says() -> None:
    tenant = contoso()
    assert {person.password for person in tenant.people.values()} == {PASSWORD}
    assert tenant.people[ANNA].roles == {Role.GLOBAL_ADMINISTRATOR}
    assert tenant.people[ANNA].administrator
    assert tenant.people[ANNA].mfa
    assert not tenant.people[BEN].administrator
    assert set(tenant.mailboxes) == {INFO, NOREPLY}
    assert tenant.policies.user_consent is UserConsent.ALLOWED
    assert not tenant.knows(CLIENT_ID)
    assert contoso().people[BEN] is not tenant.people[BEN]


def test_the_application_is_called_and_comes_back_as_told() -> None:
    registration = contoso(name="Platform", redirect_uris=frozenset({"http://localhost/x"})).registrations[CLIENT_ID]
    assert registration.name == "Platform"
    assert registration.redirect_uris == {"http://localhost/x"}
    assert "http://localhost" in contoso().registrations[CLIENT_ID].redirect_uris


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (BEN, BEN),
        (f" {BEN.upper()} ", BEN),
        ("2c1f7b63-82d5-4f1f-9b64-6d8f2f7e3b02", BEN),
        (NOREPLY.title(), NOREPLY),
        ("Alerts@Contoso.com", NOREPLY),
        ("unlicensed@contoso.com", None),
        ("guest@fabrikam.example", None),
        ("nobody@contoso.com", None),
        ("", None),
    ],
)
def test_a_mailbox_is_found_by_what_it_is_called(address: str, found: str | None) -> None:
    tenant = contoso()
    tenant.aliases["alerts@contoso.com"] = NOREPLY
    tenant.people["u"] = Person(username="unlicensed@contoso.com", password="", name="U", oid="u", mailbox=False)
    tenant.people["g"] = Person(username="guest@fabrikam.example", password="", name="G", oid="g", home="x")
    assert tenant.mailbox(address) == found


@pytest.mark.parametrize(
    ("mailbox", "name"), [(BEN, "Ben Example"), (INFO.upper(), "Contoso Information"), ("x@contoso.com", "")]
)
def test_a_mailbox_has_a_name(mailbox: str, name: str) -> None:
    assert contoso().called(mailbox) == name


@given(st.lists(st.tuples(st.booleans(), people, mailboxes, rights)))
def test_rights_are_what_was_granted_last(changes: list[tuple[bool, str, str, Right]]) -> None:
    tenant = contoso()
    tenant.rights.clear()
    expected: dict[tuple[str, str, Right], bool] = {}
    for given_, person, mailbox, right in changes:
        (tenant.grant if given_ else tenant.withdraw)(person.upper(), mailbox, right)
        expected[person, mailbox, right] = given_
    for (person, mailbox, right), on in expected.items():
        assert tenant.holds(person, mailbox.upper(), right) is on


@given(st.floats(min_value=0, max_value=1e6), st.floats(min_value=0, max_value=1e6))
def test_a_right_acts_exactly_after_its_delay(delay: float, later: float) -> None:
    tenant = contoso()
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    tenant.now = lambda: moment  # type: ignore[method-assign]
    tenant.rights.clear()
    tenant.policies.grant_delay_s = delay
    tenant.grant(BEN, INFO, Right.SEND_AS)
    tenant.scope(CLIENT_ID, INFO)
    waited = moment + timedelta(seconds=later)
    tenant.now = lambda: waited  # type: ignore[method-assign]
    acts = timedelta(seconds=later) >= timedelta(seconds=delay)
    assert tenant.holds(BEN, INFO, Right.SEND_AS) is acts
    assert tenant.scopes(CLIENT_ID, INFO) is acts


def test_a_right_that_was_put_there_acts_at_once() -> None:
    tenant = contoso()
    tenant.policies.grant_delay_s = 3600
    tenant.rights.add((ANNA, INFO, Right.FULL_ACCESS))
    tenant.scoped[CLIENT_ID] = {INFO}
    assert tenant.holds(ANNA, INFO, Right.FULL_ACCESS)
    assert tenant.scopes(CLIENT_ID, INFO)


def test_granting_again_after_taking_back_begins_anew() -> None:
    tenant = contoso()
    tenant.rights.clear()
    tenant.grant(BEN, INFO, Right.SEND_AS)
    tenant.withdraw(BEN, INFO, Right.SEND_AS)
    tenant.policies.grant_delay_s = 3600
    tenant.grant(BEN, INFO, Right.SEND_AS)
    assert not tenant.holds(BEN, INFO, Right.SEND_AS)


@pytest.mark.parametrize(
    ("place", "value"),
    [("consents", set()), ("app_roles", set()), ("scoped", {INFO})],
)
def test_an_application_is_known_once_anything_was_granted(place: str, value: set[str]) -> None:
    tenant = contoso()
    getattr(tenant, place)[CLIENT_ID] = value
    assert tenant.knows(CLIENT_ID)
    assert not tenant.knows("another")


def test_one_person_s_consent_makes_it_known_and_counts_for_her_only() -> None:
    tenant = contoso()
    tenant.own_consents[CLIENT_ID, "Ben@Contoso.com"] = {"Mail.Send"}
    assert tenant.knows(CLIENT_ID)
    assert tenant.consented(CLIENT_ID, BEN) == {"Mail.Send"}
    assert tenant.consented(CLIENT_ID, ANNA) == frozenset()
    assert tenant.consented("another", BEN) == frozenset()


def test_the_clock_can_be_moved() -> None:
    tenant = contoso()
    before = tenant.now()
    tenant.ahead = timedelta(days=90)
    assert tenant.now() - before >= timedelta(days=90)
    assert tenant.now().tzinfo is UTC


def test_a_certificate_is_uploaded_under_its_thumbprint() -> None:
    registration = AppRegistration(client_id="x", name="X")
    pem = trustme.CA().cert_pem.bytes().decode()
    thumbprint = registration.upload(pem)
    assert registration.certificates == {thumbprint}
    assert registration.keys == {thumbprint: pem}
    assert len(bytes.fromhex(thumbprint)) == 32
    with pytest.raises(ValueError, match="PEM"):
        registration.upload("no certificate")
