"""Makes a sender of a profile that sends through Microsoft 365, or says why none can be made."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import msgspec

from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.registration import ANY_ORGANISATION
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import AccessToken, GrantKeeper, TokenSource
from sendwright.oauth.grant_tokens import GrantTokens
from sendwright.oauth.lens import read_token
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET, TOKEN
from sendwright.senders.graph.sender import GraphSender, values_of
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.interface.checking import LAST_PORT, is_address, is_base, is_name, require
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.reading import read_settings
from sendwright.senders.sender import Sender
from sendwright.senders.sources import TokenSources
from sendwright.senders.submission import SubmissionSender
from sendwright.senders.unusable import ProfileUnusable

SMTP_LIMITS: Final = Limits(at_once=3)
"""Exchange Online takes 3 submissions of one mailbox at once (432 4.3.2, sender thread limit exceeded)."""

_USUAL_LIFE = timedelta(hours=1)


def graph_settings(profile: SenderProfile) -> GraphSettings:
    """Return the settings of a profile of kind `graph`. Raises ProfileUnusable."""
    settings = read_settings(profile, GraphSettings)
    _require_usable(settings)
    return settings


def graph_mailbox(profile: SenderProfile) -> str:
    """Return the mailbox whose limits count: by the route `me` that of whoever signed in. Raises ProfileUnusable."""
    settings = graph_settings(profile)
    carries = settings.account if settings.route is Route.ME else settings.mailbox
    return f"graph:{settings.tenant.lower()}:{carries.lower()}"


def limits_of(settings: GraphSettings) -> Limits:
    """Return what the mailbox takes by the route of `settings`."""
    return SMTP_LIMITS if settings.route is Route.SMTP else Limits()


def scope_of(settings: GraphSettings) -> str:
    """Return the scopes that the route needs, separated by blanks.

    Of an account only what sending needs, so that a renewal asks for nothing that was not granted; of an application
    whatever it was granted (`/.default`), as the client credentials grant wants it.
    Source: Microsoft, authenticate an IMAP, POP or SMTP connection using OAuth; application RBAC for SMTP.
    """
    registration, cloud = settings.registration, CLOUDS[settings.cloud]
    smtp = settings.route is Route.SMTP
    if settings.way is Way.APPLICATION:
        if not smtp:
            return registration.scope(".default")
        worldwide = cloud.outlook == "https://outlook.office.com"
        return f"{'https://outlook.office365.com' if worldwide else cloud.outlook}/.default"
    if smtp:
        return f"{cloud.outlook}/SMTP.Send"
    return " ".join(registration.scope(permission) for permission in permissions_of(settings))


def permissions_of(settings: GraphSettings) -> tuple[str, ...]:
    """Return the permissions of Microsoft Graph that the route needs; none where it goes over SMTP."""
    if settings.route is Route.SMTP:
        return ()
    other = settings.way is Way.ACCOUNT and settings.mailbox.lower() != settings.account.lower()
    return ("Mail.Send", "Mail.Send.Shared") if other else ("Mail.Send",)


def token_source(
    settings: GraphSettings,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TokenSource:
    """Return where access tokens come from.

    From `credentials`: an access token as it is, or the application's certificate or secret. From `grant`: what its
    keeper has. Raises ProfileUnusable where there is nothing of the kind that the settings need.
    """
    if TOKEN in credentials:
        secret = credentials[TOKEN]
        ends = read_token(secret).expires_at or clock() + _USUAL_LIFE
        return FixedAccess(AccessToken(secret=secret, expires_at=ends), clock=clock, system=System.ENTRA)
    own = settings.registration.own or CLIENT_SECRET in credentials
    registration = msgspec.structs.replace(settings.registration, own=own)
    scope, recorder = scope_of(settings), network.recorder
    if settings.way is Way.ACCOUNT:
        if grant is None:
            raise ProfileUnusable(f"sender 'graph' of an account has neither a grant nor a credential {TOKEN!r}")
        renew = renewing(registration, web=lambda: web_client(network), recorder=recorder, clock=clock)
        return GrantTokens(grant, scope, renew)
    credential = ClientCredential(
        secret=None if CLIENT_CERTIFICATE in credentials else credentials.get(CLIENT_SECRET),
        certificate=credentials.get(CLIENT_CERTIFICATE),
    )
    if credential.secret is None and credential.certificate is None:
        wanted = f"{CLIENT_CERTIFICATE!r} or {CLIENT_SECRET!r}"
        raise ProfileUnusable(f"sender 'graph' of an application has no credential {wanted}")
    return ApplicationTokens(
        registration, credential, scope=scope, web=lambda: web_client(network), recorder=recorder, clock=clock
    )


def open_graph(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    paces: Paces | None = None,
    sources: TokenSources | None = None,
) -> Sender:
    """Return the sender of `profile`; it connects with its first message. Raises ProfileUnusable.

    sources: of tokens that other senders of the same application have; an account's are its grant's.
    """
    settings = graph_settings(profile)
    make = partial(token_source, settings, credentials, network, grant=grant)
    tokens = make() if sources is None or settings.way is Way.ACCOUNT else sources.of(settings, credentials, make)
    smtp = settings.route is Route.SMTP
    pace = (paces or Paces()).of(graph_mailbox(profile), limits_of(settings))
    if smtp:
        return SubmissionSender(settings.submission, tokens, network, values=values_of(settings), pace=pace)
    return GraphSender(settings, tokens, network, pace=pace)


def _require_usable(settings: GraphSettings) -> None:
    account = settings.way is Way.ACCOUNT
    checks = {
        "client_id": is_name(settings.client_id),
        "tenant": is_name(settings.tenant) and settings.tenant.lower() not in {ANY_ORGANISATION, "common", "consumers"},
        "cloud": settings.cloud in CLOUDS,
        "mailbox": is_address(settings.mailbox),
        "account": is_address(settings.account) if account else not settings.account,
        "route": account or settings.route is not Route.ME,
        "login": is_base(settings.login),
        "graph": is_base(settings.graph),
        "smtp_port": 0 < settings.smtp_port <= LAST_PORT,
    }
    require("graph", checks)
