"""A document to read beside a page, to save, to copy and to print."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from sendwright.desktop.theme.theme import Theme
from sendwright.desktop.usual_folders import folder_to_keep
from sendwright.desktop.widgets.button import Button
from sendwright.desktop.widgets.column import Column
from sendwright.desktop.widgets.copybox import CopyButton
from sendwright.desktop.widgets.document.paper import pdf_of, print_on
from sendwright.desktop.widgets.document.view import DocumentView
from sendwright.desktop.widgets.flow import Flow
from sendwright.desktop.widgets.saved_file import SavedFile, SavingOutcome, not_saved
from sendwright.desktop.widgets.speech import announce
from sendwright.desktop.widgets.words import label, line
from sendwright.document.blocks import Document
from sendwright.document.html import to_html
from sendwright.document.plain import to_plain
from sendwright.storage import write_atomically
from sendwright.texts import text

_UNITS_HIGH = 76
_MARGIN_UNITS = 12


class DocumentButton(Button):
    """Opens the document."""

    def __init__(self, theme: Theme, document: Document) -> None:
        super().__init__(theme, document.title, icon="document", role="quiet")
        self.setObjectName(f"document-{document.id}")
        self.opened: DocumentReader | None = None
        self.clicked.connect(lambda _=False: self._open(theme, document))

    def _open(self, theme: Theme, document: Document) -> None:
        self.opened = DocumentReader(theme, document, self.window())
        self.opened.open()


class DocumentReader(QDialog):
    """Shows the document until it is closed, by its button or by Esc."""

    def __init__(self, theme: Theme, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._document = theme, document
        self.dialog: QFileDialog | None = None
        self.outcome: SavingOutcome | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("window")
        self.setWindowTitle(document.title)
        tokens = theme.tokens
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.column = Column()
        self.column.setWidget(self._content())
        outer.addWidget(self.column, 1)
        outer.addWidget(line())
        self._results = QVBoxLayout()
        self._results.setContentsMargins(tokens.units(2), 0, tokens.units(2), 0)
        outer.addLayout(self._results)
        outer.addLayout(self._buttons())
        screen = parent.screen().availableGeometry()
        width = min(tokens.size("column") + tokens.units(_MARGIN_UNITS), screen.width())
        self.resize(width, min(tokens.units(_UNITS_HIGH), screen.height()))

    def save_pdf(self, name: str) -> None:
        """Write the document as PDF to the file `name`; an empty name is none."""
        self._save(name, lambda: pdf_of(to_html(self._document), title=self._document.title))

    def save_html(self, name: str) -> None:
        """Write the document as a web page to the file `name`; an empty name is none."""
        self._save(name, lambda: to_html(self._document).encode())

    def _content(self) -> QWidget:
        tokens = self._theme.tokens
        page = QWidget()
        page.setObjectName("page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inner = QVBoxLayout(page)
        margin = tokens.units(3)
        inner.setContentsMargins(margin, margin, margin, margin)
        inner.setSpacing(tokens.units(2))
        inner.addWidget(label(self._document.title, role="title"))
        self.view = DocumentView(self._theme, self._document)
        inner.addWidget(self.view)
        inner.addStretch(1)
        return page

    def _buttons(self) -> Flow:
        tokens = self._theme.tokens
        row = Flow(gap=tokens.units(1))
        margin = tokens.units(2)
        row.setContentsMargins(margin, tokens.units(1.5), margin, tokens.units(1.5))
        self.pdf_button = self._button("sheet.document.pdf", "save", lambda: self._ask("pdf", ".pdf", self.save_pdf))
        self.html_button = self._button(
            "sheet.document.web-page", "save", lambda: self._ask("web-page", ".html", self.save_html)
        )
        self.copy_button = CopyButton(self._theme, to_plain(self._document), words=text("sheet.copy-all"))
        self.print_button = self._button("sheet.document.print", "print", self._print)
        self.close_button = self._button("sheet.document.close", "", self.close)
        for button in (self.pdf_button, self.html_button, self.copy_button, self.print_button, self.close_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.close_button.setAutoDefault(True)
        self.close_button.setDefault(True)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return row

    def _button(self, key: str, icon: str, press: Callable[[], object]) -> Button:
        made = Button(self._theme, text(key), icon=icon, role="quiet" if icon else "")
        made.clicked.connect(lambda _=False: press())
        return made

    def _ask(self, kind: str, ending: str, save: Callable[[str], None]) -> None:
        self.dialog = QFileDialog(self, self._document.title)
        self.dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.dialog.setNameFilter(text(f"sheet.document.kind-{kind}", pattern=f"*{ending}"))
        self.dialog.setDefaultSuffix(ending.removeprefix("."))
        self.dialog.setDirectory(folder_to_keep())
        self.dialog.selectFile(f"{self._document.id}{ending}")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.fileSelected.connect(save)
        self.dialog.open()

    def _save(self, name: str, make: Callable[[], bytes]) -> None:
        if not name:
            return
        place = Path(name)
        try:
            write_atomically(place, make())
        except OSError as error:
            self._say(not_saved(self._theme, error))
        else:
            self._say(SavedFile(self._theme, place, words=text("sheet.document.saved")))

    def _say(self, outcome: SavingOutcome) -> None:
        if self.outcome is not None:
            self._results.removeWidget(self.outcome)
            self.outcome.hide()
            self.outcome.deleteLater()
        self.outcome = outcome
        self._results.addWidget(outcome)
        announce(self, outcome.note.words.text(), urgent=outcome.note.tone == "failed")

    def _print(self) -> None:
        print_on(self, to_html(self._document), title=self._document.title)
