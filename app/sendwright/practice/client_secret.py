"""How an application says its secret: HTTP Basic, or in the form (RFC 6749 section 2.3.1)."""

import base64
from urllib.parse import unquote_plus


def basic(header: str) -> dict[str, str]:
    """Return client_id and client_secret of HTTP Basic (RFC 6749 section 2.3.1), nothing for anything else."""
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except ValueError:  # no Base64, no UTF-8, or letters that a header should not have
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
