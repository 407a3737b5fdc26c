"""A screen reader of our own: reads the window over AT-SPI, the interface that Orca and the like use on Linux."""

import contextlib
import os
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, MatchRule, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from tests.servers.processes import Daemon

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
ACCESSIBLE = "org.a11y.atspi.Accessible"
ROOT = "/org/a11y/atspi/accessible/root"
PATIENCE_S = 20.0
CHECKED, SHOWING = 4, 25  # AT-SPI's numbers of states


@dataclass(frozen=True)
class Thing:
    """One thing of the tree: a button, a label, a field."""

    reader: "ScreenReader"
    bus: str
    path: str

    def address(self, interface: str = ACCESSIBLE) -> DBusAddress:
        return DBusAddress(self.path, bus_name=self.bus, interface=interface)

    @property
    def name(self) -> str:
        return str(self.reader.ask(Properties(self.address()).get("Name"))[0][1])

    @property
    def description(self) -> str:
        return str(self.reader.ask(Properties(self.address()).get("Description"))[0][1])

    @property
    def role(self) -> str:
        return str(self.reader.call(self.address(), "GetRoleName")[0]).removeprefix("push ")

    @property
    def children(self) -> "list[Thing]":
        return [Thing(self.reader, bus, path) for bus, path in self.reader.call(self.address(), "GetChildren")[0]]

    def has(self, state: int) -> bool:
        low, high = self.reader.call(self.address(), "GetState")[0]
        return bool((low | high << 32) >> state & 1)

    def press(self) -> None:
        self.reader.call(self.address("org.a11y.atspi.Action"), "DoAction", "i", (0,))

    def type(self, words: str) -> None:
        self.reader.call(self.address("org.a11y.atspi.EditableText"), "SetTextContents", "s", (words,))

    def everything(self) -> "Iterator[Thing]":
        yield self
        for child in self.children:
            yield from child.everything()


class ScreenReader:
    """Looks at the one program on its bus, and hears what that announces."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._signals: deque[Any] = deque()
        rule = MatchRule(type="signal", interface="org.a11y.atspi.Event.Object", member="Announcement")
        connection.filter(rule, queue=self._signals)
        self.ask(message_bus.AddMatch(rule))
        registry = DBusAddress(
            "/org/a11y/atspi/registry", bus_name="org.a11y.atspi.Registry", interface="org.a11y.atspi.Registry"
        )
        self.call(registry, "RegisterEvent", "s", ("object:announcement",))

    def ask(self, message: Any) -> Any:  # noqa: ANN401 - D-Bus has types of its own
        reply = self._connection.send_and_get_reply(message, timeout=PATIENCE_S)
        if reply.header.message_type.name == "error":
            raise LookupError(str(reply.body))
        return reply.body

    def call(self, address: DBusAddress, method: str, signature: str = "", body: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - as above
        return self.ask(new_method_call(address, method, signature or None, body))

    @property
    def programs(self) -> list[Thing]:
        root = Thing(self, "org.a11y.atspi.Registry", ROOT)
        return root.children

    def find(self, *, role: str, name: str) -> Thing:
        """Wait until there is a thing of this role and name that is shown."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for program in self.programs:
                with contextlib.suppress(LookupError):  # the page changes under our eyes
                    for thing in program.everything():
                        if thing.role == role and thing.name == name and thing.has(SHOWING):
                            return thing
            time.sleep(0.1)
        raise AssertionError(f"no {role} called {name!r}")

    def listen(self, wanted: str) -> bool:
        """Wait until `wanted` is announced."""
        deadline = time.monotonic() + PATIENCE_S
        while wanted not in self.heard and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                self._connection.recv_messages(timeout=0.2)
        return wanted in self.heard

    @property
    def heard(self) -> list[str]:
        """Everything that was announced."""
        return [str(message.body[3][1]) for message in self._signals]


@contextlib.contextmanager
def screen_reader(environment: dict[str, str], folder: Path) -> Iterator[ScreenReader]:
    """Start the bus of the screen readers on a session bus, and read there."""
    log = folder / "at-spi.log"
    with Daemon([LAUNCHER, "--launch-immediately"], log=log, environment=environment) as launcher:
        session = environment["DBUS_SESSION_BUS_ADDRESS"]
        address: list[str] = []

        def ready() -> bool:
            with contextlib.suppress(LookupError, OSError), open_dbus_connection(session) as connection:
                bus = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
                reply = connection.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=2)
                if reply.header.message_type.name != "error":
                    address.append(reply.body[0])
            return bool(address)

        launcher.wait_until(ready, what="the bus of the screen readers")
        with open_dbus_connection(address[0]) as connection:
            yield ScreenReader(connection)


@contextlib.contextmanager
def x_display() -> Iterator[str]:
    """Start an X server of our own; give the name of its display."""
    reader, writer = os.pipe()
    program = shutil.which("Xvfb") or "Xvfb"
    command = (program, "-displayfd", str(writer), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset")
    server = subprocess.Popen(
        command, pass_fds=(writer,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)
