"""What is known of mail providers: their servers, found by address domain, by MX record or by host."""

import tomllib
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from typing import Annotated, TypeVar

import msgspec

from sendwright import resources
from sendwright.network.resolver import MailExchanger
from sendwright.providers.custom_smtp.candidate import UsernameForm, UsernameKind
from sendwright.senders.smtp.settings import Security

T = TypeVar("T")

Words = Annotated[str, msgspec.Meta(min_length=1)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Pattern = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9*-]+(\.[a-z0-9*-]+)+$")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Certainty(StrEnum):
    """Whether a fact was seen in its source, or only remembered."""

    CONFIRMED = "confirmed"
    MEMORY = "memory"


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server to submit to. host: a name, or a pattern (`*.kasserver.com`) for every customer's own name."""

    host: Pattern
    port: Port
    security: Security


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail provider or sending service.

    domains: of its customers' addresses. mx: suffixes of its mail exchangers. servers: best first.
    username: how it wants to be told who signs in; literal: that name where it is the same for everybody.
    note: name of a remark, its words are `custom_smtp.notes.<note>`. own_way: id of this program's provider
    that is made for it. source: where the facts come from.
    """

    name: Words
    servers: Annotated[tuple[Server, ...], msgspec.Meta(min_length=1)]
    username: UsernameKind
    confidence: Certainty
    source: Words
    domains: tuple[Name, ...] = ()
    mx: tuple[Name, ...] = ()
    literal: str = ""
    note: str = ""
    own_way: str = ""

    def __post_init__(self) -> None:
        if (self.username is UsernameKind.LITERAL) != bool(self.literal):
            raise ValueError(f"{self.name}: a literal user name needs its value, and nothing else has one")

    @property
    def username_form(self) -> UsernameForm:
        """How it wants to be told who signs in."""
        return UsernameForm(self.username, self.literal)


class Filter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail filter: where its MX record stands, the provider behind it stays unknown."""

    name: Words
    mx: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
    confidence: Certainty
    source: Words


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: tuple[Preset, ...] = ()
    filter: tuple[Filter, ...] = ()


class Presets:
    """All presets, ready to be asked. Raises ValueError where two claim one domain, MX suffix or name."""

    def __init__(self, presets: tuple[Preset, ...], filters: tuple[Filter, ...] = ()) -> None:
        self.all = presets
        self.filters = filters
        self._domains = _unique((domain, preset) for preset in presets for domain in preset.domains)
        entries: tuple[Preset | Filter, ...] = (*presets, *filters)
        self._suffixes = _unique((suffix, entry) for entry in entries for suffix in entry.mx)
        _unique((entry.name, entry) for entry in entries)

    def by_domain(self, domain: str) -> Preset | None:
        """Return who gives addresses of `domain` (A-label form) to customers."""
        return self._domains.get(domain)

    def by_exchangers(self, exchangers: tuple[MailExchanger, ...]) -> tuple[Preset | Filter, str] | None:
        """Return who takes the mail and the exchanger that shows it; the best known exchanger decides.

        A filter is an answer too: the provider behind it must not be guessed from a lesser exchanger.
        """
        for exchanger in sorted(exchangers):
            found = self._by_suffix(exchanger.host)
            if found is not None:
                return found, exchanger.host
        return None

    def by_host(self, host: str) -> Preset | None:
        """Return whose server `host` is."""
        return next((preset for preset in self.all if any(serves(server, host) for server in preset.servers)), None)

    def _by_suffix(self, host: str) -> Preset | Filter | None:
        labels = host.split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._suffixes[suffix] for suffix in suffixes if suffix in self._suffixes), None)


def serves(server: Server, host: str) -> bool:
    """Tell whether `host` is the server, or one of those its pattern stands for."""
    return fnmatchcase(host, server.host)


@cache
def load() -> Presets:
    """Read the presets of the program. Raises msgspec.ValidationError or ValueError for a faulty file."""
    files = [
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
        for path in sorted(resources.path("presets").glob("*.toml"))
    ]
    return Presets(
        tuple(preset for file in files for preset in file.provider),
        tuple(entry for file in files for entry in file.filter),
    )


def _unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} is claimed twice")
        found[key] = value
    return found
