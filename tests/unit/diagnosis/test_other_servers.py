"""Exim and OpenSMTPD are understood as Postfix is, and every broken certificate has its name on all three."""

import pytest
from tests.servers.accounts import ANNA, GREYLISTED, NOTIFICATIONS, UNKNOWN
from tests.servers.certificates import Certificates
from tests.servers.fixtures import RealSmtp, StartPostfix, StartRealSmtp
from tests.unit.diagnosis.walking import Login, Target, attempt, failure, message, verdicts, walk

from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.senders.smtp.settings import Security

pytestmark = pytest.mark.real_server

ANNA_SIGNS_IN = Login(username=ANNA.address, secret=ANNA.password)
BROKEN = {
    "expired": "tls-certificate-expired",
    "not_yet_valid": "tls-certificate-not-yet-valid",
    "self_signed": "tls-certificate-self-signed",
    "wrong_name": "tls-certificate-wrong-name",
    "missing_intermediate": "tls-certificate-unknown-issuer",
    "unknown_issuer": "tls-certificate-unknown-issuer",
    "private_root_sent": "tls-certificate-unknown-issuer",
}
TLS_1_0_ONLY = {
    "smtpd_tls_mandatory_protocols": "TLSv1",
    "smtpd_tls_protocols": "TLSv1",
    "smtpd_tls_mandatory_ciphers": "null",
    "tls_null_cipherlist": "ALL:@SECLEVEL=0",
}


async def _see(
    port: int,
    certificates: Certificates,
    *,
    security: Security = Security.STARTTLS,
    login: Login | None = ANNA_SIGNS_IN,
    to: str = NOTIFICATIONS.address,
) -> list[StageResult]:
    target = Target(port=port)
    asked = attempt(
        target,
        security=security,
        ca_pem=certificates.ca_file.read_text(),
        login=login,
        sender=ANNA.address,
        recipient=to,
        submit=message(sender=ANNA.address, recipient=to),
    )
    return await walk(asked, target)


def _port(server: RealSmtp, security: Security) -> int:
    return server.submissions if security is Security.TLS else server.submission


@pytest.mark.parametrize("security", list(Security))
async def test_a_good_setup_passes_every_stage(
    other_smtp: StartRealSmtp, certificates: Certificates, security: Security
) -> None:
    server = other_smtp()
    results = await _see(_port(server, security), certificates, security=security)
    assert verdicts(results) == dict.fromkeys(SMTP_STAGES, Verdict.PASSED)


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("kind", BROKEN)
async def test_a_broken_certificate_has_its_name(
    other_smtp: StartRealSmtp, certificates: Certificates, kind: str, security: Security
) -> None:
    server = other_smtp(getattr(certificates, kind))
    failed = failure(await _see(_port(server, security), certificates, security=security))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("secure", BROKEN[kind])


async def test_nothing_newer_than_tls_1_0_is_too_old(other_smtp: StartRealSmtp, certificates: Certificates) -> None:
    server = other_smtp(retired_tls=True)
    failed = failure(await _see(server.submission, certificates))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("secure", "tls-version-too-old")


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("kind", BROKEN)
async def test_on_postfix_a_broken_certificate_has_the_same_name(
    own_postfix: StartPostfix, certificates: Certificates, kind: str, security: Security
) -> None:
    ports = own_postfix(certificate=getattr(certificates, kind)).ports
    port = ports.submissions if security is Security.TLS else ports.submission
    failed = failure(await _see(port, certificates, security=security))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("secure", BROKEN[kind])


async def test_on_postfix_nothing_newer_than_tls_1_0_is_too_old(
    own_postfix: StartPostfix, certificates: Certificates
) -> None:
    server = own_postfix(parameters=TLS_1_0_ONLY)
    failed = failure(await _see(server.ports.submission, certificates))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("secure", "tls-version-too-old")


async def test_a_wrong_password_is_told_with_certainty_or_not_at_all(
    other_smtp: StartRealSmtp, certificates: Certificates
) -> None:
    wrong = Login(username=ANNA.address, secret="not hers")
    failed = failure(await _see(other_smtp().submission, certificates, login=wrong))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code, failed.problem.owner) == ("sign-in", "auth-wrong-credentials", "you")


async def test_a_recipient_nobody_knows(other_smtp: StartRealSmtp, certificates: Certificates) -> None:
    failed = failure(await _see(other_smtp().submission, certificates, to=UNKNOWN))
    assert failed.problem is not None
    assert failed.id == "recipient"
    # OpenSMTPD calls an address of a virtual domain that nobody has a mailing list that leads nowhere (524 5.2.4).
    assert failed.problem.code in {"recipient-unknown", "mailing-list-broken"}
    assert failed.problem.owner in {"you", "recipient"}


async def test_nobody_relays_for_a_stranger(other_smtp: StartRealSmtp, certificates: Certificates) -> None:
    failed = failure(await _see(other_smtp().submission, certificates, login=None, to="bob@example.com"))
    assert failed.problem is not None
    assert failed.id == "recipient"
    assert failed.problem.code in {"relay-denied", "recipient-unknown"}  # OpenSMTPD says no more than "invalid"
    assert failed.problem.retry == "after-fix"


@pytest.mark.parametrize("other_smtp", ["exim"], indirect=True)
async def test_greylisting_of_exim_passes_by_itself(other_smtp: StartRealSmtp, certificates: Certificates) -> None:
    failed = failure(await _see(other_smtp().submission, certificates, to=GREYLISTED))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code, failed.problem.owner) == ("recipient", "greylisted", "nobody")
    assert (failed.problem.finality, failed.problem.side) == ("deferred", "theirs")
