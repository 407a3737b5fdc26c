"""Sockets, certificates, name servers, proxies and firewalls are recognised in the words of many programs."""

import pytest

from sendwright.problems.evidence import Evidence
from sendwright.problems.pasted.below_mail import WordReader
from sendwright.problems.pasted.lines import Line


def _seen(text: str, *, until: int | None = None) -> list[Evidence]:
    reader = WordReader(low=text.casefold())
    line = Line(text, 0)
    web = reader.web(line)
    if web is not None:
        return [web[1].evidence] if web[1] else []
    return [clue.evidence for clue in reader.read(line, until=until)]


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("[Errno 111] Connection refused", "ECONNREFUSED"),
        ("java.net.ConnectException: Connection refused (Connection refused)", "ECONNREFUSED"),
        ("stream_socket_client(): Unable to connect to x:587 (Connection refused)", "ECONNREFUSED"),
        ("No connection could be made because the target machine actively refused it 192.0.2.7:587", "ECONNREFUSED"),
        ("[WinError 10061] x", "ECONNREFUSED"),
        ("net::ERR_CONNECTION_REFUSED", "ECONNREFUSED"),
        ("connect to mx.example.com[192.0.2.7]:25: Connection timed out", "ETIMEDOUT"),
        ("java.net.SocketTimeoutException: connect timed out", "ETIMEDOUT"),
        ("because the connected party did not properly respond after a period of time", "ETIMEDOUT"),
        ("curl: (28) Operation timed out after 5000 milliseconds", "ETIMEDOUT"),
        ("An existing connection was forcibly closed by the remote host", "ECONNRESET"),
        ("read: connection reset by peer", "ECONNRESET"),
        ("Network is unreachable", "ENETUNREACH"),
        ("No route to host", "EHOSTUNREACH"),
        ("write: broken pipe", "EPIPE"),
        ("dial tcp 192.0.2.7:587: i/o timeout", "ETIMEDOUT"),
        ("Client network socket disconnected before secure TLS connection was established", "ECONNRESET"),
        ("curl: (52) Empty reply from server", "ECONNRESET"),
        ("curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x.example:465", "ECONNRESET"),
        ("curl: (28) Failed to connect to x.example port 587 after 21005 ms: Timeout was reached", "ETIMEDOUT"),
        ("curl: (7) Failed to connect to smtp.example.org port 587", "ECONNREFUSED"),
        ("curl: (7) Failed to connect to x.example port 587 after 3 ms: Couldn't connect to server", "ECONNREFUSED"),
        ("curl: (7) Failed to connect to x.example port 587 after 130021 ms: Could not connect", "ETIMEDOUT"),
        ("curl: (7) Failed to connect to x.example port 587: No route to host", "EHOSTUNREACH"),
    ],
)
def test_a_socket(text: str, errno: str) -> None:
    assert [seen.errno for seen in _seen(text)] == [errno]


