"""A diagnosis walks one connection: what it tries, what it leaves alone, and how it ends."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script, Silence
from tests.servers.smtp_script import Security as Speaks
from tests.unit.diagnosis.walking import (
    SENDER,
    Login,
    Target,
    attempt,
    failure,
    message,
    network,
    verdicts,
    walk,
)

from sendwright.diagnosis.smtp import diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.senders.smtp.settings import Security

LOGIN = Login()


@pytest.fixture
def ca(certificates: Certificates) -> str:
    return certificates.ca_file.read_text()


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    accounts = {LOGIN.username: LOGIN.secret}
    return scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, accounts=accounts))


def _verbs(server: ScriptedSmtp) -> list[str]:
    return [command.verb for command in server.record.commands]


async def test_a_server_that_works_passes_every_stage(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, login=LOGIN, submit=message()), target)
    assert [result.id for result in results] == list(SMTP_STAGES)
    assert {result.verdict for result in results} == {Verdict.PASSED}
    assert all(result.took_ms >= 0 for result in results)
    assert len(server.record.messages) == 1


async def test_what_each_stage_saw_is_in_its_evidence(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, login=LOGIN, submit=message()), target)
    seen = {result.id: result.evidence for result in results}
    assert seen["resolve"]["addresses"] == ["127.0.0.1"]
    assert seen["connect"]["port"] == server.port
    assert "ESMTP scripted" in str(seen["greet"]["greeting"])
    assert str(seen["secure"]["version"]).startswith("TLSv1.")
    assert seen["sign-in"]["mechanism"] == "PLAIN"
    assert seen["sender"]["address"] == SENDER
    assert "queued as SCRIPTED" in str(seen["submit"]["reply"])


async def test_implicit_tls_encrypts_before_the_greeting(
    scripted_smtp: StartSmtp, certificates: Certificates, ca: str
) -> None:
    server = scripted_smtp(Script(security=Speaks.TLS, certificate=certificates.good))
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, security=Security.TLS), target)
    assert [result.id for result in results][:4] == ["resolve", "connect", "secure", "greet"]
    assert failure_of(results) is None


def failure_of(results: list[StageResult]) -> str | None:
    return next((result.id for result in results if result.verdict is Verdict.FAILED), None)


async def test_without_a_user_nothing_signs_in(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca), target)
    assert verdicts(results)["sign-in"] is Verdict.NOT_REACHED
    assert verdicts(results)["recipient"] is Verdict.PASSED
    assert "AUTH" not in _verbs(server)


async def test_without_a_message_nothing_is_submitted(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, login=LOGIN), target)
    assert verdicts(results)["submit"] is Verdict.NOT_REACHED
    assert "DATA" not in _verbs(server)


async def test_without_a_sender_no_recipient_is_named(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, sender=None), target)
    assert [verdicts(results)[stage] for stage in ("sender", "recipient", "submit")] == [Verdict.NOT_REACHED] * 3
    assert not {"MAIL", "RCPT"} & set(_verbs(server))


@pytest.mark.parametrize("last", SMTP_STAGES)
async def test_it_stops_after_the_stage_that_was_asked_for(server: ScriptedSmtp, ca: str, last: str) -> None:
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, login=LOGIN, submit=message(), stop_after=last), target)
    reached = [result.id for result in results if result.verdict is not Verdict.NOT_REACHED]
    assert reached == list(SMTP_STAGES[: SMTP_STAGES.index(last) + 1])


async def test_a_wrong_password_is_tried_exactly_once(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=ca, login=Login(secret="wrong"))
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert failed.problem.code == "auth-wrong-credentials"
    assert _verbs(server).count("AUTH") == 1


async def test_a_missing_password_is_told_without_troubling_the_server(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=ca, login=LOGIN)
    without = type(asked)(settings=asked.settings, sender=asked.sender)
    failed = failure(await walk(without, target))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sign-in", "password-missing")
    assert "AUTH" not in _verbs(server)


async def test_no_secret_is_in_any_result(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    for secret in (LOGIN.secret, "a wrong secret"):
        results = await walk(attempt(target, ca_pem=ca, login=Login(secret=secret)), target)
        assert secret not in repr(results)


async def test_it_takes_its_leave(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    await walk(attempt(target, ca_pem=ca), target)
    assert _verbs(server)[-1] == "QUIT"


async def test_after_a_refusal_it_takes_its_leave_too(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    await walk(attempt(target, ca_pem=ca, login=Login(secret="wrong")), target)
    assert _verbs(server)[-1] == "QUIT"


async def test_a_certificate_that_ends_soon_is_a_remark_and_nothing_more(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    first = await walk(attempt(target, ca_pem=ca), target)
    secured = next(result.evidence for result in first if result.id == "secure")
    chain = secured["chain"]
    assert isinstance(chain, list)
    ends = datetime.fromisoformat(chain[0]["not_after"])

    results = await walk(attempt(target, ca_pem=ca), target, clock=lambda: ends - timedelta(days=3))

    remarked = next(result for result in results if result.id == "secure")
    assert remarked.verdict is Verdict.WARNING
    assert remarked.problem is not None
    assert remarked.problem.code == "tls-certificate-expires-soon"
    assert remarked.problem.values["days_left"] == "3"
    assert failure_of(results) is None


async def test_a_sender_of_another_domain_is_a_remark(
    scripted_smtp: StartSmtp, certificates: Certificates, ca: str
) -> None:
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good))
    target = Target(port=server.port)
    results = await walk(attempt(target, ca_pem=ca, login=LOGIN, sender="notices@example.com"), target)
    remarked = next(result for result in results if result.id == "sender")
    assert remarked.problem is not None
    assert (remarked.verdict, remarked.problem.code) == (Verdict.WARNING, "sender-outside-login-domain")


async def test_a_wrong_clock_is_told_by_the_servers_date(
    scripted_smtp: StartSmtp, certificates: Certificates, ca: str
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    greeting = f"220 mail.example.org ESMTP Exim 4.96 {tomorrow:%a, %d %b %Y %H:%M:%S +0000}".encode()
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.not_yet_valid, greeting=greeting))
    target = Target(port=server.port)
    failed = failure(await walk(attempt(target, ca_pem=ca), target))
    assert failed.problem is not None
    assert failed.problem.code == "clock-wrong"


async def test_an_address_that_cannot_be_sent_is_a_problem_of_the_sender(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=ca, sender="a b@example.org")
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sender", "sender-address-invalid")


async def test_a_message_that_cannot_be_written_is_one_too(server: ScriptedSmtp, ca: str) -> None:
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=ca, submit=message(sender="a b@example.org"))
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sender", "sender-address-invalid")
    assert server.record.messages == []


async def test_closing_it_in_the_middle_closes_the_connection_at_once(
    scripted_smtp: StartSmtp, certificates: Certificates, ca: str
) -> None:
    silent = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, mail=Silence()))
    target = Target(port=silent.port)
    asked = attempt(target, ca_pem=ca)
    async with contextlib.aclosing(diagnose_smtp(asked, network(target, timeout_s=60))) as results:
        seen = [(await anext(results)).id for _ in range(5)]
        waiting = asyncio.ensure_future(anext(results))
        await asyncio.sleep(0.1)
        waiting.cancel()
        async with asyncio.timeout(2):
            with pytest.raises(asyncio.CancelledError):
                await waiting
    assert seen == ["resolve", "connect", "greet", "secure", "sign-in"]
    assert "QUIT" not in _verbs(silent)


async def test_a_filtered_port_takes_no_longer_than_the_time_given(black_hole: Address, ca: str) -> None:
    target = Target(host=black_hole.host, port=black_hole.port)
    async with asyncio.timeout(3):
        failed = failure(await walk(attempt(target, ca_pem=ca), target))
    assert failed.id == "connect"
    assert 1500 <= failed.took_ms <= 2900
