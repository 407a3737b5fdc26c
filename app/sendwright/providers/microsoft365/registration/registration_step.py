"""The form for an organisation that uses an app registration of its own."""

import secrets

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid, VaultUnavailable
from sendwright.handoff.wire import Certificate
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.connection import disconnected, same_connection
from sendwright.providers.microsoft365.registration.registering import GUID
from sendwright.providers.microsoft365.registration.registration_guide import registration_guide
from sendwright.providers.microsoft365.step import PLAN, MicrosoftStep
from sendwright.providers.microsoft365.stopping import stopped_by
from sendwright.screens import Answer, Field, FieldKind, Form, Option, Rejected, Screen
from sendwright.senders.graph.settings import Way
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import Progress, World

KEPT = "kept"
CERTIFICATE = "certificate"
SECRET = "secret"  # noqa: S105 - the name of a choice
_PURPOSE = "microsoft-client-secret"
_LONGEST_SECRET = 512


class RegistrationStep(MicrosoftStep):
    """Which registration, of which organisation, and how the application proves itself."""

    id = "ms-registration"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Only for an own registration; of a reconnection only where its credential is to be renewed."""
        return state.own and (not state.reconnecting or state.way is Way.APPLICATION)

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Ask; how to register an application stands in a document beside it."""
        return Form(
            step=self.id,
            title="microsoft365.registration.title",
            lead=f"microsoft365.registration.lead-{state.way}",
            fields=_fields(state),
            documents=(registration_guide(state, world),),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Check everything at once; then let the backend make a certificate, or keep the secret."""
        del progress
        wrong: dict[str, str] = {}
        chosen = replace(
            state,
            client_id=_client_id(answer, wrong),
            tenant=_tenant(answer, wrong),
            cloud=answer.get("cloud", state.cloud) or "global",
            credential=_credential(state, answer),
        )
        keeps = chosen.credential == KEPT and _may_keep(chosen) and chosen.client_id == state.client_id
        if chosen.cloud not in CLOUDS:
            wrong["cloud"] = "wizard.choose-one"
        typed = _secret(chosen, answer, wrong)
        if chosen.way is Way.APPLICATION and not (keeps or chosen.secret) and world.platform is None:
            wrong["credential"] = "microsoft365.registration.no-backend"
        if wrong:
            raise Rejected(wrong)
        if not same_connection(state, chosen):
            chosen = replace(await disconnected(chosen, world), tenant_id="")
        return chosen if keeps else await _with_credential(chosen, typed, world)


def _may_keep(state: MicrosoftAnswers) -> bool:
    """Whether the backend has a certificate from before, which may still be good."""
    return bool(state.certificate) and state.made is None


async def _with_credential(state: MicrosoftAnswers, typed: Secret | None, world: World) -> MicrosoftAnswers:
    if state.way is not Way.APPLICATION:
        return state
    if state.secret:
        ref = state.client_secret or SecretRef(_PURPOSE, secrets.token_hex(8))
        try:
            if typed is not None:
                world.network.recorder.learn(typed)
                await world.vault.keep(ref, typed)
                state = replace(state, trial=None)  # what the backend tries with has the former one
            elif await world.vault.fetch(ref) is None:
                raise Rejected({"client_secret": "microsoft365.registration.secret-gone"})
        except VaultUnavailable as unavailable:
            raise stopped_by(unavailable, state) from unavailable
        return replace(state, client_secret=ref, certificate="", made=None)
    if state.made is not None and state.made.client_id == state.client_id:
        return replace(state, certificate=state.made.id)
    made = await _made(state.client_id, world)
    return replace(state, certificate=made.id, made=made)


async def _made(client_id: str, world: World) -> Certificate:
    if world.platform is None:
        raise Rejected({"credential": "microsoft365.registration.no-backend"})
    async with world.platform.open() as backend:
        return await backend.make_certificate(client_id, key=f"certificate-{client_id}-{secrets.token_hex(8)}")


def _credential(state: MicrosoftAnswers, answer: Answer) -> str:
    given = answer.get("credential", "")
    return given if state.way is Way.APPLICATION and given in {KEPT, CERTIFICATE, SECRET} else CERTIFICATE


def _client_id(answer: Answer, wrong: dict[str, str]) -> str:
    typed = answer.get("client_id", "").strip().strip("{}").lower()
    if not GUID.fullmatch(typed):
        wrong["client_id"] = f"microsoft365.registration.client-id-{'invalid' if typed else 'missing'}"
    return typed


def _tenant(answer: Answer, wrong: dict[str, str]) -> str:
    typed = answer.get("tenant", "").strip().strip("{}").lower()
    if GUID.fullmatch(typed):
        return typed
    try:
        return addresses.to_ascii(addresses.parse_domain(typed))
    except AddressInvalid:
        wrong["tenant"] = f"microsoft365.registration.tenant-{'invalid' if typed else 'missing'}"
        return typed


def _secret(state: MicrosoftAnswers, answer: Answer, wrong: dict[str, str]) -> Secret | None:
    """Return the secret's value if one was typed; its id is often copied instead, and looks like any other id."""
    typed = answer.get("client_secret", "").strip()
    if not state.secret:
        return None
    problem = ""
    if GUID.fullmatch(typed.lower()):
        problem = "is-id"
    elif not typed and state.client_secret is None:
        problem = "missing"
    elif len(typed) > _LONGEST_SECRET or any(not letter.isprintable() or letter.isspace() for letter in typed):
        problem = "invalid"
    if problem:
        wrong["client_secret"] = f"microsoft365.registration.secret-{problem}"
    return Secret(typed) if typed else None


def _fields(state: MicrosoftAnswers) -> tuple[Field, ...]:
    fields = [
        Field(
            name="client_id",
            kind=FieldKind.TEXT,
            label="microsoft365.registration.client-id",
            help="microsoft365.registration.client-id-help",
            value=state.client_id,
            max_length=38,
        ),
        Field(
            name="tenant",
            kind=FieldKind.TEXT,
            label="microsoft365.registration.tenant",
            help="microsoft365.registration.tenant-help",
            value=state.tenant,
        ),
    ]
    if state.way is Way.APPLICATION:
        fields += _credential_fields(state)
    cloud = Field(
        name="cloud",
        kind=FieldKind.CHOICE,
        label="microsoft365.registration.cloud",
        help="microsoft365.registration.cloud-help",
        value=state.cloud or "global",
        options=tuple(Option(value=name, label=f"microsoft365.clouds.{name}") for name in CLOUDS),
        advanced=True,
    )
    return (*fields, cloud)


def _credential_fields(state: MicrosoftAnswers) -> tuple[Field, ...]:
    credential = Field(
        name="credential",
        kind=FieldKind.CHOICE,
        label="microsoft365.registration.credential",
        help="microsoft365.registration.credential-help",
        value=SECRET if state.secret else KEPT if _may_keep(state) else CERTIFICATE,
        options=(
            *((Option(value=KEPT, label="microsoft365.registration.by-kept"),) if _may_keep(state) else ()),
            Option(value=CERTIFICATE, label="microsoft365.registration.by-certificate"),
            Option(value=SECRET, label="microsoft365.registration.by-secret"),
        ),
    )
    secret = Field(
        name="client_secret",
        kind=FieldKind.PASSWORD,
        label="microsoft365.registration.secret",
        help="microsoft365.registration.secret-help",
        kept=state.client_secret is not None,
    )
    return (credential, secret)
