"""Takes what a sign-in yields: whose it is, whether it is enough, and where it is kept."""

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.account import Account
from sendwright.oauth.conditions import OTHER_ACCOUNT
from sendwright.oauth.google.sign_in import SignedIn
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import System
from sendwright.providers.consent import keeping
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.connection import without_proof
from sendwright.providers.gmail.permissions import BASIC, missing, reads_addresses
from sendwright.providers.gmail.step import ALIAS
from sendwright.providers.gmail.stopping import observed, stopped_by
from sendwright.screens import Elsewhere, Halted
from sendwright.vault.vault import SecretRef
from sendwright.world import World

PURPOSE = "google-grant"
INCOMPLETE = "consent-incomplete"


def keeper_of(ref: SecretRef, world: World) -> VaultKeeper:
    """Return the keeper of the grant in the vault."""
    return keeping.keeper_of(ref, world, System.GOOGLE)


def expected_of(state: GmailAnswers) -> Account | None:
    """Return who has to sign in: whoever did before, where it is about the same connection; None: anybody."""
    return state.account if state.returning else state.expected


async def taken(state: GmailAnswers, signed: SignedIn, world: World) -> GmailAnswers:
    """Return `state` with who signed in; the tokens lie in the vault, those of an earlier sign-in are gone.

    Raises Halted for another account than was wanted, and for a box that was left unticked: then nothing is kept, and
    what was there before stays. Raises Elsewhere, back to the page of the sender, where only the further permission
    was not given. Nothing is taken back at Google (see `connection.disconnected`).
    """
    again = replace(state, attempt="")
    expected = expected_of(state)
    if expected is not None and not expected.same_as(signed.account):
        values = {"username": signed.account.username, "expected": expected.username}
        raise Halted(observed(OTHER_ACCOUNT, state, **values), state=again)
    lacking = missing(state, signed.scopes)
    if state.returning and (lacking or not reads_addresses(signed.scopes)):
        raise Elsewhere(again, step=ALIAS)
    if lacking:
        values = {"username": signed.account.username, "permission": " ".join(lacking)}
        problem = observed(INCOMPLETE, state, stage="permissions", **values)
        raise Halted(problem, state=replace(again, incomplete=lacking))
    try:
        ref = await keeping.keep_grant(
            signed.refresh_token,
            dict.fromkeys(_served(signed), signed.access),
            purpose=PURPOSE,
            world=world,
            system=System.GOOGLE,
        )
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=again) from unavailable
    same = state.account is None or state.account.same_as(signed.account)
    connected = replace(
        state if same else without_proof(state),
        account=signed.account,
        scopes=signed.scopes,
        grant=ref,
        handed_over=False,
        granted_at=world.clock(),
        ends_at=signed.ends_at,
        attempt="",
        asked_at=None,
        incomplete=(),
        trial=None,
    )
    return await keeping.instead_of(state.grant, connected, world)


def _served(signed: SignedIn) -> tuple[str, ...]:
    """Return the scopes that the first access token serves, as they are asked for later: each, and all together."""
    gmail = tuple(scope for scope in signed.scopes if scope not in BASIC)
    return (*gmail, " ".join(gmail)) if len(gmail) > 1 else gmail
