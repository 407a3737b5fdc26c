"""Reads the mailbox's list of sending addresses, from this computer and with a token for nothing else."""

from msgspec.structs import replace

from sendwright.oauth.fixed import access_ended
from sendwright.oauth.google.renew import renewing
from sendwright.oauth.google.scopes import MAIL, SETTINGS
from sendwright.oauth.grant import AccessToken
from sendwright.problems.evidence import System
from sendwright.providers.consent.keeping import keeper_of
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of
from sendwright.providers.gmail.permissions import reads_addresses
from sendwright.providers.gmail.sender.listed import proof_by_list
from sendwright.providers.gmail.service_account.tokens import token_for
from sendwright.senders.gmail.sending_addresses import read_addresses
from sendwright.senders.gmail.settings import Way
from sendwright.world import World


def may_read(state: GmailAnswers) -> bool:
    """Whether the list can be read without anybody agreeing to more; for a service account only Google knows."""
    if state.way is Way.SERVICE_ACCOUNT:
        return state.key is not None and not state.keyless
    return state.grant is not None and not state.handed_over and reads_addresses(state.scopes)


async def read_list(state: GmailAnswers, world: World) -> GmailAnswers:
    """Return `state` with the list and what it proves. Raises problems.evidence.Failure and VaultUnavailable."""
    access = await _access(state, world)
    listed = await read_addresses(state.settings(), access, world.network, web=world.http, clock=world.clock)
    read = replace(state, addresses=listed, read_at=world.clock(), returning=False)
    return replace(read, proof=proof_by_list(read))


async def _access(state: GmailAnswers, world: World) -> AccessToken:
    if state.way is Way.SERVICE_ACCOUNT:
        return await token_for(state, state.subject, SETTINGS, world)
    scope = SETTINGS if SETTINGS in state.scopes else MAIL
    renew = renewing(await client_of(state, world), web=world.http, recorder=world.network.recorder, clock=world.clock)
    if state.grant is None:
        raise access_ended(System.GOOGLE)
    return await keeper_of(state.grant, world, System.GOOGLE).access(scope, renew)
