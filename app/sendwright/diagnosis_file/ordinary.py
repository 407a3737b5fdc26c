"""Cuts secrets out of the facts of a diagnosis: words that are a password, and what was typed into a wrong field."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from sendwright.diagnosis_file.canaries import OWN, is_strong
from sendwright.diagnosis_file.contents import DiagnosisFile
from sendwright.recording.grammar import STAND_IN
from sendwright.recording.redactor import Redactor
from sendwright.secret import Secret

_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+|[0-9a-f:.]{4,40}", re.IGNORECASE)
"""A name with dots, such as that of a server, or a network address."""

_PUBLIC: Final = frozenset({"resolve", "connect", "greet", "secure"})
"""Stages that show anybody what they show, since no secret has left before them."""


def without_ordinary(file: DiagnosisFile, secrets: Iterable[Secret]) -> DiagnosisFile:
    """Return `file` with a gap where a fact holds one of `secrets` that is no more than a word.

    A person whose password is *example* or the name of her server needs help as well, and facts such as the host, the
    system or the names in a certificate hold such words by themselves: for them no file would ever be written. Nothing
    of a fact says which of its words is the password, as long as all of them go. Events stay as they are: what was
    noted is free of secrets already, and a secret that stands there all the same must forbid the file. So must a
    strong secret wherever it stands (`canaries.Search`).
    """
    seen = [stage.evidence for stage in file.stages if stage.id in _PUBLIC]
    users = [problem.values.get("username", "") for problem in file.problems]
    public = " ".join([*map(str, file.subject.values()), *map(str, seen), *users]).casefold()
    return without_secrets(file, [secret for secret in secrets if _is_ordinary(secret.reveal(), public)])


def without_secrets(file: DiagnosisFile, secrets: Iterable[Secret]) -> DiagnosisFile:
    """Return `file` with a gap where a fact holds one of `secrets`, however strong; events stay as they are.

    For what a person typed: a password that stood in the field of another setting for a moment is her slip, and no
    reason to refuse every file from then on.
    """
    known = tuple(secrets)
    redactor = Redactor()
    for secret in known:
        redactor.learn(secret=secret.reveal())
    if not known:
        return file
    facts = msgspec.to_builtins(msgspec.structs.replace(file, events=()))
    own = {"subject": frozenset({"kind"}), "environment": frozenset[str]()}
    cut = {name: _cut(inner, redactor, own.get(name, OWN)) for name, inner in facts.items()}
    try:
        left = msgspec.convert(cut | {"made_at": facts["made_at"]}, DiagnosisFile)
    except msgspec.ValidationError:  # where nothing but that word may stand: the search refuses it
        return file
    return msgspec.structs.replace(left, program=file.program, language=file.language, events=file.events)


def holds_ordinary(file: DiagnosisFile, secrets: Iterable[Secret]) -> bool:
    """Tell whether a fact of `file` holds one of `secrets` that is no more than a word: whoever reads may guess it.

    A fact that was cut already, as the wizard's are, tells it too: nothing but a secret is ever cut out of one.
    """
    facts = (*file.environment.values(), *map(str, file.subject.values()))
    return any(STAND_IN in fact for fact in facts) or without_ordinary(file, secrets) != file


def _is_ordinary(secret: str, public: str) -> bool:
    if not secret:
        return False
    if not is_strong(secret):
        return True
    domain = secret.rpartition("@")[2]  # of a mail address
    return _NAME.fullmatch(domain) is not None and secret.casefold() in public


def _cut(value: object, redactor: Redactor, own: frozenset[str]) -> object:
    """Return `value` without what `redactor` knows; own: members whose words this program chose itself."""
    match value:
        case str():
            return redactor.clean_of_known(value)
        case Mapping():
            return {
                name: inner
                if name in own and isinstance(inner, str | list)
                else _cut(inner, redactor, frozenset() if name == "values" else own)
                for name, inner in value.items()
            }
        case list() | tuple():
            return [_cut(inner, redactor, own) for inner in value]
        case _:
            return value
