"""Steps that stopped, each with a problem that people really meet."""

from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Confidence, Owner, Problem, Remedy, RemedyKind, Retry, Side
from sendwright.screens import Stopped


def stopped(evidence: Evidence) -> Stopped:
    """A step that stopped with what this evidence amounts to."""
    return Stopped(
        step="test-run",
        title="test.running",
        submit="wizard.try-again",
        problem=classify(evidence),
        stages=SMTP_STAGES,
    )


WRONG_PASSWORD = stopped(
    Evidence(
        stage="sign-in",
        system=System.SMTP,
        reply=535,
        enhanced="5.7.8",
        text="5.7.8 Error: authentication failed: (reason unavailable)",
    )
)
_AT = {"host": "smtp.example.org", "port": "587", "security": "starttls"}
REFUSED = stopped(Evidence(stage="connect", system=System.SOCKET, errno="ECONNREFUSED", values=_AT))
GREYLISTED = stopped(
    Evidence(
        stage="recipient",
        system=System.SMTP,
        reply=450,
        enhanced="4.7.1",
        text="4.7.1 <anna@example.org>: Recipient address rejected: Greylisted, see you in a minute",
    )
)
LONG_WORDS = stopped(
    Evidence(
        stage="sender",
        system=System.SMTP,
        reply=553,
        enhanced="5.7.1",
        text="5.7.1 " + "https://support.example.org/" + "x" * 180 + " " + "Sender address rejected. " * 12,
    )
)
MANY_WAYS = Stopped(
    step="test-run",
    title="test.running",
    submit="wizard.try-again",
    problem=Problem(
        code="smtp-auth-disabled-for-mailbox",
        owner=Owner.EXCHANGE_ADMIN,
        retry=Retry.AFTER_FIX,
        confidence=Confidence.LIKELY,
        side=Side.OURS,
        evidence=Evidence(
            stage="sign-in",
            system=System.SMTP,
            reply=535,
            enhanced="5.7.139",
            text="5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. "
            "[AM0PR05CA0089.eurprd05.prod.outlook.example 2026-11-20T09:41:00.000Z 08DE2A0C1D3F4B5A]",
        ),
        remedies=(
            Remedy(
                kind=RemedyKind.COPY,
                label="remedies.enable-smtp-auth-mailbox",
                value="Set-CASMailbox -Identity {username} -SmtpClientAuthenticationDisabled $false",
                path="Microsoft 365 admin center > Users > Active users > Mail > Manage email apps",
            ),
            Remedy(
                kind=RemedyKind.OPEN,
                label="remedies.open-exchange-mail-flow",
                value="https://admin.exchange.example/#/settings",
                path="Exchange admin center > Settings > Mail flow",
            ),
            Remedy(kind=RemedyKind.CHANGE, label="remedies.other-security", value="security", proposal="tls"),
            Remedy(kind=RemedyKind.CHANGE, label="remedies.check-username", value="username"),
            Remedy(kind=RemedyKind.RETRY, label="remedies.sign-in-again"),
        ),
        values={
            "username": "notifications@example.org",
            "host": "smtp.example.org",
            "request_id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "tenant": "example.onmicrosoft.example",
        },
        learn_more="https://example.org/more",
        verify_with="Get-CASMailbox -Identity {username} | Format-List SmtpClientAuthenticationDisabled",
        fact="https://learn.microsoft.example/exchange/smtp-auth",
        checked="2026-11-20",
    ),
    stages=SMTP_STAGES,
)
UNKNOWN = stopped(Evidence(stage="submit", system=System.SMTP, reply=599, text="5.9.9 Something entirely new"))

EVERY_KIND = Problem(
    code="smtp-auth-disabled-for-mailbox",
    owner=Owner.EXCHANGE_ADMIN,
    retry=Retry.AFTER_FIX,
    confidence=Confidence.LIKELY,
    evidence=Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.139", text="disabled"),
    remedies=(
        Remedy(kind=RemedyKind.COPY, label="remedies.enable-smtp-auth-mailbox", value="Set-CASMailbox {username}"),
        Remedy(kind=RemedyKind.OPEN, label="remedies.open-exchange-mail-flow", value="https://example.org/flow"),
        Remedy(kind=RemedyKind.CHANGE, label="remedies.other-security", value="security", proposal="{other}"),
        Remedy(kind=RemedyKind.CHANGE, label="remedies.check-username", value="username"),
        Remedy(kind=RemedyKind.WAIT, label="remedies.wait"),
        Remedy(kind=RemedyKind.RETRY, label="remedies.sign-in-again"),
    ),
    values={"username": "anna@example.org", "other": "tls", "wait_s": "90"},
    learn_more="https://example.org/more",
    verify_with="Get-CASMailbox {username}",
    fact="https://example.org/fact",
    checked="2026-11-20",
)
"""A problem with a remedy of every kind."""
