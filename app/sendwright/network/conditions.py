"""Our names for what is seen below any mail protocol: names, sockets, TLS."""

from enum import StrEnum


class NetworkCondition(StrEnum):
    """Values of `Evidence.condition`; never renamed.

    dns-name-not-found: the name does not exist (NXDOMAIN), or can be no name at all.
    dns-no-address: the name exists and has neither an IPv4 nor an IPv6 address.
    dns-resolver-failed: no usable answer came; the name may well exist.
    connection-refused: the computer answered that nobody listens there (errno ECONNREFUSED).
    connection-timed-out: no answer in time; a filter that drops packets looks like this. At a stage later
        than `connect` the connection stood, and the other side fell silent.
    network-unreachable: there is no way to the address (errno ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, …).
    connection-failed: any other socket error; errno names it.
    connection-dropped: the other side ended a connection that stood.
    tls-version-too-old: the server speaks nothing newer than TLS 1.1; `version` in the values where it is known.
    tls-handshake-failed: TLS could not be agreed for another reason; the text is OpenSSL's.
    tls-certificate-refused: the certificate was not accepted; `Evidence.verify` says why.
    tls-authority-invalid: the certificate authority given in addition is no readable PEM certificate.
    """

    DNS_NAME_NOT_FOUND = "dns-name-not-found"
    DNS_NO_ADDRESS = "dns-no-address"
    DNS_RESOLVER_FAILED = "dns-resolver-failed"
    CONNECTION_REFUSED = "connection-refused"
    CONNECTION_TIMED_OUT = "connection-timed-out"
    NETWORK_UNREACHABLE = "network-unreachable"
    CONNECTION_FAILED = "connection-failed"
    CONNECTION_DROPPED = "connection-dropped"
    TLS_VERSION_TOO_OLD = "tls-version-too-old"
    TLS_HANDSHAKE_FAILED = "tls-handshake-failed"
    TLS_CERTIFICATE_REFUSED = "tls-certificate-refused"
    TLS_AUTHORITY_INVALID = "tls-authority-invalid"
