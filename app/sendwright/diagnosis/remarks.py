"""What works and should not stay as it is: remarks on an SMTP server that passed a stage."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address

from sendwright.problems.evidence import Evidence, System

SOON = timedelta(days=14)
"""Renewals by themselves happen earlier, at a third of 90 days: what is left now was probably forgotten."""

_PASSWORD_MECHANISMS = {"PLAIN", "LOGIN", "CRAM-MD5"}
_MICROSOFT_365 = ("smtp.office365.com", "smtp-legacy.office365.com")

# They say that this computer has no IPv6 at all, which is common, costs nothing and is nobody's fault.
_NO_IPV6_HERE = {"ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT", "ENETDOWN"}


def on_attempts(attempts: object) -> str | None:
    """Return `ipv6-unreachable` where the IPv6 addresses failed and another one answered, else None.

    attempts: those of the fact of the same name of the stage `connect`.
    """
    tried = [attempt for attempt in _mappings(attempts) if attempt.get("family") == "IPv6"]
    reasons = {attempt.get("errno") for attempt in tried if not _is_loopback(str(attempt.get("address", "")))}
    return "ipv6-unreachable" if reasons and not reasons & {None, *_NO_IPV6_HERE} else None


def on_certificate(chain: object, *, now: datetime) -> dict[str, str] | None:
    """Return when the server's own certificate ends (`not_after`, `days_left`) where that is soon, else None.

    chain: the fact of that name of the stage `secure`. now: aware.
    """
    own = next(_mappings(chain), {})
    try:
        ends = datetime.fromisoformat(str(own.get("not_after", "")))
        left = ends - now
    except (TypeError, ValueError):
        return None
    if left > SOON:
        return None
    return {"not_after": f"{ends:%Y-%m-%d}", "days_left": str(max(left.days, 0))}


def on_sign_in(host: str, mechanism: object) -> str | None:
    """Return `basic-auth-retirement-announced` for a password with Microsoft 365, else None."""
    if host.lower() in _MICROSOFT_365 and mechanism in _PASSWORD_MECHANISMS:
        return "basic-auth-retirement-announced"
    return None


def on_sender(address: str, *, username: str | None) -> str | None:
    """Return `sender-outside-login-domain` where sender and sign-in are of different domains, else None.

    Domains of one family, such as `example.org` and `mail.example.org`, are not different.
    """
    login = (username or "").rpartition("@")[2].lower()
    sender = address.rpartition("@")[2].lower()
    if "@" not in (username or "") or not sender or not login:
        return None
    same = sender == login or sender.endswith(f".{login}") or login.endswith(f".{sender}")
    return None if same else "sender-outside-login-domain"


def remark(stage: str, code: str | None, values: Mapping[str, str]) -> Evidence | None:
    """Return the evidence of the remark `code`, None where there is none."""
    if code is None:
        return None
    return Evidence(stage=stage, system=System.SMTP, condition=code, values=dict(values))


def _mappings(items: object) -> Iterator[Mapping[str, object]]:
    return iter([item for item in items if isinstance(item, Mapping)] if isinstance(items, list | tuple) else [])


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
