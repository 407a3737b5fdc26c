"""A real Secret Service (gnome-keyring) on its own D-Bus, or the lack of one."""

import contextlib
import os
import socket
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import partial
from pathlib import Path

from tests.servers.processes import Daemon, server_directory, tail

PASSWORD = "opens the login keyring"
LOGIN = "/org/freedesktop/secrets/collection/login"

# A bus without service files: nothing is started on demand, so "absent" stays absent and no prompt can open.
BUS_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class KeychainState(Enum):
    """What the program under test finds."""

    UNLOCKED = "unlocked"
    LOCKED = "locked"  # a keyring is there, its password was never given, nobody can be asked for it
    ABSENT = "absent"  # a bus, no Secret Service on it
    NO_BUS = "no bus"  # as in a container or a cron job


class SecretService:
    """A keychain in one state; `environment` is complete, for a subprocess or monkeypatch.setenv."""

    def __init__(self, directory: Path, *, state: KeychainState) -> None:
        self.state = state
        self._directory = directory
        self._socket = directory / "run" / "bus"
        self._keyring_log = directory / "keyring.log"

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables that lead to this keychain and away from the person's own."""
        home = self._directory / "home"
        return {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / ".local" / "share"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_RUNTIME_DIR": str(self._directory / "run"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._socket}",
        }

    @property
    def environment(self) -> dict[str, str]:
        """The current environment with `variables` in it."""
        return {**os.environ, **self.variables}

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Serve until the block ends; returns as soon as the state is reached."""
        for name in ("run", "home"):
            (self._directory / name).mkdir(mode=0o700)
        with contextlib.ExitStack() as stack:
            if self.state is not KeychainState.NO_BUS:
                stack.enter_context(self._bus())
            if self.state is KeychainState.LOCKED:
                with self._keyring("--unlock"):
                    pass  # leaves a keyring behind that the next one finds locked
            if self.state is KeychainState.UNLOCKED:
                stack.enter_context(self._keyring("--unlock"))
            elif self.state is KeychainState.LOCKED:
                stack.enter_context(self._keyring())
            yield

    def log_text(self) -> str:
        """Give the ends of the logs of D-Bus and the keyring."""
        return tail(self._directory / "bus.log") + tail(self._keyring_log)

    @contextlib.contextmanager
    def _bus(self) -> Iterator[None]:
        configuration = self._directory / "bus.conf"
        configuration.write_text(BUS_CONFIGURATION.format(socket=self._socket))
        command = ("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile")
        log = self._directory / "bus.log"
        with Daemon(command, log=log, environment=self.environment, grace=0.2) as daemon:
            daemon.wait_until(self._listens, what="D-Bus")
            yield

    def _listens(self) -> bool:
        """Whether the bus takes connections: its socket has a name before it does."""
        with socket.socket(socket.AF_UNIX) as knock:
            try:
                knock.connect(str(self._socket))
            except OSError:
                return False
        return True

    @contextlib.contextmanager
    def _keyring(self, *options: str) -> Iterator[None]:
        password = self._directory / "password"
        password.write_text(PASSWORD)
        command = ("gnome-keyring-daemon", "--foreground", "--components=secrets", *options)
        with Daemon(
            command, log=self._keyring_log, environment=self.environment, input_file=password, grace=1.0
        ) as daemon:
            locked = "--unlock" not in options
            daemon.wait_until(partial(self._serves, locked=locked), what="the Secret Service")
            yield

    def _serves(self, *, locked: bool) -> bool:
        import secretstorage  # noqa: PLC0415 - both exist on Linux only, and all tests import this module
        from jeepney.io.blocking import (  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
            open_dbus_connection,
        )

        with open_dbus_connection(bus=self.variables["DBUS_SESSION_BUS_ADDRESS"]) as connection:
            if not secretstorage.check_service_availability(connection):
                return False
            try:
                return secretstorage.Collection(connection, LOGIN).is_locked() is locked
            except secretstorage.ItemNotFoundException:
                return False


@contextlib.contextmanager
def start_keychain(state: KeychainState = KeychainState.UNLOCKED) -> Iterator[SecretService]:
    """Give a keychain in the wanted state; raises ServerFailedError with the logs when it cannot."""
    with server_directory("keychain") as directory:
        service = SecretService(directory, state=state)
        with service.running():
            yield service
