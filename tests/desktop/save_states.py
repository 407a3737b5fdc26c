"""What can happen where a diagnosis file is saved: samples for pictures."""

from pathlib import Path

from PySide6.QtTest import QTest

from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.view import WizardView
from sendwright.desktop.widgets.save_diagnosis import SaveDiagnosis
from sendwright.desktop.window import Window
from sendwright.diagnosis_file import SecretFound
from sendwright.recording.event import Layer
from sendwright.wizard.dossier import proposed_name

_PATIENCE_MS = 10_000
_DIALOGUE = (
    ("heard", "220 smtp.example.org ESMTP"),
    ("said", "EHLO [192.0.2.7]"),
    ("heard", "250-smtp.example.org\n250-SIZE 52428800\n250 AUTH PLAIN LOGIN"),
    ("said", "AUTH PLAIN …"),
    ("heard", "535 5.7.8 Error: authentication failed for notifications@example.org"),
)


def offered(window: Window, view: WizardView) -> None:
    """Show what a file would hold, after a conversation with a server."""
    for name, words in _DIALOGUE:
        view._conductor.world.recorder.note(Layer.SMTP, name, text=words)
    panel = _panel(view)
    panel.offer.click()
    for _ in range(_PATIENCE_MS // 10):
        if panel.save_button.isEnabled():
            break
        QTest.qWait(10)


def opened(window: Window, view: WizardView) -> None:
    offered(window, view)
    next(part for part in _panel(view).parts if part.name == "events.jsonl").button.click()


def saved(window: Window, view: WizardView) -> None:
    offered(window, view)
    panel = _panel(view)
    if panel._prepared is not None:
        panel._saved(Path("/home/anna/Documents") / proposed_name(panel._prepared.file))


def refused(window: Window, view: WizardView) -> None:
    offered(window, view)
    _panel(view)._not_saved(SecretFound(entry="screens.jsonl", form="plain"))


def full(window: Window, view: WizardView) -> None:
    offered(window, view)
    _panel(view)._not_saved(OSError(28, "No space left on device"))


def _panel(view: WizardView) -> SaveDiagnosis:
    assert isinstance(view.page, StoppedPage)
    assert view.page.saving is not None
    return view.page.saving
