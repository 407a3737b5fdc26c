"""Reads the settings that a domain publishes for mail programs (draft-ietf-mailmaint-autoconfig)."""

from collections.abc import Iterator
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError  # for the types only: defusedxml does the parsing

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Origin,
    UsernameForm,
    UsernameKind,
)
from sendwright.providers.custom_smtp.host import MAX_PORT, HostInvalid, parse_host
from sendwright.senders.smtp.settings import Security

MAX_SERVERS = 8
MAX_USERNAME = 254

_SECURITY = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_USERNAMES = {
    "%EMAILADDRESS%": UsernameKind.ADDRESS,
    "%EMAILLOCALPART%@%EMAILDOMAIN%": UsernameKind.ADDRESS,
    "%EMAILLOCALPART%": UsernameKind.LOCAL_PART,
}
_NO_SIGN_IN = {"none", "client-IP-address"}
_PASSWORDS = {"password-cleartext", "password-encrypted", "plain", "secure"}


class AutoconfigInvalid(ValueError):
    """The document offers nothing usable; `code` is `not-readable`, `plaintext-only` or `nothing-found`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_autoconfig(document: bytes, *, domain: str, origin: Origin, confidence: Confidence) -> tuple[Candidate, ...]:
    """Return the servers for submission in `document`, in its order.

    Servers without TLS are left out: the program does not sign in over plain text. Raises
    AutoconfigInvalid, also for a document with entities or a document type, which have no business here.
    """
    root = _root(document)
    if root.tag != "clientConfig":
        _refuse("not-readable")
    found: list[Candidate] = []
    plain = False
    for server in _servers(root):
        security = _SECURITY.get(_word(server, "socketType"))
        if security is None:
            plain = True
            continue
        candidate = _candidate(server, security, domain, origin, confidence)
        if candidate is not None and candidate not in found:
            found.append(candidate)
    if not found:
        _refuse("plaintext-only" if plain else "nothing-found")
    return tuple(found[:MAX_SERVERS])


def _root(document: bytes) -> Element:
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        _refuse("not-readable")
    return root


def _refuse(code: str) -> NoReturn:
    raise AutoconfigInvalid(code) from None


def _servers(root: Element) -> Iterator[Element]:
    for provider in root.iterfind("emailProvider"):
        yield from (server for server in provider.iterfind("outgoingServer") if server.get("type") == "smtp")


def _candidate(
    server: Element, security: Security, domain: str, origin: Origin, confidence: Confidence
) -> Candidate | None:
    port = _word(server, "port")
    if not (port.isascii() and port.isdecimal() and len(port) <= len(str(MAX_PORT)) and 0 < int(port) <= MAX_PORT):
        return None
    try:
        host = parse_host(_word(server, "hostname").replace("%EMAILDOMAIN%", domain))
    except HostInvalid:
        return None
    ways = {(way.text or "").strip() for way in server.iterfind("authentication")}
    return Candidate(
        host=host,
        port=int(port),
        security=security,
        username_form=_username(_word(server, "username"), ways),
        origin=origin,
        confidence=confidence,
        note="" if not ways or ways & (_PASSWORDS | _NO_SIGN_IN) else "custom_smtp.notes.no-password",
    )


def _username(pattern: str, ways: set[str]) -> UsernameForm:
    if ways and ways <= _NO_SIGN_IN:
        return UsernameForm(UsernameKind.NONE)
    if pattern in _USERNAMES:
        return UsernameForm(_USERNAMES[pattern])
    if "%" in pattern or not pattern.isprintable() or not 0 < len(pattern) <= MAX_USERNAME:
        return UsernameForm(UsernameKind.OWN)
    return UsernameForm(UsernameKind.LITERAL, pattern)


def _word(server: Element, tag: str) -> str:
    return (server.findtext(tag) or "").strip()
