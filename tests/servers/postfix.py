"""A private, real Postfix: submission with STARTTLS and TLS, sender ownership, mailboxes the test reads."""

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from functools import partial
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
from tests.servers.processes import Daemon, accepts, retried, server_directory, tail

HOST = "127.0.0.1"


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
                    daemon.wait_until(partial(accepts, host, port), what=f"Postfix on {host}:{port}")
            yield

    def mailbox(self, address: str) -> Mailbox:
        """Open the mailbox of one of the accounts."""
        return Mailbox(self._directory / "mail" / address)

    @property
    def outside(self) -> Mailbox:
        """Everything that was sent to addresses of other domains."""
        return self.mailbox(OUTSIDE)

    def empty(self) -> None:
        """Forget every message delivered so far."""
        for directory in (self._directory / "mail").iterdir():
            Mailbox(directory).clear()

    def token(self, address: str, *, lifetime: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """Issue an OAuth access token for XOAUTH2; a negative lifetime gives an expired one."""
        return self._auth.token(address, lifetime=lifetime)

    def log_text(self) -> str:
        """Give the ends of the logs of Postfix and Dovecot."""
        own = tail(self._directory / "postfix.out") + tail(self._directory / "mail.log")
        return f"{own}\n{self._auth.log_text()}"


@contextlib.contextmanager
def _start_once(settings: PostfixSettings) -> Iterator[PostfixServer]:
    ports = PostfixPorts(
        submission=free_port(*settings.hosts),
        submissions=free_port(*settings.hosts),
        relay=free_port(*settings.hosts),
    )
    with server_directory("postfix") as directory:
        server = PostfixServer(directory, settings=settings, ports=ports)
        with server.running():
            yield server


def start_postfix(settings: PostfixSettings) -> contextlib.AbstractContextManager[PostfixServer]:
    """Start a private Postfix on free ports; raises ServerFailedError with its log when it cannot."""
    return retried(lambda: _start_once(settings))
