"""What every provider must keep to, whoever wrote it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.conformance.cases import ADDRESS, CANARY, CASES, RECIPIENT, Case, Kit
from tests.conformance.words import keys_of
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.unit.providers.doubles import Reported, make_world

from sendwright import resources, texts
from sendwright.deployment import Features
from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import Verdict
from sendwright.message import OutgoingMessage
from sendwright.problems.explanation import explain
from sendwright.providers.catalogue import PROVIDERS
from sendwright.providers.provider import Answers, Provider, Step
from sendwright.screens import Consent, FieldKind, Form, Halted, Screen, Working
from sendwright.vault.vault import SecretRef

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)


@pytest.fixture
async def kit(scripted_smtp: StartSmtp, certificates: Certificates, tmp_path: Path) -> AsyncIterator[Kit]:
    async with AsyncExitStack() as begun:
        yield Kit(scripted_smtp=scripted_smtp, certificates=certificates, begun=begun, folder=tmp_path)


class Walked:
    """A walk over the provider's steps, in order, with what was shown and reported on the way."""

    def __init__(self, provider: Provider, case: Case) -> None:
        self.provider = provider
        self.case = case
        self.state: Any = provider.answers()
        self.screens: list[Screen] = []
        self.reported = Reported()

    async def to_the_end(self) -> None:
        for step in self.provider.steps:
            if step.applies(self.state):
                await self._through(step)

    async def _through(self, step: Step[Any]) -> None:
        world = self.case.world
        screen = step.show(self.state, world)
        self.screens.append(screen)
        answer: dict[str, str] = {}
        if isinstance(screen, Consent):
            answer = dict(await self.case.consent(screen))
        elif not isinstance(screen, Working):
            answer = dict(self.case.answers[step.id])
        if isinstance(screen, Form):
            answer |= {field.name: "" for field in screen.fields if field.kept}
        await step.advise(self.state, answer, world)
        self.state = await step.accept(self.state, answer, world, self.reported)
        self.screens.append(step.show(self.state, world))


def test_every_provider_is_walked_here() -> None:
    assert set(CASES) == {provider.id for provider in PROVIDERS}


@every_provider
def test_it_has_an_icon_a_name_and_a_switch(provider: Provider) -> None:
    drawing = resources.path(f"icons/{provider.icon}.svg").read_text(encoding="utf-8")
    assert "currentColor" in drawing
    assert texts.text(f"providers.{provider.id}.name")
    assert texts.text(f"providers.{provider.id}.detail")
    assert provider.id in Features.__struct_fields__


@every_provider
def test_its_steps_have_ids_of_their_own_and_stops_with_a_name(provider: Provider) -> None:
    ids = [step.id for step in provider.steps]
    assert ids
    assert len(set(ids)) == len(ids)
    assert all(texts.text(f"rail.{step.stop}") for step in provider.steps)


@every_provider
def test_its_diagnosis_ends_with_a_submission(provider: Provider) -> None:
    assert provider.stages[-1] == "submit"
    assert len(set(provider.stages)) == len(provider.stages)
    assert all(texts.text(f"stages.{stage}.label") for stage in provider.stages)


@every_provider
def test_its_answers_start_empty_and_survive_being_saved(provider: Provider) -> None:
    empty = provider.answers()
    assert isinstance(empty, Answers)
    assert empty.__struct_config__.frozen
    assert msgspec.json.decode(msgspec.json.encode(empty), type=provider.answers) == empty
    assert provider.secrets(empty) == ()
    assert provider.prefill(empty, ADDRESS) != empty
    assert provider.signed_in_as(empty) is None
    assert not provider.keeps_secrets(empty)


@every_provider
def test_its_first_screen_is_ready_without_any_answer(provider: Provider) -> None:
    screen = provider.steps[0].show(provider.answers(), make_world())
    assert screen.step == provider.steps[0].id


