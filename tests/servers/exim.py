"""A real Exim, entered by chroot: submission with STARTTLS and TLS, sign-in, refusals of its own."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.servers.accounts import ACCOUNTS, DOMAIN, GREYLISTED, Account
from tests.servers.certificates import Certificate
from tests.servers.ports import free_port
from tests.servers.processes import Daemon, accepts, retried, tail
from tests.servers.small_debian import small_debian

HOST = "127.0.0.1"
RETIRED = "NORMAL:-VERS-ALL:+VERS-TLS1.0"  # a GnuTLS priority string

CONFIGURATION = """\
exim_user = nobody
exim_group = nobody
spool_directory = /var/spool/exim
log_file_path = /var/spool/exim/%slog
pid_file_path = /var/spool/exim/pid
primary_hostname = mail.{domain}
local_interfaces = 127.0.0.1
daemon_smtp_ports = {submission} : {submissions}
tls_on_connect_ports = {submissions}
tls_advertise_hosts = *
tls_certificate = /etc/tls/chain.pem
tls_privatekey = /etc/tls/key.pem
tls_require_ciphers = {ciphers}
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = recipients
disable_ipv6 = true
host_lookup =
keep_environment =
queue_only = true
domainlist ours = {domain}

begin acl
recipients:
  defer message = Greylisted, please try again later
        recipients = {greylisted}
  deny message = Unrouteable address
       domains = +ours
       !recipients = {people}
  accept authenticated = *
  accept domains = +ours
  deny message = relay not permitted

begin routers
nowhere:
  driver = redirect
  data = :blackhole:

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if or{{ {passwords} }}}}
  server_set_id = $auth2
"""


@dataclass(frozen=True, kw_only=True)
class EximServer:
    """A running Exim: ports for STARTTLS and for TLS from the start."""

    root: Path
    submission: int = field(default_factory=lambda: free_port(HOST))
    submissions: int = field(default_factory=lambda: free_port(HOST))
    host: str = HOST

    def log_text(self) -> str:
        """Give the ends of its logs."""
        return "\n".join(tail(self.root / "var/spool/exim" / name) for name in ("mainlog", "rejectlog", "paniclog"))


def _password(account: Account) -> str:
    return f"and{{ {{eq{{$auth2}}{{{account.address}}}}} {{eq{{$auth3}}{{{account.password}}}}} }}"


@contextlib.contextmanager
def _start_once(certificate: Certificate, *, retired_tls: bool) -> Iterator[EximServer]:
    with small_debian() as root:
        server = EximServer(root=root)
        tls, spool = root / "etc/tls", root / "var/spool/exim"
        for place in (tls, spool):
            place.mkdir()
            shutil.chown(place, "nobody")
        shutil.copy(certificate.chain, tls / "chain.pem")
        shutil.copy(certificate.key, tls / "key.pem")
        for file in tls.iterdir():
            shutil.chown(file, "nobody")
        (root / "etc/exim.conf").write_text(
            CONFIGURATION.format(
                domain=DOMAIN,
                submission=server.submission,
                submissions=server.submissions,
                ciphers=RETIRED if retired_tls else "NORMAL",
                greylisted=GREYLISTED,
                people=" : ".join(account.address for account in ACCOUNTS),
                passwords=" ".join(f"{{{_password(account)}}}" for account in ACCOUNTS),
            )
        )
        command = ("chroot", root, "/usr/sbin/exim4", "-C", "/etc/exim.conf", "-bdf")
        with Daemon(command, log=root / "tmp/exim.out") as daemon:
            for port in (server.submission, server.submissions):
                daemon.wait_until(partial(accepts, HOST, port), what=f"Exim on {HOST}:{port}")
            yield server


def start_exim(certificate: Certificate, *, retired_tls: bool = False) -> contextlib.AbstractContextManager[EximServer]:
    """Start Exim on free ports; `retired_tls` lets it speak TLS 1.0 and nothing else. Raises ServerFailedError."""
    return retried(lambda: _start_once(certificate, retired_tls=retired_tls))
