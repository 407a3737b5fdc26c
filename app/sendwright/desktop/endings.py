"""Closes the window, with everything kept, when the system or the terminal asks the program to end."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget

_ASKING = ("SIGINT", "SIGTERM", "SIGHUP")  # not every system has the last one


@contextmanager
def close_when_asked(window: QWidget) -> Iterator[None]:
    """Close `window` on Ctrl-C, at the end of the desktop's session and the like, inside the block.

    Python runs handlers between its own instructions only, and there are none while Qt waits: a socket wakes Qt.
    """
    waking, woken = socket.socketpair()
    for end in (waking, woken):
        end.settimeout(0)
    notifier = QSocketNotifier(woken.fileno(), QSocketNotifier.Type.Read)

    def asked() -> None:
        woken.recv(1024)
        window.close()

    notifier.activated.connect(asked)
    signals = [getattr(signal, name) for name in _ASKING if hasattr(signal, name)]
    former = {number: signal.signal(number, lambda *_: None) for number in signals}
    former_fd = signal.set_wakeup_fd(waking.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(former_fd)
        for number, handler in former.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        waking.close()
        woken.close()
