"""Goes back to the platform's own sender: says what that means, does it, and says what came of it."""

from msgspec.structs import replace

from sendwright.handoff.backend import Backend
from sendwright.handoff.exchange import refused
from sendwright.handoff.wire import ProfileState
from sendwright.problems.classify import classify
from sendwright.profile import SenderProfile
from sendwright.providers import catalogue
from sendwright.screens import Action, Answer, Done, Elsewhere, Fact, Field, FieldKind, Halted, Notice, Review, Screen
from sendwright.texts import has, text
from sendwright.wizard.backend_access import open_backend
from sendwright.wizard.draft import Disconnection, Draft, Purpose
from sendwright.wizard.platform import refresh
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World

REVOKE = "revoke"
"""The field that asks whether the sign-in ends at its provider, too."""

RESTORE = "restore"

START = "start"
CHANGED = "backend-changed-meanwhile"
WENT_BACK = "default-restored"
"""What the backend's audit calls going back to the platform's own sender."""

LOOK_AGAIN = Action(name="look-again", label="disconnect.look-again")


class DisconnectStep(WizardStep):
    """Everything that will happen, in words; a sign-in is ended at its provider only where somebody asks for that."""

    id = "disconnect"
    stop = "disconnect"

    def applies(self, state: Draft) -> bool:
        """Only for whoever came for that, and as long as there is something to go back from."""
        return state.purpose is Purpose.DISCONNECT and state.in_force is not None

    def show(self, state: Draft, world: World) -> Screen:
        """Show what is in force, and what will be."""
        del world
        standing, organisation = state.in_force, state.platform.organisation if state.platform else None
        if standing is None or organisation is None:
            raise ValueError("nothing is in force")
        profile = standing.profile
        facts = [
            Fact(label="review.from", value=profile.address),
            Fact(label="review.alias", value=profile.alias),
            Fact(label="review.provider", value=provider_name(profile)),
            Fact(label="disconnect.then", value=organisation.default_sender.address),
        ]
        ending = ending_of(profile)
        asked = (Field(name=REVOKE, kind=FieldKind.TOGGLE, label="disconnect.revoke", help=ending, value="false"),)
        return Review(
            step=self.id,
            title="disconnect.title",
            lead="disconnect.lead",
            submit="disconnect.submit",
            facts=tuple(facts),
            statement="disconnect.statement",
            values={
                "organisation": organisation.name,
                "count": str(len(organisation.workspaces)),
                "address": profile.address,
                "default": organisation.default_sender.address,
            },
            fields=asked if ending else (),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Put the default sender in force; pressing again after a stop repeats nothing that was done.

        What somebody else put in force since the page was shown is not touched, and no sign-in of it ended. Raises
        Halted, and Elsewhere to the page as it has to be by then.
        """
        del progress
        former, platform = state.in_force, state.platform
        if former is None or platform is None:
            return state
        if answer.get("action") == LOOK_AGAIN.name:
            now = replace(state, platform=await refresh(platform, world))
            raise Elsewhere(now, step=self.id if now.in_force else START)
        revoke = answer.get(REVOKE) == "true" and bool(ending_of(former.profile))
        async with open_backend(platform, world) as backend:
            found = (await backend.organisation()).in_force
            if found is None and revoke:  # what ended last would be revoked, whichever it was
                found = await _last_in_force(backend, former)
            _require_shown(found, former, LOOK_AGAIN)
            ended = await backend.use_default(revoke=revoke)
            organisation = await backend.organisation()
        done = Disconnection(former=former, revoked=ended.revoked, problem=ended.problem or "")
        return replace(state, disconnection=done, platform=replace(platform, organisation=organisation))


class DisconnectedStep(WizardStep):
    """The end; as long as the sign-in was not ended the former sender can be put in force again."""

    id = "disconnected"
    stop = "disconnect"

    def applies(self, state: Draft) -> bool:
        """Only for whoever came for that."""
        return state.purpose is Purpose.DISCONNECT

    def show(self, state: Draft, world: World) -> Screen:
        """Say which address the notifications come from now, and whether the sign-in ended."""
        del world
        done, platform = state.disconnection, state.platform
        if done is None or platform is None:
            return Done(step=self.id, title="disconnect.done-title", submit="wizard.close", facts=())
        organisation = platform.organisation
        standing = organisation.in_force
        address = standing.profile.address if standing else organisation.default_sender.address
        alias = standing.profile.alias if standing else organisation.default_sender.alias
        again = Action(name=RESTORE, label="disconnect.restore", stays=True)
        return Done(
            step=self.id,
            title="disconnect.restored-title" if done.restored else "disconnect.done-title",
            lead="disconnect.restored-lead" if done.restored else "disconnect.done-lead",
            values={"organisation": organisation.name, "address": address},
            submit="wizard.close",
            facts=(
                Fact(label="review.from", value=address),
                Fact(label="review.alias", value=alias),
                Fact(label="done.organisation", value=organisation.name),
            ),
            actions=() if done.restored or done.revoked is not None else (again,),
            notices=_notices(done),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Put the former sender in force again, where that is asked for."""
        del progress
        done, platform = state.disconnection, state.platform
        if answer.get("action") != RESTORE or done is None or platform is None or done.revoked is not None:
            return state
        async with open_backend(platform, world) as backend:
            _require_shown((await backend.organisation()).in_force, done.former)
            await backend.restore(done.former.version)
        return replace(state, disconnection=replace(done, restored=True), platform=await refresh(platform, world))


async def _last_in_force(backend: Backend, former: ProfileState) -> ProfileState:
    """Return what was in force before the platform's own sender: `former`, or something else."""
    entries = (await backend.audit()).entries
    last = next((entry.version for entry in entries if entry.action == WENT_BACK), None)
    return replace(former, version=last or 0)


def _require_shown(found: ProfileState | None, former: ProfileState, *ways_on: Action) -> None:
    """Raise Halted, with `ways_on`, where neither `former` is in force nor the platform's own sender.

    An earlier try may have done already what is asked for.
    """
    if found is not None and found.version != former.version:
        raise Halted(classify(refused(CHANGED).evidence), actions=ways_on)


def ending_of(profile: SenderProfile) -> str:
    """Return `Provider.ending`; empty, too, where a newer program put the profile in force."""
    try:
        return catalogue.by_id(profile.provider).ending(profile)
    except LookupError:
        return ""


def provider_name(profile: SenderProfile) -> str:
    """Return the name of the way of sending of `profile` in words, its id where it has none here."""
    key = f"providers.{profile.provider}.name"
    return text(key) if has(key) else profile.provider


def not_ended(profile: SenderProfile, code: str) -> str:
    """Return in words that a sign-in was not ended at its provider, and why: `code` of a problem."""
    return text("disconnect.not-revoked", **_why(profile, code))


def _why(profile: SenderProfile, code: str) -> dict[str, str]:
    key = f"problems.{code}.title"
    why = text(key) if has(key) else text("disconnect.no-reason")
    return {"provider": provider_name(profile), "why": why}


def _notices(done: Disconnection) -> tuple[Notice, ...]:
    profile = done.former.profile
    if done.revoked is None:
        return ()
    if done.revoked:
        return (Notice(key="disconnect.revoked", values={"provider": provider_name(profile)}),)
    return (Notice(key="disconnect.not-revoked", values=_why(profile, done.problem), warning=True),)
