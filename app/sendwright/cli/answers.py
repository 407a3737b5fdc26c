"""The answers file of an unattended set-up, and the answer that each screen gets from it."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from sendwright.cli.small_file import FileUnreadable, read_small_text
from sendwright.errors import SendwrightError
from sendwright.screens import Answer, Choice, Consent, ConsentWay, Field, FieldKind, Form, Proof, Screen, Sheet
from sendwright.wizard.draft import Arrival, Purpose
from sendwright.wizard.platform import CONNECTION_CODE, THIS_COMPUTER

BY_HAND = "by-hand"
"""The action of a form that lets a search be passed by: whoever names the server needs none."""

SIGN_IN = "sign_in"
"""Says how somebody signs in who is asked to while the rest goes by itself: the action of a screen of that kind."""

OWN_BROWSER = "own-browser"

_CHOSEN_BY = {"ms-way": "way", "gmail-way": "way"}
"""Steps whose choice stands in the provider's table, by its key; elsewhere what stands there already is chosen."""

_FILE_OF = {"gmail-key": "service_account_key_file", "gmail-client": "client_file"}
"""Steps that ask for one file, by the key of the provider's table that names it."""

_CHOOSES_SENDER = {"gmail-sender"}
"""Steps on which one option is the account's own address, and another one asks for an address."""

_NOBODY = {"control"}
"""Addresses that are those of nobody unless they are named: another one than the sender's is asked for."""

_SECRET = {"password", "client_secret", "service_account_key"}
_OWN_TABLES = {"sender", "test"}
_INSIDE = {"settings", "folder"}  # what `Answers` has beside the keys of the file
_ELSEWHERE = ("_file", "_env")  # `password_file` and `password_env` say where `password` is


class AnswersInvalid(SendwrightError):
    """The answers file cannot be used; `code` is a text `setup.<code>`, `detail` names the key or file."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class SenderTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [sender]."""

    address: str
    alias: str


class TestTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [test]; without it the test message goes to the sender itself."""

    to: str


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as interfaces describe it. settings: the table of the provider, such as [smtp], as strings."""

    provider: str
    sender: SenderTable
    backend: str | None = None
    connection_code_file: str | None = None
    test: TestTable | None = None
    activate: bool = True
    settings: dict[str, str] = {}
    folder: str = "."

    def require_known(self, names: Iterable[str], *, steps: Iterable[str] = ()) -> None:
        """Raise AnswersInvalid where the provider's table has a key that none of its fields `names` has asked for.

        steps: the ids of its steps.
        """
        known = {f"{name}{ending}" for name in (*names, SIGN_IN) for ending in ("", *_ELSEWHERE)}
        known |= {_FILE_OF[step] for step in steps if step in _FILE_OF}
        for key in self.settings:
            if key not in known:
                raise AnswersInvalid("wrong-key", key)

    def to(self, screen: Screen) -> Answer:
        """Return the answer of this file to `screen`. Raises AnswersInvalid when a secret cannot be read."""
        match screen.step:
            case "start":
                return {"choice": Purpose.SET_UP}
            case "platform" if self.connection_code_file is not None:
                return {"choice": CONNECTION_CODE, "code": self._read(self.connection_code_file).strip()}
            case "platform":
                return {"choice": THIS_COMPUTER}
            case "provider":
                return {"choice": self.provider, "address": self.sender.address}
            case "sender":
                return {"address": self.sender.address, "alias": self.sender.alias}
            case "test":
                return {"to": self.test.to if self.test else self.sender.address}
        return self._of_provider(screen)

    def _of_provider(self, screen: Screen) -> Answer:
        if "host" in self.settings and any(action.name == BY_HAND for action in screen.actions):
            return {"action": BY_HAND}
        if isinstance(screen, Proof):
            return {"choice": Arrival.LATER}
        if isinstance(screen, Consent):
            embedded = screen.way is ConsentWay.EMBEDDED
            return {"action": self.settings.get(SIGN_IN, OWN_BROWSER)} if embedded else {}
        if isinstance(screen, Form | Choice | Sheet):
            fields = {field.name: self._field(field, screen.step) for field in screen.fields}
            return fields | ({"choice": self._choice(screen)} if isinstance(screen, Choice) else {})
        return {}

    def _choice(self, screen: Choice) -> str:
        """Return what the table says; else an option whose field it fills, or that stands there, or the first."""
        values = [option.value for option in screen.options]
        given = self.settings.get(_CHOSEN_BY.get(screen.step, ""), "")
        if screen.step in _CHOOSES_SENDER:
            given = self._whose_address(screen)
        filled = next((field.only_for for field in screen.fields if field.only_for and self._names(field, screen)), "")
        return next((value for value in (given, filled, screen.chosen) if value in values), values[0])

    def _whose_address(self, screen: Choice) -> str:
        """Return the option whose note is the sender's address; where there is none, the one that asks for it."""
        address = self.sender.address.casefold()
        own = (option.value for option in screen.options if option.note.casefold() == address)
        return next(own, next((field.only_for for field in screen.fields), ""))

    def _names(self, field: Field, screen: Choice) -> bool:
        """Whether the table says what the field holds."""
        return (_FILE_OF.get(screen.step) if field.kind is FieldKind.FILE else field.name) in self.settings

    def _field(self, field: Field, step: str) -> str:
        given = self.settings.get(field.name)
        match field.kind:
            case FieldKind.PASSWORD:
                return self._elsewhere(field.name) or ""
            case FieldKind.FILE if named := self.settings.get(_FILE_OF.get(step, field.name)):
                return self._located(named)
            case FieldKind.EMAIL if step in _CHOOSES_SENDER:
                return self.sender.address
            case FieldKind.EMAIL if given is None and not field.value and field.name not in _NOBODY:
                return self.sender.address
        if given is None and field.kind is FieldKind.TEXT:
            given = self._elsewhere(field.name)
        return field.value if given is None else given

    def _elsewhere(self, name: str) -> str | None:
        """Return what the file or the variable holds that stands for `name`, None where neither is named."""
        variable = self.settings.get(f"{name}_env")
        if variable is not None:
            if variable not in os.environ:
                raise AnswersInvalid("variable-missing", variable)
            return os.environ[variable]
        file = self.settings.get(f"{name}_file")
        return None if file is None else self._read(file).partition("\n")[0].removesuffix("\r")

    def _located(self, name: str) -> str:
        try:
            return str(Path(self.folder) / Path(name).expanduser())
        except RuntimeError:  # no such home
            return name

    def _read(self, name: str) -> str:
        try:
            return read_small_text(name, folder=Path(self.folder))
        except FileUnreadable:
            raise AnswersInvalid("file-unreadable", name) from None


def load_answers(file: Path) -> Answers:
    """Read an answers file; paths inside are relative to its folder. Raises AnswersInvalid."""
    try:
        table = tomllib.loads(read_small_text(str(file)))
    except FileUnreadable:
        raise AnswersInvalid("file-unreadable", str(file)) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise AnswersInvalid("not-toml", str(error)) from error
    settings = _settings(table)
    own = {key: value for key, value in table.items() if key in _OWN_TABLES or not isinstance(value, dict)}
    if inside := _INSIDE & set(table):
        raise AnswersInvalid("wrong-key", min(inside))
    try:
        answers = msgspec.convert({**own, "settings": settings, "folder": str(file.parent)}, Answers)
    except msgspec.ValidationError as error:
        raise AnswersInvalid("wrong-key", str(error)) from error
    if (answers.connection_code_file is None) == (answers.backend is None):
        raise AnswersInvalid("backend-or-code")
    if answers.backend not in {None, THIS_COMPUTER}:
        raise AnswersInvalid("backend-unknown", str(answers.backend))
    return answers


def _settings(table: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict) and name not in _OWN_TABLES:
            for key, entry in value.items():
                if key in _SECRET:
                    raise AnswersInvalid("password-in-file", name)
                found[key] = _plain(f"{name}.{key}", entry)
    return found


def _plain(key: str, value: object) -> str:
    if not isinstance(value, str | int):
        raise AnswersInvalid("wrong-key", key)
    return str(value).lower() if isinstance(value, bool) else str(value)
