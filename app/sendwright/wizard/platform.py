"""Connects the wizard with the notification backend it configures."""

import secrets
from contextlib import suppress

from msgspec.structs import replace

from sendwright.errors import VaultUnavailable
from sendwright.handoff.backend import Backend, BackendAddress, HandoffFailed
from sendwright.handoff.connection_code import ConnectionCodeInvalid, parse_connection_code
from sendwright.handoff.known import KnownBackend
from sendwright.handoff.wire import Organisation
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Rejected, Screen
from sendwright.vault.vault import Secret, SecretRef, Vault
from sendwright.wizard.backend_access import open_backend
from sendwright.wizard.draft import Draft, Platform, Purpose
from sendwright.wizard.moving import moved
from sendwright.wizard.step import WizardStep, halting
from sendwright.world import Progress, World

CONNECTION_CODE = "connection-code"
THIS_COMPUTER = "this-computer"
ENROLLED = "enrolled"

CODE_USED = "backend-code-used"

_OF_THE_CODE = {CODE_USED, "backend-code-expired", "backend-code-unknown"}
_TOKENS = "backend-token"


class PlatformStep(WizardStep):
    """A connection code from the platform, the backend of this computer, or the one already enrolled with."""

    id = "platform"
    stop = "platform"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose is Purpose.SET_UP

    def show(self, state: Draft, world: World) -> Screen:
        """Ask where the notifications are sent from."""
        options = [
            Option(value=CONNECTION_CODE, label="platform.code.label", detail="platform.code.detail", icon="code"),
            Option(
                value=THIS_COMPUTER,
                label="platform.local.label",
                detail="platform.local.detail",
                icon="computer",
            ),
        ]
        notices: tuple[Notice, ...] = ()
        chosen = CONNECTION_CODE
        if state.platform is not None:
            organisation = state.platform.organisation
            enrolled = Option(
                value=ENROLLED, label="platform.enrolled.label", detail="platform.enrolled.detail", icon="done",
                note=organisation.name,
            )  # fmt: skip
            options.insert(0, enrolled)
            notices = (organisation_notice(organisation),)
            chosen = ENROLLED
        elif world.practice:
            chosen = THIS_COMPUTER
        code = Field(
            name="code",
            kind=FieldKind.CODE,
            label="platform.code.field",
            help="platform.code.help",
            placeholder="platform.code.placeholder",
            only_for=CONNECTION_CODE,
        )
        return Choice(
            step=self.id,
            title="platform.title",
            lead="platform.lead",
            values={"platform": world.deployment.platform.name},
            options=tuple(options),
            chosen=chosen,
            fields=(code,),
            notices=notices,
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Enrol, and learn the organisation."""
        del progress
        match answer.get("choice"):
            case "enrolled" if state.platform is not None:
                return replace(state, platform=await refresh(state.platform, world))
            case "connection-code":
                return await moved(state, await _enrol_by_code(answer.get("code", ""), world), world)
            case "this-computer":
                return await moved(state, await _enrol_here(world), world)
            case _:
                raise Rejected({"choice": "wizard.choose-one"})


def organisation_notice(organisation: Organisation) -> Notice:
    """Say whose notifications these are, how many workspaces follow, and which address is in use."""
    in_force = organisation.in_force
    return Notice(
        key="platform.organisation",
        values={
            "organisation": organisation.name,
            "count": str(len(organisation.workspaces)),
            "address": in_force.profile.address if in_force else organisation.default_sender.address,
        },
    )


async def refresh(platform: Platform, world: World) -> Platform:
    """Ask the backend again what is in force. Raises Halted."""
    async with open_backend(platform, world) as backend:
        return replace(platform, organisation=await backend.organisation())


async def _enrol_by_code(typed: str, world: World) -> Platform:
    if not typed.strip():
        raise Rejected({"code": "platform.code.missing"})
    try:
        code = parse_connection_code(typed)
    except ConnectionCodeInvalid as invalid:
        raise Rejected({"code": f"platform.code.{invalid.reason}"}) from invalid
    try:
        return await _enrol(code.address, code.secret, world, on_this_computer=False)
    except HandoffFailed as failed:
        if failed.evidence.reason == CODE_USED and (known := await _enrolled_before(code.address, world)):
            return known
        if failed.evidence.reason in _OF_THE_CODE:
            raise Rejected({"code": f"problems.{failed.evidence.reason}.what"}) from failed
        with halting("backend"):
            raise


async def _enrol_here(world: World) -> Platform:
    with halting("backend"):
        address = await world.local_backend.start()
        secret = await world.local_backend.connection_code()
        code = parse_connection_code(secret.reveal())
        return await _enrol(address, code.secret, world, on_this_computer=True)


async def _enrolled_before(address: BackendAddress, world: World) -> Platform | None:
    """Return the platform at `address` if this computer has its token: then it was here that the code was used.

    Something may have failed between the use of the code and the next page.
    """
    known = world.known_backends.current()
    if known is None or known.address.url != address.url:
        return None
    with halting("backend"):
        token = await world.vault.fetch(known.token)
    if token is None:
        return None
    return await _signed_in(known, token, world)


async def _enrol(address: BackendAddress, secret: Secret, world: World, *, on_this_computer: bool) -> Platform:
    with halting("backend"):
        await _try_vault(world.vault)
    backend: Backend = world.backend(address, None)
    try:
        enrolment = await backend.enrol(secret, device=world.person)
    finally:
        await backend.close()
    ref = SecretRef(_TOKENS, THIS_COMPUTER if on_this_computer else address.url)
    token = Secret(enrolment.token)
    with halting("backend"):
        await world.vault.keep(ref, token)
    known = KnownBackend(
        address=address, organisation=enrolment.organisation, token=ref, on_this_computer=on_this_computer
    )
    with suppress(OSError):  # the next start asks for a code again; that answers cannot be saved is said by the wizard
        world.known_backends.remember(known)
    return await _signed_in(known, token, world)


async def _signed_in(known: KnownBackend, token: Secret, world: World) -> Platform:
    backend = world.backend(known.address, token)
    try:
        organisation = await backend.organisation()
    finally:
        await backend.close()
    return Platform(
        address=known.address,
        token=known.token,
        organisation=organisation,
        on_this_computer=known.on_this_computer,
    )


async def _try_vault(vault: Vault) -> None:
    """Raise VaultUnavailable before a code is spent on a token that could not be kept."""
    probe = SecretRef(_TOKENS, secrets.token_hex(8))
    await vault.keep(probe, Secret(secrets.token_hex(16)))
    with suppress(VaultUnavailable):  # it holds nothing
        await vault.forget(probe)
