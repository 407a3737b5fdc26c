"""Starts the window without arguments and the command line with; the only module that sees all faces."""

import argparse
import sys
from typing import TYPE_CHECKING

from sendwright.cli.faces import Faces
from sendwright.cli.main import run

if TYPE_CHECKING:  # as in cli.faces
    from sendwright.deployment import Deployment


def main() -> int:
    """Run the program; return its exit code."""
    faces = Faces(window=_window, serve=_serve, connection_code=_connection_code)
    return run(sys.argv[1:], faces=faces)


def _window(deployment: "Deployment", *, practice: str | None) -> int:
    from sendwright.desktop.app import open_window  # noqa: PLC0415 - Qt only where a window is asked for

    return open_window(deployment, practice=practice)


def _serve(arguments: argparse.Namespace, deployment: "Deployment") -> int:
    from sendwright.service.main import serve  # noqa: PLC0415 - the backend only where it is asked for

    return serve(arguments, deployment)


def _connection_code(arguments: argparse.Namespace, deployment: "Deployment") -> int:
    from sendwright.service.main import issue_connection_code  # noqa: PLC0415 - as above

    return issue_connection_code(arguments, deployment)


if __name__ == "__main__":
    sys.exit(main())
