"""Whether a browser can be shown inside the window on this computer."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_OFF: Final = Path("/proc/sys/user/max_user_namespaces"), "0"
_FORBIDDEN: Final = Path("/proc/sys/kernel/unprivileged_userns_clone"), "0"
_RESTRICTED: Final = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"), "1"
_NO_SANDBOX: Final = "--no-sandbox"


def obstacle(environment: Mapping[str, str] = os.environ, *, root: bool | None = None) -> str:
    """Return why there is no browser here, `missing` or `sandbox`; empty where there is one.

    Chromium ends the whole program where it can lock nothing away: as root, and where Linux gives nobody a user
    namespace (chromium.googlesource.com, docs/linux/sandboxing.md). The program itself never goes without.
    """
    if importlib.util.find_spec("PySide6.QtWebEngineWidgets") is None:
        return "missing"
    if not sys.platform.startswith("linux") or _switched_off(environment):
        return ""
    as_root = os.geteuid() == 0 if root is None else root
    return "sandbox" if as_root or any(_says(*switch) for switch in (_OFF, _FORBIDDEN, _RESTRICTED)) else ""


def _switched_off(environment: Mapping[str, str]) -> bool:
    """Tell whether whoever starts the program takes responsibility for a browser that is not locked away."""
    flags = environment.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    return _NO_SANDBOX in flags or environment.get("QTWEBENGINE_DISABLE_SANDBOX") == "1"


def _says(file: Path, value: str) -> bool:
    try:
        return file.read_text(encoding="ascii").strip() == value
    except (OSError, ValueError):  # another kernel: it has no such switch
        return False