@pytest.mark.parametrize(
    ("text", "verify"),
    [
        ("certificate verify failed: certificate has expired (_ssl.c:1006)", 10),
        ("Error: CERT_HAS_EXPIRED", 10),
        ("X509_V_ERR_CERT_HAS_EXPIRED", 10),
        ("java.security.cert.CertificateExpiredException: NotAfter: Fri", 10),
        ("x509: certificate has expired or is not yet valid: current time", 10),
        ("certificate is not yet valid", 9),
        ("self-signed certificate", 18),
        ("DEPTH_ZERO_SELF_SIGNED_CERT", 18),
        ("self-signed certificate in certificate chain", 19),
        ("SELF_SIGNED_CERT_IN_CHAIN", 19),
        ("unable to get local issuer certificate", 20),
        ("PKIX path building failed: unable to find valid certification path to requested target", 20),
        ("x509: certificate signed by unknown authority", 20),
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", 21),
        ("ERR_TLS_CERT_ALTNAME_INVALID", 62),
        ("Hostname mismatch, certificate is not valid for 'mail.example.org'", 62),
        ("RemoteCertificateNameMismatch", 62),
        ("x509: certificate is valid for *.hoster.example, not mail.example.org", 62),
        ("Peer certificate CN=`*.hoster.example' did not match expected CN=`mail.example.org'", 62),
        ("the certificate hasn't got a known issuer", 20),
        ("SSL: no alternative certificate subject name matches target host name 'x'", 62),
        ("IP address mismatch", 64),
        ("certificate revoked", 23),
    ],
)
def test_a_certificate(text: str, verify: int) -> None:
    assert [(seen.verify, seen.stage) for seen in _seen(text)] == [(verify, "secure")]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("host='login.microsoftonline.com', port=443: unable to get local issuer certificate", True),
        ("request to https://graph.microsoft.com/v1.0/me failed, reason: self-signed certificate", True),
        ('Post "https://oauth2.googleapis.com/token": x509: certificate signed by unknown authority', True),
        ("https://gmail.googleapis.com/: SELF_SIGNED_CERT_IN_CHAIN", True),
        ("https://accounts.google.com/: UNABLE_TO_VERIFY_LEAF_SIGNATURE", True),
        ("https://graph.microsoft.com/: certificate has expired", False),
        ("https://graph.microsoft.com/: Hostname mismatch", False),
        ("https://api.example.org/: self-signed certificate in certificate chain", False),
        ("mail.example.org:587: unable to get local issuer certificate", False),
    ],
)
def test_a_certificate_that_everybody_trusts_is_replaced_by_a_network_that_reads_along(
    text: str, condition: bool
) -> None:
    assert [seen.condition for seen in _seen(text)] == ["public-service-untrusted" if condition else None]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("host='login.microsoftonline.com': certificate verify failed", "public-service-untrusted"),
        ("host='mail.example.org': certificate verify failed (_ssl.c:777)", "tls-certificate-refused"),
        ("host='login.microsoftonline.com': wrong version number (_ssl.c:1125)", "portal-or-filter-page"),
        ("host='mail.example.org': wrong version number (_ssl.c:1125)", "wrong-security-mode"),
        ("host='login.microsoftonline.com': tlsv1 alert internal error", "tls-handshake-failed"),
    ],
)
def test_what_cannot_be_the_service_s_own_fault_lies_on_the_way(text: str, condition: str) -> None:
    assert [seen.condition for seen in _seen(text)] == [condition]


def test_a_mail_server_s_certificate_is_its_own_whatever_else_the_text_names() -> None:
    text = "smtp 587: unable to get local issuer certificate\nhttps://graph.microsoft.com/v1.0/me"
    reader = WordReader(low=text.casefold())
    seen = [clue.evidence for line in text.split("\n") for clue in reader.read(Line(line, 0))]
    assert [(one.verify, one.condition) for one in seen] == [(20, None)]


