"""The form for a service account: with a key that is kept here, or without one."""

import asyncio
import re
import secrets

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.oauth.google.service_account import KeyUnusable, ServiceAccountKey, read_file, read_key
from sendwright.oauth.google.service_account_key import LONGEST_FILE
from sendwright.providers.chosen_file import FileUnusable, read_chosen
from sendwright.providers.consent.keeping import instead_of, let_go
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.connection import placed, without_proof
from sendwright.providers.gmail.service_account.key_guide import key_guide
from sendwright.providers.gmail.step import PLAN, GmailStep
from sendwright.providers.gmail.stopping import stopped_by
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Rejected, Screen
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Way
from sendwright.vault.vault import SecretRef
from sendwright.world import Progress, World

KEY = "key"
KEYLESS = "keyless"
PURPOSE = "google-service-account-key"

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._-]{0,254}@(?:[a-z0-9-]{1,63}\.){0,5}gserviceaccount\.com")
_UNIQUE_ID = re.compile(r"[0-9]{10,30}")


class KeyStep(GmailStep):
    """Which service account acts, and by what it proves itself."""

    id = "gmail-key"
    stop = PLAN

    def applies(self, state: GmailAnswers) -> bool:
        """Only for a service account; a reconnection may bring a new key."""
        return state.way is Way.SERVICE_ACCOUNT

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Ask; how a service account is made stands in a document beside it."""
        del world
        return Choice(
            step=self.id,
            title="gmail.key.title",
            lead="gmail.key.lead",
            options=(
                Option(value=KEY, label="gmail.key.by-key", detail="gmail.key.by-key-detail", icon="document"),
                Option(value=KEYLESS, label="gmail.key.keyless", detail="gmail.key.keyless-detail", icon="computer"),
            ),
            chosen=KEYLESS if state.keyless else KEY,
            fields=_fields(state),
            notices=_notices(state),
            documents=(key_guide(state),),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Read the key and keep it in the vault, or take the account's address and id where it has none."""
        del progress
        if state.reconnecting:
            state = placed(state, world.deployment)
        match answer.get("choice"):
            case "key":
                return await _with_key(state, answer.get("file", "").strip(), world)
            case "keyless":
                return await _keyless(state, answer, world)
            case _:
                raise Rejected({"choice": "wizard.choose-one"})


async def _with_key(state: GmailAnswers, file: str, world: World) -> GmailAnswers:
    if not file:
        return await _kept(state, world)
    try:
        secret = read_file(await read_chosen(file, largest=2 * LONGEST_FILE))
        key = read_key(secret)
    except FileUnusable as unusable:
        raise Rejected({"file": f"gmail.key.file.{unusable.code}"}) from unusable
    except KeyUnusable as unusable:
        raise Rejected({"file": f"gmail.key.wrong.{unusable.code}"}) from unusable
    for one in (secret, key.private_key):
        world.network.recorder.learn(one)
    return await _stored(state, secret, key, world)


async def _stored(state: GmailAnswers, secret: Secret, key: ServiceAccountKey, world: World) -> GmailAnswers:
    ref = SecretRef(PURPOSE, secrets.token_hex(8))
    try:
        await world.vault.keep(ref, secret)
    except asyncio.CancelledError:  # what is stored all the same would lie there and nobody would know where
        await let_go(ref, world)
        raise
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state) from unavailable
    after = replace(_of_another(state, key.email, key.unique_id), key=ref, keyless=False, handed_over=False)
    return await instead_of(state.key, replace(after, checks={}, trial=None), world)


async def _kept(state: GmailAnswers, world: World) -> GmailAnswers:
    """Return `state` with the key from before. Raises Rejected where there is none."""
    if state.key is None:
        raise Rejected({"file": "gmail.key.file.missing"})
    try:
        if await world.vault.fetch(state.key) is None:
            raise Rejected({"file": "gmail.key.file.gone"})
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state) from unavailable
    return state if not state.keyless else replace(state, keyless=False, checks={}, trial=None)


async def _keyless(state: GmailAnswers, answer: Answer, world: World) -> GmailAnswers:
    wrong: dict[str, str] = {}
    email = answer.get("service_account", "").strip().lower()
    unique_id = answer.get("service_account_id", "").strip()
    if not _EMAIL.fullmatch(email):
        wrong["service_account"] = f"gmail.key.account-{'invalid' if email else 'missing'}"
    if not _UNIQUE_ID.fullmatch(unique_id):
        wrong["service_account_id"] = f"gmail.key.id-{'invalid' if unique_id else 'missing'}"
    if world.platform is None:
        wrong["choice"] = "gmail.key.no-backend"
    if wrong or world.platform is None:
        raise Rejected(wrong)
    async with world.platform.open() as backend:
        identity = (await backend.google()).identity
    if not identity:
        raise Rejected({"choice": "gmail.key.no-identity"})
    if state.key is not None:
        await let_go(state.key, world)
    same = state.keyless and state.identity == identity
    state = replace(_of_another(state, email, unique_id), key=None, keyless=True, identity=identity)
    return state if same else replace(state, checks={}, trial=None)


def _of_another(state: GmailAnswers, email: str, unique_id: str) -> GmailAnswers:
    """Return `state` with this service account; what was shown of another one is not shown of this."""
    if (email, unique_id) == (state.service_account, state.service_account_id):
        return state
    state = without_proof(replace(state, checks={}, trial=None, delegated_at=None))
    return replace(state, service_account=email, service_account_id=unique_id)


def _fields(state: GmailAnswers) -> tuple[Field, ...]:
    return (
        Field(
            name="file",
            kind=FieldKind.FILE,
            label="gmail.key.file-label",
            help="gmail.key.file-help",
            kept=state.key is not None,
            only_for=KEY,
        ),
        Field(
            name="service_account",
            kind=FieldKind.TEXT,
            label="gmail.key.account",
            help="gmail.key.account-help",
            placeholder="gmail.key.account-placeholder",
            value=state.service_account,
            only_for=KEYLESS,
        ),
        Field(
            name="service_account_id",
            kind=FieldKind.TEXT,
            label="gmail.key.id",
            help="gmail.key.id-help",
            value=state.service_account_id,
            only_for=KEYLESS,
        ),
    )


def _notices(state: GmailAnswers) -> tuple[Notice, ...]:
    if state.key is not None and not state.keyless:
        return (Notice(key="gmail.key.kept", values={"service_account": state.service_account}, field="file"),)
    return (Notice(key="gmail.key.delete-file"),)
