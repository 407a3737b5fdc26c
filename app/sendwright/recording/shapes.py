"""Recognises secrets by their shape, wherever they stand.

Sources: RFC 7515 and 7516 (JWS, JWE), RFC 7468 (PEM), developers.google.com/identity (ya29., 1//, 4/0, GOCSPX-),
learn.microsoft.com/entra (0.A and 1.A tokens, client secrets with Q~), and the key formats that Amazon, SendGrid,
Mailgun, Brevo and GitHub publish for secret scanners.
"""

import re

_SHAPES = (
    # A private key that was cut off has no end: everything behind its beginning goes.
    r"-----BEGIN[A-Z0-9 +]{0,40}PRIVATE[ +]KEY-----(?:.*?-----END[A-Z0-9 +]{0,40}PRIVATE[ +]KEY-----|.*)",
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){0,4}",  # a JWS or JWE, also cut short
    r"\bya29\.[\w.-]{10,}",  # Google: access token
    r"(?<![\w/:])1//[\w-]{20,}",  # Google: refresh token
    r"(?<![\w/:])4/(?:0|1)[\w-]{20,}",  # Google: authorisation code
    r"\bGOCSPX-[\w-]{20,}",  # Google: client secret
    r"\bAIza[\w-]{35}",  # Google: key of an interface
    r"(?<![\w.-])[01]\.A[\w-]{20,}(?:\.[\w-]+){0,6}",  # Entra: refresh token, authorisation code
    r"(?<![\w.-])M\.[CR]\d+_[\w.!*$-]{20,}",  # Microsoft account: code and refresh token
    r"(?<![\w+/-])Ew[A-C][\w+/-]{60,}={0,2}",  # Microsoft account: access token
    r"(?<![\w.~-])[\w.~-]{3}[5-9]Q~[\w.~-]{31,34}",  # Entra: client secret
    r"\bSG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
    r"\bxsmtpsib-[\w-]{20,}|\bxkeysib-[\w-]{20,}",  # Brevo
    r"\bkey-[0-9a-f]{32}\b",  # Mailgun
    r"\bgh[pousr]_\w{30,}|\bgithub_pat_\w{30,}",  # GitHub
    r"\bxox[abeoprs]-[\w-]{10,}",  # Slack
    r"\b(?:sk|rk)_(?:live|test)_\w{16,}",  # Stripe
    # Our own connection code, in one piece or wrapped (handoff.connection_code).
    r"(?<![A-Za-z0-9])[Ss][Ww]\d{1,3}-(?:[A-Za-z2-7]{5}-[\s>]{0,4})*[A-Za-z2-7]{1,5}(?![A-Za-z0-9])",
)
SHAPE = re.compile("|".join(f"(?:{shape})" for shape in _SHAPES), re.DOTALL)
"""Every repetition is bounded by a class that its end is not in: the time is proportional to the text."""

_LONG_RUN = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w.-])")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

LONG = 16
"""Characters from which on letters and digits without a break are taken for a secret, in a place for one."""

LONG_IN_ANSWERS = 20
"""The same in the words of a server while it is being signed in to, where ids stand too."""


def looks_secret(value: str) -> bool:
    """Tell whether `value`, which stands where a secret may stand, looks like one and not like a word or an id."""
    if len(value) < LONG or _UUID.fullmatch(value):
        return False
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and not any(map(str.isspace, value))


def looks_encoded(run: str) -> bool:
    """Tell whether `run` is base64 of something, and not a word or an id of hex digits."""
    if run.endswith("="):
        return True
    kinds = (str.isupper, str.islower, str.isdigit)
    return len(run) >= LONG_IN_ANSWERS and all(any(map(kind, run)) for kind in kinds)


def cut_runs(text: str, stand_in: str) -> str:
    """Return `text` without long runs of base64: for the words of a server while it is being signed in to."""
    return _LONG_RUN.sub(lambda run: stand_in if looks_encoded(run[0]) else run[0], text)
