"""The table of what libraries raise below the mail protocols."""

import errno
import os
import socket
import ssl

import dns.exception
import dns.resolver
import pytest

from sendwright.network.failures import TEXT_LIMIT, errno_name, observe, observe_resolver
from sendwright.problems.evidence import System


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "system", "condition", "number"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), System.SOCKET, "connection-refused", "ECONNREFUSED"),
        (ConnectionResetError(errno.ECONNRESET, "x"), System.SOCKET, "connection-dropped", "ECONNRESET"),
        (ConnectionAbortedError(), System.SOCKET, "connection-dropped", None),
        (TimeoutError(), System.SOCKET, "connection-timed-out", "ETIMEDOUT"),
        (TimeoutError(errno.ETIMEDOUT, "x"), System.SOCKET, "connection-timed-out", "ETIMEDOUT"),
        (OSError(errno.ENETUNREACH, "x"), System.SOCKET, "network-unreachable", "ENETUNREACH"),
        (OSError(errno.EHOSTUNREACH, "x"), System.SOCKET, "network-unreachable", "EHOSTUNREACH"),
        (OSError(errno.EADDRNOTAVAIL, "x"), System.SOCKET, "network-unreachable", "EADDRNOTAVAIL"),
        (OSError(errno.EAFNOSUPPORT, "x"), System.SOCKET, "network-unreachable", "EAFNOSUPPORT"),
        (PermissionError(errno.EPERM, "x"), System.SOCKET, "network-unreachable", "EPERM"),
        (OSError(errno.EMFILE, "x"), System.SOCKET, "connection-failed", "EMFILE"),
        (OSError(99_999, "x"), System.SOCKET, "connection-failed", "99999"),
        (socket.gaierror(socket.EAI_FAIL, "x"), System.DNS, "dns-resolver-failed", None),
        (dns.resolver.NXDOMAIN(), System.DNS, "dns-name-not-found", None),
        (dns.resolver.NoNameservers(), System.DNS, "dns-resolver-failed", None),
        (dns.exception.Timeout(), System.DNS, "dns-resolver-failed", None),
        (tls_error("WRONG_VERSION_NUMBER"), System.TLS, "tls-handshake-failed", None),
        (tls_error("UNSUPPORTED_PROTOCOL"), System.TLS, "tls-version-too-old", None),
        (tls_error("TLSV1_ALERT_PROTOCOL_VERSION"), System.TLS, "tls-version-too-old", None),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), System.TLS, "connection-dropped", None),
        (ssl.SSLCertVerificationError("made by truststore"), System.TLS, "tls-certificate-refused", None),
    ],
)
def test_each_exception_is_named(*, error: Exception, system: System, condition: str, number: str | None) -> None:
    evidence = observe(error, stage="connect", values={"host": "mail.example.org"})
    assert (evidence.stage, evidence.system) == ("connect", system)
    assert (evidence.condition, evidence.errno) == (condition, number)
    assert evidence.values["host"] == "mail.example.org"


def test_the_words_are_those_of_the_system() -> None:
    error = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('192.0.2.1', 25)")
    assert observe(error, stage="connect").text == os.strerror(errno.ECONNREFUSED)
    assert observe(OSError(99_999, "odd"), stage="connect").text == "odd"
    assert observe(OSError(), stage="connect").text == ""


def test_the_reason_of_openssl_is_kept() -> None:
    evidence = observe(tls_error("WRONG_VERSION_NUMBER"), stage="secure")
    assert evidence.values == {"reason": "WRONG_VERSION_NUMBER"}
    assert evidence.text == "WRONG_VERSION_NUMBER"


def test_the_numbers_of_windows_are_called_like_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(errno.errorcode, 10061, "WSAECONNREFUSED")
    assert errno_name(OSError(10061, "x")) == "ECONNREFUSED"


@pytest.mark.parametrize("error", [ssl.SSLError(1, "x"), socket.gaierror(-2, "x"), ValueError("x")])
def test_numbers_that_are_no_errno_have_no_name(error: Exception) -> None:
    assert errno_name(error) is None


def test_a_failure_on_the_way_to_a_nameserver_is_one_of_the_resolver() -> None:
    evidence = observe_resolver(OSError(errno.ENETUNREACH, "x"), values={"host": "example.org"})
    assert (evidence.stage, evidence.system) == ("resolve", System.DNS)
    assert (evidence.condition, evidence.errno) == ("dns-resolver-failed", "ENETUNREACH")


def test_words_are_cut() -> None:
    assert len(observe(dns.exception.DNSException("x" * 5_000), stage="resolve").text) == TEXT_LIMIT


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("x")])
def test_what_is_no_failure_of_the_network_is_not_taken_for_one(error: Exception) -> None:
    with pytest.raises(TypeError, match=type(error).__name__):
        observe(error, stage="connect")
