"""Reads what the words of an explanation need where it stands: host, addresses, application, time to wait."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

MOST = 2000
"""Characters of a line that are searched."""

_ADDRESS = r"<?([\w.+=~!#$%&'*/^`{|}-]{1,64}@[\w.-]{1,253})"
_HOST = r"([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251})[A-Za-z0-9])"
_NUMERIC = r"([0-9][0-9.]{6,14}|\[?[0-9a-fA-F:]{3,39}\]?)"
_GUID = r"([0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
_DOMAIN = r"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"  # an organisation's display name leads nowhere

_PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        "host": (
            re.compile(
                r"\b(?:host:?|relay=|H=|Connected to|connect to|resolve host:|ENOTFOUND|EAI_AGAIN|Receiving server:)"
                rf" ?['\"]?{_HOST}",
                re.IGNORECASE,
            ),
            re.compile(rf"\bname=(?=[^ ]){_HOST}"),
            re.compile(rf"\bUnknownHostException: {_HOST}"),
            re.compile(rf"\b(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH) {_NUMERIC}"),
            re.compile(rf"\bRemote-MTA: ?dns; ?{_HOST}", re.IGNORECASE),
            re.compile(r"^([0-9][0-9.]{6,14}) (?:does not like|failed after)"),
        ),
        "port": (
            re.compile(r"\[[0-9a-fA-F.:]{3,39}\]:([0-9]{1,5})\b"),
            re.compile(r"\bport[ :=]{1,2}([0-9]{1,5})\b"),
            re.compile(r"\b(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET) [0-9a-fA-F.:]{3,45}:([0-9]{1,5})\b"),
        ),
        "recipient": (
            re.compile(rf"\b(?:to=|RCPT TO: ?|RCPT To: ?|Final-Recipient: ?rfc822; ?){_ADDRESS}", re.IGNORECASE),
            re.compile(rf"(?:\*\*|=>|==) {_ADDRESS}"),
            re.compile(rf"^{_ADDRESS}>?(?:: |:?$|\.\.\.| host )"),
            re.compile(rf"\{{'{_ADDRESS}': \("),
            re.compile(rf"[ ]{_ADDRESS}>?(?::|\.\.\.) ?(?:Recipient|User unknown)", re.IGNORECASE),
        ),
        "sender": (
            re.compile(rf"\b(?:from=|MAIL FROM: ?){_ADDRESS}", re.IGNORECASE),
            re.compile(rf"{_ADDRESS}>?: Sender address", re.IGNORECASE),
            re.compile(rf"\bto send as ['\"]?{_ADDRESS}", re.IGNORECASE),
        ),
        "username": (
            re.compile(rf"\bsasl_username={_ADDRESS}"),
            re.compile(rf"\b[Uu]ser account '?\{{?{_ADDRESS}"),
            re.compile(rf"; {_ADDRESS} not allowed to send as"),
        ),
        "client_id": (
            re.compile(
                rf"\b(?:application|app)(?: with)?(?: (?:id|identifier|ID))?[ :=]{{0,2}}'?{_GUID}", re.IGNORECASE
            ),
            re.compile(rf"\bclient_id=?[ :\"']{{0,3}}{_GUID}"),
        ),
        "tenant": (
            re.compile(rf"\b(?:directory|[Tt]enant|organization)(?: named)? '?({_GUID}|{_DOMAIN})"),
            re.compile(rf"login\.microsoftonline\.com/{_GUID}"),
        ),
    }
)
_SIGNS = {
    "host": (
        "host",
        "relay=",
        "h=",
        "onnect",
        "name=",
        "enotfound",
        "eai_again",
        "mta",
        "receiving",
        "econn",
        "etime",
        "ehost",
        "enetun",
        "like",
    ),
    "port": (":", "port"),
    "recipient": ("@",),
    "sender": ("@",),
    "username": ("@",),
    "client_id": ("app", "client_id"),
    "tenant": ("directory", "tenant", "organization", "microsoftonline"),
}
_TRIED = 5
_UNITS_S = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}
_WAIT = re.compile(
    r"\bretry.after\"?[:= ]{1,3}\"?(?P<bare>[0-9]{1,6})(?=[\",;.)}\] ]|$)|"
    r"\b(?:again|retry|delayed|greylisted|available|wait)\b[^0-9\n]{0,30}"
    r"(?P<number>[0-9]{1,6}) ?(?P<unit>seconds|minutes|hours|second|minute|hour|sec|min|s|m|h)\b",
)
_WAIT_SIGNS = ("retry", "again", "delayed", "greylisted", "available", "wait")


def values_of(line: str) -> dict[str, str]:
    """Return what `line` tells, by the names that the texts of problems want; nothing that it does not tell."""
    seen = line[:MOST]
    low = seen.casefold()
    found: dict[str, str] = {}
    for name, patterns in _PATTERNS.items():
        if not any(sign in low for sign in _SIGNS[name]):
            continue
        value = next((value for pattern in patterns for value in _values(pattern, seen) if _fits(name, value)), "")
        if value:
            found[name] = value
    return found


def _values(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    """Yield the first few values that `pattern` finds, without what ends the sentence."""
    return (match[1].rstrip(".:") for match, _ in zip(pattern.finditer(line), range(_TRIED), strict=False))


def _fits(name: str, value: str) -> bool:
    """Tell whether `value` can be what `name` says: `host` is a word of many sentences, a server's name has a dot."""
    return name != "host" or "." in value or ":" in value or value == "localhost"


def retry_after_s(line: str) -> float | None:
    """Return the seconds that the other side asks to wait, None where it names none."""
    low = line[:MOST].casefold()
    found = _WAIT.search(low) if any(sign in low for sign in _WAIT_SIGNS) else None
    if found is None:
        return None
    unit = found["unit"] or "s"
    seconds = int(found["bare"] or found["number"]) * (_UNITS_S.get(unit) or _UNITS_S[unit.rstrip("s")])
    return float(seconds) if seconds > 0 else None
