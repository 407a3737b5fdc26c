"""Runs a diagnosis against a test server and says what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.servers.loopback import LoopbackResolver

from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.network.resolver import Resolver
from sendwright.network.trust import client_context
from sendwright.secret import Secret
from sendwright.senders.smtp.settings import Security, SmtpSettings

TIMEOUT_S = 2.0
SENDER = "anna@example.org"
RECIPIENT = "bob@example.com"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a test server listens, and who tells its address."""

    host: str = "localhost"
    port: int
    resolver: Resolver = field(default_factory=lambda: LoopbackResolver(timeout_s=TIMEOUT_S))


@dataclass(frozen=True, kw_only=True)
class Login:
    """How to sign in, and whether the secret is an OAuth token."""

    username: str = SENDER
    secret: str = "correct horse battery staple"
    token: bool = False


def message(*, sender: str = SENDER, recipient: str = RECIPIENT, text: str = "Hello.") -> OutgoingMessage:
    return OutgoingMessage(
        sender_address=sender,
        alias="Notices",
        recipient=recipient,
        subject="A test",
        message_id="<test.1@example.org>",
        text=text,
    )


def network(target: Target, *, timeout_s: float = TIMEOUT_S) -> Network:
    return Network(resolver=target.resolver, tls=client_context, timeout_s=timeout_s)


def attempt(
    target: Target,
    *,
    security: Security = Security.STARTTLS,
    ca_pem: str | None = None,
    login: Login | None = None,
    sender: str | None = SENDER,
    recipient: str | None = RECIPIENT,
    submit: OutgoingMessage | None = None,
    stop_after: str = "",
) -> Attempt:
    return Attempt(
        settings=SmtpSettings(
            host=target.host,
            port=target.port,
            security=security,
            username=login.username if login else None,
            ca_pem=ca_pem,
        ),
        credential=Secret(login.secret) if login else None,
        token=login.token if login else False,
        sender=sender,
        recipient=recipient,
        message=submit,
        stop_after=stop_after,
    )


async def walk(
    asked: Attempt, target: Target, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[StageResult]:
    return [result async for result in diagnose_smtp(asked, network(target), clock=clock)]


def verdicts(results: list[StageResult]) -> dict[str, Verdict]:
    return {result.id: result.verdict for result in results}


def failure(results: list[StageResult]) -> StageResult:
    """The one stage that failed."""
    (failed,) = (result for result in results if result.verdict is Verdict.FAILED)
    return failed
