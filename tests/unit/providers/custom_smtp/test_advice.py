"""What is said while a host is being typed, and how quietly."""

import pytest
from tests.unit.providers.doubles import FakeProber

from sendwright import texts
from sendwright.providers.custom_smtp.advice import advise_connection
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.candidate import Candidate, Confidence, Origin, UsernameForm
from sendwright.providers.custom_smtp.presets import load
from sendwright.providers.custom_smtp.probe import Reach
from sendwright.providers.provider import Advice
from sendwright.senders.smtp.settings import Security

HOST = "smtp.example.org"
TYPED = {"host": HOST, "port": "25", "security": "starttls", "username": "ada@example.org"}
FOUND = SmtpAnswers(address="ada@example.org")
BOTH = {(HOST, 465): Reach.SECURE, (HOST, 587): Reach.SECURE}


async def advise(prober: FakeProber, state: SmtpAnswers = FOUND, **changes: str) -> Advice:
    advice = await advise_connection({**TYPED, **changes}, state=state, presets=load(), prober=prober)
    assert all(texts.text(notice.key, **notice.values) for notice in advice.notices)
    assert all(texts.text(proposal.origin) for proposal in advice.proposals)
    return advice


def keys(advice: Advice) -> list[str]:
    return [notice.key for notice in advice.notices]


async def test_it_says_where_the_host_answers_and_proposes_it() -> None:
    advice = await advise(FakeProber(BOTH))
    assert keys(advice) == ["custom_smtp.probe.tls", "custom_smtp.probe.starttls", "custom_smtp.probe.not-this-port"]
    assert advice.notices[0].values == {"host": HOST, "port": "465"}
    assert [proposal.values for proposal in advice.proposals] == [
        {"host": HOST, "port": "465", "security": "tls"},
        {"host": HOST, "port": "587", "security": "starttls"},
    ]


async def test_nothing_is_proposed_where_the_typed_settings_answer() -> None:
    advice = await advise(FakeProber(BOTH), port="587")
    assert advice.proposals == ()
    assert keys(advice) == ["custom_smtp.probe.tls", "custom_smtp.probe.starttls"]


async def test_the_right_protection_is_proposed_for_the_typed_port() -> None:
    advice = await advise(FakeProber(BOTH), port="465", security="starttls")
    assert "custom_smtp.security.unusual-starttls" in keys(advice)
    assert {"host": HOST, "port": "465", "security": "tls"} in [one.values for one in advice.proposals]


async def test_a_port_of_its_own_is_tried_too() -> None:
    prober = FakeProber({(HOST, 8025): Reach.SECURE})
    advice = await advise(prober, port="8025")
    assert (HOST, 8025) in prober.tried
    assert advice.proposals == ()
    assert keys(advice) == ["custom_smtp.probe.starttls"]


@pytest.mark.parametrize("half", ["", "s", "smtp", "smtp.", "https://x", "ada@example.org", "smtp.example.org:4"])
async def test_what_is_only_half_typed_is_left_alone(half: str) -> None:
    prober = FakeProber()
    advice = await advise(prober, host=half)
    assert (advice.notices, advice.proposals, prober.tried) == ((), (), [])


@pytest.mark.parametrize("host", ["localhost", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "mail.intern"])
async def test_every_whole_host_is_tried(host: str) -> None:
    prober = FakeProber()
    await advise(prober, host=host)
    assert prober.tried


async def test_a_host_without_encryption_is_refused_with_the_reason() -> None:
    advice = await advise(FakeProber({(HOST, 25): Reach.PLAINTEXT}))
    assert keys(advice) == ["custom_smtp.probe.plaintext"]
    assert advice.proposals == ()


async def test_a_certificate_that_is_not_trusted_is_told_and_still_proposed() -> None:
    advice = await advise(FakeProber({(HOST, 465): Reach.UNTRUSTED}))
    assert keys(advice)[0] == "custom_smtp.probe.untrusted"
    assert [one.values["port"] for one in advice.proposals] == ["465"]


@pytest.mark.parametrize(
    ("reach", "key"), [(Reach.NO_HOST, "custom_smtp.probe.no-host"), (Reach.SILENT, "custom_smtp.probe.no-answer")]
)
async def test_that_nothing_answers_is_said_once(reach: Reach, key: str) -> None:
    advice = await advise(FakeProber({(HOST, port): reach for port in (465, 587, 2525, 25)}))
    assert keys(advice) == [key]
    assert advice.proposals == ()


