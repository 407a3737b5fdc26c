"""Asks whether the application may act in the organisation by now: proven by a token, never by a redirect."""

from sendwright.errors import VaultUnavailable
from sendwright.handoff.wire import ConsentQuestion, ConsentState
from sendwright.oauth.entra.application import ApplicationTokens, ClientCredential
from sendwright.oauth.entra.identity import OTHER_TENANT
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import read_token
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import SEND
from sendwright.providers.microsoft365.stopping import named, observed, stopped_by
from sendwright.screens import Halted
from sendwright.vault.vault import Secret
from sendwright.world import World

GRANTED = "granted"
REFUSED = "refused"
_NOT_THERE_YET = frozenset({"application-not-in-tenant", "service-missing-in-tenant", "consent-missing"})
"""What Microsoft answers before a consent, and for seconds to minutes after it (unconfirmed how long)."""


async def ask(state: MicrosoftAnswers, world: World) -> ConsentState:
    """Return what the holder of the application's credential sees: the backend, or this computer for a typed secret.

    Raises Halted: also where the credential itself is refused, which no consent mends.
    """
    seen = await (_by_secret(state, world) if state.own and state.secret else _by_backend(state, world))
    if seen.state == REFUSED:
        evidence = Evidence(stage="permissions", system=System.ENTRA, condition=seen.problem or "unrecognised")
        raise Halted(named(evidence, state))
    if seen.tenant and state.tenant_id and seen.tenant.lower() != state.tenant_id.lower():
        raise Halted(observed(OTHER_TENANT, state, stage="permissions"))
    return seen


def is_granted(seen: ConsentState) -> bool:
    """Whether the permission to send is there. A token alone proves nothing: it is issued without any, too.

    Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow.
    """
    return seen.state == GRANTED and SEND in seen.roles


async def _by_backend(state: MicrosoftAnswers, world: World) -> ConsentState:
    if world.platform is None:
        raise Halted(named(Evidence(stage="backend", system=System.BACKEND, reason="backend-unreachable"), state))
    question = ConsentQuestion(
        tenant=state.registration.tenant,
        cloud=state.cloud or "global",
        client_id=state.client_id if state.own else "",
        certificate=state.certificate,
        login=state.login,
        graph=state.graph,
    )
    async with world.platform.open() as backend:
        return await backend.consent(question)


async def _by_secret(state: MicrosoftAnswers, world: World) -> ConsentState:
    """Ask with the secret that was typed here; the token is looked at and dropped."""
    try:
        tokens = ApplicationTokens(
            state.registration,
            ClientCredential(secret=await _secret(state, world)),
            scope=state.registration.scope(".default"),
            web=world.http,
            recorder=world.network.recorder,
            clock=world.clock,
        )
        view = read_token((await tokens.token()).secret)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state) from unavailable
    except OAuthFailed as failure:
        if named(failure.evidence, state).code in _NOT_THERE_YET:
            return ConsentState(state="missing", tenant=state.tenant_id)
        raise stopped_by(failure, state) from failure
    return ConsentState(state="granted", roles=view.roles, tenant=view.tenant or state.tenant_id)


async def _secret(state: MicrosoftAnswers, world: World) -> Secret:
    secret = await world.vault.fetch(state.client_secret) if state.client_secret else None
    if secret is None:
        raise VaultUnavailable("not-kept")
    return secret
