"""The platform's facts, from the one file that a platform ships to its customers."""

from sendwright.deployment.load import load
from sendwright.deployment.model import (
    BackendPlace,
    Deployment,
    Features,
    Google,
    Kind,
    Microsoft,
    Platform,
)

__all__ = ["BackendPlace", "Deployment", "Features", "Google", "Kind", "Microsoft", "Platform", "load"]
