"""Sending through Gmail, as a kind of sender."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from sendwright.network.web import web_client
from sendwright.oauth.google.revoke import revoke
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET, REFRESH_TOKEN, SERVICE_ACCOUNT_KEY
from sendwright.senders.gmail.opening import gmail_mailbox, gmail_settings, limits_of, open_gmail
from sendwright.senders.gmail.proof import SENDER_UNPROVEN, proof_of
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.senders.kind import Kind, Means
from sendwright.senders.pace import Limits
from sendwright.senders.sender import Sender

_SAME_SIGN_IN: Final = (
    "way",
    "client_id",
    "own",
    "account_id",
    "service_account",
    "keyless",
    "login",
    "gmail",
    "smtp_host",
    "smtp_port",
)


def _open(profile: SenderProfile, means: Means) -> Sender:
    return open_gmail(
        profile, means.credentials, means.network, grant=means.grant, paces=means.paces, sources=means.sources
    )


def _credentials(profile: SenderProfile) -> Sequence[AbstractSet[str]]:
    settings = gmail_settings(profile)
    if settings.way is Way.ACCOUNT:
        return ({REFRESH_TOKEN, CLIENT_SECRET}, {REFRESH_TOKEN})  # a client may have none
    return (set(),) if settings.keyless else ({SERVICE_ACCOUNT_KEY},)


def _sign_in(profile: SenderProfile) -> Mapping[str, object]:
    settings = gmail_settings(profile)
    known = {name: getattr(settings, name) for name in _SAME_SIGN_IN}
    if settings.way is Way.SERVICE_ACCOUNT:  # it signs in as whoever it acts for, and could do so as anybody
        known["subject"] = settings.account
    return known


def _places(profile: SenderProfile) -> AbstractSet[str]:
    settings = gmail_settings(profile)
    return {settings.login, settings.gmail, settings.smtp_host} - {""}


def _limits(profile: SenderProfile) -> Limits:
    return limits_of(gmail_settings(profile))


async def _revoke(profile: SenderProfile, means: Means, token: Secret) -> None:
    means.network.recorder.learn(token)
    await revoke(token, gmail_settings(profile).place, web=lambda: web_client(means.network))


def _remark(profile: SenderProfile) -> str:
    settings = gmail_settings(profile)
    return SENDER_UNPROVEN if proof_of(settings, profile.address) is SenderProof.UNPROVEN else ""


GMAIL: Final = Kind(
    open=_open,
    mailbox=gmail_mailbox,
    credentials=_credentials,
    sign_in=_sign_in,
    places=_places,
    limits=_limits,
    revoke=_revoke,
    remark=_remark,
)
