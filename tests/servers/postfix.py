"""A private, real Postfix: submission with STARTTLS and TLS, sender ownership, mailboxes the test reads."""

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.servers.dovecot import MECHANISMS, DovecotAuth
from tests.servers.maildir import Mailbox
from tests.servers.ports import free_port
from tests.servers.postfix_configuration import (
    DELIVERY_USER,
    OUTSIDE,
    PostfixPorts,
    PostfixSettings,
    write_configuration,
)
from tests.servers.processes import Daemon, ServerFailedError, accepts, server_directory, tail

HOST = "127.0.0.1"
ATTEMPTS = 3  # a port found free may be taken before Postfix binds it


class PostfixServer:
    """A running Postfix with its sign-in service; made by start_postfix."""

    host = HOST

    def __init__(self, directory: Path, *, settings: PostfixSettings, ports: PostfixPorts) -> None:
        self.settings = settings
        self.ports = ports
        self._directory = directory
        self._auth = DovecotAuth(directory, mechanisms=settings.mechanisms or MECHANISMS)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Run until the block ends; returns as soon as every port answers."""
        directory = self._directory
        shutil.rmtree(directory / "etc", ignore_errors=True)
        for name in ("queue", "data", "mail"):
            (directory / name).mkdir()
        shutil.chown(directory / "data", "postfix")
        os.chown(directory / "mail", DELIVERY_USER, DELIVERY_USER)
        write_configuration(directory, self.settings, ports=self.ports, sasl_socket=self._auth.socket)
        command = ("postfix", "-c", directory / "etc", "start-fg")
        with (
            Daemon(command, log=directory / "postfix.out") as daemon,
            self._auth.running(self.settings.accounts),
        ):
            for host in self.settings.hosts:
                for port in self.ports.services:
                    daemon.wait_until(lambda at=(host, port): accepts(*at), what=f"Postfix on {host}:{port}")
            yield

    def mailbox(self, address: str) -> Mailbox:
        """Open the mailbox of one of the accounts."""
        return Mailbox(self._directory / "mail" / address)

    @property
    def outside(self) -> Mailbox:
        """Everything that was sent to addresses of other domains."""
        return self.mailbox(OUTSIDE)

    def token(self, address: str, *, lifetime: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """Issue an OAuth access token for XOAUTH2; a negative lifetime gives an expired one."""
        return self._auth.token(address, lifetime=lifetime)

    def log_text(self) -> str:
        """Give the ends of the logs of Postfix and Dovecot."""
        own = tail(self._directory / "postfix.out") + tail(self._directory / "mail.log")
        return f"{own}\n{self._auth.log_text()}"


@contextlib.contextmanager
def start_postfix(settings: PostfixSettings) -> Iterator[PostfixServer]:
    """Start a private Postfix on free ports; raises ServerFailedError with its log when it cannot."""
    for attempt in range(1, ATTEMPTS + 1):
        with contextlib.ExitStack() as stack:
            directory = stack.enter_context(server_directory("postfix"))
            ports = PostfixPorts(
                submission=free_port(*settings.hosts),
                submissions=free_port(*settings.hosts),
                relay=free_port(*settings.hosts),
            )
            server = PostfixServer(directory, settings=settings, ports=ports)
            try:
                stack.enter_context(server.running())
            except ServerFailedError:
                if attempt == ATTEMPTS:
                    raise
                continue
            yield server
            return
