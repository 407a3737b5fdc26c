"""A window of PySide6 and nothing else: what the wizard is compared with."""

import sys

from painted import FirstPaint
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

WIDTH, HEIGHT = 960, 680  # of the wizard


def main() -> int:
    application = QApplication(sys.argv[:1])
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QLabel("A window"))
    column.addWidget(QPushButton("Close"))
    window.resize(WIDTH, HEIGHT)
    hook = FirstPaint(application)
    hook.watch(window)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
