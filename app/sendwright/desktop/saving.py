"""Makes and saves diagnosis files of the wizard in the background, for whoever shows what they hold."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject

from sendwright.desktop.backstage import Backstage
from sendwright.desktop.engine import Engine, Work
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis_file import DiagnosisFile, Entry, FileRefused, SecretFound, holds_ordinary, preview, save
from sendwright.network.wall.wall import Wall, wall_report
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret

ONE_LINE = 120
"""Letters of a line of JSON from which on it is shown member by member."""

Failed = Callable[[BaseException], None]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file that could be saved, and everything that would stand in it, part by part, in lines that can be read.

    ordinary: a password is an ordinary word, so that whoever reads the file may guess what was cut out.
    """

    file: DiagnosisFile
    pseudonyms: Pseudonyms
    parts: tuple[Entry, ...]
    ordinary: bool = False


class Saving:
    """Saves where the wizard stands, with the results of the stages that ran last. fault: is told what nobody expected.

    The wizard is asked on its own thread; what takes time is done in another one.
    """

    def __init__(
        self,
        engine: Engine,
        backstage: Backstage,
        recorder: WireRecorder,
        *,
        results: Sequence[StageResult],
        fault: Failed,
    ) -> None:
        self._engine, self._backstage, self._recorder = engine, backstage, recorder
        self._results = tuple(results)
        self._fault = fault

    def prepare(
        self,
        *,
        keep_addresses: bool,
        wall: Wall | None,
        owner: QObject,
        then: Callable[[Prepared], None],
        failed: Failed,
    ) -> Work:
        """Make the file of now; one of the two is called, unless `owner` is gone. What fails is a fault of ours.

        wall: the map of the ways out, where one was drawn.
        """
        making = _prepare(self._backstage, self._results, wall, self._recorder, keep_addresses=keep_addresses)
        return self._engine.run(making, owner=owner, then=then, failed=self._telling(failed))

    def save(
        self, prepared: Prepared, place: Path, *, owner: QObject, then: Callable[[Path], None], failed: Failed
    ) -> Work:
        """Write what was shown to `place`, unless a secret that is known by now stands in it.

        What fails is an OSError, diagnosis_file.SecretFound or FileRefused, else a fault of ours.
        """
        writing = _save(prepared, place, self._recorder)
        return self._engine.run(writing, owner=owner, then=then, failed=self._telling(failed))

    def _telling(self, failed: Failed) -> Failed:
        """Return `failed` for what is to be expected; what is not is told as a fault, too."""

        def tell(error: BaseException) -> None:
            failed(error)
            if not isinstance(error, OSError | SecretFound | FileRefused | asyncio.CancelledError):
                self._fault(error)

        return tell


def readable(entry: Entry) -> Entry:
    """Return `entry` with room in its lines of JSON, the long ones member by member; nothing is left out."""
    return Entry(name=entry.name, lines=tuple(shown for line in entry.lines for shown in _members(line)))


def _members(line: str) -> list[str]:
    try:
        return msgspec.json.format(line, indent=0 if len(line) <= ONE_LINE else 2).splitlines()
    except msgspec.DecodeError:  # a character that was made visible is no JSON any more
        return [line]


async def _prepare(
    backstage: Backstage,
    results: Sequence[StageResult],
    wall: Wall | None,
    recorder: WireRecorder,
    *,
    keep_addresses: bool,
) -> Prepared:
    file = await backstage.dossier(results)
    pseudonyms = Pseudonyms(keep_addresses=keep_addresses)
    file = file if wall is None else with_wall(file, wall)
    return await asyncio.to_thread(_shown, file, pseudonyms, recorder.secrets)


def with_wall(file: DiagnosisFile, wall: Wall) -> DiagnosisFile:
    """Return `file` with the map, and the problems that it showed behind those that are known already."""
    known = {problem.code for problem in file.problems}
    new = tuple(problem for problem in wall.problems if problem.code not in known)
    drawn = msgspec.to_builtins(wall_report(wall))
    return msgspec.structs.replace(file, wall=drawn, problems=(*file.problems, *new))


def _shown(file: DiagnosisFile, pseudonyms: Pseudonyms, secrets: Sequence[Secret]) -> Prepared:
    parts = tuple(readable(entry) for entry in preview(file, pseudonyms=pseudonyms, secrets=secrets))
    return Prepared(file=file, pseudonyms=pseudonyms, parts=parts, ordinary=holds_ordinary(file, secrets))


async def _save(prepared: Prepared, place: Path, recorder: WireRecorder) -> Path:
    secrets = recorder.secrets
    await asyncio.to_thread(save, place, prepared.file, secrets=secrets, pseudonyms=prepared.pseudonyms)
    return place
