"""How each kind of sender is diagnosed: the only place that knows them all."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import StageResult
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.catalogue import PASSWORD, TOKEN, ProfileUnusable
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import SmtpSettings


def diagnose(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    message: OutgoingMessage | None = None,
    recipient: str | None = None,
    stop_after: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncGenerator[StageResult, None]:
    """Try `profile` stage by stage; yield each result as it ends.

    credentials: by name (senders.catalogue). recipient: without one, and without a message that has one,
    nothing beyond the sender is tried; without a message nothing is submitted. stop_after: the last stage
    to try. Whatever the outside does becomes a result. Raises senders.catalogue.ProfileUnusable before
    anything is tried.
    """
    match profile.sender:
        case "smtp":
            attempt = Attempt(
                settings=_smtp_settings(profile),
                credential=credentials.get(TOKEN) or credentials.get(PASSWORD),
                token=TOKEN in credentials,
                sender=profile.address or None,
                recipient=recipient or (message.recipient if message else None),
                message=message,
                stop_after=stop_after,
            )
            return diagnose_smtp(attempt, network, clock=clock)
        case other:
            raise ProfileUnusable(f"unknown kind of sender {other!r}")


def last_without_sign_in(profile: SenderProfile) -> str:
    """Return the last stage that needs no credential. Raises senders.catalogue.ProfileUnusable."""
    order = SmtpSession.order(_smtp_settings(profile))
    return order[order.index("sign-in") - 1]


def _smtp_settings(profile: SenderProfile) -> SmtpSettings:
    try:
        return msgspec.convert(profile.settings, SmtpSettings)
    except msgspec.ValidationError as error:
        raise ProfileUnusable(f"settings of sender 'smtp': {error}") from None
