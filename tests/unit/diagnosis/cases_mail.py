"""Servers that refuse the sign-in, an address or the message: one case for each problem code of these stages."""

from tests.servers.smtp_script import Drop
from tests.unit.diagnosis.cases_connection import Case, encrypted
from tests.unit.diagnosis.walking import Login

LOGIN = Login()
TOKEN = Login(secret="ya29.token", token=True)


def _sign_in(code: str, reply: bytes, *, retry: str = "after-fix", login: Login = LOGIN) -> Case:
    mechanisms = ("XOAUTH2",) if login.token else ("PLAIN", "LOGIN")
    start = encrypted(auth=reply, mechanisms=mechanisms)
    return Case(code=code, stage="sign-in", start=start, login=login, retry=retry)


def _sender(code: str, reply: bytes, *, retry: str = "after-fix") -> Case:
    return Case(code=code, stage="sender", start=encrypted(mail=reply), retry=retry)


def _recipient(code: str, reply: bytes, *, retry: str = "after-fix") -> Case:
    return Case(code=code, stage="recipient", start=encrypted(rcpt=reply), retry=retry)


def _submit(code: str, reply: bytes, *, retry: str = "after-fix") -> Case:
    return Case(code=code, stage="submit", start=encrypted(end_of_data=reply), submit=True, retry=retry)


SIGN_IN = (
    Case(code="auth-not-offered", stage="sign-in", start=encrypted(mechanisms=()), login=LOGIN),
    Case(
        code="auth-mechanism-unsupported",
        stage="sign-in",
        start=encrypted(mechanisms=("NTLM", "GSSAPI")),
        login=LOGIN,
    ),
    Case(
        code="auth-wrong-credentials",
        stage="sign-in",
        start=encrypted(accounts={LOGIN.username: "another"}),
        login=LOGIN,
        retry="after-fix",
    ),
    _sign_in("auth-wrong-credentials", b"535 Incorrect authentication data"),
    _sign_in("auth-app-password-required", b"534 5.7.9 Application-specific password required."),
    _sign_in("auth-web-sign-in-required", b"534 5.7.14 Please log in through your web browser"),
    _sign_in("auth-temporarily-refused", b"454 4.7.0 Temporary authentication failure", retry="later"),
    _sign_in("auth-account-disabled", b"525 5.7.13 User Account Disabled"),
    _sign_in(
        "smtp-auth-disabled-for-tenant",
        b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
        b"Visit https://aka.ms/smtp_auth_disabled for more information.",
    ),
    _sign_in(
        "smtp-auth-disabled-for-mailbox",
        b"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. "
        b"Visit https://aka.ms/smtp_auth_disabled for more information.",
    ),
    _sign_in(
        "auth-blocked-by-organisation",
        b"535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults "
        b"policy. Contact your administrator.",
    ),
    _sign_in("basic-auth-retired", b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled."),
    _sign_in("basic-auth-retired", b"550 5.7.30 Basic authentication is not supported for Client Submission."),
    _sign_in("oauth-token-refused", b"535 5.7.3 Authentication unsuccessful", login=TOKEN),
    _sign_in("unrecognised", b"599 5.9.9 The stars are not right"),
)

SENDER = (
    _sender("sender-not-allowed", b"553 5.7.1 <anna@example.org>: Sender address rejected: not owned by user bob"),
    _sender("sender-domain-unresolvable", b"450 4.1.8 Sender address rejected: Domain not found", retry="later"),
    _sender("sender-domain-unresolvable", b"553 5.1.8 Domain of sender address does not exist"),
    _sender("sign-in-required", b"530 5.7.0 Authentication required"),
    _sender("server-storage-full", b"452 4.3.1 Insufficient system storage", retry="later"),
    _sender("server-busy", b"421 4.3.2 Service shutting down", retry="later"),
)

RECIPIENT = (
    _recipient("recipient-unknown", b"550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown"),
    _recipient("recipient-unknown", b"550 No such user here"),
    _recipient("recipient-mailbox-full", b"552 5.2.2 Mailbox full"),
    _recipient("recipient-mailbox-full", b"452 4.2.2 The recipient's inbox is out of storage space", retry="later"),
    _recipient("relay-denied", b"554 5.7.1 <bob@example.com>: Relay access denied"),
    _recipient("relay-denied", b"550 relay not permitted"),
    _recipient("greylisted", b"450 4.7.1 Greylisting in action, please come back later", retry="later"),
    _recipient("sender-not-allowed", b"553 5.7.1 <anna@example.org>: Sender address rejected: not owned by user bob"),
    _recipient("network-address-blocked", b"554 5.7.1 Client host blocked using zen.spamhaus.org"),
)

SUBMIT = (
    _submit("message-too-large", b"552 5.3.4 Message size exceeds fixed limit"),
    Case(
        code="message-too-large",
        stage="submit",
        start=encrypted(extensions=("SIZE 200",)),
        submit=True,
        retry="after-fix",
    ),
    _submit("rejected-by-policy", b"550 5.7.1 A policy prohibits the email that you sent"),
    _submit("rejected-as-spam", b"554 5.7.1 Spam message rejected"),
    _submit("authentication-checks-failed", b"550 5.7.26 This mail is unauthenticated"),
    _submit("sending-limit-reached", b"550 5.4.5 Daily user sending limit exceeded.", retry="later"),
    _submit("sending-limit-reached", b"454 Throttling failure: Maximum sending rate exceeded.", retry="later"),
    _submit("server-busy", b"451 Temporary local problem - please try later", retry="later"),
    _submit("sender-not-allowed", b"554 5.2.252 SendAsDenied; a@contoso.com not allowed to send as b@contoso.com"),
    _submit("unrecognised", b"554 Transaction failed"),
    Case(
        code="message-perhaps-sent",
        stage="submit",
        start=encrypted(end_of_data=Drop()),
        submit=True,
        retry="later",
    ),
)

CASES = (*SIGN_IN, *SENDER, *RECIPIENT, *SUBMIT)
