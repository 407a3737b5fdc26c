"""The fixed words by which programs tell of sockets, names and certificates, and what they stand for."""

from collections.abc import Mapping
from types import MappingProxyType

ERRNO_WORDS: Mapping[str, str] = MappingProxyType(
    {
        # strerror of the C library
        "connection refused": "ECONNREFUSED",
        "connection timed out": "ETIMEDOUT",
        "operation timed out": "ETIMEDOUT",
        "timeout was reached": "ETIMEDOUT",
        "network is unreachable": "ENETUNREACH",
        "no route to host": "EHOSTUNREACH",
        "connection reset by peer": "ECONNRESET",
        "connection unexpectedly closed": "ECONNRESET",
        "broken pipe": "EPIPE",
        # Node, Go and curl, of a server that hung up while encryption was agreed on or before it answered
        "socket disconnected before secure tls connection was established": "ECONNRESET",
        "ssl_error_syscall in connection to": "ECONNRESET",
        "empty reply from server": "ECONNRESET",
        "i/o timeout": "ETIMEDOUT",
        # Java, Windows (WSAGetLastError, .NET), curl
        "connect timed out": "ETIMEDOUT",
        "actively refused it": "ECONNREFUSED",
        "connected party did not properly respond": "ETIMEDOUT",
        "forcibly closed by the remote host": "ECONNRESET",
        "unreachable network": "ENETUNREACH",
        "unreachable host": "EHOSTUNREACH",
        "err_connection_refused": "ECONNREFUSED",
        "err_connection_timed_out": "ETIMEDOUT",
        "err_connection_reset": "ECONNRESET",
        "wsaeconnrefused": "ECONNREFUSED",
        "wsaetimedout": "ETIMEDOUT",
        "wsaeconnreset": "ECONNRESET",
        "wsaenetunreach": "ENETUNREACH",
        "wsaehostunreach": "EHOSTUNREACH",
        "winerror 10061": "ECONNREFUSED",
        "winerror 10060": "ETIMEDOUT",
        "winerror 10054": "ECONNRESET",
        "winerror 10051": "ENETUNREACH",
        "winerror 10065": "EHOSTUNREACH",
    }
)

# X509_verify_cert_error_string of OpenSSL 1.1 and 3, and how the clients of other languages call the same.
VERIFY_WORDS: Mapping[str, int] = MappingProxyType(
    {
        "certificate has expired": 10,
        "certificate is not yet valid": 9,
        "self-signed certificate in certificate chain": 19,
        "self signed certificate in certificate chain": 19,
        "self-signed certificate": 18,
        "self signed certificate": 18,
        "unable to get local issuer certificate": 20,
        "unable to verify the first certificate": 21,
        "unable to get issuer certificate": 2,
        "certificate revoked": 23,
        "certificate is revoked": 23,
        "hostname mismatch": 62,
        "hostname_mismatch": 62,
        "ip address mismatch": 64,
        # Node
        "cert_has_expired": 10,
        "cert_not_yet_valid": 9,
        "depth_zero_self_signed_cert": 18,
        "self_signed_cert_in_chain": 19,
        "unable_to_get_issuer_cert_locally": 20,
        "unable_to_verify_leaf_signature": 21,
        "unable_to_get_issuer_cert": 2,
        "cert_revoked": 23,
        "err_tls_cert_altname_invalid": 62,
        "does not match certificate's altnames": 62,
        # Java, .NET, Go, curl, GnuTLS, browsers
        "unable to find valid certification path": 20,
        "certificateexpiredexception": 10,
        "certificatenotyetvalidexception": 9,
        "no subject alternative dns name matching": 62,
        "no subject alternative names matching ip address": 64,
        "remotecertificatenamemismatch": 62,
        "untrustedroot": 19,
        "partialchain": 20,
        "certificate signed by unknown authority": 20,
        "certificate has expired or is not yet valid": 10,
        "no alternative certificate subject name matches": 62,
        "x509: certificate is valid for": 62,  # … not for the name that was asked for
        "did not match expected cn": 62,
        "does not match target host name": 62,
        "the certificate issuer is unknown": 20,
        "hasn't got a known issuer": 20,
        "server certificate not trusted": 20,
        "err_cert_authority_invalid": 20,
        "err_cert_common_name_invalid": 62,
        "sec_error_unknown_issuer": 20,
        "sec_error_expired_certificate": 10,
        "ssl_error_bad_cert_domain": 62,
    }
)

