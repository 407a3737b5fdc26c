"""The wizard on the engine's thread: whatever asks or changes it is a coroutine here that knows nothing of Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sendwright.desktop.scene import Scene, look_at
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis_file import DiagnosisFile
from sendwright.providers.provider import Advice
from sendwright.wizard.dossier import dossier
from sendwright.wizard.wizard import Wizard
from sendwright.world import Progress


@dataclass(frozen=True)
class Typed:
    """What stands in the form of a step but was not submitted; no values where there is no form."""

    step: str = ""
    values: Mapping[str, str] | None = None


class Backstage:
    """Every act ends with the scene that it leads to. One at a time: the conductor sees to that."""

    def __init__(self, wizard: Wizard) -> None:
        self._wizard = wizard

    async def submit(self, answer: Mapping[str, str], progress: Progress) -> Scene:
        """Give an answer. Raises screens.Rejected."""
        await self._wizard.submit(answer, progress=progress)
        return look_at(self._wizard)

    async def back(self, typed: Typed) -> Scene:
        """Keep what is typed and go back."""
        return self._go(typed, self._wizard.back)

    async def return_to(self, stop: str, typed: Typed) -> Scene:
        """Keep what is typed and go back to a stop of the rail."""
        return self._go(typed, lambda: self._wizard.return_to(stop))

    async def return_to_field(self, field: str) -> Scene:
        """Go back to the form that has the field."""
        return self._go(Typed(), lambda: self._wizard.return_to_field(field))

    async def start_over(self) -> Scene:
        """Drop all answers."""
        await self._wizard.start_over()
        return look_at(self._wizard)

    async def keep(self, typed: Typed) -> None:
        """Keep what is typed."""
        self._remember(typed)

    async def advise(self, typed: Typed) -> Advice:
        """Keep what is typed, and say what helps with it."""
        self._remember(typed)
        return await self._wizard.advise(typed.values or {})

    async def dossier(self, results: Sequence[StageResult]) -> DiagnosisFile:
        """Return a diagnosis of where the wizard stands; results: the stages that ran last."""
        return dossier(self._wizard, results=results)

    def _go(self, typed: Typed, move: Callable[[], None]) -> Scene:
        self._remember(typed)
        move()
        return look_at(self._wizard)

    def _remember(self, typed: Typed) -> None:
        """What was typed belongs to its own step only, wherever the wizard is by now."""
        if typed.values is not None and typed.step == self._wizard.position.step:
            self._wizard.remember(typed.values)
