"""Tells which authorisation server spoke, by the words around what it said."""

from sendwright.problems.evidence import System

_OF_MICROSOFT = ("aadsts", "login.microsoftonline", "login.partner.microsoftonline", "chinacloudapi", "login.microsoft",
    "login.windows.net", "msal", "entra", "azure", "graph.microsoft")  # fmt: skip
_OF_GOOGLE = ("accounts.google", "googleapis", "oauth2.google", "google", "gmail", "token has been expired or revoked")
# Descriptions that Google's token endpoint gives word for word; no other issuer is known to.
_SAID_BY_GOOGLE = frozenset(
    {
        "bad request", "token has been expired or revoked", "malformed auth code", "missing code verifier",
        "invalid code verifier", "the provided client secret is invalid", "the oauth client was not found",
        "the oauth client was deleted", "account has been deleted", "invalid_grant", "not a valid email",
    }
)  # fmt: skip


def issuers(words: str, *, said: str = "") -> tuple[System, ...]:
    """Return the systems that `words` may come from, likeliest first; OAuth's own where nothing tells.

    said: the description of the error. The numbers of Entra (AADSTS), the hosts, and a few descriptions decide; error
    names are the same everywhere (RFC 6749).
    """
    low = words.casefold()
    if any(sign in low for sign in _OF_MICROSOFT):
        return (System.ENTRA, System.OAUTH)
    if any(sign in low for sign in _OF_GOOGLE) or said.strip(" .").casefold() in _SAID_BY_GOOGLE:
        return (System.GOOGLE, System.OAUTH)
    return (System.OAUTH, System.ENTRA, System.GOOGLE)
