"""Recognises errors among what PowerShell printed: by the names of exceptions, which no language translates."""

from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = {
    "ManagementObjectNotFoundException": "not-found",
    "RecipientTaskException": "not-found",
    "CommandNotFoundException": "no-command",
    "FileNotFoundException": "no-module",
    "Modules_ModuleNotFound": "no-module",
    "NoMatchFoundForCriteria": "no-module",
    "UnauthorizedAccessException": "no-rights",
    "CmdletAccessDeniedException": "no-rights",
    "InsufficientPermission": "no-rights",
    "Authorization_RequestDenied": "no-rights",
    "ADObjectAlreadyExistsException": "exists",
    "UserAlreadyExistsException": "exists",
    "ParameterBindingException": "wrong-parameter",
    "NamedParameterNotFound": "wrong-parameter",
    "PSSecurityException": "scripts-forbidden",
    "UnauthorizedAccess,Microsoft": "scripts-forbidden",
}
"""Names of exceptions, and of errors, by what they mean."""

_WORDS = {
    "not recognized as": "no-command",
    "n'est pas reconnu": "no-command",
    "n\u2019est pas reconnu": "no-command",
    "wordt niet herkend": "no-command",
    "nicht als name eines cmdlet": "no-command",
    "couldn't be found": "not-found",
    "couldn\u2019t be found": "not-found",
    "couldn't find object": "not-found",
    "wasn't found": "not-found",
    "introuvable": "not-found",
    "kan niet worden gevonden": "not-found",
    "no existing permission entry": "nothing-to-remove",
    "access denied": "no-rights",
    "access is denied": "no-rights",
    "acc\u00e8s refus\u00e9": "no-rights",
    "toegang geweigerd": "no-rights",
    "isn't within your current write scopes": "no-rights",
    "you must call the connect-exchangeonline": "not-connected",
    "run connect-exchangeonline": "not-connected",
    "already exists": "exists",
}
"""What the sentences say where no name was pasted; they only explain, and decide nothing."""


@dataclass(frozen=True)
class Complaint:
    """An error. line: where. kind: what it means, a text `microsoft365.powershell.errors.<kind>`."""

    line: int
    kind: str


def complaints(lines: tuple[str, ...]) -> Iterator[Complaint]:
    """Yield the errors at their first lines; a line of detail below may hold the exception's name.

    Lines without an empty one between them are one error, however a narrow console broke them.
    """
    begin = 0
    said: set[str] = set()
    for number in range(1, len(lines) + 1):
        if number < len(lines) and lines[number].strip() and _detail(lines[number]):
            continue
        if not lines[begin].strip():
            said.clear()
        kind = _kind(lines[begin:number])
        if kind is not None and kind not in said:
            said.add(kind)
            yield Complaint(begin, kind)
        begin = number


def _kind(block: tuple[str, ...]) -> str | None:
    whole = "\n".join(block)
    named = next((kind for name, kind in _NAMES.items() if name in whole), None)
    if named is not None:
        return named
    small = whole.lower()
    return next((kind for words, kind in _WORDS.items() if words in small), None)


def _detail(line: str) -> bool:
    """Tell whether a line belongs to the error above: PowerShell moves those in, or begins them with a sign."""
    return line[:1].isspace() or line.startswith(("+", "|", "Line |"))
