"""A real OpenSMTPD, entered by chroot: submission with STARTTLS and TLS, sign-in."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.servers.accounts import ACCOUNTS, DOMAIN
from tests.servers.certificates import Certificate
from tests.servers.ports import free_port
from tests.servers.processes import Daemon, accepts, retried, tail
from tests.servers.small_debian import small_debian

HOST = "127.0.0.1"
RETIRED = 'protocols "tlsv1.0" ciphers "ALL:@SECLEVEL=0"'

CONFIGURATION = """\
pki here cert "/etc/tls/chain.pem"
pki here key "/etc/tls/key.pem"
table people file:/etc/people
table passwords file:/etc/passwords
listen on 127.0.0.1 port {submission} tls-require pki here {tls} auth-optional <passwords> hostname mail.{domain}
listen on 127.0.0.1 port {submissions} smtps pki here {tls} auth-optional <passwords> hostname mail.{domain}
action "drop" mda "true" virtual <people>
match from any for domain "{domain}" action "drop"
action "keep" relay host smtp://127.0.0.1:1
match auth from any for any action "keep"
"""


@dataclass(frozen=True, kw_only=True)
class OpenSmtpdServer:
    """A running OpenSMTPD: ports for STARTTLS and for TLS from the start."""

    root: Path
    submission: int = field(default_factory=lambda: free_port(HOST))
    submissions: int = field(default_factory=lambda: free_port(HOST))
    host: str = HOST

    def log_text(self) -> str:
        """Give the end of what it printed."""
        return tail(self.root / "tmp/opensmtpd.out")


@contextlib.contextmanager
def _start_once(certificate: Certificate, *, retired_tls: bool) -> Iterator[OpenSmtpdServer]:
    with small_debian() as root:
        server = OpenSmtpdServer(root=root)
        (root / "etc/tls").mkdir()
        shutil.copy(certificate.chain, root / "etc/tls/chain.pem")
        shutil.copy(certificate.key, root / "etc/tls/key.pem")
        (root / "etc/tls/key.pem").chmod(0o600)
        (root / "etc/people").write_text("".join(f"{account.address} nobody\n" for account in ACCOUNTS))
        lines = [f"{account.address} {_hashed(account.password)}\n" for account in ACCOUNTS]
        (root / "etc/passwords").write_text("".join(lines))
        spool = root / "var/spool/smtpd"
        spool.mkdir()
        spool.chmod(0o711)
        (root / "etc/smtpd.conf").write_text(
            CONFIGURATION.format(
                domain=DOMAIN,
                submission=server.submission,
                submissions=server.submissions,
                tls=RETIRED if retired_tls else "",
            )
        )
        command = ("chroot", root, "/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf")
        with Daemon(command, log=root / "tmp/opensmtpd.out") as daemon:
            for port in (server.submission, server.submissions):
                daemon.wait_until(partial(accepts, HOST, port), what=f"OpenSMTPD on {HOST}:{port}")
            yield server


def _hashed(password: str) -> str:
    """Return what crypt(3) makes of a password."""
    command = ("openssl", "passwd", "-6", "-stdin")
    return subprocess.run(command, input=password, capture_output=True, text=True, check=True).stdout.strip()


def start_opensmtpd(
    certificate: Certificate, *, retired_tls: bool = False
) -> contextlib.AbstractContextManager[OpenSmtpdServer]:
    """Start OpenSMTPD on free ports; `retired_tls` lets it speak TLS 1.0 and nothing else. Raises ServerFailedError."""
    return retried(lambda: _start_once(certificate, retired_tls=retired_tls))
