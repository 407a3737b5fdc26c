"""Turns what libraries raise below the mail protocols into evidence: one table, one place."""

import errno
import os
import socket
import ssl
from collections.abc import Mapping

import dns.exception
import dns.resolver
import msgspec

from sendwright.network.conditions import NetworkCondition
from sendwright.network.verification import openssl_code
from sendwright.problems.evidence import Evidence, Failure, System

STAGE_RESOLVE = "resolve"
STAGE_CONNECT = "connect"
STAGE_SECURE = "secure"

TEXT_LIMIT = 2_000
"""Characters of the other side's words that evidence keeps."""

UNREACHABLE = frozenset(
    {
        "ENETUNREACH",
        "EHOSTUNREACH",
        "ENETDOWN",
        "EHOSTDOWN",
        "EADDRNOTAVAIL",
        "EAFNOSUPPORT",
        "EPERM",
        "EACCES",
    }
)
"""Socket errors that mean: this computer has no way there (a local firewall answers EPERM or EACCES)."""

TOO_OLD = frozenset({"UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "WRONG_SSL_VERSION", "VERSION_TOO_LOW"})
"""OpenSSL's reasons when no common TLS version was found."""


class ResolveFailed(Failure):
    """A name could not be resolved."""


class ConnectFailed(Failure):
    """No address of the host could be connected to."""


class TrustFailed(Failure):
    """The certificate authority that should be trusted in addition cannot be used."""


Row = tuple[type[BaseException], System, NetworkCondition]

TABLE: tuple[Row, ...] = (
    (ssl.SSLCertVerificationError, System.TLS, NetworkCondition.TLS_CERTIFICATE_REFUSED),
    (ssl.SSLEOFError, System.TLS, NetworkCondition.CONNECTION_DROPPED),
    (ssl.SSLZeroReturnError, System.TLS, NetworkCondition.CONNECTION_DROPPED),
    (ssl.SSLError, System.TLS, NetworkCondition.TLS_HANDSHAKE_FAILED),
    (dns.resolver.NXDOMAIN, System.DNS, NetworkCondition.DNS_NAME_NOT_FOUND),
    (dns.exception.DNSException, System.DNS, NetworkCondition.DNS_RESOLVER_FAILED),
    (socket.gaierror, System.DNS, NetworkCondition.DNS_RESOLVER_FAILED),
    (TimeoutError, System.SOCKET, NetworkCondition.CONNECTION_TIMED_OUT),
    (ConnectionRefusedError, System.SOCKET, NetworkCondition.CONNECTION_REFUSED),
    (ConnectionError, System.SOCKET, NetworkCondition.CONNECTION_DROPPED),
    (OSError, System.SOCKET, NetworkCondition.CONNECTION_FAILED),
)
"""The first row whose class fits decides."""


def observe(error: BaseException, *, stage: str, values: Mapping[str, str] | None = None) -> Evidence:
    """Return the evidence of a library's exception; raises TypeError for one that is not in the table."""
    found = next((row for row in TABLE if isinstance(error, row[0])), None)
    if found is None:
        raise TypeError(f"{type(error).__name__} is no failure of the network")
    _, system, condition = found
    name = errno_name(error)
    if name in UNREACHABLE:
        condition = NetworkCondition.NETWORK_UNREACHABLE
    known = dict(values or {})
    reason = _reason(error)
    if reason:
        known["reason"] = reason
    if reason in TOO_OLD:
        condition = NetworkCondition.TLS_VERSION_TOO_OLD
    return Evidence(
        stage=stage,
        system=system,
        condition=condition.value,
        verify=openssl_code(error) if isinstance(error, ssl.SSLCertVerificationError) else None,
        errno=name if system is System.SOCKET else None,
        text=_words(error),
        values=known,
    )


def observe_resolver(error: BaseException, *, values: Mapping[str, str]) -> Evidence:
    """Return the evidence of a failed question; a socket that fails on the way to a nameserver is one."""
    seen = observe(error, stage=STAGE_RESOLVE, values=values)
    if seen.system is System.DNS:
        return seen
    condition = NetworkCondition.DNS_RESOLVER_FAILED.value
    return msgspec.structs.replace(seen, system=System.DNS, condition=condition)


def errno_name(error: BaseException) -> str | None:
    """Return a socket error's number by name, the same on every system (`ECONNREFUSED`); None without one."""
    if isinstance(error, ssl.SSLError | socket.gaierror) or not isinstance(error, OSError):
        return None  # their numbers are OpenSSL's and the resolver's own
    if error.errno is None:
        return "ETIMEDOUT" if isinstance(error, TimeoutError) else None
    return errno.errorcode.get(error.errno, str(error.errno)).removeprefix("WSA")


def _reason(error: BaseException) -> str:
    """Return OpenSSL's short name of what is wrong; an error that was not made by it has not even the field."""
    return str(getattr(error, "reason", "") or "") if isinstance(error, ssl.SSLError) else ""


def _system_words(error: OSError) -> str:
    """Return the system's words for the number: asyncio puts an address in their place."""
    words = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else ""
    return words if words and not words.startswith("Unknown") else error.strerror or ""


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(getattr(error, "verify_message", "") or error)[:TEXT_LIMIT]
    if isinstance(error, ssl.SSLError):
        return (_reason(error) or error.strerror or "")[:TEXT_LIMIT]
    if isinstance(error, OSError):
        return _system_words(error)[:TEXT_LIMIT]
    return str(error)[:TEXT_LIMIT]
