"""What is taken from a published document of settings, and which documents are sent back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.providers.custom_smtp.autoconfig import MAX_SERVERS, AutoconfigInvalid, parse_autoconfig
from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Origin,
    UsernameForm,
    UsernameKind,
)
from sendwright.senders.smtp.settings import Security

ORIGIN = Origin("custom_smtp.origin.autoconfig", {"domain": "example.org"})


def server(
    *,
    host: str = "smtp.example.org",
    port: str = "465",
    socket: str = "SSL",
    username: str = "%EMAILADDRESS%",
    ways: tuple[str, ...] = ("password-cleartext",),
    kind: str = "smtp",
) -> str:
    authentication = "".join(f"<authentication>{way}</authentication>" for way in ways)
    return (
        f'<outgoingServer type="{kind}"><hostname>{host}</hostname><port>{port}</port>'
        f"<socketType>{socket}</socketType><username>{username}</username>{authentication}</outgoingServer>"
    )


def document(*servers: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><clientConfig version="1.1"><emailProvider id="example.org">'
        '<incomingServer type="imap"><hostname>imap.example.org</hostname></incomingServer>'
        f"{''.join(servers)}</emailProvider></clientConfig>"
    ).encode()


def parse(content: bytes) -> tuple[Candidate, ...]:
    return parse_autoconfig(content, domain="example.org", origin=ORIGIN, confidence=Confidence.CONFIRMED)


def test_the_servers_come_in_the_order_of_the_document() -> None:
    found = parse(document(server(), server(port="587", socket="STARTTLS")))
    assert [one.endpoint for one in found] == [
        ("smtp.example.org", 465, Security.TLS),
        ("smtp.example.org", 587, Security.STARTTLS),
    ]
    assert found[0] == Candidate(
        host="smtp.example.org",
        port=465,
        security=Security.TLS,
        username_form=UsernameForm(UsernameKind.ADDRESS),
        origin=ORIGIN,
        confidence=Confidence.CONFIRMED,
    )


@pytest.mark.parametrize(
    ("username", "form"),
    [
        ("%EMAILADDRESS%", UsernameForm(UsernameKind.ADDRESS)),
        ("%EMAILLOCALPART%@%EMAILDOMAIN%", UsernameForm(UsernameKind.ADDRESS)),
        ("%EMAILLOCALPART%", UsernameForm(UsernameKind.LOCAL_PART)),
        ("apikey", UsernameForm(UsernameKind.LITERAL, "apikey")),
        ("%EMAILADDRESS", UsernameForm(UsernameKind.OWN)),
        ("%EMAILLOCALPART%.%EMAILDOMAIN%", UsernameForm(UsernameKind.OWN)),
        ("", UsernameForm(UsernameKind.OWN)),
        ("x" * 300, UsernameForm(UsernameKind.OWN)),
        ("two\nlines", UsernameForm(UsernameKind.OWN)),
    ],
)
def test_the_user_name_is_read_from_its_placeholder(username: str, form: UsernameForm) -> None:
    assert parse(document(server(username=username)))[0].username_form == form


def test_the_host_may_be_made_of_the_domain() -> None:
    assert parse(document(server(host="mail.%EMAILDOMAIN%")))[0].host == "mail.example.org"


@pytest.mark.parametrize("way", ["none", "client-IP-address"])
def test_a_server_without_sign_in_wants_no_user_name(way: str) -> None:
    found = parse(document(server(ways=(way,))))[0]
    assert found.username_form == UsernameForm(UsernameKind.NONE)
    assert found.note == ""


@pytest.mark.parametrize(
    ("ways", "note"),
    [
        (("OAuth2",), "custom_smtp.notes.no-password"),
        (("OAuth2", "password-cleartext"), ""),
        (("password-encrypted",), ""),
        ((), ""),
        (("NTLM", "GSSAPI"), "custom_smtp.notes.no-password"),
    ],
)
def test_a_server_that_takes_no_password_is_remarked_on(ways: tuple[str, ...], note: str) -> None:
    assert parse(document(server(ways=ways)))[0].note == note


def test_a_server_in_plain_text_is_left_out() -> None:
    found = parse(document(server(port="25", socket="plain"), server()))
    assert [one.port for one in found] == [465]


def test_only_plain_text_is_refused_with_that_reason() -> None:
    with pytest.raises(AutoconfigInvalid) as raised:
        parse(document(server(socket="plain")))
    assert raised.value.code == "plaintext-only"


@pytest.mark.parametrize(
    "odd",
    [
        server(port="0"),
        server(port="65536"),
        server(port="-1"),
        server(port="\uff14\uff16\uff15"),
        server(port="many"),
        server(port=""),
        server(host=""),
        server(host="smtp example"),
        server(host="https://smtp.example.org"),
        server(kind="exchange"),
        "<outgoingServer type='smtp'/>",
    ],
)
def test_a_server_that_cannot_be_is_passed_over(odd: str) -> None:
    assert [one.port for one in parse(document(odd, server(port="587", socket="STARTTLS")))] == [587]


def test_the_same_server_twice_counts_once_and_a_crowd_is_cut() -> None:
    assert len(parse(document(server(), server()))) == 1
    crowd = [server(port=str(port)) for port in range(1000, 1000 + 3 * MAX_SERVERS)]
    assert len(parse(document(*crowd))) == MAX_SERVERS


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><clientConfig>&c;</clientConfig>"""
EXTERNAL = (
    b"""<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><clientConfig>&x;</clientConfig>"""
)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"{}",
        b"\x00\x01\x02",
        b"<clientConfig>",
        BILLION_LAUGHS,
        EXTERNAL,
        b'<?xml version="1.0" encoding="klingon"?><clientConfig/>',
        b'<?xml version="1.0" encoding="UTF-16"?><clientConfig/>',
        document(server(host="b\xfccher.example")).replace(b"\xc3\xbc", b"\xfc"),
        b'<!DOCTYPE clientConfig><clientConfig version="1.1"/>',
    ],
)
def test_a_document_that_is_none_or_means_harm_is_not_readable(hostile: bytes) -> None:
    with pytest.raises(AutoconfigInvalid) as raised:
        parse(hostile)
    assert raised.value.code == "not-readable"


def test_another_charset_is_read_when_the_document_says_so() -> None:
    latin = document(server(host="mail.b\xfccher.example")).decode().replace("UTF-8", "ISO-8859-1")
    assert parse(latin.encode("latin-1"))[0].host == "mail.xn--bcher-kva.example"


def test_a_document_nested_without_end_is_survived() -> None:
    depth = 20_000
    with pytest.raises(AutoconfigInvalid) as raised:
        parse(b"<clientConfig>" + b"<a>" * depth + b"</a>" * depth + b"</clientConfig>")
    assert raised.value.code == "nothing-found"


@given(st.binary(max_size=2_000))
def test_no_bytes_whatever_lead_to_more_than_a_refusal(content: bytes) -> None:
    with pytest.raises(AutoconfigInvalid):
        parse(content)