DNS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name or service not known": "dns-name-not-found",
        "nodename nor servname provided": "dns-name-not-found",
        "no such host is known": "dns-name-not-found",
        "no such host": "dns-name-not-found",
        "nxdomain": "dns-name-not-found",
        "getaddrinfo enotfound": "dns-name-not-found",
        "could not resolve host": "dns-name-not-found",
        "couldn't resolve host": "dns-name-not-found",
        "err_name_not_resolved": "dns-name-not-found",
        "unknownhostexception": "dns-name-not-found",
        "getaddrinfo failed": "dns-name-not-found",
        "no address associated with hostname": "dns-no-address",
        "temporary failure in name resolution": "dns-resolver-failed",
        "eai_again": "dns-resolver-failed",
        "servfail": "dns-resolver-failed",
        "server misbehaving": "dns-resolver-failed",
    }
)

# What OpenSSL, Java and Windows say when no certificate was the matter.
TLS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "wrong version number": "wrong-security-mode",
        "wrong_version_number": "wrong-security-mode",
        "unrecognized ssl message, plaintext connection": "wrong-security-mode",
        "first record does not look like a tls handshake": "wrong-security-mode",
        "unsupported protocol": "tls-version-too-old",
        "unsupported_protocol": "tls-version-too-old",
        "protocol_version": "tls-version-too-old",
        "no appropriate protocol": "tls-version-too-old",
        "handshake failure": "tls-handshake-failed",
        "handshake_failure": "tls-handshake-failed",
        "tlsv1 alert internal error": "tls-handshake-failed",
        # MailKit and .NET, which name no reason
        "certificate verify failed": "tls-certificate-refused",
        "certificate presented by the server is not trusted": "tls-certificate-refused",
        "remote certificate is invalid according to the validation procedure": "tls-certificate-refused",
        "certificate was rejected by the provided remotecertificatevalidationcallback": "tls-certificate-refused",
        # smtplib, aiosmtplib, .NET: what the answer to EHLO lacked
        "starttls extension not supported": "starttls-not-offered",
        "server does not support secure connections": "starttls-not-offered",
        "server does not support starttls": "starttls-not-offered",
    }
)

# What smtplib, Jakarta Mail and Cyrus SASL say of an answer to EHLO that lacks what they need to sign in.
SIGN_IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "smtp auth extension not supported by server": "auth-not-offered",
        "no mechanism available": "auth-mechanism-unsupported",
        "no suitable authentication method found": "auth-mechanism-unsupported",
        "no authentication mechanisms supported by both server and client": "auth-mechanism-unsupported",
    }
)

# What PHPMailer and curl say of a sign-in that was refused, without the answer: told where nothing else is.
REFUSED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "smtp error: could not authenticate": "sign-in-refused",
        "(67) login denied": "sign-in-refused",
    }
)

# What clients say when the proxy between them and the server does not answer.
PROXY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "could not resolve proxy": "proxy-unreachable",
        "couldn't resolve proxy": "proxy-unreachable",
        "err_proxy_connection_failed": "proxy-unreachable",
        "unable to connect to proxy": "proxy-unreachable",
        "cannot connect to proxy": "proxy-unreachable",
        "proxy server is refusing connections": "proxy-unreachable",
    }
)

# Words by which programs say at which command the server answered.
STAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "reply to mail from": "sender",
        "after mail from": "sender",
        "after pipelined mail from": "sender",
        "mail from command failed": "sender",
        "mail failed": "sender",
        "smtpsenderrefused": "sender",
        "smtpsenderfailedexception": "sender",
        "reply to rcpt to": "recipient",
        "after rcpt to": "recipient",
        "after pipelined rcpt to": "recipient",
        "rcpt to command failed": "recipient",
        "rcpt failed": "recipient",
        "smtprecipientsrefused": "recipient",
        "smtpaddressfailedexception": "recipient",
        "rejected rcpt": "recipient",
        "does not like recipient": "recipient",
        "reply to end of data": "submit",
        "reply to data command": "submit",
        "after end of data": "submit",
        "after data": "submit",
        "data end command failed": "submit",
        "smtpdataerror": "submit",
        "failed after i sent the message": "submit",
        "initial server greeting": "greet",
        "initial connection": "greet",
        "not accepting": "greet",
        "server ports are busy": "greet",
        "too many connections": "greet",
        "smtpconnecterror": "greet",
        "auth command": "sign-in",
        "authenticate command failed": "sign-in",
        "password command failed": "sign-in",
        "sasl authentication failed": "sign-in",
        "smtpauthenticationerror": "sign-in",
        "authenticationfailedexception": "sign-in",
        "eauth": "sign-in",
        "tls not available": "secure",
        "starttls command failed": "secure",
    }
)


def present(words: Mapping[str, object], low: str) -> tuple[str, ...]:
    """Return the keys of `words` that stand in `low`, longest first: a line is searched for these alone."""
    return tuple(sorted((word for word in words if word in low), key=len, reverse=True))
