"""Takes what a sign-in yields: whose it is, whether it is enough, and where it is kept."""

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.conditions import OTHER_ACCOUNT
from sendwright.oauth.entra.identity import OTHER_TENANT
from sendwright.oauth.entra.sign_in import SignedIn
from sendwright.oauth.lens import read_token
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.consent import keeping as consent_keeping
from sendwright.providers.consent.keeping import instead_of, keep_grant
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import SEND, SEND_SHARED, missing, wanted
from sendwright.providers.microsoft365.sign_in.ways_on import AGAIN
from sendwright.providers.microsoft365.stopping import named, observed, stopped_by
from sendwright.screens import Halted
from sendwright.vault.vault import SecretRef
from sendwright.world import World

PURPOSE = "microsoft-grant"


def keeper_of(ref: SecretRef, world: World) -> VaultKeeper:
    """Return the keeper of the grant in the vault."""
    return consent_keeping.keeper_of(ref, world, System.ENTRA)


async def taken(state: MicrosoftAnswers, signed: SignedIn, world: World) -> MicrosoftAnswers:
    """Return `state` with who signed in; the tokens lie in the vault, those of an earlier sign-in are gone.

    Raises Halted for another account or organisation than was wanted, and for a permission that is missing: then
    nothing is kept.
    """
    _require_wanted(state, signed)
    lacking = missing(replace(state, account=signed.account), signed.permissions)
    if lacking:
        evidence = Evidence(
            stage="permissions",
            system=System.GRAPH,
            condition="graph-permission-missing",
            values={"permission": " ".join(lacking), "username": signed.account.username},
        )
        raise Halted(named(evidence, state), actions=(AGAIN,), state=replace(state, attempt=""))
    access = dict.fromkeys(_scopes(state, signed), signed.access)
    try:
        ref = await keep_grant(signed.refresh_token, access, purpose=PURPOSE, world=world, system=System.ENTRA)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=replace(state, attempt="")) from unavailable
    same = state.account is not None and state.account.same_as(signed.account)
    connected = replace(
        state,
        account=signed.account,
        scopes=signed.permissions,
        grant=ref,
        token=read_token(signed.access.secret),
        handed_over=False,
        tenant_id=signed.account.tenant,
        attempt="",
        asked_at=None,
        looked_at=None,
        agree_again=False,
        proofs=state.proofs if same else {},
    )
    return await instead_of(state.grant, connected, world)


def _require_wanted(state: MicrosoftAnswers, signed: SignedIn) -> None:
    account, expected = signed.account, state.expected
    again = replace(state, attempt="")
    if state.tenant_id and account.tenant.lower() != state.tenant_id.lower():
        problem = observed(OTHER_TENANT, state, username=account.username)
        raise Halted(problem, state=again)
    if expected is not None and not expected.same_as(account):
        problem = observed(OTHER_ACCOUNT, state, username=account.username, expected=expected.username)
        raise Halted(problem, state=again)


def _scopes(state: MicrosoftAnswers, signed: SignedIn) -> tuple[str, ...]:
    """Return the scopes that the first access token serves, as they are asked for later."""
    have = {name.casefold() for name in signed.permissions}
    sets = (wanted(state), (SEND,), (SEND, SEND_SHARED))
    return tuple(
        " ".join(state.registration.scope(name) for name in names)
        for names in dict.fromkeys(sets)
        if {name.casefold() for name in names} <= have
    )
