"""Finds the deployment file and reads it."""

import sys
from collections.abc import Mapping
from pathlib import Path

from sendwright.deployment.model import Deployment

FILE_NAME = "deployment.toml"
VARIABLE = "SENDWRIGHT_DEPLOYMENT"


def program_folder() -> Path:
    """Return the folder in which the installed program lies: of the bundle, or of the `sendwright` script."""
    return Path(sys.executable).parent


def load(path: Path | None, environ: Mapping[str, str], *, beside: Path | None = None) -> Deployment:
    """Return the deployment that this installation belongs to.

    Its file is `path` (--deployment), else $SENDWRIGHT_DEPLOYMENT, else `deployment.toml` in the folder `beside`
    (`program_folder()` where None); without any of them, everything has its neutral value. Raises
    DeploymentInvalid, with file, key and reason; also when a file that was named is not there.
    """
    raise NotImplementedError
