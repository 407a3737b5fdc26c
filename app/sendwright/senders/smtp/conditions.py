"""Our names for what is seen in an SMTP dialogue and has no reply code of its own."""

from enum import StrEnum


class SmtpCondition(StrEnum):
    """Values of `Evidence.condition` beside those of `network.conditions`; never renamed.

    no-greeting: connected, and nothing was said in time.
    not-an-smtp-server: something else answers (another protocol, or a server that does not know EHLO).
    wrong-security-mode: TLS was spoken to a port that wants plain text first, or the other way round;
        certain, because a second connection was tried the other way. `other` in the values is the mode that
        answers.
    starttls-not-offered: EHLO does not list STARTTLS (RFC 3207); nothing further is said in clear.
    starttls-refused: STARTTLS was answered with other than 220; the reply is in the evidence.
    data-before-tls: something came in clear after STARTTLS was agreed; it could be forged, so all ends here.
    auth-not-offered: EHLO under TLS does not list AUTH (RFC 4954).
    auth-mechanism-unsupported: no offered mechanism is one of ours; `mechanisms` lists what is offered.
    smtputf8-not-offered: the address needs SMTPUTF8 (RFC 6531), which the server does not have.
    address-not-sendable: the address cannot stand in an SMTP command; it was not sent.
    message-too-large: larger than the server's SIZE (RFC 1870), `size` and `limit` in bytes; nothing was
        sent.
    nonsense-reply: the answer is no SMTP reply, too long, out of order, or means nothing at that place.
    """

    NO_GREETING = "no-greeting"
    NOT_AN_SMTP_SERVER = "not-an-smtp-server"
    WRONG_SECURITY_MODE = "wrong-security-mode"
    STARTTLS_NOT_OFFERED = "starttls-not-offered"
    STARTTLS_REFUSED = "starttls-refused"
    DATA_BEFORE_TLS = "data-before-tls"
    AUTH_NOT_OFFERED = "auth-not-offered"
    AUTH_MECHANISM_UNSUPPORTED = "auth-mechanism-unsupported"
    SMTPUTF8_NOT_OFFERED = "smtputf8-not-offered"
    ADDRESS_NOT_SENDABLE = "address-not-sendable"
    MESSAGE_TOO_LARGE = "message-too-large"
    NONSENSE_REPLY = "nonsense-reply"
