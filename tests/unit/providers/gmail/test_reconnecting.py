"""What is in force, connected again: the same application, account and sender, at places of our own choice."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import ANNA, CLIENT, OWN_CLIENT, SERVICE, SIGNED_IN

from sendwright.profile import SenderProfile
from sendwright.providers.gmail.provider import Gmail
from sendwright.providers.gmail.reconnecting import answers_for
from sendwright.senders.gmail.settings import Route, SenderProof, Way

GMAIL = Gmail()
NOTICES = "notices@example.org"
OWN = replace(SIGNED_IN, own=True, client_id=OWN_CLIENT, client_checked=True)
PROVEN = replace(SIGNED_IN, sender=NOTICES, proof=SenderProof.ARRIVED)


def in_force(answers: object, address: str = "") -> SenderProfile:
    return GMAIL.profile(answers, address=address, alias="Notices")  # type: ignore[arg-type]  # of Gmail, as named below


@pytest.mark.parametrize("route", list(Route))
@pytest.mark.parametrize(("answers", "client"), [(SIGNED_IN, CLIENT), (OWN, OWN_CLIENT)])
def test_the_same_account_signs_in_again_with_the_same_application(answers: object, client: str, route: Route) -> None:
    again = answers_for(in_force(replace(answers, route=route)))
    assert again is not None
    assert (again.way, again.route, again.client_id, again.own) == (Way.ACCOUNT, route, client, client == OWN_CLIENT)
    assert again.expected is not None
    assert (again.expected.oid, again.expected.username) == (ANNA.oid, ANNA.username)
    assert again.expected.domain == ANNA.domain
    assert (again.account, again.grant, again.scopes, again.reconnecting) == (None, None, (), True)


@pytest.mark.parametrize(
    ("address", "sender", "proof"),
    [
        (NOTICES, NOTICES, SenderProof.ARRIVED),
        (ANNA.username, "", SenderProof.OWN),
        (ANNA.username.upper(), "", SenderProof.OWN),
        ("sales@example.org", "sales@example.org", SenderProof.UNPROVEN),
    ],
)
def test_what_was_proven_of_the_sender_stays_proven(address: str, sender: str, proof: SenderProof) -> None:
    again = answers_for(in_force(PROVEN, address))
    assert again is not None
    assert (again.address, again.sender, again.proof) == (address, sender, proof)


@pytest.mark.parametrize("keyless", [True, False])
def test_a_service_account_is_tried_again_and_nobody_is_expected(keyless: bool) -> None:
    again = answers_for(in_force(replace(SERVICE, keyless=keyless)))
    assert again is not None
    assert (again.way, again.service_account, again.service_account_id) == (
        Way.SERVICE_ACCOUNT,
        SERVICE.service_account,
        SERVICE.service_account_id,
    )
    assert (again.subject, again.keyless, again.expected, again.client_id) == (SERVICE.subject, keyless, None, "")
    assert (again.checks, again.key) == ({}, None)


def test_a_profile_leads_no_sign_in_to_a_place_of_its_own() -> None:
    elsewhere = replace(
        SIGNED_IN, login="https://login.example", gmail="https://gmail.example", smtp_host="smtp.example", smtp_port=25
    )
    again = answers_for(in_force(elsewhere))
    assert again is not None
    assert (again.login, again.gmail, again.smtp_host, again.smtp_port) == ("", "", "", 587)


@pytest.mark.parametrize("wrong", [{"way": "telepathy"}, {"account": 1}, {"smtp_port": "many"}])
def test_a_profile_of_a_newer_kind_is_not_understood(wrong: dict[str, object]) -> None:
    profile = in_force(SIGNED_IN)
    assert answers_for(replace(profile, settings=profile.settings | wrong)) is None
