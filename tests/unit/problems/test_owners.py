"""Who has to act: the promise of the interface for every listed code, written down a second time on purpose."""

import pytest
from tests.unit.diagnosis.test_every_code import LISTED

from sendwright.problems.dictionary import load
from sendwright.problems.problem import Owner
from sendwright.texts import has

OWNERS = {
    "dns-name-not-found": "you",
    "dns-no-address": "dns-admin",
    "dns-resolver-failed": "network-admin",
    "connection-refused": "mail-server-admin",
    "connection-timed-out": "network-admin",
    "network-unreachable": "network-admin",
    "not-an-smtp-server": "you",
    "server-not-accepting": "mail-server-admin",
    "wrong-security-mode": "you",
    "connection-dropped": "mail-server-admin",
    "starttls-not-offered": "mail-server-admin",
    "starttls-refused": "mail-server-admin",
    "tls-certificate-expired": "mail-server-admin",
    "tls-certificate-not-yet-valid": "you",
    "tls-certificate-self-signed": "mail-server-admin",
    "tls-certificate-unknown-issuer": "mail-server-admin",
    "tls-certificate-wrong-name": "you",
    "tls-version-too-old": "mail-server-admin",
    "tls-handshake-failed": "mail-server-admin",
    "auth-not-offered": "you",
    "auth-mechanism-unsupported": "mail-server-admin",
    "auth-wrong-credentials": "you",
    "auth-app-password-required": "mailbox-owner",
    "auth-temporarily-refused": "nobody",
    "auth-account-disabled": "mail-server-admin",
    "smtp-auth-disabled-for-tenant": "exchange-admin",
    "smtp-auth-disabled-for-mailbox": "exchange-admin",
    "basic-auth-retired": "microsoft-365-admin",
    "oauth-token-refused": "you",
    "sender-not-allowed": "mail-server-admin",
    "sender-domain-unresolvable": "dns-admin",
    "recipient-unknown": "you",
    "recipient-mailbox-full": "recipient",
    "relay-denied": "mail-server-admin",
    "greylisted": "nobody",
    "message-too-large": "you",
    "rejected-by-policy": "mail-server-admin",
    "rejected-as-spam": "mail-server-admin",
    "authentication-checks-failed": "dns-admin",
    "sending-limit-reached": "nobody",
    "server-busy": "nobody",
    "unrecognised": "mail-server-admin",
}


def test_every_listed_code_has_its_owner_here() -> None:
    assert list(OWNERS) == LISTED


@pytest.mark.parametrize(("code", "owner"), OWNERS.items())
def test_the_right_person_is_sent_to_act(code: str, owner: str) -> None:
    assert load().definitions[code].owner == owner


def test_the_exceptions_are_those_of_the_system_that_spoke() -> None:
    others = {(rule.problem, rule.owner) for rules in load().rules.values() for rule in rules if rule.owner is not None}
    assert {owner for code, owner in others if code.startswith("tls-")} == {Owner.PLATFORM_VENDOR}
    assert {owner for code, owner in others if code in {"sender-not-allowed", "relay-denied"}} == {Owner.EXCHANGE_ADMIN}


@pytest.mark.parametrize("owner", list(Owner))
def test_every_owner_has_a_name_and_a_sentence(owner: Owner) -> None:
    assert has(f"owners.{owner}.name")
    assert has(f"owners.{owner}.who")
