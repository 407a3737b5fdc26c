"""How a backend of this computer is asked for: the options of `serve` and `connection-code`."""

from pathlib import Path

import msgspec
import platformdirs

LOOPBACK = "127.0.0.1"


def default_data_folder() -> Path:
    """Return where this user's backend keeps its data unless told otherwise."""
    return Path(platformdirs.user_data_path("sendwright", appauthor=False)) / "backend"


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`sendwright serve`.

    data: folder of everything the backend keeps. database: URL, None for SQLite inside `data`. host, port:
    where to listen, port 0 takes a free one. certificate, certificate_key: PEM files; without them only this
    computer may connect, unless a proxy in front speaks TLS (`behind_proxy`). key: where a new key-encryption
    key is to be kept, `file` or `keychain`. deployment: the platform's file, None for the usual places.
    """

    data: Path
    database: str | None = None
    host: str = LOOPBACK
    port: int = 0
    certificate: Path | None = None
    certificate_key: Path | None = None
    behind_proxy: bool = False
    key: str = "file"
    deployment: Path | None = None


class CodeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`sendwright connection-code`.

    url: where wizards reach the backend, None for where the running backend listens. ca: PEM file of the
    authority that signed its certificate, where the system does not know it. valid_minutes: how long the code
    may be used.
    """

    data: Path
    database: str | None = None
    url: str | None = None
    ca: Path | None = None
    valid_minutes: int = 60
