"""What is made of a known provider, and of what answers at the ports of likely hosts."""

import pytest
from tests.unit.providers.doubles import FakeProber

from sendwright.network.resolver import MailExchanger
from sendwright.providers.custom_smtp.candidate import Confidence, UsernameKind
from sendwright.providers.custom_smtp.places import from_domain, from_exchangers, likely_hosts, try_hosts
from sendwright.providers.custom_smtp.presets import load
from sendwright.providers.custom_smtp.probe import DOORS, Reach


def mx(*hosts: str) -> tuple[MailExchanger, ...]:
    return tuple(MailExchanger(place, host) for place, host in enumerate(hosts))


def test_a_known_domain_gives_the_servers_in_their_order() -> None:
    preset = load().by_domain("web.de")
    assert preset is not None
    finding = from_domain(preset)
    assert [(one.host, one.port) for one in finding.candidates] == [("smtp.web.de", 465), ("smtp.web.de", 587)]
    assert {one.username_form.kind for one in finding.candidates} == {UsernameKind.LOCAL_PART}
    assert {one.confidence for one in finding.candidates} == {Confidence.CONFIRMED}
    assert {one.note for one in finding.candidates} == {"custom_smtp.notes.switch-on-first"}
    assert finding.candidates[0].origin.values == {"name": "WEB.DE"}


def test_what_is_only_remembered_is_only_likely() -> None:
    preset = load().by_domain("mailbox.org")
    assert preset is not None
    assert {one.confidence for one in from_domain(preset).candidates} == {Confidence.LIKELY}


def test_a_provider_seen_by_mx_is_likely_for_mail_may_leave_elsewhere() -> None:
    finding = from_exchangers(load(), mx("mx00.ionos.de"))
    assert finding.candidates[0].host == "smtp.ionos.de"
    assert finding.candidates[0].confidence is Confidence.LIKELY
    assert finding.candidates[0].origin.key == "custom_smtp.origin.mx"


def test_the_exchanger_fills_the_place_of_the_customers_own_host() -> None:
    finding = from_exchangers(load(), mx("w0123456.kasserver.com"))
    assert {one.host for one in finding.candidates} == {"w0123456.kasserver.com"}


def test_a_provider_whose_own_host_cannot_be_told_proposes_nothing() -> None:
    finding = from_exchangers(load(), mx("kasserver.com"))
    assert (finding.candidates, finding.reason) == ((), "own-host")


def test_a_filter_is_named_and_nothing_is_guessed() -> None:
    finding = from_exchangers(load(), mx("mx0a.pphosted.com", "aspmx.l.google.com"))
    assert (finding.candidates, finding.reason) == ((), "hidden-by-filter")
    assert [(one.key, one.values) for one in finding.remarks] == [
        ("custom_smtp.remarks.filter", {"filter": "Proofpoint"})
    ]


def test_an_unknown_exchanger_is_nothing() -> None:
    assert from_exchangers(load(), mx("mail.example.org")).reason == "nothing-found"
    assert from_exchangers(load(), ()).reason == "nothing-found"


@pytest.mark.parametrize(
    ("exchangers", "hosts"),
    [
        (mx(), ("smtp.example.org", "mail.example.org", "example.org")),
        (mx("mx.example.net"), ("smtp.example.org", "mail.example.org", "mx.example.net", "example.org")),
        (mx("mail.example.org"), ("smtp.example.org", "mail.example.org", "example.org")),
        (mx("mx0a.pphosted.com"), ("smtp.example.org", "mail.example.org", "example.org")),
        (mx("."), ("smtp.example.org", "mail.example.org", "example.org")),
        (
            mx("a.example.net", "b.example.net"),
            ("smtp.example.org", "mail.example.org", "a.example.net", "example.org"),
        ),
    ],
)
def test_the_likely_hosts_are_few_and_none_is_a_filter(
    exchangers: tuple[MailExchanger, ...], hosts: tuple[str, ...]
) -> None:
    assert likely_hosts("example.org", exchangers, load()) == hosts


async def test_implicit_tls_comes_first_and_port_25_last() -> None:
    prober = FakeProber(
        {
            ("smtp.example.org", 25): Reach.SECURE,
            ("smtp.example.org", 587): Reach.SECURE,
            ("mail.example.org", 465): Reach.SECURE,
        }
    )
    finding = await try_hosts("example.org", ["smtp.example.org", "mail.example.org"], prober)
    assert [(one.host, one.port) for one in finding.candidates] == [
        ("mail.example.org", 465),
        ("smtp.example.org", 587),
        ("smtp.example.org", 25),
    ]
    assert [one.note for one in finding.candidates] == ["", "", "custom_smtp.notes.relay-port"]
    assert {one.confidence for one in finding.candidates} == {Confidence.LIKELY}
    assert len(prober.tried) == 2 * len(DOORS)


async def test_a_certificate_that_does_not_verify_comes_last_and_is_to_be_confirmed() -> None:
    prober = FakeProber({("smtp.example.org", 465): Reach.UNTRUSTED, ("mail.example.org", 25): Reach.SECURE})
    finding = await try_hosts("example.org", ["smtp.example.org", "mail.example.org"], prober)
    assert [(one.host, one.note) for one in finding.candidates] == [
        ("mail.example.org", "custom_smtp.notes.relay-port"),
        ("smtp.example.org", "custom_smtp.notes.certificate"),
    ]
    assert finding.candidates[1].confidence is Confidence.TO_CONFIRM


async def test_a_foreign_exchanger_that_answers_is_to_be_confirmed() -> None:
    prober = FakeProber({("mx.example.net", 587): Reach.SECURE})
    candidate = (await try_hosts("example.org", ["mx.example.net"], prober)).candidates[0]
    assert candidate.confidence is Confidence.TO_CONFIRM
    assert candidate.note == "custom_smtp.notes.other-domain"


async def test_a_server_without_encryption_is_named_and_never_proposed() -> None:
    prober = FakeProber({("smtp.example.org", 25): Reach.PLAINTEXT})
    finding = await try_hosts("example.org", ["smtp.example.org"], prober)
    assert (finding.candidates, finding.reason) == ((), "plaintext-only")
    assert finding.remarks[0].key == "custom_smtp.remarks.plaintext"
    assert finding.remarks[0].values == {"host": "smtp.example.org", "port": "25"}


async def test_the_plain_port_is_not_worth_a_word_where_another_is_encrypted() -> None:
    prober = FakeProber({("smtp.example.org", 25): Reach.PLAINTEXT, ("smtp.example.org", 465): Reach.SECURE})
    assert (await try_hosts("example.org", ["smtp.example.org"], prober)).remarks == ()


@pytest.mark.parametrize(
    ("reach", "reason"),
    [
        (Reach.SILENT, "no-answer"),
        (Reach.CLOSED, "nothing-found"),
        (Reach.NO_HOST, "nothing-found"),
        (Reach.OTHER, "nothing-found"),
    ],
)
async def test_why_there_is_nothing_is_noted(reach: Reach, reason: str) -> None:
    prober = FakeProber({("smtp.example.org", 465): reach})
    assert (await try_hosts("example.org", ["smtp.example.org"], prober)).reason == reason
