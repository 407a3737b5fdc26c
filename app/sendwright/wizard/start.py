"""The first screen: what this will change, what stands now, and what to do."""

from msgspec.structs import replace

from sendwright.profile import SenderProfile
from sendwright.providers import catalogue
from sendwright.providers.provider import Answers
from sendwright.screens import Answer, Choice, Notice, Option, Rejected, Screen
from sendwright.texts import has, text
from sendwright.wizard.draft import Draft, Purpose, SenderAnswer
from sendwright.wizard.forgetting import forget_secrets
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World

OPEN = "open"
"""The choice of looking at a diagnosis file: no walk of this wizard, so faces carry it out themselves."""


class StartStep(WizardStep):
    """Choice of what the person came for; `check` only where something is in force."""

    id = "start"
    stop = "start"

    def show(self, state: Draft, world: World) -> Screen:
        """Show what can be done on this computer now; a sender that cannot send is to be connected first of all."""
        in_force = state.in_force
        chosen = state.purpose
        options = [
            Option(
                value=Purpose.SET_UP,
                label="start.change.label" if in_force else "start.set-up.label",
                detail="start.change.detail" if in_force else "start.set-up.detail",
                icon="change" if in_force else "set-up",
            )
        ]
        if in_force:
            options.append(
                Option(value=Purpose.CHECK, label="start.check.label", detail="start.check.detail", icon="check")
            )
            if _reconnecting(state) is not None:
                wanted = in_force.trouble is not None and (not in_force.works or in_force.expires_at is not None)
                chosen = Purpose.RECONNECT if wanted else chosen
                options.insert(
                    0 if wanted else len(options),
                    Option(
                        value=Purpose.RECONNECT,
                        label="start.reconnect.label",
                        detail="start.reconnect.detail",
                        icon="retry",
                    ),
                )
            options.append(
                Option(
                    value=Purpose.DISCONNECT,
                    label="start.disconnect.label",
                    detail="start.disconnect.detail",
                    icon="close",
                )
            )
        elif chosen is Purpose.DISCONNECT:
            chosen = Purpose.SET_UP
        if not world.practice:
            options.append(
                Option(
                    value=Purpose.PRACTISE,
                    label="start.practise.label",
                    detail="start.practise.detail",
                    icon="practise",
                )
            )
            options.append(Option(value=OPEN, label="start.open.label", detail="start.open.detail", icon="folder"))
        return Choice(
            step=self.id,
            title="start.title",
            lead="start.lead",
            values={"platform": world.deployment.platform.name},
            options=tuple(options),
            chosen=chosen,
            notices=_notices(state),
            explains=True,
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Take the purpose. What is to be connected again has nothing to do with what was being set up."""
        del progress
        if answer.get("choice") not in set(Purpose):
            raise Rejected({"choice": "wizard.choose-one"})
        purpose = Purpose(answer["choice"])
        if purpose is Purpose.DISCONNECT and state.in_force is None:
            raise Rejected({"choice": "wizard.choose-one"})
        state = replace(state, disconnection=None)
        if purpose is not Purpose.RECONNECT:
            if state.purpose is Purpose.RECONNECT:
                await forget_secrets(state, world)
                state = replace(state, provider=None, answers=None, sender=None, test=None, staged=None)
            return replace(state, purpose=purpose)
        answers, in_force = _reconnecting(state), state.in_force
        if answers is None or in_force is None:
            raise Rejected({"choice": "wizard.choose-one"})
        profile = in_force.profile
        if state.purpose is purpose and _signed_in_for(state, profile):
            return state
        await forget_secrets(state, world)
        return replace(
            state,
            purpose=purpose,
            provider=profile.provider,
            answers=answers,
            sender=SenderAnswer(address=profile.address, alias=profile.alias),
            test=None,
            staged=None,
        )


def _reconnecting(state: Draft) -> Answers | None:
    """Return the answers that sign in again for what is in force; None where nothing signs in, or is not known here."""
    in_force = state.in_force
    if in_force is None:
        return None
    try:
        provider = catalogue.by_id(in_force.profile.provider)
    except LookupError:
        return None
    return provider.reconnecting(in_force.profile)


def _signed_in_for(state: Draft, profile: SenderProfile) -> bool:
    """Whether `profile` is what the answers amount to already: then nobody has to sign in again."""
    if state.provider != profile.provider or state.answers is None:
        return False
    provider = catalogue.by_id(profile.provider)
    return provider.profile(state.answers, address=profile.address, alias=profile.alias) == profile


def _notices(state: Draft) -> tuple[Notice, ...]:
    need = Notice(key="start.you-need")
    if state.platform is None:
        return (need,)
    organisation = state.platform.organisation
    standing = organisation.in_force
    if standing is None:
        default = organisation.default_sender.address
        now = Notice(key="start.default-in-force", values={"organisation": organisation.name, "address": default})
        return (now, need)
    moment = standing.activated_at or standing.created_at
    values = {
        "organisation": organisation.name,
        "address": standing.profile.address,
        "alias": standing.profile.alias,
        "who": standing.created_by,
        "when": f"{moment:%Y-%m-%d}",
    }
    notices = (Notice(key="start.in-force", values=values), need)
    if standing.trouble is None:
        return notices
    if standing.works:
        title = f"problems.{standing.trouble}.title"
        words = {"what": text(title) if has(title) else standing.trouble}
        return (Notice(key="start.to-be-known", values=words, warning=True), *notices)
    return (Notice(key="start.in-trouble", values=values, warning=True), *notices)
