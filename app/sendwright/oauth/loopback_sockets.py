"""Finds a port of this computer that nobody else answers, whichever way `localhost` is looked up."""

import errno
import socket
import sys
from contextlib import suppress
from typing import Final

ATTEMPTS: Final = 16
BACKLOG: Final = 128

_IPV4, _IPV6 = "127.0.0.1", "::1"


def bind_both() -> list[socket.socket]:
    """Return bound sockets on 127.0.0.1 and, with the same port, on ::1; the first alone where there is no IPv6.

    A port that another program holds on ::1 is not taken: browsers may look there first, and it would get the code.
    Raises OSError where no port is found.
    """
    taken: OSError | None = None
    for _ in range(ATTEMPTS):
        first = _bind(socket.AF_INET, _IPV4, 0)
        try:
            return [first, _bind(socket.AF_INET6, _IPV6, first.getsockname()[1])]
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                return [first]
            taken = error
        first.close()
    raise taken or OSError(errno.EADDRINUSE, "no port")


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":  # there, another program could bind the same port as well, and be asked instead
            found.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        if family is socket.AF_INET6:
            with suppress(OSError):
                found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        found.bind((address, port))
        found.settimeout(0)
    except BaseException:
        found.close()
        raise
    return found
