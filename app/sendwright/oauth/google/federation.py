"""Reads a configuration of Workload Identity Federation; refuses what would run programs or reach strange hosts."""

from dataclasses import dataclass, field
from typing import Final

from sendwright.oauth.google.near import is_near
from sendwright.oauth.google.place import GooglePlace
from sendwright.oauth.google.service_account_key import UNIVERSE
from sendwright.oauth.google.signing_failures import UNUSABLE, signing_failed
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import origin

TYPE: Final = "external_account"
AWS: Final = "urn:ietf:params:aws:token-type:aws4_request"
EXCHANGE: Final = "https://sts.googleapis.com/v1/token"

_IMPERSONATES: Final = ":generateAccessToken"
_KEPT: Final = (
    "audience",
    "client_id",
    "client_secret",
    "credential_source",
    "service_account_impersonation",
    "subject_token_type",
    "workforce_pool_user_project",
)
"""What google-auth reads beside the addresses, which are judged one by one. Others it would take from programs only."""

_ADDRESSES: Final = ("url", "region_url", "imdsv2_session_token_url")
_PROGRAMS: Final = ("executable", "certificate")
"""Sources that run a program, or want a certificate of TLS that the program's own clients of the web do not present."""


@dataclass(frozen=True, kw_only=True)
class Federation:
    """A configuration that was judged.

    info: as google-auth takes it. services: addresses of Google that it leads to: the exchange, and the impersonation.
    principal: the service account that it becomes; empty where it stays a principal of the pool.
    """

    info: dict[str, object] = field(repr=False)
    services: tuple[str, ...]
    principal: str = ""

    @property
    def aws(self) -> bool:
        """Whether the token is a request to AWS, signed."""
        return self.info["subject_token_type"] == AWS


def read_federation(content: dict[str, object], *, place: GooglePlace) -> Federation:
    """Return the configuration. Raises OAuthFailed: `google-signing-identity-unusable`, `why` says at which part.

    Source: google.aip.dev/auth/4117; cloud.google.com/docs/authentication/external/externally-sourced-credentials
    """
    if content.get("universe_domain", UNIVERSE) != UNIVERSE:
        raise _unusable("universe_domain")
    for name in ("audience", "subject_token_type"):
        if not isinstance(content.get(name), str) or not content[name]:
            raise _unusable(name)
    _require_source(content.get("credential_source"))
    exchange = content.get("token_url", EXCHANGE)
    becomes = content.get("service_account_impersonation_url", "")
    if not isinstance(exchange, str) or not _is_google(exchange, place):
        raise _unusable("token_url")
    if not isinstance(becomes, str) or (
        becomes and not (_is_google(becomes, place) and becomes.endswith(_IMPERSONATES))
    ):
        raise _unusable("service_account_impersonation_url")
    info = {name: content[name] for name in _KEPT if name in content} | {"token_url": exchange}
    if becomes:
        info["service_account_impersonation_url"] = becomes
    return Federation(
        info=info,
        services=tuple(filter(None, (exchange, becomes))),
        principal=becomes.removesuffix(_IMPERSONATES).rpartition("/")[2],
    )


def _require_source(source: object) -> None:
    if not isinstance(source, dict):
        raise _unusable("credential_source")
    for name in _PROGRAMS:
        if name in source:
            raise _unusable(name)
    for name in _ADDRESSES:
        address = source.get(name)
        if address is not None and not (isinstance(address, str) and (is_near(address) or origin(address))):
            raise _unusable(name)


def _is_google(address: str, place: GooglePlace) -> bool:
    """Return whether it is Google's; a practice stands in for all of it where it stands in for the sign-in."""
    found = origin(address)
    if found is None:
        return False
    if found in {origin(place.token), origin(place.iam)}:
        return True
    _, host, port = found
    return host.endswith(f".{UNIVERSE}") and port == 443  # noqa: PLR2004 - of https


def _unusable(why: str) -> OAuthFailed:
    return signing_failed(UNUSABLE, values={"why": why})
