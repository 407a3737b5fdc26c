"""Walks the wizard as a person would, screen by screen."""

from collections.abc import Mapping

from sendwright.diagnosis.stage import StageResult
from sendwright.practice.mail_server import PASSWORD
from sendwright.screens import Screen, Working
from sendwright.wizard.wizard import Wizard

USUAL: dict[str, dict[str, str]] = {
    "start": {"choice": "set-up"},
    "platform": {"choice": "this-computer"},
    "provider": {"choice": "custom_smtp", "address": ""},
    "smtp-address": {"address": "notifications@example.org", "ask_mozilla": "false"},
    "smtp-connect": {"username": "notifications@example.org", "password": PASSWORD},
    "sender": {"address": "notifications@example.org", "alias": "Example Organisation"},
    "test": {"to": "anna@example.org"},
    "arrival": {"choice": "yes"},
    "review": {},
}


async def walk_to(
    wizard: Wizard, step: str, answers: Mapping[str, Mapping[str, str]] = USUAL
) -> tuple[list[str], list[StageResult]]:
    """Answer every screen until `step` or a stop is shown; return the ids of the screens and the stages seen."""
    seen: list[str] = []
    stages: list[StageResult] = []
    while wizard.screen.step != step:
        screen = wizard.screen
        seen.append(screen.step)
        if len(seen) > 40:
            raise AssertionError(f"walking in circles: {seen}")
        await wizard.submit(_answer(screen, answers), progress=stages.append)
        if type(wizard.screen).__name__ == "Stopped":
            break
    return seen, stages


def _answer(screen: Screen, answers: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    if isinstance(screen, Working):
        return {}
    standing = {field.name: field.value for field in getattr(screen, "fields", ())}
    return standing | dict(answers.get(screen.step, {}))
