"""The backend's settings: the folder it lives in and the platform's facts that it was given there."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from sendwright.senders.smtp.settings import Security
from sendwright.service.database import sqlite_url
from sendwright.service.refusal import StartRefused

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
T = TypeVar("T")


class DataFolder(msgspec.Struct, frozen=True):
    """The one folder of a backend; only its owner may enter it."""

    path: Path

    @property
    def database_url(self) -> str:
        """The URL of the database when no other is given."""
        return sqlite_url(self.path / "backend.db")

    @property
    def queue_url(self) -> str:
        """The URL of the queue engine's own database when no other is given."""
        return sqlite_url(self.path / "queue.db")

    @property
    def lock(self) -> Path:
        """Held as long as a backend serves from this folder."""
        return self.path / "serve.lock"

    @property
    def key(self) -> Path:
        """The key-encryption key, when it is kept in a file."""
        return self.path / "key"

    @property
    def runtime(self) -> Path:
        """Says where the running backend listens."""
        return self.path / "backend.json"

    @property
    def default_sender(self) -> Path:
        """The platform's own way of sending, see PlatformSender."""
        return self.path / "default-sender.toml"

    @property
    def organisation(self) -> Path:
        """Whom this backend serves, see OrganisationFacts."""
        return self.path / "organisation.toml"

    @property
    def microsoft(self) -> Path:
        """The credential by which this backend acts as an application of the platform, see `service.microsoft_file`."""
        return self.path / "microsoft.toml"

    @property
    def google(self) -> Path:
        """The identity by which this backend signs for service accounts, see `service.google_file`."""
        return self.path / "google.toml"

    @property
    def authorities(self) -> Path:
        """Authorities (PEM) that this backend trusts for every mail server, beside the system's; may be missing."""
        return self.path / "authorities.pem"

    def create(self) -> None:
        """Make the folder where it is missing. Raises StartRefused `data-folder-unusable`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise StartRefused("data-folder-unusable", path=str(self.path), reason=reason) from error


class PlatformServer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[smtp]` of default-sender.toml. password_file: relative to the data folder, its first line counts."""

    host: str
    port: Port
    security: Security
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None


class PlatformSender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """default-sender.toml: how notifications leave as long as the organisation has no sender of its own."""

    address: str
    alias: str
    smtp: PlatformServer


class OrganisationFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """organisation.toml: the organisation's name and those of its workspaces; both may be missing."""

    name: str = ""
    workspaces: tuple[str, ...] = ()


def read_platform_sender(folder: DataFolder) -> PlatformSender | None:
    """Return the platform's own sender, None where there is no file.

    Raises StartRefused `settings-invalid`.
    """
    return read_settings(folder.default_sender, PlatformSender)


def read_organisation(folder: DataFolder) -> OrganisationFacts:
    """Return the organisation's facts, empty without a file. Raises StartRefused `settings-invalid`."""
    return read_settings(folder.organisation, OrganisationFacts) or OrganisationFacts()


def read_authorities(folder: DataFolder) -> str | None:
    """Return the further trusted authorities, None without a file. Raises StartRefused `settings-invalid`."""
    return read_companion(folder, folder.authorities) if folder.authorities.exists() else None


def read_companion(folder: DataFolder, file: Path) -> str:
    """Return the text of a file that a setting names, relative to the data folder. Raises StartRefused."""
    path = folder.path / file
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or no path
        raise StartRefused("settings-invalid", file=str(path), reason=type(error).__name__) from error


def read_settings(file: Path, kind: type[T]) -> T | None:
    """Return a TOML file of the data folder as `kind`, None without one. Raises StartRefused `settings-invalid`."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), kind, strict=True, dec_hook=_path)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StartRefused("settings-invalid", file=str(file), reason=str(error)) from error


def _path(kind: type[Any], value: object) -> Path:
    """Read a string as the path that a setting wants."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"expected {kind.__name__}")