def test_the_host_of_a_request_may_stand_in_another_line() -> None:
    text = (
        "* Connected to graph.microsoft.com port 443\n* SSL certificate problem: unable to get local issuer certificate"
    )
    reader = WordReader(low=text.casefold())
    seen = [clue.evidence for line in text.split("\n") for clue in reader.read(Line(line, 0))]
    assert [(one.verify, one.condition) for one in seen] == [(20, "public-service-untrusted")]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("[Errno -2] Name or service not known", "dns-name-not-found"),
        ("getaddrinfo ENOTFOUND smtp.example.org", "dns-name-not-found"),
        ("java.net.UnknownHostException: smtp.example.org", "dns-name-not-found"),
        ("curl: (6) Could not resolve host: smtp.example.org", "dns-name-not-found"),
        ("php_network_getaddresses: getaddrinfo failed: x", "dns-name-not-found"),
        ("DNS_PROBE_FINISHED_NXDOMAIN", "dns-name-not-found"),
        ("No address associated with hostname", "dns-no-address"),
        ("Temporary failure in name resolution", "dns-resolver-failed"),
        ("getaddrinfo EAI_AGAIN smtp.example.org", "dns-resolver-failed"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "wrong-security-mode"),
        ("Unrecognized SSL message, plaintext connection?", "wrong-security-mode"),
        ("tls: first record does not look like a TLS handshake", "wrong-security-mode"),
        ("unsupported protocol", "tls-version-too-old"),
        ("lookup smtp.example.org on 127.0.0.11:53: server misbehaving", "dns-resolver-failed"),
        ("error:0A000438:SSL routines::tlsv1 alert internal error", "tls-handshake-failed"),
        ("the SSL certificate presented by the server is not trusted by the system", "tls-certificate-refused"),
        ("The remote certificate is invalid according to the validation procedure.", "tls-certificate-refused"),
        ("smtplib.SMTPNotSupportedError: SMTP AUTH extension not supported by server.", "auth-not-offered"),
        ("smtplib.SMTPException: No suitable authentication method found.", "auth-mechanism-unsupported"),
        ("(SASL authentication failed; cannot authenticate: no mechanism available)", "auth-mechanism-unsupported"),
        ("SSL alert number 40: handshake failure", "tls-handshake-failed"),
        ("curl: (5) Could not resolve proxy: proxy.example.org", "proxy-unreachable"),
        ("ERR_PROXY_CONNECTION_FAILED", "proxy-unreachable"),
        ("220 ********************************", "banner-rewritten"),
        ("S: 220 ****************", "banner-rewritten"),
        ("250-SIZE 100 250-XXXXXXXA", "starttls-stripped"),
        ("[2026-11-20 10:00:00] DEBUG [QKrWwm10XWQ] S: 334 eyJzdGF0dXMiOiI0MDAifQ==", "oauth-token-refused"),
        ("334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=", "oauth-token-refused"),
    ],
)
def test_names_encryption_proxies_and_firewalls(text: str, condition: str) -> None:
    assert [seen.condition for seen in _seen(text)] == [condition]


@pytest.mark.parametrize(
    ("text", "status", "condition"),
    [
        ("HTTP/1.1 407 Proxy Authentication Required", 407, None),
        ("407 Proxy Authentication Required", 407, None),
        ("curl: (56) CONNECT tunnel failed, response 407", 407, None),
        ("curl: (56) CONNECT tunnel failed, response 403", 403, "proxy-refused"),
        ("Received HTTP code 403 from proxy after CONNECT", 403, "proxy-refused"),
        ("OSError('Tunnel connection failed: 403 Forbidden')", 403, "proxy-refused"),
        ("The remote server returned an error: (407) Proxy", 407, None),
        ("The requested URL returned error: 503", 503, None),
        ("HTTP/2 502", 502, None),
        ("The proxy tunnel request to proxy 'http://x:8080/' failed with status code '407'.", 407, None),
        ("The proxy tunnel request to proxy 'http://x:8080/' failed with status code '403'.", 403, "proxy-refused"),
        ("Response status code does not indicate success: 401 (Unauthorized).", 401, None),
        ("status code: 401", 401, None),
        ("googleapi: Error 403: Delegation denied for a@example.org, forbidden", 403, None),
    ],
)
def test_an_answer_of_the_web(text: str, status: int, condition: str | None) -> None:
    assert [(seen.http, seen.condition) for seen in _seen(text)] == [(status, condition)]


@pytest.mark.parametrize(
    "text", ["HTTP/1.1 200 OK", "HTTP/2 204", "HTTP/1.1 302 Found", "nothing", "see http://x.example/407"]
)
def test_what_is_no_failure(text: str) -> None:
    assert _seen(text) == []


def test_words_behind_a_reply_are_left_to_it() -> None:
    text = "421 connection timed out"
    assert _seen(text, until=text.index("421")) == []
