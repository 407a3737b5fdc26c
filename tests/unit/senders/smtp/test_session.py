"""A session that goes well, in both modes."""

import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.unit.senders.smtp.conftest import MakeSettings, StartWalk
from tests.unit.senders.smtp.walking import BOTH, CONTENT, script

from sendwright.secret import Secret
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security

STAGES = {"resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit"}


@pytest.mark.parametrize(
    ("security", "third", "fourth"),
    [(Security.STARTTLS, "greet", "secure"), (Security.TLS, "secure", "greet")],
)
def test_the_order_follows_from_the_security(
    settings: MakeSettings, security: Security, third: str, fourth: str
) -> None:
    order = SmtpSession.order(settings(25, security))
    assert order[2:4] == (third, fourth)
    assert set(order) == STAGES


@pytest.mark.parametrize("security", BOTH)
async def test_a_message_is_handed_over(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, security: Security
) -> None:
    server = scripted_smtp(script(certificates.good, security, accounts={ANNA.address: ANNA.password}))
    walking = walk(server.port, security)
    submitted = await walking.until("submit")
    assert submitted == {
        "size": len(CONTENT),
        "queue_id": "SCRIPTED",
        "reply": "250 2.0.0 Ok: queued as SCRIPTED",
    }
    (message,) = server.record.messages
    assert message.content == CONTENT
    assert message.recipients == ("bob@example.net",)
    assert message.mail_options == f"SIZE={len(CONTENT)}"
    assert message.encrypted


@pytest.mark.parametrize("security", BOTH)
async def test_each_stage_says_what_it_saw(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, security: Security
) -> None:
    server = scripted_smtp(script(certificates.good, security))
    walking = walk(server.port, security)
    await walking.until("recipient")
    facts = walking.facts
    assert facts["resolve"]["addresses"]
    assert facts["connect"]["address"] in facts["resolve"]["addresses"]  # type: ignore[operator]
    assert facts["connect"]["attempts"][0]["errno"] is None  # type: ignore[index]
    assert facts["greet"]["greeting"] == "mail.example.org ESMTP scripted"
    assert facts["greet"]["size_limit"] == 10_240_000
    assert facts["secure"]["version"] == "TLSv1.3"
    assert "mail.example.org" in facts["secure"]["chain"][0]["names"]  # type: ignore[index]
    assert facts["sign-in"] == {
        "mechanism": "PLAIN",
        "mechanisms": ["PLAIN", "LOGIN"],
        "reply": "235 2.7.0 Authentication successful",
    }
    assert facts["sender"] == {"address": ANNA.address, "reply": "250 2.1.0 Ok"}
    assert facts["recipient"] == {"address": "bob@example.net", "reply": "250 2.1.0 Ok"}


async def test_nothing_but_ehlo_and_starttls_goes_over_in_clear(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, auth_before_tls=True))
    await walk(server.port).until("submit")
    assert [command.verb for command in server.record.commands if not command.encrypted] == ["EHLO", "STARTTLS"]


async def test_what_was_offered_in_clear_does_not_count_after_tls(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    in_clear = b"250-mail.example.org\r\n250-SIZE 10\r\n250 STARTTLS"
    server = scripted_smtp(script(certificates.good, ehlo=(in_clear, b"250-mail.example.org\r\n250 DSN")))
    walking = walk(server.port)
    await walking.until("greet")
    assert walking.session.extensions.size_limit == 10
    await walking.until("secure")
    assert dict(walking.session.extensions.words) == {"DSN": ""}


@pytest.mark.parametrize(("name", "said"), [(None, "[127.0.0.1]"), ("client.example.org", "client.example.org")])
async def test_ehlo_gives_the_computers_own_address_or_the_given_name(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, name: str | None, said: str
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port, host="127.0.0.1")
    walking.session._local_hostname = name
    await walking.until("secure")
    assert {command.argument for command in server.record.commands if command.verb == "EHLO"} == {said}


async def test_an_ipv6_literal_is_a_host(scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk) -> None:
    server = scripted_smtp(script(certificates.good), host="::1")
    facts = await walk(server.port, host="[IPv6:::1]").until("secure")
    assert facts["version"] == "TLSv1.3"
    assert server.record.commands[0].argument == "[IPv6:::1]"


async def test_quit_says_goodbye_and_close_may_follow(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    await walking.until("secure")
    assert walking.session.is_open
    await walking.session.quit()
    assert not walking.session.is_open
    await walking.session.close()
    await walking.session.quit()
    assert server.record.verbs[-1] == "QUIT"


async def test_quit_and_close_are_quiet_before_there_is_a_connection(walk: StartWalk) -> None:
    walking = walk(25)
    await walking.session.quit()
    await walking.session.close()
    assert not walking.session.is_open


async def test_reset_forgets_the_envelope(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    await walking.until("recipient")
    await walking.session.reset()
    del walking.facts["sender"], walking.facts["recipient"]
    await walking.until("submit")
    assert [verb for verb in server.record.verbs if verb in ("MAIL", "RSET")] == ["MAIL", "RSET", "MAIL"]


async def test_signing_in_without_tls_is_a_fault_of_ours(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, auth_before_tls=True))
    walking = walk(server.port)
    await walking.until("greet")
    with pytest.raises(ValueError, match="TLS"):
        await walking.session.sign_in(Secret("never sent"))
    assert not server.record.sign_ins
