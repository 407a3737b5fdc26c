"""Puts what the wizard knows of a failure into a diagnosis file."""

from collections.abc import Sequence

import msgspec

from sendwright import __version__
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import ENDING, DiagnosisFile, without_secrets
from sendwright.diagnosis_file.environment import describe
from sendwright.problems.problem import Problem
from sendwright.providers import catalogue
from sendwright.screens import Done, Stopped
from sendwright.texts import language
from sendwright.wizard.draft import Draft
from sendwright.wizard.wizard import Wizard

NAMED = ("host", "port", "security", "username")
"""Settings that say what was tried; whatever else a sender needs is not for others."""


def dossier(wizard: Wizard, *, results: Sequence[StageResult] = (), problem: Problem | None = None) -> DiagnosisFile:
    """Return a diagnosis of where `wizard` stands.

    results: the stages that ran last. problem: what is to be explained; None takes that of the screen. What is known as
    a secret by now is left out wherever it was typed.
    """
    world, screen = wizard.world, wizard.screen
    stopped = screen.problem if isinstance(screen, Stopped) else None
    seen = [problem or stopped, *(result.problem for result in results)]
    problems = {found.code: found for found in seen if found is not None}
    sides = screen.sides if isinstance(screen, Stopped | Done) else None
    now = world.clock()
    made = DiagnosisFile(
        made_at=now,
        program=__version__,
        language=language(),
        subject=_subject(wizard.draft),
        stages=_stages(results, stopped),
        problems=tuple(problems.values()),
        events=world.recorder.events,
        screens=wizard.trail.shown,
        environment=describe(at=now.astimezone(), keychain="lasting" if world.vault.lasting else "none"),
        sides=None if sides is None else msgspec.to_builtins(sides),
    )
    return without_secrets(made, world.recorder.secrets)


def _stages(results: Sequence[StageResult], stopped: Problem | None) -> tuple[StageResult, ...]:
    """Return the stages that ran; where a step stopped that ran none, the one that its problem belongs to failed."""
    stage = stopped.evidence.stage if stopped is not None else ""
    if not stage or any(result.id == stage or result.verdict is Verdict.FAILED for result in results):
        return tuple(results)
    return (*results, StageResult(id=stage, verdict=Verdict.FAILED, problem=stopped))


def proposed_name(file: DiagnosisFile) -> str:
    """Return such as `sendwright-2026-11-20-tls-certificate-expired.sendwright-diagnosis`."""
    code = file.problems[0].code if file.problems else "diagnosis"
    return f"sendwright-{file.made_at.astimezone():%Y-%m-%d}-{code}{ENDING}"


def _subject(draft: Draft) -> dict[str, str | int]:
    subject: dict[str, str | int] = {"kind": "wizard", "purpose": draft.purpose.value}
    if draft.provider is None or draft.answers is None:
        return subject
    subject["provider"] = draft.provider
    address = draft.sender.address if draft.sender else ""
    profile = catalogue.by_id(draft.provider).profile(draft.answers, address=address, alias="")
    subject["kind"] = profile.sender
    settings = {name: profile.settings.get(name) for name in NAMED}
    subject |= {name: value for name, value in settings.items() if isinstance(value, str | int)}
    if profile.address:
        subject["sender"] = profile.address
    return subject
