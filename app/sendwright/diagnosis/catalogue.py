"""How each kind of sender is diagnosed: the only place that knows them all."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis import interface, submission
from sendwright.diagnosis.gmail import GmailAttempt, diagnose_gmail
from sendwright.diagnosis.gmail_sender import unproven
from sendwright.diagnosis.graph import GraphAttempt, diagnose_graph
from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis.submission import SubmissionAttempt, diagnose_submission
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.google.scopes import MAIL
from sendwright.oauth.grant import ALL_GRANTED, GrantKeeper, TokenSource
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import PASSWORD, TOKEN
from sendwright.senders.gmail.opening import gmail_settings
from sendwright.senders.gmail.opening import token_source as gmail_tokens
from sendwright.senders.gmail.sender import values_of as gmail_values
from sendwright.senders.gmail.settings import Route as GmailRoute
from sendwright.senders.gmail.settings import Way as GmailWay
from sendwright.senders.graph.opening import graph_settings
from sendwright.senders.graph.opening import token_source as graph_tokens
from sendwright.senders.graph.sender import values_of as graph_values
from sendwright.senders.graph.settings import Route as GraphRoute
from sendwright.senders.smtp.kind import smtp_settings
from sendwright.senders.smtp.session import SmtpSession
from sendwright.senders.unusable import ProfileUnusable


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a diagnosis is asked for; see diagnose."""

    credentials: Mapping[str, Secret]
    network: Network
    message: OutgoingMessage | None
    recipient: str | None
    stop_after: str
    clock: Callable[[], datetime]
    grant: GrantKeeper | None
    mailbox: str

    def another(self, mailbox: str) -> bool:
        """Whether another mailbox than the profile's is to be tried."""
        return bool(self.mailbox) and self.mailbox.lower() != mailbox.lower()

    @property
    def message_from_it(self) -> OutgoingMessage | None:
        """The message, as that mailbox sends it."""
        return msgspec.structs.replace(self.message, sender_address=self.mailbox) if self.message else None


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
    without mailboxes, and accounts that have only their own, leave it aside. Whatever the outside does becomes a
    result. Raises senders.catalogue.ProfileUnusable before anything is tried.
    """
    asked = _Asked(
        credentials=credentials,
        network=network,
        message=message,
        recipient=recipient,
        stop_after=stop_after,
        clock=clock,
        grant=grant,
        mailbox=mailbox,
    )
    match profile.sender:
        case "smtp":
            return _smtp(profile, asked)
        case "graph":
            return _graph(profile, asked)
        case "gmail":
            return _gmail(profile, asked)
        case other:
            raise ProfileUnusable(f"unknown kind of sender {other!r}")


def last_without_sign_in(profile: SenderProfile) -> str:
    """Return the last stage that needs no credential. Raises senders.catalogue.ProfileUnusable."""
    match profile.sender:
        case "graph":
            over_smtp = graph_settings(profile).route is GraphRoute.SMTP
        case "gmail":
            over_smtp = gmail_settings(profile).route is not GmailRoute.API
        case _:
            order = SmtpSession.order(smtp_settings(profile))
            return order[order.index("sign-in") - 1]
    return submission.LAST_WITHOUT_SIGN_IN if over_smtp else interface.LAST_WITHOUT_SIGN_IN


def _smtp(profile: SenderProfile, asked: _Asked) -> AsyncGenerator[StageResult, None]:
    attempt = Attempt(
        settings=smtp_settings(profile),
        credential=asked.credentials.get(TOKEN) or asked.credentials.get(PASSWORD),
        token=TOKEN in asked.credentials,
        sender=profile.address or None,
        recipient=asked.recipient or (asked.message.recipient if asked.message else None),
        message=asked.message,
        stop_after=asked.stop_after,
    )
    return diagnose_smtp(attempt, asked.network, clock=asked.clock)


def _graph(profile: SenderProfile, asked: _Asked) -> AsyncGenerator[StageResult, None]:
    settings, sender, message = graph_settings(profile), profile.address, asked.message
    if asked.another(settings.mailbox):
        other = msgspec.structs.replace(profile, settings={**profile.settings, "mailbox": asked.mailbox})
        settings, sender, message = graph_settings(other), asked.mailbox, asked.message_from_it

    def make() -> TokenSource:
        return graph_tokens(settings, asked.credentials, asked.network, grant=asked.grant, clock=asked.clock)

    tokens = _tokens(make, System.ENTRA, asked.clock)
    if settings.route is GraphRoute.SMTP:
        submitted = SubmissionAttempt(
            settings=settings.submission,
            tokens=tokens,
            sender=sender,
            message=message,
            recipient=asked.recipient,
            stop_after=asked.stop_after,
            values=graph_values(settings),
        )
        return diagnose_submission(submitted, asked.network, clock=asked.clock)
    attempt = GraphAttempt(
        settings=settings, tokens=tokens, sender=sender, message=message, stop_after=asked.stop_after
    )
    return diagnose_graph(attempt, asked.network, clock=asked.clock)


def _gmail(profile: SenderProfile, asked: _Asked) -> AsyncGenerator[StageResult, None]:
    settings, sender, message = gmail_settings(profile), profile.address, asked.message
    service, api = settings.way is GmailWay.SERVICE_ACCOUNT, settings.route is GmailRoute.API
    if service and asked.another(settings.account):
        other = msgspec.structs.replace(profile, settings={**profile.settings, "account": asked.mailbox})
        settings, sender, message = gmail_settings(other), asked.mailbox, asked.message_from_it

    def make(scope: str | None) -> TokenSource:
        return gmail_tokens(
            settings, asked.credentials, asked.network, grant=asked.grant, scope=scope, clock=asked.clock
        )

    tokens = _tokens(lambda: make(None if service or not api else ALL_GRANTED), System.GOOGLE, asked.clock)
    if not api:
        values = gmail_values(settings)
        submitted = SubmissionAttempt(
            settings=settings.submission,
            tokens=tokens,
            sender=sender,
            message=message,
            recipient=asked.recipient,
            stop_after=asked.stop_after,
            values=values,
            remark=unproven(settings, sender, values),
        )
        return diagnose_submission(submitted, asked.network, clock=asked.clock)
    attempt = GmailAttempt(
        settings=settings,
        tokens=tokens,
        sender=sender,
        broader=_tokens(lambda: make(MAIL), System.GOOGLE, asked.clock) if service else None,
        message=message,
        stop_after=asked.stop_after,
    )
    return diagnose_gmail(attempt, asked.network, clock=asked.clock)


def _tokens(make: Callable[[], TokenSource], system: System, clock: Callable[[], datetime]) -> TokenSource:
    """Return where tokens come from; where nothing is at hand, what comes before the sign-in can be tried."""
    try:
        return make()
    except ProfileUnusable:
        return FixedAccess(None, clock=clock, system=system)
