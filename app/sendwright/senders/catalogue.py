"""The kinds of sender by name: the only place that knows them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from sendwright.errors import SendwrightError
from sendwright.network.network import Network
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.sender import Sender
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import SmtpSettings

PASSWORD = "password"  # noqa: S105 - the name of a credential, not one
TOKEN = "access_token"  # noqa: S105 - as above


class ProfileUnusable(SendwrightError):
    """No sender can be made of a profile: unknown kind, settings that are not valid, a credential that lacks.

    The text names the reason; it holds no credential.
    """


@dataclass(frozen=True)
class Kind:
    """One way of sending.

    open: makes the sender. mailbox: names the account whose limits all its messages share.
    """

    open: Callable[[SenderProfile, Mapping[str, Secret], Network], Sender]
    mailbox: Callable[[SenderProfile], str]


def open_sender(profile: SenderProfile, credentials: Mapping[str, Secret], network: Network) -> Sender:
    """Return the sender of `profile`; it connects with its first message. Raises ProfileUnusable."""
    return _kind(profile).open(profile, credentials, network)


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


def _open_smtp(profile: SenderProfile, credentials: Mapping[str, Secret], network: Network) -> Sender:
    settings = _smtp_settings(profile)
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


KINDS: Mapping[str, Kind] = {"smtp": Kind(_open_smtp, _smtp_mailbox)}
"""Graph and Gmail take their place here."""
