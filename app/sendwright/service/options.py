"""The options of `serve` and `connection-code`, out of what the command line understood."""

from argparse import Namespace
from ipaddress import ip_address
from pathlib import Path

import msgspec

from sendwright.handoff.connection_code import is_loopback
from sendwright.service.refusal import StartRefused
from sendwright.storage import folders


class ServeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`sendwright serve`.

    data: folder of everything the backend keeps. database: URL, None for SQLite inside `data`. host, port:
    where to listen, port 0 takes a free one. certificate, certificate_key: PEM files; without them only
    this computer may connect, unless a proxy in front speaks TLS (behind_proxy). key: where a new
    key-encryption key is kept, `file` or `keychain`.
    """

    data: Path
    database: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    certificate_key: Path | None = None
    behind_proxy: bool = False
    key: str = "file"

    @classmethod
    def of(cls, arguments: Namespace) -> "ServeOptions":
        """Read the arguments of `cli.serve`. Raises StartRefused `listen-invalid` and `unencrypted`."""
        host, port = parse_listen(arguments.listen)
        options = cls(
            data=(arguments.data or folders().data).absolute(),
            database=arguments.database,
            host=host,
            port=port,
            certificate=arguments.certificate,
            certificate_key=arguments.certificate_key,
            behind_proxy=arguments.behind_proxy,
            key=arguments.key,
        )
        if not is_loopback(host) and options.certificate is None and not options.behind_proxy:
            raise StartRefused("unencrypted", host=host)
        return options

    @property
    def scheme(self) -> str:
        """What the backend speaks."""
        return "http" if self.certificate is None else "https"


class CodeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`sendwright connection-code`.

    url: where wizards reach the backend, None for where the running backend listens. ca: PEM file of the
    authority that signed its certificate, where systems do not know it. valid_minutes: how long the code
    may be used. passing: for a single command, see `enrolment.issue_code`.
    """

    data: Path
    database: str | None = None
    url: str | None = None
    ca: Path | None = None
    valid_minutes: int = 60
    passing: bool = False

    @classmethod
    def of(cls, arguments: Namespace) -> "CodeOptions":
        """Read the arguments of `cli.connection_code`."""
        return cls(
            data=(arguments.data or folders().data).absolute(),
            database=arguments.database,
            url=arguments.url,
            ca=arguments.ca,
            valid_minutes=arguments.valid_minutes,
            passing=arguments.passing,
        )


def parse_listen(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`, `[IPV6]:PORT` or `PORT`. Raises StartRefused `listen-invalid`."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    try:
        if ":" in host:
            ip_address(host)
        number = int(port)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535 or not port.isascii():  # noqa: PLR2004 - ports are 16 bits wide
        raise StartRefused("listen-invalid", listen=text)
    return host, number
