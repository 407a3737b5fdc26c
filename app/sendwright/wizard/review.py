"""Everything on one page, before anything is sent to the platform."""

from sendwright.providers import catalogue
from sendwright.screens import Answer, Fact, Notice, Review, Screen
from sendwright.texts import text
from sendwright.wizard.draft import Arrival, Draft, digest
from sendwright.wizard.profile import profile_of
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World


class ReviewStep(WizardStep):
    """From, alias, path, findings left open, and what will change in plain words."""

    id = "review"
    stop = "review"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose.changes

    def show(self, state: Draft, world: World) -> Screen:
        """Put it all together."""
        del world
        profile = profile_of(state)
        provider = catalogue.by_id(profile.provider)
        facts = [
            Fact(label="review.from", value=profile.address),
            Fact(label="review.alias", value=profile.alias),
            Fact(label="review.provider", value=text(f"providers.{provider.id}.name")),
            Fact(label="review.path", value=provider.path(state.answers)),
            Fact(label="review.tested", value=_tested(state)),
        ]
        platform = state.platform
        values = {"address": profile.address, "organisation": "", "count": "0", "default": ""}
        if platform is not None:
            organisation = platform.organisation
            standing = organisation.in_force
            values |= {
                "organisation": organisation.name,
                "count": str(len(organisation.workspaces)),
                "default": standing.profile.address if standing else organisation.default_sender.address,
            }
        same = values["address"].casefold() == values["default"].casefold()
        return Review(
            step=self.id,
            title="review.title",
            lead="review.lead",
            submit="review.activate",
            facts=tuple(facts),
            statement="review.statement-same" if same else "review.statement",
            values=values,
            notices=_open_findings(state) + provider.remarks(state.answers, address=profile.address),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Nothing is asked but the press of the button."""
        del answer, world, progress
        return state


def _tested(state: Draft) -> str:
    test = state.test
    if test is None or not test.submitted or test.profile != digest(profile_of(state)):
        return text("review.not-tested")
    return text(f"review.arrived.{test.arrived or Arrival.LATER}", to=test.to)


def _open_findings(state: Draft) -> tuple[Notice, ...]:
    test = state.test
    if test is None or not test.submitted or test.profile != digest(profile_of(state)):
        return (Notice(key="review.open.not-tested", warning=True),)
    match test.arrived:
        case Arrival.JUNK | Arrival.NO:
            return (Notice(key=f"review.open.{test.arrived}", warning=True),)
        case _:
            return ()
