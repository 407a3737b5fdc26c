"""The names of the practice world."""

import pytest

from sendwright.network.resolver import MailExchanger
from sendwright.practice.names import PracticeResolver


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("example.org", MailExchanger(10, "mail.example.org")),
        ("contoso.com", MailExchanger(0, "contoso-com.mail.protection.outlook.com")),
        ("Contoso.Com", MailExchanger(0, "contoso-com.mail.protection.outlook.com")),
        ("sub.contoso.com", MailExchanger(10, "mail.sub.contoso.com")),
    ],
)
async def test_mail_is_received_at_a_server_of_one_s_own_or_at_microsoft(domain: str, expected: MailExchanger) -> None:
    resolver = PracticeResolver(tls_port=1, starttls_port=2, microsoft=frozenset({"contoso.com"}))
    assert await resolver.mail_exchangers(domain) == (expected,)


async def test_without_microsoft_every_domain_is_one_s_own() -> None:
    resolver = PracticeResolver(tls_port=1, starttls_port=2)
    assert await resolver.mail_exchangers("contoso.com") == (MailExchanger(10, "mail.contoso.com"),)
    assert await resolver.addresses("anything.example") == ("127.0.0.1",)
    assert await resolver.texts("anything.example") == ()


@pytest.mark.parametrize(
    ("name", "ports"),
    [
        ("_submissions._tcp.contoso.com", [1]),
        ("_submission._tcp.contoso.com", [2]),
        ("_imap._tcp.contoso.com", []),
    ],
)
async def test_submission_is_offered_at_the_practice_server(name: str, ports: list[int]) -> None:
    resolver = PracticeResolver(tls_port=1, starttls_port=2)
    assert [service.port for service in await resolver.services(name)] == ports
