"""Finds the deployment file and reads it."""

import errno
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from sendwright.deployment import reading
from sendwright.deployment.model import (
    CLOUDS,
    BackendPlace,
    Deployment,
    Features,
    Google,
    Kind,
    Microsoft,
    Platform,
)
from sendwright.deployment.reading import Reader, Refused, refusal
from sendwright.errors import DeploymentInvalid
from sendwright.texts import text

FILE_NAME = "deployment.toml"
VARIABLE = "SENDWRIGHT_DEPLOYMENT"
LONGEST = 1024 * 1024
"""Octets of a deployment file."""

READERS: Mapping[type[msgspec.Struct], Mapping[str, Reader]] = {
    Platform: {
        "name": reading.some_words,
        "default_sender": reading.mailbox,
        "support_contact": reading.words,
        "help_url": reading.page,
        "accent": reading.colour,
        "logo": reading.image,
    },
    BackendPlace: {"url": reading.endpoint, "ca_file": reading.file},
    Microsoft: {
        "client_id": reading.words,
        "cloud": reading.one_of(CLOUDS),
        "redirect_uri": reading.redirect,
        "embedded_redirect_uri": reading.redirect,
        "name": reading.words,
        "authority": reading.endpoint,
        "graph": reading.endpoint,
        "smtp": reading.words,
    },
    Google: {
        "client_id": reading.words,
        "client_secret": reading.secret,
        "auth_uri": reading.endpoint,
        "token_uri": reading.endpoint,
        "name": reading.words,
        "login": reading.endpoint,
        "gmail": reading.endpoint,
        "smtp": reading.words,
    },
    Features: dict.fromkeys(
        ("custom_smtp", "microsoft365", "gmail", "device_code", "own_registration"), reading.switch
    ),
    Kind: {"id": reading.kind_id, "label": reading.words},
}
"""How each key is read; a key that is not here is unknown."""

SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "platform": Platform,
    "backend": BackendPlace,
    "microsoft": Microsoft,
    "google": Google,
    "features": Features,
}
"""The tables of the file; beside them stands the list of tables `kinds`."""

T = TypeVar("T", bound=msgspec.Struct)


def program_folder() -> Path:
    """Return the folder in which the installed program lies: of the bundle, or of the `sendwright` script."""
    return Path(sys.executable).parent


def load(path: Path | None, environ: Mapping[str, str], *, beside: Path | None = None) -> Deployment:
    """Return the deployment that this installation belongs to.

    Its file is `path` (--deployment), else $SENDWRIGHT_DEPLOYMENT, else `deployment.toml` in the folder `beside`
    (`program_folder()` where None); without any of them, everything has its neutral value. Raises
    DeploymentInvalid, with file, key and reason; also when a file that was named is not there.
    """
    file = path or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if file is None:
        file = (beside or program_folder()) / FILE_NAME
        if not file.is_file():
            return Deployment()
    tables = _tables(file)
    try:
        return _deployment(tables, file)
    except Refused as refused:
        words = text("deployment.invalid", file=file, place=refused.key, reason=refused.reason)
        raise DeploymentInvalid(words) from None  # what stood in the file may be a secret


def _tables(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise DeploymentInvalid(text("deployment.unreadable", file=file, reason=os.strerror(errno.EFBIG)))
        return tomllib.loads(content.decode("utf-8-sig"))  # editors on Windows put a mark before it
    except FileNotFoundError:
        reason = text("deployment.reasons.missing-file")
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except UnicodeDecodeError:
        reason = text("deployment.reasons.not-text")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DeploymentInvalid(text("deployment.not-toml", file=file, reason=error)) from error
    raise DeploymentInvalid(text("deployment.unreadable", file=file, reason=reason))


def _deployment(tables: Mapping[str, object], file: Path) -> Deployment:
    folder = file.resolve().parent
    found: dict[str, object] = {}
    for name, content in tables.items():
        if name == "kinds":
            found[name] = _kinds(content, folder)
        elif name in SECTIONS:
            found[name] = _section(SECTIONS[name], name, content, folder)
        else:
            known = ", ".join((*SECTIONS, "kinds"))
            raise Refused(text("deployment.reasons.unknown-key", known=known), name)
    return msgspec.structs.replace(Deployment(source=file.resolve()), **found)


def _kinds(content: object, folder: Path) -> tuple[Kind, ...]:
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise Refused(text("deployment.reasons.wants-tables", name="kinds"), "kinds")
    found = tuple(_section(Kind, f"kinds[{place}]", one, folder) for place, one in enumerate(content, start=1))
    seen: set[str] = set()
    for kind in found:
        if kind.id in seen:
            raise Refused(text("deployment.reasons.kind-twice", id=kind.id), "kinds.id")
        seen.add(kind.id)
    return found


def _section(of: type[T], name: str, content: object, folder: Path) -> T:
    if not isinstance(content, dict):
        raise Refused(text("deployment.reasons.wants-table", name=name), name)
    readers = READERS[of]
    found: dict[str, object] = {}
    for key, value in content.items():
        try:
            if key not in readers:
                raise refusal("unknown-key", known=", ".join(readers))
            found[key] = readers[key](value, folder)
        except Refused as refused:
            raise Refused(refused.reason, f"{name}.{key}") from None
    for field in msgspec.structs.fields(of):
        if field.required and field.name not in found:
            raise Refused(text("deployment.reasons.missing-key"), f"{name}.{field.name}")
    return of(**found)
