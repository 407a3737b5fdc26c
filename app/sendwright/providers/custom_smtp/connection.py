"""Reads the connect form: what was typed becomes settings, or a reason beside each field."""

from collections.abc import Mapping

import msgspec

from sendwright.providers.custom_smtp.host import MAX_PORT, HostInvalid, parse_host
from sendwright.senders.smtp.settings import Security

MAX_USERNAME = 320
MAX_PASSWORD = 1024
USUAL_SECURITY = {465: Security.TLS, 2465: Security.TLS, 587: Security.STARTTLS, 2587: Security.STARTTLS}
"""How the ports that mean one thing only are protected (RFC 8314 section 7.3, RFC 6409)."""

_CUTS = "\0\r\n"  # nothing that could end a line or a string on its way


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, checked. host: as on the wire. username: empty for no sign-in."""

    host: str
    port: int
    security: Security
    username: str
    keep_password: bool
    ca_file: str


def read_connection(answer: Mapping[str, str]) -> tuple[Connection | None, dict[str, str]]:
    """Return the settings in `answer`, or None and for every wrong field a text key of the reason."""
    wrong: dict[str, str] = {}
    host = ""
    try:
        host = parse_host(answer.get("host", ""))
    except HostInvalid as invalid:
        wrong["host"] = f"custom_smtp.host.{invalid.code}"
    port = read_port(answer.get("port", ""))
    if port is None:
        wrong["port"] = "custom_smtp.port.invalid"
    security = read_security(answer.get("security", ""))
    if security is None:
        wrong["security"] = "custom_smtp.security.choose"
    username = answer.get("username", "").strip()
    password = answer.get("password", "")
    if not fits_as_username(username):
        wrong["username"] = "custom_smtp.username.invalid"
    elif password and not username:
        wrong["username"] = "custom_smtp.username.missing"
    if not fits_as_password(password):
        wrong["password"] = "custom_smtp.password.invalid"  # noqa: S105 - a text key
    if wrong or port is None or security is None:
        return None, wrong
    connection = Connection(
        host=host,
        port=port,
        security=security,
        username=username,
        keep_password=answer.get("keep_password") == "true",
        ca_file=answer.get("ca_file", "").strip(),
    )
    return connection, {}


def fits_as_username(typed: str) -> bool:
    """Tell whether a server can be told `typed` as a user name."""
    return len(typed) <= MAX_USERNAME and typed.isprintable()


def fits_as_password(typed: str) -> bool:
    """Tell whether a server can be told `typed` as a password."""
    half_pairs = any("\ud800" <= character <= "\udfff" for character in typed)  # what could not be read as text
    return len(typed) <= MAX_PASSWORD and not half_pairs and not any(cut in typed for cut in _CUTS)


def read_port(typed: str) -> int | None:
    """Return the port, None for what is none."""
    digits = typed.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_PORT))):
        return None
    return int(digits) if 0 < int(digits) <= MAX_PORT else None


def read_security(typed: str) -> Security | None:
    """Return the way of protection, None for what is none."""
    return Security(typed) if typed in set(Security) else None


def is_unusual(port: int, security: Security) -> bool:
    """Tell whether the port usually is protected the other way; a server may be set up like that all the same."""
    return USUAL_SECURITY.get(port, security) is not security
