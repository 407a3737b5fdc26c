"""Shows the wizard's screens in a terminal and asks their questions."""

import getpass
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from sendwright.cli.interruption import interruptible
from sendwright.cli.json_output import print_json
from sendwright.cli.listing import Item
from sendwright.cli.render import problem_card
from sendwright.handoff.connection_code import ConnectionCodeInvalid, parse_connection_code
from sendwright.problems.explanation import Explanation, explain
from sendwright.screens import (
    Action,
    Answer,
    Base,
    Choice,
    Done,
    Fact,
    Field,
    FieldKind,
    Form,
    Notice,
    Option,
    Proof,
    Rejected,
    Review,
    Screen,
    Stopped,
)
from sendwright.texts import text

BACK, EMPTY, SAVE = "<", "-", "s"


class Cancelled(Exception):
    """The person closed the input or pressed Ctrl-C."""


class Back(Exception):
    """The person wants to go back."""


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """A console to write to and a way to ask; secrets are asked without echo.

    out: for people; with `--json` it is standard error. data: standard output.
    """

    out: Console
    data: Console
    line: Callable[[str], str] = input
    secret: Callable[[str], str] = getpass.getpass

    def ask(self, screen: Screen, *, can_go_back: bool) -> Answer:
        """Show `screen` and return the answer to submit; with the action `back` it has what was typed so far.

        The action `save` asks for a diagnosis file, and is no answer to the wizard.

        Raises Cancelled.
        """
        self._head(screen)
        typed: dict[str, str] = {}
        try:
            match screen:
                case Form():
                    return self._form(screen, typed, can_go_back=can_go_back)
                case Choice():
                    if screen.explains:
                        self.out.print(text("terminal.explain"), style="dim", markup=False)
                    typed["choice"] = self._choose(screen.options, screen.chosen)
                    asked = [field for field in screen.fields if field.only_for in {"", typed["choice"]}]
                    return self._fields(asked, typed, standing={})
                case Proof():
                    self._facts(screen.facts)
                    for key in screen.howto:
                        self.out.print(text(key), style="dim", markup=False)
                    return {"choice": self._choose(screen.options, "")}
                case Review():
                    self._facts(screen.facts)
                    self.out.print(text(screen.statement, **screen.values), style="bold", markup=False)
                    self._confirm(text(screen.submit))
                    return {field.name: self._field(field) for field in screen.fields}
                case Stopped():
                    return self._stopped(screen, can_go_back=can_go_back)
                case _:
                    return {}
        except Back:
            return typed | {"action": "back"}

    def ask_to_go_on(self) -> bool:
        """Say that answers of an earlier run are there; return whether to go on with them. Raises Cancelled."""
        self.out.print(text("wizard.resumed"), markup=False)
        options = (Option(value="on", label="wizard.continue"), Option(value="over", label="wizard.start-over"))
        try:
            return self._choose(options, "on") == "on"
        except Back:
            return True

    def ask_done(self, screen: Done) -> str:
        """Show the end; return the name of an action, or nothing to leave."""
        self._head(screen)
        self._facts(screen.facts)
        if not screen.actions:
            return ""
        leave = Option(value="", label=screen.submit)
        options = (leave, *(_as_option(action) for action in screen.actions))
        try:
            return self._choose(options, "")
        except Back:
            return ""

    def ask_line(self, words: str, standing: str) -> str:
        """Ask for a line; an empty one is `standing`. Raises Back and Cancelled."""
        return self._read(self.line, f"{words} [{standing}]: ") or standing

    def ask_yes(self, words: str, *, default: bool) -> bool:
        """Ask for yes or no. Raises Back and Cancelled."""
        typed = self._read(self.line, f"{words} [{text('terminal.yes') if default else text('terminal.no')}]: ")
        return default if not typed else typed.casefold().startswith(text("terminal.yes")[0].casefold())

    def notices(self, notices: tuple[Notice, ...]) -> None:
        """Write calm remarks."""
        for notice in notices:
            self.out.print(Item(text(notice.key, **notice.values), first="• ", style="cyan"), highlight=False)

    def reject(self, rejected: Rejected) -> None:
        """Say what is to be corrected."""
        for key in rejected.fields.values():
            self.complain(text(key, **rejected.values))

    def hint(self, words: str) -> None:
        """Write what helps, in passing."""
        self.out.print(words, style="cyan", markup=False, highlight=False)

    def complain(self, words: str) -> None:
        """Write a line that something is wrong."""
        self.out.print(f"✗ {words}", style="red", markup=False)

    def json(self, value: object) -> None:
        """Write `value` as JSON to standard output, and nothing else."""
        print_json(value, self.data)

    def report(self, outcome: str, problem: Explanation | None, fields: Mapping[str, str], screen: Screen) -> None:
        """Write how an unattended set-up ended."""
        if problem is not None:
            self._card(problem)
        for name, words in fields.items():
            self.complain(text("terminal.fact", name=name, value=words))
        self.out.print(text(f"setup.outcome.{outcome}"), style="bold", markup=False)
        if isinstance(screen, Done):
            self._facts(screen.facts)

    def _card(self, problem: Explanation) -> None:
        """Write the card with room around it: it follows the steps of a test, and is followed by what comes of it."""
        self.out.print()
        self.out.print(problem_card(problem))
        self.out.print()

    def _head(self, screen: Base) -> None:
        self.out.print()
        self.out.print(Rule(escape(text(screen.title, **screen.values)), align="left", style="dim"))
        if screen.lead:
            self.out.print(text(screen.lead, **screen.values), markup=False)
        self.notices(screen.notices)

    def _facts(self, facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            line = text("terminal.fact", name=text(fact.label), value=fact.value)
            self.out.print(f"  {line}", markup=False, highlight=False)

    def _form(self, screen: Form, typed: dict[str, str], *, can_go_back: bool) -> Answer:
        standing = {field.name: field.value for field in screen.fields}
        action = self._action(screen)
        if action:
            return standing | {"action": action}
        if screen.proposals:
            mine = Option(value="", label="terminal.own-values")
            found = [
                Option(
                    value=str(number),
                    label="terminal.proposal",
                    note=f"{proposal.label}; {text(proposal.origin)}",
                )
                for number, proposal in enumerate(screen.proposals, start=1)
            ]
            chosen = self._choose((*found, mine), "1")
            if chosen:
                standing |= screen.proposals[int(chosen) - 1].values
        simple = [field for field in screen.fields if not field.advanced]
        folded = [field for field in screen.fields if field.advanced]
        if can_go_back:
            self.out.print(text("terminal.hint"), style="dim", markup=False)
        self._fields(simple, typed, standing=standing)
        if folded and self.ask_yes(text("terminal.advanced"), default=False):
            return self._fields(folded, typed, standing=standing)
        return {field.name: standing[field.name] for field in folded} | typed

    def _fields(self, fields: Iterable[Field], typed: dict[str, str], *, standing: Mapping[str, str]) -> Answer:
        """Ask for `fields` one by one; what is typed stands in `typed` at once, for whoever goes back in the middle."""
        for field in fields:
            typed[field.name] = self._field(field, standing.get(field.name))
        return typed

    def _action(self, screen: Form) -> str:
        if not screen.actions:
            return ""
        answer = Option(value="", label=screen.submit)
        return self._choose((answer, *(_as_option(action) for action in screen.actions)), "")

    def _field(self, field: Field, default: str | None = None) -> str:
        standing = field.value if default is None else default
        label = text(field.label)
        if field.help:
            self.out.print(text(field.help), style="dim", markup=False)
        match field.kind:
            case FieldKind.PASSWORD:
                hint = f" ({text('terminal.kept')})" if field.kept else ""
                return self._read(self.secret, f"{label}{hint}: ")
            case FieldKind.TOGGLE:
                return "true" if self.ask_yes(label, default=standing == "true") else "false"
            case FieldKind.CHOICE:
                return self._choose(field.options, standing)
            case FieldKind.CODE:
                return self._code(f"{label}: ")
        shown = f" [{standing}]" if standing else ""
        typed = self._read(self.line, f"{label}{shown}: ")
        return "" if typed == EMPTY else typed or standing

    def _code(self, prompt: str) -> str:
        """Read a connection code over as many lines as it was pasted in; an empty line ends one that has no end."""
        typed = self._read(self.line, prompt)
        while typed and _lacks_its_end(typed):
            more = self._read(self.line, "")
            if not more:
                break
            typed = f"{typed}\n{more}"
        return typed

    def _choose(self, options: tuple[Option, ...], standing: str) -> str:
        values = [option.value for option in options]
        for number, option in enumerate(options, start=1):
            note = f" ({option.note})" if option.note else ""
            self.out.print(Item(f"{text(option.label)}{note}", first=f"  {number}. "), highlight=False)
            if option.detail:
                self.out.print(Item(text(option.detail), first="     ", style="dim"), highlight=False)
        default = values.index(standing) + 1 if standing in values else None
        while True:
            shown = f" [{default}]" if default else ""
            typed = self._read(self.line, f"{text('terminal.number')}{shown}: ")
            if not typed and default:
                return values[default - 1]
            if typed.isdecimal() and 1 <= int(typed) <= len(values):
                return values[int(typed) - 1]
            self.complain(text("terminal.number-please", count=len(values)))

    def _stopped(self, screen: Stopped, *, can_go_back: bool) -> Answer:
        self._card(explain(screen.problem))
        if can_go_back:
            self.out.print(text("terminal.back-hint"), style="dim", markup=False)
        self.out.print(text("save.terminal.hint", letter=SAVE), style="dim", markup=False)
        return {"action": "save"} if self._confirm(text(screen.submit)).casefold() == SAVE else {}

    def _confirm(self, words: str) -> str:
        return self._read(self.line, f"{words} ({text('terminal.enter')}): ")

    def _read(self, ask: Callable[[str], str], prompt: str) -> str:
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
        return typed if hidden else typed.strip()


def standard_terminal(*, json: bool) -> Terminal:
    """Return the terminal of this process; with `json` standard output stays free for data, which is UTF-8.

    A sign that the encoding of a terminal or a pipe does not have becomes a question mark.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if json and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    # Without emoji: a fingerprint such as `3F:AB:87` would get a drawing in its middle.
    data = Console(file=sys.stdout, emoji=False)
    return Terminal(out=Console(stderr=True, emoji=False) if json else data, data=data)


def _as_option(action: Action) -> Option:
    return Option(value=action.name, label=action.label)


def _lacks_its_end(code: str) -> bool:
    try:
        parse_connection_code(code)
    except ConnectionCodeInvalid as invalid:
        return invalid.reason == "truncated"
    return False