async def test_without_a_user_name_it_says_what_that_means() -> None:
    assert "custom_smtp.username.none" in keys(await advise(FakeProber(BOTH), username=" "))
    assert "custom_smtp.username.none" not in keys(await advise(FakeProber(BOTH)))


@pytest.mark.parametrize(
    ("host", "key", "name"),
    [
        ("smtp.gmail.com", "custom_smtp.notes.google", "Google"),
        ("smtp.office365.com", "custom_smtp.notes.microsoft", "Microsoft 365"),
        ("smtp.fastmail.com", "custom_smtp.notes.app-password", "Fastmail"),
        ("email-smtp.eu-west-3.amazonaws.com", "custom_smtp.notes.smtp-credentials", "Amazon SES"),
    ],
)
async def test_what_is_known_of_a_host_is_said(host: str, key: str, name: str) -> None:
    advice = await advise(FakeProber(), host=host)
    notice = next(notice for notice in advice.notices if notice.key == key)
    assert notice.values["name"] == name
    assert notice.field == "username"


async def test_the_fixed_user_name_of_a_service_is_proposed() -> None:
    prober = FakeProber({("smtp.sendgrid.net", 465): Reach.SECURE})
    advice = await advise(prober, host="smtp.sendgrid.net", port="465", security="tls")
    assert [one.values for one in advice.proposals] == [
        {"host": "smtp.sendgrid.net", "port": "465", "security": "tls", "username": "apikey"}
    ]
    settled = await advise(prober, host="SMTP.SendGrid.net", port="465", security="tls", username="apikey")
    assert settled.proposals == ()


async def test_a_host_in_another_script_is_tried_in_ascii_and_told_in_its_own() -> None:
    prober = FakeProber({("mail.xn--bcher-kva.example", 465): Reach.SECURE})
    advice = await advise(prober, host="mail.bücher.example")
    assert advice.notices[0].values["host"] == "mail.bücher.example"
    assert advice.proposals[0].values["host"] == "mail.xn--bcher-kva.example"


@pytest.mark.parametrize("answer", [{}, {"host": HOST}, {"host": HOST, "port": "x", "security": "none"}])
async def test_missing_or_odd_fields_are_no_trouble(answer: dict[str, str]) -> None:
    advice = await advise_connection(answer, state=SmtpAnswers(), presets=load(), prober=FakeProber(BOTH))
    assert all(proposal.values["host"] == HOST for proposal in advice.proposals)


def found(note: str, host: str = HOST) -> Candidate:
    return Candidate(
        host=host,
        port=465,
        security=Security.TLS,
        username_form=UsernameForm(),
        origin=Origin("custom_smtp.origin.srv", {"domain": "example.net", "name": "Example"}),
        confidence=Confidence.TO_CONFIRM,
        note=note,
    )


async def test_what_the_search_noted_of_a_host_is_said_again_when_it_is_chosen() -> None:
    noted = found("custom_smtp.notes.other-domain")
    elsewhere = found("custom_smtp.notes.relay-port", "other.example.org")
    state = SmtpAnswers(address="ada@example.net", candidates=(noted, elsewhere))
    advice = await advise(FakeProber(BOTH), state, port="465", security="tls")
    assert keys(advice)[0] == "custom_smtp.notes.other-domain"
    assert "custom_smtp.notes.relay-port" not in keys(advice)


async def test_an_old_doubt_about_a_certificate_is_not_repeated() -> None:
    state = SmtpAnswers(address="ada@example.org", candidates=(found("custom_smtp.notes.certificate"),))
    assert "custom_smtp.notes.certificate" not in keys(await advise(FakeProber(BOTH), state))


async def test_a_provider_known_by_its_host_and_by_the_search_is_described_once() -> None:
    noted = found("custom_smtp.notes.google", "smtp.gmail.com")
    state = SmtpAnswers(address="ada@gmail.com", candidates=(noted,))
    advice = await advise(FakeProber(), state, host="smtp.gmail.com")
    assert keys(advice).count("custom_smtp.notes.google") == 1
