"""Checks the sender that is in force, by the backend's own test and by the same test from this computer."""

from msgspec.structs import replace

from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.diagnosis.two_sides import compare_sides, side_by_side
from sendwright.providers import catalogue
from sendwright.screens import Answer, Done, Fact, Screen, Working
from sendwright.wizard.backend_access import open_backend, require_passed, run_backend_test, run_desk_test
from sendwright.wizard.draft import Draft, Purpose
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World


class CheckStep(WizardStep):
    """The backend tries its sender stage by stage, without submitting a message; this computer goes along.

    The desk has no password of what is in force, so it goes as far as the encrypted connection: that is where the ways
    of the two places differ.
    """

    id = "check"
    stop = "check"

    def applies(self, state: Draft) -> bool:
        """Only for whoever came to check."""
        return state.purpose is Purpose.CHECK

    def show(self, state: Draft, world: World) -> Screen:
        """Show the stages."""
        del world
        return Working(step=self.id, title="check.title", lead="check.lead", stages=_stages(state))

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Run the backend's test of the version in force."""
        del answer
        platform = state.platform
        in_force = state.in_force
        if platform is None or in_force is None:
            return state
        async with open_backend(platform, world) as backend:
            desk, there = await side_by_side(
                run_desk_test(in_force.profile, {}, world),
                run_backend_test(backend, in_force.version, to=None, progress=progress),
            )
        sides = compare_sides(desk, there)
        require_passed(there, sides=sides)
        return replace(state, checked=sides)


def _stages(state: Draft) -> tuple[str, ...]:
    """Return the stages of what is in force; those of a mail server where a newer program put it in force."""
    try:
        return catalogue.by_id(state.in_force.profile.provider).stages if state.in_force else SMTP_STAGES
    except LookupError:
        return SMTP_STAGES


class CheckDoneStep(WizardStep):
    """The end of a check that passed."""

    id = "check-done"
    stop = "check"

    def applies(self, state: Draft) -> bool:
        """Only for whoever came to check."""
        return state.purpose is Purpose.CHECK

    def show(self, state: Draft, world: World) -> Screen:
        """Say that it works, and for which address."""
        del world
        in_force = state.in_force
        address = in_force.profile.address if in_force else ""
        return Done(
            step=self.id,
            title="check.done-title",
            lead="check.done-lead",
            submit="wizard.close",
            facts=(Fact(label="review.from", value=address),),
            sides=state.checked,
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Nothing follows."""
        del answer, world, progress
        return state
