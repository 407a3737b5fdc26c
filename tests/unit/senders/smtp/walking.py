"""Walks an SMTP session through its stages, as a sender or a diagnosis would."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace

import pytest
from tests.servers import smtp_script
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificate

from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings

CONTENT = b"From: anna@example.org\r\nSubject: Hello\r\n\r\nGood morning\r\n"
BOTH = (Security.STARTTLS, Security.TLS)


@dataclass
class Walk:
    """One walk: what is said at each stage, and the facts of the stages passed."""

    session: SmtpSession
    settings: SmtpSettings
    password: Secret = field(default_factory=lambda: Secret(ANNA.password))
    sender: str = ANNA.address
    recipient: str = "bob@example.net"
    content: bytes = CONTENT
    facts: dict[str, dict[str, object]] = field(default_factory=dict)

    async def until(self, last: str) -> dict[str, object]:
        """Run the stages up to and including `last` that were not run yet; return the facts of `last`."""
        for stage in self.session.order(self.settings):
            if stage not in self.facts:
                self.facts[stage] = await self._run(stage)
            if stage == last:
                break
        return self.facts[last]

    async def before(self, stage: str) -> None:
        """Run everything before `stage`."""
        order = self.session.order(self.settings)
        if (position := order.index(stage)) > 0:
            await self.until(order[position - 1])

    def hurry(self, timeout_s: float = 0.4) -> None:
        """Let what follows have no more than `timeout_s`: for servers that fall silent."""
        self.session._network = replace(self.session._network, timeout_s=timeout_s)
        self.session._submit_timeout_s = timeout_s / 4

    async def fails_at(self, stage: str) -> Evidence:
        """Run everything before `stage`, see `stage` fail, return the evidence."""
        await self.before(stage)
        return await evidence_of(self.until(stage))

    async def _run(self, stage: str) -> dict[str, object]:
        match stage:
            case "sign-in":
                return await self.session.sign_in(self.password)
            case "sender":
                return await self.session.sender(self.sender, size=len(self.content))
            case "recipient":
                return await self.session.recipient(self.recipient)
            case "submit":
                return await self.session.submit(self.content)
            case _:
                return await getattr(self.session, stage)()


async def evidence_of(work: Awaitable[object]) -> Evidence:
    """See `work` fail with SendFailed and return its evidence."""
    with pytest.raises(SendFailed) as caught:
        await work
    return caught.value.evidence


def script(certificate: Certificate, security: Security = Security.STARTTLS, **answers: object) -> smtp_script.Script:
    """Return a script that speaks TLS the way `security` says."""
    mode = smtp_script.Security(security.value)
    return smtp_script.Script(security=mode, certificate=certificate, **answers)  # type: ignore[arg-type]
