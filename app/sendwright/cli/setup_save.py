"""Saves a diagnosis file where `sendwright setup` stopped: asked for in the terminal, or with `--save` unattended."""

import argparse
from pathlib import Path

from rich.rule import Rule

from sendwright.cli.doctor_save import PlaceUnusable, place_to_save, save_diagnosis
from sendwright.cli.questions import Back
from sendwright.cli.terminal import Terminal
from sendwright.diagnosis.stage import StageResult
from sendwright.diagnosis_file import DiagnosisFile, Entry, FileRefused, SecretFound, holds_ordinary, preview, save
from sendwright.diagnosis_file.wording import told_entry, told_refusal
from sendwright.recording.pseudonyms import Pseudonyms
from sendwright.texts import text
from sendwright.wizard.dossier import dossier, proposed_name
from sendwright.wizard.wizard import Wizard
from sendwright.world import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Teach `parser` where a file is to be saved."""
    parser.add_argument("--save", metavar="FILE", help=text("cli.setup.save"))
    parser.add_argument("--keep-addresses", action="store_true", help=text("doctor.smtp.keep-addresses"))


class SetupSaving:
    """Remembers the stages that ran last, and writes what is known where the wizard stopped.

    place: where to write; it is proposed to whoever is asked. Raises PlaceUnusable for one that cannot be written.
    """

    def __init__(self, wizard: Wizard, *, place: str | None, keep_addresses: bool) -> None:
        self._wizard = wizard
        self._place = None if place is None else place_to_save(place)
        self._keep_addresses = keep_addresses
        self._results: list[StageResult] = []

    def beside(self, progress: Progress) -> Progress:
        """Return a listener that remembers the stages of what begins now, and tells `progress`."""
        self._results.clear()

        def note(result: StageResult) -> None:
            self._results.append(result)
            progress(result)

        return note

    def file(self) -> DiagnosisFile | None:
        """Return a diagnosis of where the wizard stands now, None where none is to be written."""
        return None if self._place is None else self._of_now()

    def write(self, file: DiagnosisFile | None, terminal: Terminal, *, quiet: bool) -> bool:
        """Write `file` to its place; say why where that fails, and return whether it did not."""
        return (
            self._place is None
            or file is None
            or save_diagnosis(
                self._place,
                file,
                terminal.out,
                secrets=self._wizard.world.recorder.secrets,
                keep_addresses=self._keep_addresses,
                quiet=quiet,
            )
        )

    def offer(self, terminal: Terminal) -> None:
        """Show what a file of now would hold, ask for a place and write it there. Raises terminal.Cancelled."""
        try:
            self._offer(terminal)
        except Back:
            return

    def _offer(self, terminal: Terminal) -> None:
        file = self._of_now()
        terminal.out.print(Rule(text("save.title"), align="left", style="dim"))
        terminal.out.print(text("save.lead"), markup=False)
        terminal.out.print(text("save.keep-addresses-help"), style="dim", markup=False, highlight=False)
        pseudonyms = Pseudonyms(
            keep_addresses=terminal.ask_yes(text("save.keep-addresses"), default=self._keep_addresses)
        )
        secrets = self._wizard.world.recorder.secrets
        held = [part for part in preview(file, pseudonyms=pseudonyms, secrets=secrets) if part.lines]
        for part in held:
            terminal.out.print(f"  • {_told(part)}", markup=False, highlight=False)
        if holds_ordinary(file, secrets):
            terminal.out.print(text("diagnosis_file.ordinary-word"), markup=False, style="yellow")
        if terminal.ask_yes(text("save.terminal.read"), default=False):
            _show(held, terminal)
        proposed = str(self._place or Path.cwd() / proposed_name(file))
        while not self._save(terminal.ask_line(text("save.terminal.file"), proposed), file, pseudonyms, terminal):
            terminal.complain(text("save.terminal.again"))

    def _save(self, typed: str, file: DiagnosisFile, pseudonyms: Pseudonyms, terminal: Terminal) -> bool:
        """Return whether there is nothing more to try: it is written, or no place would help."""
        try:
            place = place_to_save(typed)
            save(place, file, secrets=self._wizard.world.recorder.secrets, pseudonyms=pseudonyms)
        except (PlaceUnusable, OSError):
            return False
        except (SecretFound, FileRefused) as refused:
            terminal.complain(told_refusal(refused))
            return True
        where = text("doctor.saved.where", file=str(place))
        terminal.out.print(where, style="bold", markup=False, highlight=False, soft_wrap=True)
        return True

    def _of_now(self) -> DiagnosisFile:
        return dossier(self._wizard, results=tuple(self._results))


def _told(part: Entry) -> str:
    return text("save.part", name=told_entry(part.name), count=len(part.lines))


def _show(parts: list[Entry], terminal: Terminal) -> None:
    for part in parts:
        terminal.out.print(Rule(_told(part), align="left", style="dim"))
        for line in part.lines:
            terminal.out.print(line, markup=False, highlight=False, soft_wrap=True)
