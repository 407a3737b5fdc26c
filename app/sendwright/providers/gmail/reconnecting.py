"""The answers that connect again what is in force."""

import msgspec

from sendwright.oauth.account import Account
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.senders.gmail.settings import GmailSettings, SenderProof, Way

ISSUER = "https://accounts.google.com"


def answers_for(profile: SenderProfile) -> GmailAnswers | None:
    """Return the answers with the same application, account and sender; None for a profile of a newer kind.

    Not with the places that the profile names: whoever could stage it would lead the sign-in, and the token, there.
    The deployment says where Google answers (`connection.placed`).
    """
    try:
        settings = msgspec.convert(profile.settings, GmailSettings)
    except msgspec.ValidationError:
        return None
    service = settings.way is Way.SERVICE_ACCOUNT
    expected = None
    if not service:
        expected = Account(tenant=ISSUER, oid=settings.account_id, username=settings.account, domain=settings.domain)
    own_address = profile.address.casefold() == settings.account.casefold()
    return GmailAnswers(
        address=profile.address,
        way=settings.way,
        route=settings.route,
        own=settings.own,
        client_id="" if service else settings.client_id,
        expected=expected,
        service_account=settings.service_account,
        service_account_id=settings.client_id if service else "",
        keyless=settings.keyless,
        subject=settings.account if service else "",
        sender="" if own_address else profile.address,
        proof=SenderProof.OWN if own_address else settings.proof,
        reconnecting=True,
    )
