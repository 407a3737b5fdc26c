"""The facts about mail providers: in order, complete, and found by the right key only."""

import msgspec
import pytest

from sendwright import texts
from sendwright.network.resolver import MailExchanger
from sendwright.providers.custom_smtp import presets
from sendwright.providers.custom_smtp.candidate import UsernameForm, UsernameKind
from sendwright.providers.custom_smtp.presets import Certainty, Filter, Preset, Presets, Server, load
from sendwright.senders.smtp.settings import Security


def preset(name: str, **changes: object) -> Preset:
    given: dict[str, object] = {
        "name": name,
        "servers": [{"host": "smtp.example.org", "port": 465, "security": "tls"}],
        "username": "address",
        "confidence": "memory",
        "source": "a test",
    }
    return msgspec.convert({**given, **changes}, Preset)


def exchangers(*hosts: str) -> tuple[MailExchanger, ...]:
    return tuple(MailExchanger(10 * (place + 1), host) for place, host in enumerate(hosts))


def test_more_than_sixty_providers_are_known() -> None:
    known = load()
    brands = {entry.name.partition(",")[0] for entry in known.all}
    assert len(brands) >= 60
    assert len(known.filters) >= 10


@pytest.mark.parametrize("entry", load().all, ids=lambda entry: entry.name)
def test_every_preset_is_encrypted_and_says_what_it_wants_and_where_it_comes_from(entry: Preset) -> None:
    for server in entry.servers:
        assert server.security in set(Security)
        assert (server.security is Security.TLS) == (server.port in {465, 2465})
        assert server.port != 25
    assert len(set(entry.servers)) == len(entry.servers)
    assert entry.source
    assert (entry.confidence is Certainty.MEMORY) == (entry.source == "memory")
    assert not entry.note or texts.has(f"custom_smtp.notes.{entry.note}")
    reachable_by_host = all(load().by_host(server.host.replace("*", "w1")) is entry for server in entry.servers)
    assert entry.domains or entry.mx or reachable_by_host


@pytest.mark.parametrize(("name", "way"), [("Google", "gmail"), ("Microsoft 365", "microsoft365")])
def test_who_has_a_way_of_its_own_says_so(name: str, way: str) -> None:
    entry = next(entry for entry in load().all if entry.name == name)
    assert entry.own_way == way
    assert entry.note


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("gmail.com", "Google"),
        ("web.de", "WEB.DE"),
        ("orange.fr", "Orange"),
        ("proximus.be", "Proximus"),
        ("outlook.com", "Outlook.com"),
        ("xs4all.nl", "KPN"),
    ],
)
def test_an_address_domain_finds_its_provider(domain: str, name: str) -> None:
    found = load().by_domain(domain)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("domain", ["example.org", "notgmail.com", "sub.gmail.com", "", "com"])
def test_a_domain_of_nobody_finds_nobody(domain: str) -> None:
    assert load().by_domain(domain) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("aspmx.l.google.com", "Google"),
        ("contoso-com.mail.protection.outlook.com", "Microsoft 365"),
        ("contoso-com.a-v1.mx.microsoft", "Microsoft 365"),
        ("hotmail-com.olc.protection.outlook.com", "Outlook.com"),
        ("mx01.kundenserver.de", "IONOS, Germany"),
        ("mx1.mail.ovh.net", "OVHcloud"),
        ("smtpin.rzone.de", "STRATO"),
        ("in1-smtp.messagingengine.com", "Fastmail"),
        ("mx2.zoho.eu", "Zoho Mail, Europe"),
        ("mx-eu.mail.am0.yahoodns.net", "Yahoo Mail"),
        ("mx-aol.mail.gm0.yahoodns.net", "AOL Mail"),
        ("us-smtp-inbound-1.mimecast.com", "Mimecast"),
        ("mx0a-00000000.pphosted.com", "Proofpoint"),
    ],
)
def test_a_mail_exchanger_finds_its_owner_by_the_longest_suffix(host: str, name: str) -> None:
    found = load().by_exchangers(exchangers(host))
    assert found is not None
    assert (found[0].name, found[1]) == (name, host)


