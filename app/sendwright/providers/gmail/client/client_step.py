"""The form for an organisation that uses an OAuth client of its own."""

import asyncio
import secrets

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.providers.consent.keeping import let_go
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.client_file import CLIENT_ID, ClientFile, ClientFileInvalid, is_secret
from sendwright.providers.gmail.client.client_file import read_client_file as read
from sendwright.providers.gmail.client.client_guide import client_guide
from sendwright.providers.gmail.connection import disconnected, placed
from sendwright.providers.gmail.step import CLIENT, PLAN, GmailStep
from sendwright.providers.gmail.stopping import stopped_by
from sendwright.screens import Answer, Field, FieldKind, Form, Rejected, Screen
from sendwright.senders.gmail.settings import Way
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import Progress, World

PURPOSE = "google-client-secret"
_LONGEST_ID = 160


class ClientStep(GmailStep):
    """Id and secret, typed or read from the file that Google offers for download."""

    id = CLIENT
    stop = PLAN

    def applies(self, state: GmailAnswers) -> bool:
        """Only for an own client; a reconnection needs its secret again, which only the backend has."""
        return state.own and state.way is Way.ACCOUNT

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Ask; how a client is made stands in a document beside it."""
        del world
        return Form(
            step=self.id,
            title="gmail.client.title",
            lead="gmail.client.lead-again" if state.reconnecting else "gmail.client.lead",
            fields=_fields(state),
            documents=(client_guide(state),),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Check everything at once; then, and only then, put the secret into the vault."""
        del progress
        given = await _given(state, answer)
        if given.secret is not None:
            world.network.recorder.learn(given.secret)
        if state.reconnecting:
            state = placed(state, world.deployment)
        other = given.client_id != state.client_id
        before = await disconnected(state, world) if other else state
        chosen = replace(before, client_id=given.client_id, returning=False)
        try:
            return await _kept(chosen, given, world, other=other)
        except VaultUnavailable as unavailable:  # the former sign-in is gone; the former client and its secret are not
            raise stopped_by(unavailable, state, after=before if other else None) from unavailable


async def _given(state: GmailAnswers, answer: Answer) -> ClientFile:
    """Return the client: what a file says counts more than what is typed. Raises Rejected."""
    name = answer.get("client_file", "").strip()
    if name:
        try:
            return await read(name)
        except ClientFileInvalid as invalid:
            raise Rejected({"client_file": f"gmail.client.file-{invalid.code}"}) from invalid
    wrong: dict[str, str] = {}
    client_id = answer.get("client_id", "").strip().lower()
    if not CLIENT_ID.fullmatch(client_id):
        wrong["client_id"] = f"gmail.client.id-{'invalid' if client_id else 'missing'}"
    typed = answer.get("client_secret", "").strip()
    kept = state.client_secret is not None and client_id == state.client_id
    problem = ""
    if CLIENT_ID.fullmatch(typed.lower()):
        problem = "is-id"
    elif not typed and not kept:
        problem = "missing"
    elif not is_secret(typed):
        problem = "invalid"
    if problem:
        wrong["client_secret"] = f"gmail.client.secret-{problem}"
    if wrong:
        raise Rejected(wrong)
    return ClientFile(client_id=client_id, secret=Secret(typed) if typed else None)


async def _kept(state: GmailAnswers, given: ClientFile, world: World, *, other: bool) -> GmailAnswers:
    """Return `state` with the secret in the vault. Without a new one, the one that is there stays the same client's."""
    ref = state.client_secret
    if given.secret is not None:
        kept = ref or SecretRef(PURPOSE, secrets.token_hex(8))
        try:
            await world.vault.keep(kept, given.secret)
        except asyncio.CancelledError:  # what is stored all the same would lie there and nobody would know where
            if ref is None:
                await let_go(kept, world)
            raise
        return replace(state, client_secret=kept, client_checked=False)
    if ref is None:
        return replace(state, client_checked=state.client_checked and not other)
    if other:
        await world.vault.forget(ref)
        return replace(state, client_secret=None, client_checked=False)
    if await world.vault.fetch(ref) is None:
        raise Rejected({"client_secret": "gmail.client.secret-gone"})
    return state


def _fields(state: GmailAnswers) -> tuple[Field, ...]:
    return (
        Field(
            name="client_file",
            kind=FieldKind.FILE,
            label="gmail.client.file",
            help="gmail.client.file-help",
        ),
        Field(
            name="client_id",
            kind=FieldKind.TEXT,
            label="gmail.client.id",
            help="gmail.client.id-help",
            value=state.client_id,
            max_length=_LONGEST_ID,
        ),
        Field(
            name="client_secret",
            kind=FieldKind.PASSWORD,
            label="gmail.client.secret",
            help="gmail.client.secret-help",
            kept=state.client_secret is not None,
        ),
    )
