"""Saves what the doctor found as a diagnosis file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from sendwright import __version__
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis_file import DiagnosisFile, FileRefused, SecretFound, holds_ordinary, save
from sendwright.diagnosis_file.environment import clock_deviation_s, describe
from sendwright.diagnosis_file.wording import told_refusal
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.texts import language, text


class PlaceUnusable(Exception):
    """The file cannot be written there; the text is the name as it was given."""


def place_to_save(typed: str) -> Path:
    """Return the file to save to, before anything is tried: its folder must be there already. Raises PlaceUnusable."""
    try:
        place = Path(typed).expanduser()
        if place.parent.is_dir() and not place.is_dir():
            return place
    except (OSError, RuntimeError, ValueError):  # RuntimeError: no such home; ValueError: a NUL in the name
        pass
    raise PlaceUnusable(typed)


def diagnosis_of(
    subject: dict[str, str | int], results: Sequence[StageResult], recorder: WireRecorder, *, at: datetime
) -> DiagnosisFile:
    """Return what was found as the contents of a diagnosis file. at: aware, now."""
    found = {result.problem.code: result.problem for result in results if result.problem is not None}
    return DiagnosisFile(
        made_at=at.astimezone(UTC),
        program=__version__,
        language=language(),
        subject=subject,
        stages=tuple(results),
        problems=tuple(found.values()),
        events=recorder.events,
        environment=describe(at=at.astimezone(), clock_deviation_s=clock_deviation_s(results, at=at)),
    )


def save_diagnosis(
    place: Path, file: DiagnosisFile, out: Console, *, secrets: Sequence[Secret], keep_addresses: bool, quiet: bool
) -> bool:
    """Write `file` to `place`, say what stands in it or why it was not written, and return whether it was.

    quiet: only say what went wrong.
    """
    try:
        save(place, file, secrets=secrets, pseudonyms=Pseudonyms(keep_addresses=keep_addresses))
    except OSError:
        out.print(text("doctor.usage.save", file=str(place)), markup=False, style="red")
        return False
    except (SecretFound, FileRefused) as refused:
        out.print(told_refusal(refused), markup=False, style="red")
        return False
    if not quiet:
        _tell(place, file, out, keep_addresses=keep_addresses)
        if holds_ordinary(file, secrets):
            out.print(text("diagnosis_file.ordinary-word"), markup=False, style="yellow")
    return True


def _tell(place: Path, file: DiagnosisFile, out: Console, *, keep_addresses: bool) -> None:
    out.print()
    out.print(text("doctor.saved.where", file=str(place)), markup=False, highlight=False, soft_wrap=True)
    counts = {
        "steps": len(file.stages),
        "problems": len(file.problems),
        "events": len(file.events),
        "facts": len(file.environment),
    }
    for name, count in counts.items():
        out.print(f"  • {text(f'doctor.saved.{name}', count=count)}", markup=False, highlight=False)
    kept = "with-addresses" if keep_addresses else "without-addresses"
    out.print(text(f"doctor.saved.{kept}"), markup=False, style="dim")
