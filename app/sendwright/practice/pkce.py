"""Proof Key for Code Exchange (RFC 7636), as a server checks it; only S256 is taken."""

import base64
import hashlib
import hmac
import re

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(words: str) -> bool:
    """Whether `words` can be a challenge of the method S256 (section 4.2)."""
    return _CHALLENGE.fullmatch(words) is not None


def is_verifier(words: str) -> bool:
    """Whether `words` can be a verifier (section 4.1)."""
    return _VERIFIER.fullmatch(words) is not None


def fits(verifier: str, challenge: str) -> bool:
    """Whether a well-formed verifier is that of the challenge (section 4.6)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"), challenge)
