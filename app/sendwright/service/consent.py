"""Asks Microsoft Entra whether the application may act in an organisation by now."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from sendwright.handoff.wire import ConsentQuestion, ConsentState
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.metadata import is_guid
from sendwright.oauth.entra.registration import ANY_ORGANISATION, CONSUMERS
from sendwright.oauth.entra.tenant import find_tenant
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import read_token
from sendwright.problems.classify import classify
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.service.microsoft_file import PlatformApplication
from sendwright.service.own_credentials import OwnCredential
from sendwright.service.trouble import Trouble

MISSING: Final = frozenset({"application-not-in-tenant", "consent-missing"})
"""Problems that say: nobody consented yet, or Microsoft does not know of it yet."""

_NO_TENANTS: Final = frozenset({ANY_ORGANISATION, "common", "consumers", CONSUMERS})


def settings_of(question: ConsentQuestion, platform: PlatformApplication) -> GraphSettings:
    """Return whose credential the question is about. Raises Trouble `backend-request-invalid`."""
    if question.cloud not in CLOUDS:
        raise Trouble("backend-request-invalid", detail="$.cloud")
    if question.tenant.lower() in _NO_TENANTS:
        raise Trouble("backend-request-invalid", detail="$.tenant")
    return GraphSettings(
        client_id=question.client_id or platform.client_id,
        tenant=question.tenant,
        cloud=question.cloud,
        mailbox="",
        way=Way.APPLICATION,
        route=Route.MAILBOX,
        certificate=question.certificate,
        login=question.login,
        graph=question.graph,
    )


async def with_id(settings: GraphSettings, platform: PlatformApplication, *, network: Network) -> GraphSettings:
    """Return `settings` with the organisation's id where a domain names it: the platform's file lists ids.

    The places must have been looked at before: they are asked. Raises OAuthFailed.
    """
    registration = settings.registration
    platforms = not settings.certificate and platform.stands_for(settings.client_id, settings.cloud)
    if is_guid(settings.tenant) or not platforms:
        return settings
    found = await find_tenant(registration, web=lambda: web_client(network))
    return msgspec.structs.replace(settings, tenant=found.id)


def refused(failed: OAuthFailed) -> ConsentState:
    """Return what a refusal says of the consent."""
    problem = classify(failed.evidence).code
    return ConsentState(state="missing" if problem in MISSING else "refused", problem=problem)


async def ask_for_consent(
    settings: GraphSettings,
    credential: OwnCredential,
    *,
    network: Network,
    clock: Callable[[], datetime],
) -> ConsentState:
    """Return what a fresh token says; none is kept. clock: the present, aware."""
    registration = settings.registration
    tokens = ApplicationTokens(
        registration,
        ClientCredential(
            secret=credential.credentials.get(CLIENT_SECRET), certificate=credential.credentials.get(CLIENT_CERTIFICATE)
        ),
        scope=registration.scope(".default"),
        web=lambda: web_client(network),
        recorder=network.recorder,
        clock=clock,
    )
    try:
        access = await tokens.token()
    except OAuthFailed as failed:
        return refused(failed)
    view = read_token(access.secret)
    return ConsentState(state="granted", roles=view.roles, tenant=view.tenant)
