"""Sending over an SMTP server of the organisation's own, as a kind of sender."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from sendwright.profile import SenderProfile
from sendwright.senders.credentials import PASSWORD, TOKEN
from sendwright.senders.kind import Kind, Means
from sendwright.senders.reading import read_settings
from sendwright.senders.sender import Sender
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.smtp.settings import SmtpSettings
from sendwright.senders.unusable import ProfileUnusable


def smtp_settings(profile: SenderProfile) -> SmtpSettings:
    """Return the settings of a profile of kind `smtp`. Raises ProfileUnusable."""
    return read_settings(profile, SmtpSettings)


def _open(profile: SenderProfile, means: Means) -> Sender:
    settings, credentials, network = smtp_settings(profile), means.credentials, means.network
    if settings.username is None:
        return SmtpSender(settings, None, network)
    if TOKEN in credentials:
        return SmtpSender(settings, credentials[TOKEN], network, token=True)
    if PASSWORD not in credentials:
        raise ProfileUnusable(f"sender 'smtp' signs in and has no credential {PASSWORD!r}")
    return SmtpSender(settings, credentials[PASSWORD], network)


def _mailbox(profile: SenderProfile) -> str:
    settings = smtp_settings(profile)
    account = settings.username or profile.address
    return f"smtp:{settings.host.lower()}:{account.lower()}"  # one account, whatever the port


def _credentials(profile: SenderProfile) -> Sequence[AbstractSet[str]]:
    return ({PASSWORD}, {TOKEN}) if smtp_settings(profile).username is not None else (set(),)


def _sign_in(profile: SenderProfile) -> Mapping[str, object]:
    return msgspec.structs.asdict(smtp_settings(profile))


SMTP: Final = Kind(open=_open, mailbox=_mailbox, credentials=_credentials, sign_in=_sign_in)
