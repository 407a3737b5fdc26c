"""The answers that connect again what is in force."""

import msgspec

from sendwright.oauth.account import Account
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.senders.graph.settings import GraphSettings, Way


def answers_for(profile: SenderProfile) -> MicrosoftAnswers | None:
    """Return the answers with the same application, organisation and account; None for a profile of a newer kind."""
    try:
        settings = msgspec.convert(profile.settings, GraphSettings)
    except msgspec.ValidationError:
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
        login=settings.login,
        graph=settings.graph,
        smtp_host=settings.smtp_host,
        smtp_port=settings.smtp_port,
        mailbox=settings.mailbox,
        route=settings.route,
        expected=expected,
        reconnecting=True,
    )
