"""What a domain's SRV records mean for submission (RFC 6186, RFC 8314)."""

import pytest
from tests.unit.providers.doubles import BROKEN, FakeResolver

from sendwright.network.resolver import Service
from sendwright.providers.custom_smtp.candidate import Confidence, UsernameForm, UsernameKind
from sendwright.providers.custom_smtp.services import ask_services
from sendwright.senders.smtp.settings import Security

TLS = "_submissions._tcp.example.org"
STARTTLS = "_submission._tcp.example.org"
NOT_OFFERED = (Service(0, 0, ".", 0),)


def record(host: str, port: int) -> tuple[Service, ...]:
    return (Service(0, 1, host, port),)


async def test_implicit_tls_comes_before_starttls_whatever_the_priorities_are() -> None:
    resolver = FakeResolver(
        srv={
            TLS: (Service(10, 1, "a.example.org", 465), Service(20, 1, "b.example.org", 465)),
            STARTTLS: record("c.example.org", 587),
        }
    )
    found = await ask_services("example.org", resolver)
    assert [one.endpoint for one in found.candidates] == [
        ("a.example.org", 465, Security.TLS),
        ("b.example.org", 465, Security.TLS),
        ("c.example.org", 587, Security.STARTTLS),
    ]
    assert found.candidates[0].confidence is Confidence.LIKELY
    assert found.candidates[0].username_form == UsernameForm(UsernameKind.ADDRESS)
    assert found.candidates[0].origin.key == "custom_smtp.origin.srv"
    assert not found.failed


async def test_a_host_outside_the_domain_is_for_the_person_to_confirm() -> None:
    resolver = FakeResolver(srv={TLS: record("smtp.hoster.example", 465)})
    candidate = (await ask_services("example.org", resolver)).candidates[0]
    assert candidate.confidence is Confidence.TO_CONFIRM
    assert candidate.note == "custom_smtp.notes.other-domain"


async def test_a_lone_dot_means_that_the_service_is_not_offered() -> None:
    found = await ask_services("example.org", FakeResolver(srv={TLS: NOT_OFFERED, STARTTLS: NOT_OFFERED}))
    assert (found.candidates, found.reason, found.failed) == ((), "not-offered", False)


async def test_one_way_may_be_declined_while_the_other_is_offered() -> None:
    resolver = FakeResolver(srv={TLS: NOT_OFFERED, STARTTLS: record("mail.example.org", 587)})
    found = await ask_services("example.org", resolver)
    assert [one.port for one in found.candidates] == [587]


async def test_no_records_are_simply_nothing() -> None:
    found = await ask_services("example.org", FakeResolver(srv={TLS: ()}))
    assert (found.reason, found.failed) == ("nothing-found", False)


async def test_a_resolver_that_fails_is_told_apart_from_no_records() -> None:
    found = await ask_services("example.org", FakeResolver(srv={TLS: BROKEN, STARTTLS: BROKEN}))
    assert (found.reason, found.failed) == ("failed", True)


async def test_half_an_answer_is_used() -> None:
    resolver = FakeResolver(srv={TLS: BROKEN, STARTTLS: record("mail.example.org", 587)})
    found = await ask_services("example.org", resolver)
    assert [one.port for one in found.candidates] == [587]
    assert not found.failed


@pytest.mark.parametrize(
    ("host", "port"), [("mail example", 465), ("", 465), ("mail.example.org", 0), ("mail.example.org", 70_000)]
)
async def test_a_record_that_cannot_be_used_is_passed_over(host: str, port: int) -> None:
    found = await ask_services("example.org", FakeResolver(srv={TLS: record(host, port)}))
    assert found.candidates == ()


async def test_only_the_two_names_are_asked_for() -> None:
    resolver = FakeResolver()
    await ask_services("example.org", resolver)
    assert sorted(resolver.asked) == sorted([TLS, STARTTLS])
