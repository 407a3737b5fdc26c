"""Writes main.cf, master.cf and the maps of a private Postfix."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.accounts import ACCOUNTS, DOMAIN, REFUSED_RECIPIENTS, Account
from tests.servers.certificates import Certificate

DELIVERY_USER = 65534  # nobody
OUTSIDE = "outside"  # the mailbox that stands for the rest of the world: nothing leaves this computer

PARAMETERS = """\
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {directory}/mail.log
maillog_file_prefixes = {directory}
myhostname = mail.{domain}
mydestination =
mynetworks =
alias_maps =
alias_database =
inet_interfaces = {interfaces}
inet_protocols = all
message_size_limit = {size_limit}
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:{directory}/mailboxes
virtual_mailbox_base = {directory}/mail
virtual_uid_maps = static:{delivery_user}
virtual_gid_maps = static:{delivery_user}
default_transport = outside
smtputf8_enable = yes
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_tls_chain_files = {key} {chain}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_loglevel = 1
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {sasl_socket}
smtpd_sasl_security_options = noanonymous
smtpd_sender_login_maps = texthash:{directory}/owners
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:{directory}/refusals
"""

SUBMISSION = "-o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o smtpd_tls_security_level=encrypt"

SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
outside unix - n n - - virtual -o virtual_mailbox_maps=static:outside/
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, kw_only=True)
class PostfixSettings:
    """What a test may want different; `parameters` overrides or adds lines of main.cf."""

    certificate: Certificate
    accounts: Sequence[Account] = ACCOUNTS
    refused_recipients: Mapping[str, str] = field(default_factory=REFUSED_RECIPIENTS.copy)
    size_limit: int = 10_240_000
    mechanisms: str | None = None
    ipv6: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The loopback addresses to listen on."""
        return ("127.0.0.1", "::1") if self.ipv6 else ("127.0.0.1",)


@dataclass(frozen=True, kw_only=True)
class PostfixPorts:
    """The three front doors: like 587, 465 and 25."""

    submission: int
    submissions: int
    relay: int

    @property
    def services(self) -> dict[int, str]:
        """The options that master.cf gives to the server behind each port."""
        return {
            self.submission: SUBMISSION,
            self.submissions: f"{SUBMISSION} -o smtpd_tls_wrappermode=yes",
            self.relay: "",
        }


def write_configuration(directory: Path, settings: PostfixSettings, *, ports: PostfixPorts, sasl_socket: Path) -> None:
    """Write everything `postfix -c DIRECTORY/etc` needs."""
    etc = directory / "etc"
    etc.mkdir()
    parameters = PARAMETERS.format(
        directory=directory,
        domain=DOMAIN,
        interfaces=", ".join(settings.hosts),
        size_limit=settings.size_limit,
        delivery_user=DELIVERY_USER,
        key=settings.certificate.key,
        chain=settings.certificate.chain,
        sasl_socket=sasl_socket,
    )
    overrides = "".join(f"{name} = {value}\n" for name, value in settings.parameters.items())
    _write_cold(etc / "main.cf", parameters + overrides)
    doors = [
        f"{f'[{host}]' if ':' in host else host}:{port} inet n - n - - smtpd {options}\n"
        for host in settings.hosts
        for port, options in ports.services.items()
    ]
    (etc / "master.cf").write_text("".join(doors) + SERVICES)
    _write_maps(directory, settings)


def _write_maps(directory: Path, settings: PostfixSettings) -> None:
    addresses = [account.address for account in settings.accounts]
    aliases = {alias: account.address for account in settings.accounts for alias in account.aliases}
    homes = {address: address for address in addresses} | aliases
    refused = settings.refused_recipients
    maps = {
        "mailboxes": {address: f"{home}/" for address, home in homes.items()}
        | {address: f"{address}/" for address in refused},
        "owners": homes,
        "refusals": refused,
    }
    for name, lines in maps.items():
        _write_cold(directory / name, "".join(f"{key} {value}\n" for key, value in lines.items()))


def _write_cold(file: Path, text: str) -> None:
    # Postfix waits and reads again, for seconds, while a file is younger than the running second.
    file.write_text(text)
    an_hour_ago = time.time() - 3600
    os.utime(file, (an_hour_ago, an_hour_ago))
