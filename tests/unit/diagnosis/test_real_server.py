"""What a real Postfix answers is called by its name, and a good set-up passes until the message is in the mailbox."""

import pytest
from tests.servers.accounts import ANNA, DISABLED, FULL, GREYLISTED, NOTIFICATIONS, UNKNOWN, Account
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartPostfix
from tests.servers.postfix import PostfixServer
from tests.unit.diagnosis.walking import Login, Target, attempt, failure, message, verdicts, walk

from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.senders.smtp.settings import Security

pytestmark = pytest.mark.real_server


@pytest.fixture
def ca(certificates: Certificates) -> str:
    return certificates.ca_file.read_text()


def _login(account: Account) -> Login:
    return Login(username=account.address, secret=account.password)


async def _submission(
    postfix: PostfixServer, ca: str, *, to: str, sender: str = ANNA.address, login: Login | None = None
) -> list[StageResult]:
    target = Target(port=postfix.ports.submission)
    asked = attempt(
        target,
        ca_pem=ca,
        login=login or _login(ANNA),
        sender=sender,
        recipient=to,
        submit=message(sender=sender, recipient=to),
    )
    return await walk(asked, target)


@pytest.mark.parametrize("security", list(Security))
async def test_a_good_setup_passes_and_the_message_arrives(postfix: PostfixServer, ca: str, security: Security) -> None:
    ports = postfix.ports
    target = Target(port=ports.submissions if security is Security.TLS else ports.submission)
    asked = attempt(
        target,
        security=security,
        ca_pem=ca,
        login=_login(ANNA),
        sender=ANNA.address,
        recipient=NOTIFICATIONS.address,
        submit=message(sender=ANNA.address, recipient=NOTIFICATIONS.address),
    )
    results = await walk(asked, target)
    assert verdicts(results) == dict.fromkeys(SMTP_STAGES, Verdict.PASSED)
    assert postfix.mailbox(NOTIFICATIONS.address).wait_for_message(subject="A test")


@pytest.mark.parametrize(
    ("to", "code", "owner"),
    [
        (UNKNOWN, "recipient-unknown", "you"),
        (FULL, "recipient-mailbox-full", "recipient"),
        (GREYLISTED, "greylisted", "nobody"),
        (DISABLED, "recipient-takes-no-mail", "recipient"),
    ],
)
async def test_a_recipient_that_is_refused(postfix: PostfixServer, ca: str, to: str, code: str, owner: str) -> None:
    failed = failure(await _submission(postfix, ca, to=to))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code, failed.problem.owner) == ("recipient", code, owner)


async def test_a_wrong_password(postfix: PostfixServer, ca: str) -> None:
    login = Login(username=ANNA.address, secret="not hers")
    failed = failure(await _submission(postfix, ca, to=NOTIFICATIONS.address, login=login))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sign-in", "auth-wrong-credentials")
    assert failed.problem.confidence == "certain"


async def test_an_expired_token(postfix: PostfixServer, ca: str) -> None:
    login = Login(username=ANNA.address, secret="expired.token", token=True)
    failed = failure(await _submission(postfix, ca, to=NOTIFICATIONS.address, login=login))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sign-in", "oauth-token-refused")


async def test_a_sender_that_is_somebody_elses(postfix: PostfixServer, ca: str) -> None:
    failed = failure(await _submission(postfix, ca, to=NOTIFICATIONS.address, sender=NOTIFICATIONS.address))
    assert failed.problem is not None
    assert failed.problem.code == "sender-not-allowed"
    assert failed.problem.values["username"] == ANNA.address


async def test_a_relay_without_sign_in(postfix: PostfixServer, ca: str) -> None:
    target = Target(port=postfix.ports.relay)
    asked = attempt(target, ca_pem=ca, sender="somebody@example.net", recipient="bob@example.com")
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("recipient", "relay-denied")


async def test_a_submission_port_without_sign_in(postfix: PostfixServer, ca: str) -> None:
    target = Target(port=postfix.ports.submission)
    asked = attempt(target, ca_pem=ca, sender="somebody@example.net", recipient="bob@example.com")
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert failed.problem.code in {"relay-denied", "rejected-by-policy", "sign-in-required"}
    assert failed.problem.retry == "after-fix"


async def test_a_message_beyond_the_limit(own_postfix: StartPostfix, ca: str) -> None:
    small = own_postfix(size_limit=2_000)
    target = Target(port=small.ports.submission)
    big = message(sender=ANNA.address, recipient=NOTIFICATIONS.address, text="x" * 70 + "\n" * 3_000)
    asked = attempt(target, ca_pem=ca, login=_login(ANNA), sender=ANNA.address, recipient=big.recipient, submit=big)
    failed = failure(await walk(asked, target))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sender", "message-too-large")


async def test_a_host_by_its_ipv6_address(postfix: PostfixServer, ca: str) -> None:
    target = Target(host="::1", port=postfix.ports.submission)
    results = await walk(attempt(target, ca_pem=ca, stop_after="secure"), target)
    assert verdicts(results)["secure"] is Verdict.PASSED
