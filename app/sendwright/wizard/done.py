"""The end: what changed, how to undo it, and what else can be done."""

from datetime import UTC

from msgspec.structs import replace

from sendwright.handoff.wire import NOTIFICATION_KINDS, NotificationRequest
from sendwright.providers import catalogue
from sendwright.screens import Action, Answer, Done, Fact, Notice, Screen
from sendwright.texts import text
from sendwright.wizard.backend_access import open_backend
from sendwright.wizard.draft import Draft, Outcome, Platform, Purpose
from sendwright.wizard.platform import refresh
from sendwright.wizard.step import WizardStep, halting
from sendwright.world import Progress, World

UNDO = "undo"
REDO = "redo"
KEEP_RUNNING = "keep-running"
SEND_KINDS = "send-kinds"


class DoneStep(WizardStep):
    """Stays on the screen; its actions change what it says."""

    id = "done"
    stop = "done"

    def applies(self, state: Draft) -> bool:
        """Once something is in force."""
        return state.purpose.changes

    def show(self, state: Draft, world: World) -> Screen:
        """Say what is in force since when, as which version."""
        outcome, platform = state.outcome, state.platform
        if outcome is None or platform is None:
            return Done(step=self.id, title="done.title", submit="wizard.close", facts=())
        organisation = platform.organisation
        standing = organisation.in_force
        address = standing.profile.address if standing else organisation.default_sender.address
        alias = standing.profile.alias if standing else organisation.default_sender.alias
        facts = [
            Fact(label="review.from", value=address),
            Fact(label="review.alias", value=alias),
            Fact(label="done.organisation", value=organisation.name),
        ]
        if not outcome.undone:
            facts.append(Fact(label="done.since", value=f"{outcome.at:%Y-%m-%d %H:%M} UTC"))
            facts.append(Fact(label="done.version", value=str(outcome.version)))
            if standing is not None and standing.expires_at is not None:
                facts.append(Fact(label="done.ends", value=f"{standing.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"))
        return Done(
            step=self.id,
            title="done.undone-title" if outcome.undone else "done.title",
            lead="done.undone-lead" if outcome.undone else "done.lead",
            values={
                "address": address,
                "organisation": organisation.name,
                "count": str(len(organisation.workspaces)),
            },
            submit="wizard.close",
            facts=tuple(facts),
            actions=_actions(outcome, platform, world, undoable=state.purpose is not Purpose.RECONNECT),
            notices=_notices(outcome, platform, world) + _remarks(state, address),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Carry out an action."""
        del progress
        outcome, platform = state.outcome, state.platform
        if outcome is None or platform is None:
            return state
        match answer.get("action"):
            case "undo" if not outcome.undone:
                return await _undo(state, outcome, platform, world)
            case "redo" if outcome.undone:
                return await _redo(state, outcome, platform, world)
            case "keep-running":
                with halting("backend"):
                    await world.local_backend.keep_running()
                return replace(state, outcome=replace(outcome, kept_running=True))
            case "send-kinds":
                sent = await _send_each_kind(outcome, platform, world, to=_own_address(state))
                return replace(state, outcome=replace(outcome, sent=sent))
            case _:
                return state


async def _undo(state: Draft, outcome: Outcome, platform: Platform, world: World) -> Draft:
    async with open_backend(platform, world) as backend:
        if outcome.previous_version is None:
            await backend.use_default()
        else:
            await backend.restore(outcome.previous_version)
    return replace(state, outcome=replace(outcome, undone=True), platform=await refresh(platform, world))


async def _redo(state: Draft, outcome: Outcome, platform: Platform, world: World) -> Draft:
    async with open_backend(platform, world) as backend:
        await backend.restore(outcome.version)
    return replace(state, outcome=replace(outcome, undone=False), platform=await refresh(platform, world))


async def _send_each_kind(outcome: Outcome, platform: Platform, world: World, *, to: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    async with open_backend(platform, world) as backend:
        for kind in NOTIFICATION_KINDS:
            label = text(f"kinds.{kind}")
            notification = NotificationRequest(
                kind=kind,
                to=to,
                subject=text("done.sample-subject", kind=label, organisation=platform.organisation.name),
                text=text("done.sample-text", kind=label, organisation=platform.organisation.name),
            )
            state = await backend.notify(notification, key=f"sample-{outcome.version}-{kind}-{len(outcome.sent)}")
            sent[kind] = state.id
    return sent


def _own_address(state: Draft) -> str:
    if state.test is not None:
        return state.test.to
    return state.sender.address if state.sender else ""


def _actions(outcome: Outcome, platform: Platform, world: World, *, undoable: bool) -> tuple[Action, ...]:
    """Return what can be done now; undoable: there is a former sender, and not only its former connection."""
    if outcome.undone:
        return (Action(name=REDO, label="done.redo"),)
    actions = [Action(name=SEND_KINDS, label="done.send-kinds")]
    if undoable:
        actions.append(Action(name=UNDO, label="done.undo"))
    keepable = platform.on_this_computer and world.local_backend.can_be_kept_running and not world.practice
    if keepable and not outcome.kept_running:
        actions.insert(0, Action(name=KEEP_RUNNING, label="done.keep-running"))
    return tuple(actions)


def _remarks(state: Draft, address: str) -> tuple[Notice, ...]:
    """Return what the provider leaves open about the sender in force; of the default sender it knows nothing."""
    if state.outcome is None or state.outcome.undone or not state.provider or state.answers is None:
        return ()
    return catalogue.by_id(state.provider).remarks(state.answers, address=address)


def _notices(outcome: Outcome, platform: Platform, world: World) -> tuple[Notice, ...]:
    notices = []
    if not (world.vault.lasting or platform.on_this_computer or world.practice):
        notices.append(Notice(key="done.access-not-kept", warning=True))
    if outcome.secret_left:
        notices.append(Notice(key="done.secret-left", warning=True))
    if outcome.kept_running:
        notices.append(Notice(key="done.kept-running"))
    if outcome.sent:
        notices.append(Notice(key="done.kinds-sent", values={"count": str(len(outcome.sent))}))
    return tuple(notices)
