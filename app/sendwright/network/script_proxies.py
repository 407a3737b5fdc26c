"""Tells whether Windows or macOS lets a script of the network choose the proxy, which this program does not run."""

import re
import sys
from collections.abc import Callable
from typing import Final

from sendwright.network.asked_program import said_by

_SETTINGS: Final = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
_SCRIPT: Final = re.compile(r"^ *Proxy(?:AutoConfig|AutoDiscovery)Enable *: *1 *$", re.MULTILINE)


def script_chooses(
    system: str, *, listing: Callable[[], str] | None = None, address: Callable[[], str] | None = None
) -> bool:
    """Tell whether `system` (as `sys.platform`) is set up with a script (PAC, WPAD). Never raises.

    listing: what `scutil --proxy` of macOS says. address: of the script, as Windows has it, empty for none.
    """
    if system == "darwin":
        return _SCRIPT.search((listing or _scutil)()) is not None
    return system == "win32" and bool((address or _registered)().strip())


def _scutil() -> str:
    return said_by("scutil", "--proxy")


def _registered() -> str:
    if sys.platform == "win32":
        try:
            import winreg  # noqa: PLC0415 - exists on Windows only

            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SETTINGS) as key:
                return str(winreg.QueryValueEx(key, "AutoConfigURL")[0])
        except (ImportError, OSError):
            return ""
    return ""
