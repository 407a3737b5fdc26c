"""Keychains that misbehave, under the names of keychains that are trusted."""

import threading
from collections.abc import Callable

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

SECRET_SERVICE = ("keyring.backends.SecretService", "Keyring")
WIN_VAULT = ("keyring.backends.Windows", "WinVaultKeyring")
FILE_IN_CLEAR = ("keyrings.alt.file", "PlaintextKeyring")


class FakeKeychain:
    """What a keychain does; `named` makes keyring's kind of object of it."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.calls.append("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append("set")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append("delete")
        if (service, username) not in self.kept:
            raise PasswordDeleteError("no such password")
        del self.kept[service, username]


class Truncating(FakeKeychain):
    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:4])


class Discarding(FakeKeychain):
    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append("set")


class Clinging(FakeKeychain):
    """Says that it deleted, and keeps."""

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append("delete")


class Manifold(FakeKeychain):
    """Holds several items of one name and deletes one at a time, as a Secret Service does."""

    def __init__(self) -> None:
        super().__init__()
        self.copies = 3

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append("delete")
        self.copies -= 1
        if not self.copies:
            del self.kept[service, username]


class Failing(FakeKeychain):
    """Raises `error` at every call."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error

    def delete_password(self, service: str, username: str) -> None:
        raise self.error


class Asking(FakeKeychain):
    """Asks a person, who takes as long as `answered` is not set."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait(30)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.answered.wait(30)
        super().set_password(service, username, password)


def named(keychain: FakeKeychain, name: tuple[str, str] = SECRET_SERVICE, *, priority: float = 5) -> KeyringBackend:
    """Return a backend of keyring whose class has that module and name and which does what `keychain` does."""
    module, qualname = name
    methods: dict[str, Callable[..., object] | str | float] = {
        "get_password": lambda _, *call: keychain.get_password(*call),
        "set_password": lambda _, *call: keychain.set_password(*call),
        "delete_password": lambda _, *call: keychain.delete_password(*call),
        "priority": priority,
        "viable": False,  # keyring lists every class it ever saw; nobody is to find this one there
        "__module__": module,
        "__qualname__": qualname,
    }
    of: type[KeyringBackend] = type(qualname, (KeyringBackend,), methods)
    return of()