@pytest.mark.parametrize("host", ["mail.example.org", "notgoogle.com", "google.com.evil.example", "."])
def test_an_exchanger_of_nobody_finds_nobody(host: str) -> None:
    assert load().by_exchangers(exchangers(host)) is None


def test_the_best_exchanger_decides_so_a_filter_is_not_guessed_around() -> None:
    known = load()
    behind = known.by_exchangers(exchangers("mx0a.pphosted.com", "aspmx.l.google.com"))
    assert behind is not None
    assert isinstance(behind[0], Filter)
    before = known.by_exchangers((MailExchanger(20, "mx0a.pphosted.com"), MailExchanger(10, "aspmx.l.google.com")))
    assert before is not None
    assert before[0].name == "Google"


@pytest.mark.parametrize(
    ("host", "name", "literal"),
    [
        ("smtp.sendgrid.net", "Twilio SendGrid", "apikey"),
        ("smtp.resend.com", "Resend", "resend"),
        ("email-smtp.eu-west-1.amazonaws.com", "Amazon SES", ""),
        ("w0123456.kasserver.com", "ALL-INKL.COM", ""),
        ("ex4.mail.ovh.net", "OVHcloud Hosted Exchange", ""),
    ],
)
def test_a_typed_host_finds_the_service_and_its_fixed_user_name(host: str, name: str, literal: str) -> None:
    found = load().by_host(host)
    assert found is not None
    assert (found.name, found.username_form.literal) == (name, literal)


def test_a_pattern_stands_for_a_part_of_a_name_only() -> None:
    assert load().by_host("email-smtp.amazonaws.com") is None
    assert load().by_host("kasserver.com") is None
    assert load().by_host("smtp.sendgrid.net.evil.example") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"servers": []},
        {"servers": [{"host": "smtp.example.org", "port": 25, "security": "none"}]},
        {"servers": [{"host": "smtp.example.org", "port": 0, "security": "tls"}]},
        {"servers": [{"host": "SMTP example", "port": 465, "security": "tls"}]},
        {"servers": [{"host": "smtp.example.org", "port": 465}]},
        {"username": "somebody"},
        {"username": "literal"},
        {"literal": "apikey"},
        {"confidence": "guessed"},
        {"source": ""},
        {"domains": ["Example.org"]},
        {"colour": "blue"},
    ],
)
def test_a_faulty_entry_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        preset("Faulty", **wrong)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"domains": ["example.org"]}, {"domains": ["example.org"]}),
        ({"mx": ["mx.example.org"]}, {"mx": ["mx.example.org"]}),
    ],
)
def test_two_presets_cannot_claim_the_same(one: dict[str, object], other: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="claimed twice"):
        Presets((preset("One", **one), preset("Other", **other)))


def test_two_presets_cannot_bear_one_name() -> None:
    with pytest.raises(ValueError, match="One is claimed twice"):
        Presets((preset("One"), preset("One", domains=["example.net"])))


@pytest.mark.parametrize(
    ("form", "username"),
    [
        (UsernameForm(UsernameKind.ADDRESS), "ada@example.org"),
        (UsernameForm(UsernameKind.LOCAL_PART), "ada"),
        (UsernameForm(UsernameKind.LITERAL, "apikey"), "apikey"),
        (UsernameForm(UsernameKind.OWN), ""),
        (UsernameForm(UsernameKind.NONE), ""),
    ],
)
def test_the_user_name_follows_from_the_form(form: UsernameForm, username: str) -> None:
    assert form.of("ada@example.org") == username


def test_a_pattern_serves_the_hosts_it_describes() -> None:
    server = Server("*.kasserver.com", 465, Security.TLS)
    assert presets.serves(server, "w0.kasserver.com")
    assert not presets.serves(server, "kasserver.com")
