"""The faces of the program beside the terminal, as the command line sees them."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # whoever asks for nothing but the version waits for no deployment
    from sendwright.deployment import Deployment


class Window(Protocol):
    """Opens the wizard's window."""

    def __call__(self, deployment: "Deployment", *, practice: str | None) -> int:
        """Return the exit code; `practice` names the scenario, None is real."""
        ...


@dataclass(frozen=True, kw_only=True)
class Faces:
    """The other faces of the program, loaded only when they are asked for."""

    window: Window
    serve: Callable[[argparse.Namespace, "Deployment"], int]
    connection_code: Callable[[argparse.Namespace, "Deployment"], int]
