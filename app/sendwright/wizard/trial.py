"""One real message: asked for, sent stage by stage, and seen to arrive."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.diagnosis import catalogue as diagnoses
from sendwright.diagnosis.stage import Verdict
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, compose_test, new_code
from sendwright.providers import catalogue
from sendwright.screens import (
    Action,
    Answer,
    Fact,
    Field,
    FieldKind,
    Form,
    Halted,
    Notice,
    Option,
    Proof,
    Rejected,
    Screen,
    Working,
)
from sendwright.wizard.backend_access import open_backend, require_passed, run_backend_test
from sendwright.wizard.draft import Arrival, Draft, TestRecord, digest
from sendwright.wizard.profile import profile_of
from sendwright.wizard.staging import Kept, keeping, stage
from sendwright.wizard.step import WizardStep, halting
from sendwright.world import Progress, World


class TrialStep(WizardStep):
    """Asks where the test message goes; says so when an earlier one may be on its way."""

    id = "test"
    stop = "test"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose.changes

    def show(self, state: Draft, world: World) -> Screen:
        """Ask for the recipient."""
        del world
        sender = state.sender.address if state.sender else ""
        to = Field(
            name="to",
            kind=FieldKind.EMAIL,
            label="test.to",
            help="test.to-help",
            value=state.test.to if state.test else sender,
        )
        return Form(
            step=self.id,
            title="test.title",
            lead="test.lead",
            values={"address": sender},
            submit="test.send",
            fields=(to,),
            notices=_earlier(state),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Prepare the message: its code and Message-ID are saved before anything is sent."""
        del progress
        try:
            to = addresses.parse_address(answer.get("to", ""))
        except AddressInvalid as invalid:
            raise Rejected({"to": f"address.{invalid.code}"}) from invalid
        profile = profile_of(state)
        code = new_code()
        message = _compose(state, world, to.text, code)
        record = TestRecord(
            to=to.text,
            code=code,
            message_id=message.message_id,
            started_at=world.clock(),
            profile=digest(profile),
        )
        return replace(state, test=record)


class TrialRunStep(WizardStep):
    """Sends the test message from this computer."""

    id = "test-run"
    stop = "test"

    def applies(self, state: Draft) -> bool:
        """Until the message was taken."""
        return state.purpose.changes and state.test is not None and not state.test.submitted

    def show(self, state: Draft, world: World) -> Screen:
        """Show the provider's stages."""
        del world
        return Working(
            step=self.id,
            title="test.running",
            lead="test.running-lead",
            values={"to": state.test.to if state.test else ""},
            stages=catalogue.by_id(state.provider or "").stages,
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Run all stages, the submission included."""
        del answer
        if state.test is None or state.provider is None:
            return state
        if catalogue.by_id(state.provider).tested_by_backend(state.answers):
            return await _tried_by_backend(state, state.test, world, progress)
        profile = profile_of(state)
        with halting("sign-in"):
            credentials = await catalogue.by_id(state.provider).desk_credentials(state.answers, world)
        composed = _compose(state, world, state.test.to, state.test.code)
        message = replace(composed, message_id=state.test.message_id)
        results = diagnoses.diagnose(profile, credentials, world.network, message=message, recipient=state.test.to)
        async for result in results:
            progress(result)
            if result.verdict is Verdict.FAILED and result.problem is not None:
                raise Halted(result.problem)
        return replace(state, test=replace(state.test, submitted=True))


class ArrivalStep(WizardStep):
    """Asks what only the person can see. Nothing is called delivered before."""

    id = "arrival"
    stop = "test"

    def applies(self, state: Draft) -> bool:
        """Once the message was taken."""
        return state.purpose.changes and state.test is not None and state.test.submitted

    def show(self, state: Draft, world: World) -> Screen:
        """Ask, and say how to see the details."""
        del world
        test = state.test
        facts = (
            Fact(label="arrival.to", value=test.to if test else ""),
            Fact(label="arrival.code", value=test.code if test else "", monospaced=True),
        )
        options = tuple(
            Option(value=arrival, label=f"arrival.{arrival}.label", detail=f"arrival.{arrival}.detail", icon=icon)
            for arrival, icon in (
                (Arrival.YES, "passed"),
                (Arrival.JUNK, "warning"),
                (Arrival.NO, "failed"),
                (Arrival.LATER, "waiting"),
            )
        )
        return Proof(
            step=self.id,
            title="arrival.title",
            lead="arrival.lead",
            options=options,
            facts=facts,
            howto=("arrival.howto.gmail", "arrival.howto.outlook", "arrival.howto.apple-mail"),
            actions=(Action(name="back", label="arrival.again"),),
        )

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Keep what was seen, or prepare another message."""
        del world, progress
        if state.test is None or answer.get("choice") not in set(Arrival):
            raise Rejected({"choice": "wizard.choose-one"})
        return replace(state, test=replace(state.test, arrived=Arrival(answer["choice"])))


async def _tried_by_backend(state: Draft, test: TestRecord, world: World, progress: Progress) -> Draft:
    """Let the backend send the test message, with the version that it would use."""
    if state.platform is None:
        return state
    kept = Kept(state)
    with keeping(kept):
        async with open_backend(state.platform, world) as backend:
            kept.state, staged = await stage(state, backend, world)
            require_passed(await run_backend_test(backend, staged.version, to=test.to, progress=progress))
    state = kept.state
    return replace(state, test=replace(test, submitted=True), staged=replace(staged, tested=True))


def _compose(state: Draft, world: World, to: str, code: str) -> OutgoingMessage:
    profile = profile_of(state)
    organisation = state.platform.organisation.name if state.platform else ""
    return compose_test(
        sender=profile.address,
        alias=profile.alias,
        recipient=to,
        organisation=organisation,
        asked_by=world.person,
        asked_at=state.test.started_at if state.test else world.clock(),
        path_description=catalogue.by_id(profile.provider).path(state.answers),
        code=code,
        platform_name=world.deployment.platform.name,
        accent=world.deployment.platform.accent,
    )


def _earlier(state: Draft) -> tuple[Notice, ...]:
    if state.test is None or state.test.arrived is not None:
        return ()
    key = "test.earlier-taken" if state.test.submitted else "test.earlier-perhaps"
    values = {"code": state.test.code, "to": state.test.to, "when": f"{state.test.started_at.astimezone():%H:%M}"}
    return (Notice(key=key, values=values),)
