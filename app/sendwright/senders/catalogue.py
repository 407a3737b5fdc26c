"""The kinds of sender by name: the only place that knows them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.graph.opening import TOKEN, graph_mailbox, open_graph
from sendwright.senders.graph.pace import Paces
from sendwright.senders.graph.sources import TokenSources
from sendwright.senders.sender import Sender
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import SmtpSettings
from sendwright.senders.unusable import ProfileUnusable

__all__ = ["KINDS", "PASSWORD", "TOKEN", "Kind", "Means", "ProfileUnusable", "mailbox_key", "open_sender"]

PASSWORD = "password"  # noqa: S105 - the name of a credential, not one


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a sender is made of beside its profile.

    credentials: by name. grant: keeps the refresh token of an account that signed in, None where there is none. paces:
    those of the mailboxes in this process; sources: of tokens that its senders share, None shares none.
    """

    credentials: Mapping[str, Secret]
    network: Network
    grant: GrantKeeper | None
    paces: Paces
    sources: TokenSources | None


@dataclass(frozen=True)
class Kind:
    """One way of sending.

    open: makes the sender. mailbox: names the account whose limits all its messages share.
    """

    open: Callable[[SenderProfile, Means], Sender]
    mailbox: Callable[[SenderProfile], str]


def open_sender(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    paces: Paces | None = None,
    sources: TokenSources | None = None,
) -> Sender:
    """Return the sender of `profile`; it connects with its first message.

    credentials: by name: `password`, `access_token`, for an application `client_certificate` or `client_secret`. grant:
    keeps the refresh token of an account that signed in; a sender never holds one. paces: whoever opens several senders
    of one mailbox gives them all the same, so that together they keep to its limits. sources: likewise, so that they
    ask for an application's token once. Raises ProfileUnusable.
    """
    means = Means(credentials=credentials, network=network, grant=grant, paces=paces or Paces(), sources=sources)
    return _kind(profile).open(profile, means)


def mailbox_key(profile: SenderProfile) -> str:
    """Return what the mail service counts the messages of `profile` by; equal keys share one limit."""
    return _kind(profile).mailbox(profile)


def _kind(profile: SenderProfile) -> Kind:
    kind = KINDS.get(profile.sender)
    if kind is None:
        raise ProfileUnusable(f"unknown kind of sender {profile.sender!r}; known: {', '.join(sorted(KINDS))}")
    return kind


def _smtp_settings(profile: SenderProfile) -> SmtpSettings:
    try:
        return msgspec.convert(profile.settings, SmtpSettings)
    except msgspec.ValidationError as error:
        raise ProfileUnusable(f"settings of sender 'smtp': {error}") from None


def _open_smtp(profile: SenderProfile, means: Means) -> Sender:
    settings, credentials, network = _smtp_settings(profile), means.credentials, means.network
    if settings.username is None:
        return SmtpSender(settings, None, network)
    if TOKEN in credentials:
        return SmtpSender(settings, credentials[TOKEN], network, token=True)
    if PASSWORD not in credentials:
        raise ProfileUnusable(f"sender 'smtp' signs in and has no credential {PASSWORD!r}")
    return SmtpSender(settings, credentials[PASSWORD], network)


def _smtp_mailbox(profile: SenderProfile) -> str:
    settings = _smtp_settings(profile)
    account = settings.username or profile.address
    return f"smtp:{settings.host.lower()}:{account.lower()}"  # one account, whatever the port


def _open_graph(profile: SenderProfile, means: Means) -> Sender:
    return open_graph(
        profile, means.credentials, means.network, grant=means.grant, paces=means.paces, sources=means.sources
    )


KINDS: Mapping[str, Kind] = {"smtp": Kind(_open_smtp, _smtp_mailbox), "graph": Kind(_open_graph, graph_mailbox)}
"""Gmail takes its place here."""
