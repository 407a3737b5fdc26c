"""Reads the mailboxes that a test mail server delivers to."""

import email
import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from pathlib import Path

POLL = 0.02
WAIT = 15.0


class Mailbox:
    """One Maildir: a message is complete as soon as its file stands in `new`."""

    def __init__(self, directory: Path) -> None:
        self._new = directory / "new"

    def messages(self) -> list[EmailMessage]:
        """Give all delivered messages, oldest first."""
        files = self._new.iterdir() if self._new.is_dir() else ()
        ordered = sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in ordered]

    def wait_for_message(
        self,
        wanted: Callable[[EmailMessage], bool] | None = None,
        *,
        subject: str | None = None,
        within: float = WAIT,
    ) -> EmailMessage:
        """Wait for the first message that fits; raises TimeoutError, naming what is there instead."""
        deadline = time.monotonic() + within
        while True:
            messages = self.messages()
            for message in messages:
                if (subject is None or message["Subject"] == subject) and (wanted is None or wanted(message)):
                    return message
            if time.monotonic() > deadline:
                present = [str(message["Subject"]) for message in messages]
                raise TimeoutError(f"no such message in {self._new} after {within} s; there are {present}")
            time.sleep(POLL)

    def wait_for_count(self, count: int, *, within: float = WAIT) -> list[EmailMessage]:
        """Wait until at least `count` messages are there; raises TimeoutError after `within` seconds."""
        deadline = time.monotonic() + within
        while len(messages := self.messages()) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(messages)} of {count} messages in {self._new} after {within} s")
            time.sleep(POLL)
        return messages

    def clear(self) -> None:
        """Forget what was delivered so far."""
        if self._new.is_dir():
            for file in self._new.iterdir():
                file.unlink()
