"""Tells which authorisation server spoke, by the words around what it said."""

from sendwright.problems.evidence import System

_OF_MICROSOFT = ("aadsts", "login.microsoftonline", "login.partner.microsoftonline", "chinacloudapi", "login.microsoft",
    "login.windows.net", "msal", "entra", "azure", "graph.microsoft")  # fmt: skip
_OF_GOOGLE = ("accounts.google", "googleapis", "oauth2.google", "google", "gmail")


def issuers(words: str) -> tuple[System, ...]:
    """Return the systems that `words` may come from, likeliest first; OAuth's own where nothing tells.

    The numbers of Entra (AADSTS) and the hosts decide; error names are the same everywhere (RFC 6749).
    """
    low = words.casefold()
    if any(sign in low for sign in _OF_MICROSOFT):
        return (System.ENTRA, System.OAUTH)
    if any(sign in low for sign in _OF_GOOGLE):
        return (System.GOOGLE, System.OAUTH)
    return (System.OAUTH, System.ENTRA, System.GOOGLE)
