"""The page of a check has the stages of what is in force."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import make_world
from tests.wizard.surroundings import ADDRESS, NOW, ORGANISATION

from sendwright.diagnosis.stage import GMAIL_STAGES, GRAPH_STAGES, SMTP_STAGES
from sendwright.handoff.wire import ProfileState
from sendwright.profile import SenderProfile
from sendwright.screens import Working
from sendwright.vault.vault import SecretRef
from sendwright.wizard.check import CheckStep
from sendwright.wizard.draft import Draft, Platform, Purpose


def in_force(provider: str) -> ProfileState:
    profile = SenderProfile(provider=provider, sender="x", address="a@example.org", alias="A", settings={})
    return ProfileState(
        version=1, state="in-force", profile=profile, credential=None, created_at=NOW, created_by="anna"
    )


def shown(provider: str | None) -> Working:
    standing = None if provider is None else in_force(provider)
    organisation = replace(ORGANISATION, in_force=standing)
    platform = Platform(address=ADDRESS, token=SecretRef("backend-token", "1"), organisation=organisation)
    screen = CheckStep().show(Draft(id="d", purpose=Purpose.CHECK, platform=platform), make_world())
    assert isinstance(screen, Working)
    return screen


@pytest.mark.parametrize(
    ("provider", "stages"),
    [
        ("custom_smtp", SMTP_STAGES),
        ("microsoft365", GRAPH_STAGES),
        ("gmail", GMAIL_STAGES),
        ("of-tomorrow", SMTP_STAGES),
        (None, SMTP_STAGES),
    ],
)
def test_they_are_those_of_its_provider(provider: str | None, stages: tuple[str, ...]) -> None:
    assert shown(provider).stages == stages
