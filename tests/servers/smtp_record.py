"""What a scripted SMTP server saw: commands, sign-ins, messages; safe to read from another thread."""

import email
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage

WAIT = 10.0


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command line; the verb in capitals, what follows as it came. Lines inside AUTH are not commands."""

    connection: int
    verb: str
    argument: str = field(repr=False)
    encrypted: bool


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One AUTH attempt: `secret` is a password, a token, or for CRAM-MD5 the digest of `challenge`."""

    mechanism: str
    username: str
    secret: str = field(repr=False)
    challenge: bytes = b""
    encrypted: bool = False


@dataclass(frozen=True, kw_only=True)
class Captured:
    """A message taken until the final dot, whatever was answered then; `content` without dot-stuffing."""

    sender: str
    recipients: tuple[str, ...]
    mail_options: str
    content: bytes = field(repr=False)
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The content, parsed."""
        return email.message_from_bytes(self.content, policy=policy.default)


class Record:
    """Everything seen since the server started."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.connections = 0
        self.commands: list[Command] = []
        self.sign_ins: list[SignIn] = []
        self.messages: list[Captured] = []

    @property
    def verbs(self) -> list[str]:
        """The verbs in order of arrival."""
        return [command.verb for command in self.commands]

    def connected(self) -> int:
        """Count a connection; gives its number, from 1."""
        with self._changed:
            self.connections += 1
            self._changed.notify_all()
            return self.connections

    def add(self, seen: Command | SignIn | Captured) -> None:
        """Note something and wake who waits for it."""
        with self._changed:
            match seen:
                case Command():
                    self.commands.append(seen)
                case SignIn():
                    self.sign_ins.append(seen)
                case Captured():
                    self.messages.append(seen)
            self._changed.notify_all()

    def wait_until(self, condition: Callable[["Record"], bool], *, within: float = WAIT) -> None:
        """Block the calling thread until `condition(record)`; raises TimeoutError with what was seen."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), within):
                raise TimeoutError(f"after {within} s: {self.connections} connections, {self.verbs}")

    def wait_for(self, verb: str, *, within: float = WAIT) -> None:
        """Block the calling thread until a command arrived."""
        self.wait_until(lambda record: verb in record.verbs, within=within)
