"""The answers that connect again what is in force."""

import msgspec

from sendwright.oauth.account import Account
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.senders.graph.settings import GraphSettings, Way


def answers_for(profile: SenderProfile) -> MicrosoftAnswers | None:
    """Return the answers with the same application, organisation and account; None for a profile of a newer kind.

    Not with the places that the profile names: whoever could stage it would lead the sign-in, and the token, there.
    The deployment says where Microsoft answers (`registering.placed`).
    """
    try:
        settings = msgspec.convert(profile.settings, GraphSettings)
    except msgspec.ValidationError:
        return None
    if settings.cloud not in CLOUDS:
        return None
    expected = None
    if settings.way is Way.ACCOUNT:
        expected = Account(tenant=settings.tenant, oid=settings.account_id, username=settings.account)
    return MicrosoftAnswers(
        address=profile.address,
        way=settings.way,
        own=bool(settings.certificate),
        client_id=settings.client_id,
        certificate=settings.certificate,
        tenant=settings.tenant,
        tenant_id=settings.tenant,
        cloud=settings.cloud,
        mailbox=settings.mailbox,
        route=settings.route,
        expected=expected,
        reconnecting=True,
    )
