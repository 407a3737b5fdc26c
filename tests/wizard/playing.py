"""Answers screens as a person would whose sign-in page is somewhere else."""

from sendwright.diagnosis.stage import StageResult
from sendwright.screens import Choice, Consent, Screen, Stopped, Working
from sendwright.wizard.wizard import Wizard


def ignore(_: StageResult) -> None:
    """Nobody watches."""


def consent_of(wizard: Wizard) -> Consent:
    """Return the sign-in page that is shown."""
    screen: Screen = wizard.screen
    assert isinstance(screen, Consent), screen
    return screen


def stop_of(wizard: Wizard) -> Stopped:
    """Return the stop that is shown."""
    screen: Screen = wizard.screen
    assert isinstance(screen, Stopped), screen
    return screen


async def run(wizard: Wizard) -> None:
    """Let what works by itself do so."""
    while isinstance(wizard.screen, Working):
        await wizard.submit({}, progress=ignore)


async def answer(wizard: Wizard, step: str, **given: str) -> None:
    """Answer the screen of `step`, with what stands in its fields already, and let what follows work."""
    screen = wizard.screen
    assert screen.step == step, (screen.step, step, getattr(screen, "problem", None))
    standing = {one.name: one.value for one in getattr(screen, "fields", ())}
    if isinstance(screen, Choice) and screen.chosen:
        standing["choice"] = screen.chosen
    await wizard.submit(standing | given, progress=ignore)
    await run(wizard)
