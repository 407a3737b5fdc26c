"""What an application may be allowed to do at Google, and how Google classes it."""

from typing import Final

OPENID: Final = "openid"
EMAIL: Final = "https://www.googleapis.com/auth/userinfo.email"
"""The long form of `email`: Google answers with this one, whichever was asked for."""

SEND: Final = "https://www.googleapis.com/auth/gmail.send"
"""Sensitive: sends, and reads nothing."""

SETTINGS: Final = "https://www.googleapis.com/auth/gmail.settings.basic"
"""Restricted: reads the list of sending addresses, and could change settings of the mailbox."""

MAIL: Final = "https://mail.google.com/"
"""Restricted: the whole mailbox. SMTP takes no smaller one."""

USUAL: Final = (OPENID, EMAIL, SEND)
"""What a first sign-in asks for: nothing that is restricted."""


def granted(scope: str) -> tuple[str, ...]:
    """Return the scopes of an answer (RFC 6749 section 3.3), each once, in their order."""
    return tuple(dict.fromkeys(scope.split()))
