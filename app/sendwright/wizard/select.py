"""The choice of the way to send."""

from msgspec.structs import replace

from sendwright.providers import catalogue
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Proposal, Rejected, Screen
from sendwright.wizard.draft import Draft, Purpose
from sendwright.wizard.forgetting import forget_secrets
from sendwright.wizard.platform import organisation_notice
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World


class ProviderStep(WizardStep):
    """One card per provider of the catalogue; a typed address finds the card by where its mail arrives."""

    id = "provider"
    stop = "provider"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose is Purpose.SET_UP

    def show(self, state: Draft, world: World) -> Screen:
        """Show the cards."""
        enabled = catalogue.enabled(world.deployment)
        options = tuple(
            Option(
                value=provider.id,
                label=f"providers.{provider.id}.name",
                detail=f"providers.{provider.id}.detail",
                icon=provider.icon,
            )
            for provider in enabled
        )
        address = Field(
            name="address",
            kind=FieldKind.EMAIL,
            label="provider.address",
            help="provider.address-help",
            placeholder="provider.address-placeholder",
        )
        platform = state.platform
        return Choice(
            step=self.id,
            title="provider.title",
            lead="provider.lead",
            options=options,
            chosen=state.provider or (enabled[0].id if len(enabled) == 1 else ""),
            fields=(address,),
            notices=(organisation_notice(platform.organisation),) if platform else (),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Take the provider; another one than before starts with empty answers, and the former's secrets go."""
        del progress
        chosen = answer.get("choice", "")
        if chosen not in {provider.id for provider in catalogue.enabled(world.deployment)}:
            raise Rejected({"choice": "wizard.choose-one"})
        provider = catalogue.by_id(chosen)
        if state.provider not in {None, chosen}:
            await forget_secrets(state, world)
            state = replace(state, staged=None)
        answers = state.answers if state.provider == chosen and state.answers is not None else provider.answers()
        address = answer.get("address", "").strip()
        if address:
            answers = provider.prefill(answers, address)
        return replace(state, provider=chosen, answers=answers)

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        """Propose the card that fits the typed address, and say why."""
        del state
        suggestion = await catalogue.suggest(answer.get("address", ""), world)
        if suggestion is None:
            return Advice()
        notice = Notice(key=suggestion.reason, values=suggestion.values, field="address")
        proposal = Proposal(label="", origin=suggestion.reason, values={"choice": suggestion.provider})
        return Advice(notices=(notice,), proposals=(proposal,))
