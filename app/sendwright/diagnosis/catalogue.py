"""How each kind of sender is diagnosed: the only place that knows them all."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis import graph, graph_submission
from sendwright.diagnosis.graph import GraphAttempt, diagnose_graph
from sendwright.diagnosis.graph_submission import diagnose_submission
from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import StageResult
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import GrantKeeper, TokenSource
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import PASSWORD, TOKEN
from sendwright.senders.graph.opening import graph_settings, token_source
from sendwright.senders.graph.settings import GraphSettings, Route
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.smtp.settings import SmtpSettings
from sendwright.senders.unusable import ProfileUnusable


def diagnose(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    message: OutgoingMessage | None = None,
    recipient: str | None = None,
    stop_after: str = "",
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    grant: GrantKeeper | None = None,
    mailbox: str = "",
) -> AsyncGenerator[StageResult, None]:
    """Try `profile` stage by stage; yield each result as it ends.

    credentials, grant: see senders.catalogue. recipient: without one, and without a message that has one,
    nothing beyond the sender is tried; without a message nothing is submitted. stop_after: the last stage
    to try. mailbox: tried in place of the profile's own, which shows what else the same sign-in can send as; kinds
    without mailboxes leave it aside. Whatever the outside does becomes a result. Raises
    senders.catalogue.ProfileUnusable before anything is tried.
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
        case "graph":
            settings, sender = graph_settings(profile), profile.address
            if mailbox and mailbox.lower() != settings.mailbox.lower():
                other = msgspec.structs.replace(profile, settings={**profile.settings, "mailbox": mailbox})
                settings, sender = graph_settings(other), mailbox
                message = msgspec.structs.replace(message, sender_address=mailbox) if message else None
            tokens = _tokens(settings, credentials, network, grant, clock)
            asked = GraphAttempt(
                settings=settings, tokens=tokens, sender=sender, message=message, stop_after=stop_after
            )
            if settings.route is Route.SMTP:
                return diagnose_submission(asked, network, recipient=recipient, clock=clock)
            return diagnose_graph(asked, network, clock=clock)
        case other:
            raise ProfileUnusable(f"unknown kind of sender {other!r}")


def last_without_sign_in(profile: SenderProfile) -> str:
    """Return the last stage that needs no credential. Raises senders.catalogue.ProfileUnusable."""
    if profile.sender == "graph":
        smtp = graph_settings(profile).route is Route.SMTP
        return graph_submission.LAST_WITHOUT_SIGN_IN if smtp else graph.LAST_WITHOUT_SIGN_IN
    order = SmtpSession.order(_smtp_settings(profile))
    return order[order.index("sign-in") - 1]


def _tokens(
    settings: GraphSettings,
    credentials: Mapping[str, Secret],
    network: Network,
    grant: GrantKeeper | None,
    clock: Callable[[], datetime],
) -> TokenSource:
    """Return where tokens come from; where nothing is at hand, what comes before the sign-in can be tried."""
    try:
        return token_source(settings, credentials, network, grant=grant, clock=clock)
    except ProfileUnusable:
        return FixedAccess(None, clock=clock, system=System.ENTRA)


def _smtp_settings(profile: SenderProfile) -> SmtpSettings:
    try:
        return msgspec.convert(profile.settings, SmtpSettings)
    except msgspec.ValidationError as error:
        raise ProfileUnusable(f"settings of sender 'smtp': {error}") from None
