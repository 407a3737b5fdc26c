"""Asks the questions of a screen in the terminal: lines, choices, secrets, several lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from sendwright.cli.interruption import interruptible
from sendwright.cli.listing import Item
from sendwright.handoff.connection_code import ConnectionCodeInvalid, parse_connection_code
from sendwright.recording.given_file import FileRefused, read_words
from sendwright.screens import Action, Answer, Field, FieldKind, Option
from sendwright.texts import text

BACK, EMPTY, END, FILE = "<", "-", ".", "@"


class Cancelled(Exception):
    """The person closed the input or pressed Ctrl-C."""


class Back(Exception):
    """The person wants to go back."""


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Something to choose by its number. words, detail: ready to show."""

    value: str
    words: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Every method raises Back and Cancelled. line, secret: read a line, the latter without echo."""

    out: Console
    line: Callable[[str], str]
    secret: Callable[[str], str]

    def complain(self, words: str) -> None:
        """Write a line that something is wrong."""
        self.out.print(f"✗ {words}", style="red", markup=False)

    def ask(self, words: str, standing: str) -> str:
        """Ask for a line; an empty one is `standing`."""
        return self.read(self.line, f"{words} [{standing}]: ") or standing

    def yes(self, words: str, *, default: bool) -> bool:
        """Ask for yes or no."""
        typed = self.read(self.line, f"{words} [{text('terminal.yes') if default else text('terminal.no')}]: ")
        return default if not typed else typed.casefold().startswith(text("terminal.yes")[0].casefold())

    def fields(self, fields: Iterable[Field], typed: dict[str, str], *, standing: Mapping[str, str]) -> Answer:
        """Ask for `fields` one by one; what is typed stands in `typed` at once, for whoever goes back in the middle."""
        for field in fields:
            typed[field.name] = self.field(field, standing.get(field.name))
        return typed

    def field(self, field: Field, default: str | None = None) -> str:
        """Ask for one field and return what it holds then."""
        standing = field.value if default is None else default
        label = text(field.label)
        if field.help:
            self.out.print(text(field.help), style="dim", markup=False)
        match field.kind:
            case FieldKind.PASSWORD:
                hint = f" ({text('terminal.kept')})" if field.kept else ""
                return self.read(self.secret, f"{label}{hint}: ")
            case FieldKind.TOGGLE:
                return "true" if self.yes(label, default=standing == "true") else "false"
            case FieldKind.CHOICE:
                return self.choose(picks(field.options), standing)
            case FieldKind.LINES:
                return self.lines(label)
            case FieldKind.CODE:
                return self._code(f"{label}: ")
        shown = f" [{standing}]" if standing else ""
        typed = self.read(self.line, f"{label}{shown}: ")
        return "" if typed == EMPTY else typed or standing

    def _code(self, prompt: str) -> str:
        """Read a connection code over as many lines as it was pasted in; an empty line ends one that has no end."""
        typed = self.read(self.line, prompt)
        while typed and _lacks_its_end(typed):
            more = self.read(self.line, "")
            if not more:
                break
            typed = f"{typed}\n{more}"
        return typed

    def choose(self, offered: Sequence[Pick], standing: str) -> str:
        """Ask for one of `offered`; an empty line is `standing`, where that is one of them."""
        values = [pick.value for pick in offered]
        for number, pick in enumerate(offered, start=1):
            self.out.print(Item(pick.words, first=f"  {number}. "), highlight=False)
            if pick.detail:
                self.out.print(Item(pick.detail, first="     ", style="dim"), highlight=False)
        default = values.index(standing) + 1 if standing in values else None
        while True:
            shown = f" [{default}]" if default else ""
            typed = self.read(self.line, f"{text('terminal.number')}{shown}: ")
            if not typed and default:
                return values[default - 1]
            if typed.isdecimal() and 1 <= int(typed) <= len(values):
                return values[int(typed) - 1]
            self.complain(text("terminal.number-please", count=len(values)))

    def confirm(self, words: str) -> str:
        """Wait for Enter; return what was typed before it."""
        return self.read(self.line, f"{words} ({text('terminal.enter')}): ")

    def lines(self, words: str) -> str:
        """Ask for several lines, or for the file that holds them; a line with nothing but a full stop ends them."""
        self.out.print(text("terminal.lines", label=words, end=END, file=FILE), markup=False)
        found: list[str] = []
        while (typed := self.read(self.line, "", strip=False)).strip() != END:
            if not found and typed.strip().startswith(FILE):
                taken = self._file(typed.strip().removeprefix(FILE).strip())
                if taken is not None:
                    return taken
                continue
            found.append(typed)
        return "\n".join(found)

    def _file(self, name: str) -> str | None:
        """Return the words of a file, None where it cannot be used; what came of it is said."""
        try:
            words = read_words(Path(name).expanduser())
        except (FileRefused, RuntimeError) as refused:  # RuntimeError: there is no such home
            code = refused.code if isinstance(refused, FileRefused) else "unreadable"
            self.complain(text(f"file.refused.{code}"))
            return None
        key = "file.loaded" if words.whole else "file.begin"
        self.out.print(text(key, name=Path(name).name, count=words.lines), style="dim", markup=False)
        return words.text

    def read(self, ask: Callable[[str], str], prompt: str, *, strip: bool = True) -> str:
        """Read with `ask`."""
        hidden = ask is self.secret
        if not hidden:  # written by us: input() would write it to standard output, which may be kept for JSON
            self.out.print(prompt, end="", markup=False, highlight=False, soft_wrap=True)
        try:
            with interruptible():
                typed = ask(prompt if hidden else "")
        except (EOFError, KeyboardInterrupt) as end:
            raise Cancelled from end
        if typed.strip() == BACK:
            raise Back
        return typed if hidden or not strip else typed.strip()


def picks(options: Iterable[Option]) -> tuple[Pick, ...]:
    """Return the options of a screen as something to choose."""
    return tuple(
        Pick(
            value=option.value,
            words=f"{text(option.label)}{f' ({option.note})' if option.note else ''}",
            detail=text(option.detail) if option.detail else "",
        )
        for option in options
    )


def pick_of(action: Action) -> Pick:
    """Return an action of a screen as something to choose."""
    return Pick(value=action.name, words=text(action.label, **action.values))


def _lacks_its_end(code: str) -> bool:
    try:
        parse_connection_code(code)
    except ConnectionCodeInvalid as invalid:
        return invalid.reason == "truncated"
    return False
