"""Turns what the browser's network reports into evidence, so that it is explained like everywhere else.

The numbers are Chromium's (net/base/net_error_list.h); Qt hands them on unchanged.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sendwright.network.conditions import NetworkCondition
from sendwright.network.failures import STAGE_CONNECT, STAGE_RESOLVE, STAGE_SECURE, TEXT_LIMIT
from sendwright.network.web import PROXY_REFUSED, PROXY_UNREACHABLE
from sendwright.problems.evidence import Evidence, System

ABORTED: Final = frozenset({-3, -20, -27})
"""Nothing failed: the load was ended by us, or by going elsewhere (ERR_ABORTED, ERR_BLOCKED_BY_…)."""

Row = tuple[str, System, NetworkCondition, str | None]

_ROWS: Mapping[int, Row] = MappingProxyType(
    {
        -7: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_TIMED_OUT, "ETIMEDOUT"),
        -21: (STAGE_CONNECT, System.SOCKET, NetworkCondition.NETWORK_UNREACHABLE, None),  # the network changed
        -100: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_DROPPED, None),
        -101: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_DROPPED, "ECONNRESET"),
        -102: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_REFUSED, "ECONNREFUSED"),
        -104: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_TIMED_OUT, None),
        -105: (STAGE_RESOLVE, System.DNS, NetworkCondition.DNS_NAME_NOT_FOUND, None),
        -106: (STAGE_CONNECT, System.SOCKET, NetworkCondition.NETWORK_UNREACHABLE, "ENETDOWN"),
        -107: (STAGE_SECURE, System.TLS, NetworkCondition.TLS_HANDSHAKE_FAILED, None),
        -109: (STAGE_CONNECT, System.SOCKET, NetworkCondition.NETWORK_UNREACHABLE, "EHOSTUNREACH"),
        -113: (STAGE_SECURE, System.TLS, NetworkCondition.TLS_VERSION_TOO_OLD, None),
        -118: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_TIMED_OUT, "ETIMEDOUT"),
        -137: (STAGE_RESOLVE, System.DNS, NetworkCondition.DNS_RESOLVER_FAILED, None),
        -138: (STAGE_CONNECT, System.SOCKET, NetworkCondition.NETWORK_UNREACHABLE, "EACCES"),
        -324: (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_DROPPED, None),
    }
)
_SILENT_PROXY: Final = frozenset({-120, -121, -130})
_REFUSING_PROXY: Mapping[int, int | None] = MappingProxyType({-111: None, -115: 407, -127: 407, -336: None})

VERIFY: Mapping[int, int] = MappingProxyType(
    {-200: 62, -201: 10, -202: 20, -206: 23, -207: 26, -208: 67, -211: 67, -212: 62, -213: 10}
)
"""OpenSSL's verification code of what a certificate error of the browser says; others are refused without one."""


def failed_load(number: int, words: str, *, host: str) -> Evidence:
    """Return the evidence of a page that could not be loaded. words: the browser's own."""
    values, said = {"host": host, "port": "443"}, words[:TEXT_LIMIT]
    if number in _SILENT_PROXY:
        return Evidence(
            stage=STAGE_CONNECT, system=System.SOCKET, condition=PROXY_UNREACHABLE, text=said, values=values
        )
    if number in _REFUSING_PROXY:
        return Evidence(
            stage=STAGE_CONNECT,
            system=System.HTTP,
            condition=PROXY_REFUSED,
            http=_REFUSING_PROXY[number],
            text=said,
            values=values,
        )
    if number in VERIFY:
        return refused_certificate(number, words, host=host)
    usual: Row = (STAGE_CONNECT, System.SOCKET, NetworkCondition.CONNECTION_FAILED, None)
    stage, system, condition, name = _ROWS.get(number, usual)
    return Evidence(
        stage=stage,
        system=system,
        condition=condition.value,
        errno=name,
        text=said or f"net error {number}",
        values=values,
    )


def refused_certificate(number: int, words: str, *, host: str) -> Evidence:
    """Return the evidence of a certificate that the browser does not accept."""
    return Evidence(
        stage=STAGE_SECURE,
        system=System.TLS,
        condition=NetworkCondition.TLS_CERTIFICATE_REFUSED.value,
        verify=VERIFY.get(number),
        text=words[:TEXT_LIMIT],
        values={"host": host, "port": "443"},
    )
