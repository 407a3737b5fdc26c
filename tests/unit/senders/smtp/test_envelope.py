"""MAIL and RCPT: addresses, extensions, refusals."""

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import evidence_of, script

WITHOUT_UTF8 = ("SIZE 1000", "8BITMIME")
HOSTILE = [
    "anna@example.org>\r\nRCPT TO:<eve@example.net",
    "anna@example.org> SIZE=1",
    "<anna@example.org",
    "anna @example.org",
    "anna@example.org\n",
    "anna\x00@example.org",
    "anna",
    "@example.org",
    "anna@exa mple.org",
    "anna@" + "a" * 64 + ".org",
    "a" * 65 + "@example.org",
    "",
]


@pytest.mark.parametrize("stage", ["sender", "recipient"])
@pytest.mark.parametrize("address", HOSTILE)
async def test_an_address_that_cannot_stand_in_a_command_is_never_sent(
    *, scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, stage: str, address: str
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    if stage == "sender":
        walking.sender = address
    else:
        walking.recipient = address
    if address.endswith("\n"):  # space around an address does not count
        await walking.until(stage)
        assert b"\n" not in server.record.commands[-1].argument.encode()
        return
    evidence = await walking.fails_at(stage)
    assert (evidence.stage, evidence.condition) == (stage, "address-not-sendable")
    assert evidence.values["reason"]
    assert server.record.verbs[-1] == ("AUTH" if stage == "sender" else "MAIL")
    assert walking.session.is_open


async def test_a_domain_with_umlauts_goes_as_a_labels(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=WITHOUT_UTF8))
    walking = walk(server.port)
    walking.sender, walking.recipient = "anna@bücher.example", "bob@Straße.example"
    await walking.until("submit")
    (message,) = server.record.messages
    assert message.sender == "anna@xn--bcher-kva.example"
    assert message.recipients == ("bob@xn--strae-oqa.example",)
    assert "SMTPUTF8" not in message.mail_options


async def test_a_local_part_with_umlauts_uses_smtputf8(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    walking.sender = "jürgen@example.org"
    await walking.until("submit")
    (message,) = server.record.messages
    assert message.sender == "jürgen@example.org"
    assert message.mail_options.split()[:2] == ["SMTPUTF8", "BODY=8BITMIME"]


async def test_a_recipient_with_umlauts_makes_mail_be_said_again(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    walking.recipient = "jürgen@example.net"
    await walking.until("submit")
    (message,) = server.record.messages
    assert message.recipients == ("jürgen@example.net",)
    assert "SMTPUTF8" in message.mail_options
    assert server.record.verbs[-5:] == ["MAIL", "RSET", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("stage", ["sender", "recipient"])
async def test_without_smtputf8_such_an_address_is_refused_here(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, stage: str
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=WITHOUT_UTF8))
    walking = walk(server.port)
    setattr(walking, stage, "jürgen@example.org")
    evidence = await walking.fails_at(stage)
    assert (evidence.stage, evidence.condition) == (stage, "smtputf8-not-offered")
    assert walking.session.is_open


@pytest.mark.parametrize(
    ("extensions", "options"),
    [
        (("SIZE 1000", "8BITMIME"), "BODY=8BITMIME SIZE=500"),
        (("8BITMIME",), "BODY=8BITMIME"),
        (("SIZE",), "SIZE=500"),
        ((), ""),
    ],
)
async def test_only_what_is_offered_is_used(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    extensions: tuple[str, ...],
    options: str,
) -> None:
    server = scripted_smtp(script(certificates.good, extensions=extensions))
    walking = walk(server.port)
    await walking.until("sign-in")
    await walking.session.sender("anna@example.org", size=500, eight_bit=True)
    assert server.record.commands[-1].argument == f"FROM:<anna@example.org> {options}".rstrip()


@pytest.mark.parametrize("stage", ["sender", "recipient"])
@pytest.mark.parametrize(
    ("answer", "reply", "enhanced"),
    [
        (b"553 5.7.1 <anna@example.org>: Sender address rejected: not owned by user x", 553, "5.7.1"),
        (b"450 4.7.1 Greylisted", 450, "4.7.1"),
        (b"550 Unknown", 550, None),
        (b"451-4.3.0 Two\r\n451 4.3.0 lines", 451, "4.3.0"),
    ],
)
async def test_a_refusal_carries_reply_and_words(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    stage: str,
    answer: bytes,
    reply: int,
    enhanced: str | None,
) -> None:
    place = {"sender": "mail", "recipient": "rcpt"}[stage]
    server = scripted_smtp(script(certificates.good, **{place: answer}))
    walking = walk(server.port)
    evidence = await walking.fails_at(stage)
    assert (evidence.stage, evidence.reply, evidence.enhanced) == (stage, reply, enhanced)
    assert evidence.text == "\n".join(line[4:] for line in answer.decode().split("\r\n"))
    assert walking.session.is_open


async def test_after_a_refused_recipient_another_may_be_tried(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, rcpt={"nobody@example.net": b"550 5.1.1 Unknown"}))
    walking = walk(server.port)
    await walking.until("sender")
    await evidence_of(walking.session.recipient("nobody@example.net"))
    await walking.until("submit")
    assert server.record.messages[0].recipients == ("bob@example.net",)