@every_provider
async def test_a_right_walk_ends_with_a_message_delivered(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    world = walked.case.world
    profile = provider.profile(walked.state, address=walked.case.address, alias="Example Organisation")
    message = OutgoingMessage(
        sender_address=walked.case.address,
        alias="Example Organisation",
        recipient=RECIPIENT,
        subject="Conformance",
        message_id="<conformance@example.org>",
        text="Conformance.",
    )
    credentials = await provider.desk_credentials(walked.state, world)
    results = [
        result
        async for result in diagnose(
            profile, credentials, world.network, message=message, recipient=RECIPIENT, clock=world.clock
        )
    ]
    assert {result.id for result in results} == set(provider.stages)
    verdicts = {result.id: result.verdict for result in results}
    assert Verdict.FAILED not in verdicts.values()
    assert verdicts["submit"] in {Verdict.PASSED, Verdict.WARNING}
    silent = [stage for stage, verdict in verdicts.items() if verdict is Verdict.NOT_REACHED]
    assert silent in ([], ["permissions"])  # an opaque token says nothing of what it allows
    assert walked.case.delivered() == 1
    assert provider.path(walked.state)
    assert profile.provider == provider.id
    assert profile.address == walked.case.address


@every_provider
async def test_it_says_when_its_credentials_end_and_what_else_would_end_with_them(provider: Provider, kit: Kit) -> None:
    empty = provider.answers()
    assert provider.ends_at(empty) is None
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    ends = provider.ends_at(walked.state)
    assert ends is None or ends.tzinfo is not None
    profile = provider.profile(walked.state, address=walked.case.address, alias="Example")
    key = provider.ending(profile)
    assert not key or texts.text(key)


@every_provider
async def test_a_wrong_credential_stops_with_a_problem_in_words_after_one_attempt(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=False))
    with pytest.raises(Halted) as raised:
        await walked.to_the_end()
    explanation = explain(raised.value.problem)
    assert explanation.code != "unrecognised"
    assert explanation.title
    assert walked.case.attempts() == 1
    assert walked.case.delivered() == 0
    assert CANARY not in repr(explanation)
    assert CANARY not in repr(walked.reported.results)


@every_provider
async def test_every_word_on_its_screens_is_there(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    shown = {key: values for screen in walked.screens for key, values in keys_of(screen) if key}
    assert len(shown) > len(provider.steps)
    for key, values in shown.items():
        assert texts.text(key, **values)
    for result in walked.reported.results:
        assert texts.text(f"stages.{result.id}.label")


@every_provider
async def test_no_secret_is_in_what_is_saved_or_shown(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    saved = msgspec.json.encode(walked.state)
    assert CANARY.encode() not in saved
    assert msgspec.json.decode(saved, type=provider.answers) == walked.state
    profile = provider.profile(walked.state, address=walked.case.address, alias="Example")
    assert CANARY.encode() not in msgspec.json.encode(profile)
    assert CANARY.encode() not in msgspec.json.encode(walked.screens)
    assert CANARY.encode() not in msgspec.json.encode(walked.reported.results)
    assert CANARY not in repr(walked.state)


@every_provider
async def test_every_secret_can_be_found_again_and_forgotten(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    vault = walked.case.world.vault
    references = provider.secrets(walked.state)
    assert references
    assert all(isinstance(ref, SecretRef) for ref in references)
    assert await provider.recall(walked.state, walked.case.world) == walked.state
    for ref in references:
        assert await vault.fetch(ref) is not None
        await vault.forget(ref)
    recalled = await provider.recall(walked.state, walked.case.world)
    assert provider.secrets(recalled) == ()


@every_provider
async def test_a_second_walk_with_kept_secrets_asks_for_none(provider: Provider, kit: Kit) -> None:
    walked = Walked(provider, await CASES[provider.id](kit, right=True))
    await walked.to_the_end()
    first = walked.state
    again = Walked(provider, walked.case)
    again.state = first
    await again.to_the_end()
    assert provider.secrets(again.state) == provider.secrets(first)
    forms = [screen for screen in again.screens if isinstance(screen, Form)]
    passwords = [field for form in forms for field in form.fields if field.kind is FieldKind.PASSWORD]
    assert all(field.kept for field in passwords)
    assert not any(isinstance(screen, Consent) for screen in again.screens)
    assert passwords or any(isinstance(screen, Consent) for screen in walked.screens)
