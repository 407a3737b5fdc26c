"""Reads what the clients of interfaces say of an answer: its status, and by the address that was asked, whose it is."""

import re
from urllib.parse import urlsplit

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.rule import UNKNOWN_STAGE

_ADDRESS = r"(?P<address>https?://[^\s'\"`<>|]{1,2000})"
_STATUS = r"(?<![0-9])(?P<status>[45][0-9]{2})"
# requests, googleapiclient, Guzzle, aiohttp; what they quote stands in `said` or behind the match.
_ANSWERS = (
    ("for url: ", re.compile(rf"{_STATUS} (?:Client|Server) Error: [A-Za-z -]{{0,60}} for url: {_ADDRESS}")),
    ("<httperror ", re.compile(rf"<HttpError {_STATUS} when requesting {_ADDRESS} returned ")),
    ("resulted in a `", re.compile(rf"`[A-Z]{{3,7}} {_ADDRESS}` resulted in a `{_STATUS}")),
    (", message='", re.compile(rf"{_STATUS}, message='(?P<said>[^']{{0,300}})', url=(?:URL\()?'{_ADDRESS}")),
)
_SAID = 1000
_OF_GO = re.compile(rf"googleapi: Error {_STATUS}: (?P<said>[^\n]{{0,500}})")
_REASON = re.compile(r", ([A-Za-z]{4,60})$")
_NAMED = re.compile(r"['\"]reason['\"]: |\bError Code: [A-Za-z]|['\"]code['\"]: ?['\"]")
_OF_HOST = {
    "graph.microsoft.com": System.GRAPH,
    "graph.microsoft.us": System.GRAPH,
    "dod-graph.microsoft.us": System.GRAPH,
    "microsoftgraph.chinacloudapi.cn": System.GRAPH,
    "login.microsoftonline.com": System.ENTRA,
    "login.microsoftonline.us": System.ENTRA,
    "login.partner.microsoftonline.cn": System.ENTRA,
    "gmail.googleapis.com": System.GMAIL,
    "oauth2.googleapis.com": System.GOOGLE,
    "accounts.google.com": System.GOOGLE,
}
_SHARED_HOST, _PATHS_OF_GMAIL = "www.googleapis.com", ("/gmail/", "/upload/gmail/", "/batch/gmail/")
_HTTPS_HOSTS = (*_OF_HOST, "googleapis.com", "login.windows.net", "login.live.com")


def asks_public_service(low: str) -> bool:
    """Tell whether `low`, case folded, names a host whose certificate everybody trusts, and that speaks HTTPS only."""
    return any(host in low for host in _HTTPS_HOSTS)


def answered(line: str, low: str) -> Evidence | None:
    """Return what an interface answered, as a client says it in `line`; None where it says none or names a code too.

    low: `line`, case folded.
    """
    if "googleapi: error " in low and (of_go := _OF_GO.search(line)):
        reason = _REASON.search(of_go["said"])
        return Evidence(
            stage=UNKNOWN_STAGE, system=System.GMAIL, http=int(of_go["status"]), text=of_go["said"],
            reason=reason[1] if reason else None, retry_after_s=retry_after_s(line),
        )  # fmt: skip
    for sign, pattern in _ANSWERS:
        if sign not in low:
            continue
        found = pattern.search(line)
        system = _system(found["address"]) if found else None
        if found is None or system is None or _NAMED.search(line):
            continue
        said = found.groupdict().get("said") or line[found.end() : found.end() + _SAID]
        said = said.strip(" |\"'`>.)").removeprefix("Error Message: ")
        return Evidence(
            stage=UNKNOWN_STAGE, system=system, http=int(found["status"]), text=said, values=values_of(line),
            retry_after_s=retry_after_s(line),
        )  # fmt: skip
    return None


def _system(address: str) -> System | None:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold()
    except ValueError:  # a host in brackets that is no address
        return None
    if host == _SHARED_HOST:
        return System.GMAIL if parts.path.startswith(_PATHS_OF_GMAIL) else None
    return _OF_HOST.get(host)
