"""Looks, without signing in, whether Microsoft knows the organisation's own registration as it has to be."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.oauth.entra.probe import Answer as Found
from sendwright.oauth.entra.probe import Finding, Question, probe
from sendwright.problems.evidence import Failure
from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.organisation import ORGANISATION, with_organisation
from sendwright.providers.microsoft365.registration.registering import embedded_redirect
from sendwright.providers.microsoft365.step import PLAN, MicrosoftStep
from sendwright.providers.microsoft365.stopping import named, observed, stopped_by
from sendwright.screens import Action, Answer, Halted, Screen, Working
from sendwright.senders.graph.settings import Way
from sendwright.world import Progress, World

STAGES: Mapping[Question, str] = MappingProxyType(
    {Question.KNOWN: "ms-known", Question.REDIRECT: "ms-redirect", Question.PUBLIC: "ms-public"}
)
_UNSAID: Mapping[Question, str] = MappingProxyType(
    {
        Question.KNOWN: "application-not-in-tenant",
        Question.REDIRECT: "redirect-uri-mismatch",
        Question.PUBLIC: "application-client-type-wrong",
    }
)
_VERDICTS = {Found.YES: Verdict.PASSED, Found.NO: Verdict.FAILED, Found.UNKNOWN: Verdict.WARNING}
GO_ON = Action(name="go-on", label="microsoft365.check.go-on", quiet=True)


class CheckStep(MicrosoftStep):
    """What Microsoft does not tell before a sign-in stays open until then."""

    id = "ms-registration-check"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Only for an own registration, as long as nobody signed in with it."""
        return state.own and not state.connected

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show what is asked."""
        del world
        return Working(
            step=self.id,
            title="microsoft365.check.title",
            lead="microsoft365.check.lead",
            values={"client_id": state.client_id},
            stages=(ORGANISATION, *(STAGES[question] for question in _asked(state))),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Stop at the first thing that is wrong for certain; whoever knows better may go on."""
        if answer.get("action") == GO_ON.name:
            return state
        state = await with_organisation(state, world, progress)
        try:
            findings = await probe(state.registration, redirect_uri=embedded_redirect(state, world), web=world.http)
        except Failure as failure:
            raise stopped_by(failure, state, actions=(GO_ON,), after=state) from failure
        problems = [_told(finding, state, progress) for finding in findings if finding.question in _asked(state)]
        wrong = next((problem for problem in problems if problem is not None), None)
        if wrong is not None:
            raise Halted(wrong, actions=(GO_ON,), state=state)
        return replace(state)


def _asked(state: MicrosoftAnswers) -> tuple[Question, ...]:
    """Return what matters: an application that acts by itself is no public client, and need not be."""
    if state.way is Way.APPLICATION:
        return (Question.KNOWN, Question.REDIRECT)
    return (Question.KNOWN, Question.REDIRECT, Question.PUBLIC)


def _told(finding: Finding, state: MicrosoftAnswers, progress: Progress) -> Problem | None:
    stage, problem = STAGES[finding.question], None
    if finding.answer is Found.NO:
        problem = (
            named(finding.evidence, state)
            if finding.evidence is not None
            else observed(_UNSAID[finding.question], state)
        )
    progress(StageResult(id=stage, verdict=_VERDICTS[finding.answer], problem=problem))
    return problem
