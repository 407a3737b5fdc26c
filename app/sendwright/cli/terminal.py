"""Shows the wizard's screens in a terminal and asks their questions."""

import getpass
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from sendwright.cli.render import problem_card, stage_line
from sendwright.diagnosis.stage import StageResult
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

BACK = "<"


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
        """Show `screen` and return the answer to submit. Raises Cancelled."""
        self._head(screen)
        try:
            match screen:
                case Form():
                    return self._form(screen)
                case Choice():
                    chosen = self._choose(screen.options, screen.chosen)
                    asked = [field for field in screen.fields if field.only_for in {"", chosen}]
                    return {"choice": chosen} | {field.name: self._field(field) for field in asked}
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
                    self._stopped(screen, can_go_back=can_go_back)
                    return {}
                case _:
                    return {}
        except Back:
            return {"action": "back"}

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

    def stage(self, result: StageResult) -> None:
        """Write one line about a stage that ended."""
        self.out.print(stage_line(result))

    def reject(self, rejected: Rejected) -> None:
        """Say what is to be corrected."""
        for key in rejected.fields.values():
            self.complain(text(key, **rejected.values))

    def complain(self, words: str) -> None:
        """Write a line that something is wrong."""
        self.out.print(f"✗ {words}", style="red", markup=False)

    def json(self, value: object) -> None:
        """Write `value` as JSON to standard output, and nothing else."""
        self.data.print(msgspec.json.encode(value).decode(), markup=False, highlight=False, soft_wrap=True)

    def report(self, outcome: str, problem: Explanation | None, fields: Mapping[str, str], screen: Screen) -> None:
        """Write how an unattended set-up ended."""
        if problem is not None:
            self.out.print(problem_card(problem))
        for name, words in fields.items():
            self.complain(text("terminal.fact", name=name, value=words))
        self.out.print(text(f"setup.outcome.{outcome}"), style="bold", markup=False)
        if isinstance(screen, Done):
            self._facts(screen.facts)

    def _head(self, screen: Base) -> None:
        self.out.print(Rule(escape(text(screen.title, **screen.values)), align="left", style="dim"))
        if screen.lead:
            self.out.print(text(screen.lead, **screen.values), markup=False)
        self._notices(screen.notices)

    def _notices(self, notices: tuple[Notice, ...]) -> None:
        for notice in notices:
            self.out.print(f"• {text(notice.key, **notice.values)}", style="cyan", markup=False)

    def _facts(self, facts: tuple[Fact, ...]) -> None:
        for fact in facts:
            line = text("terminal.fact", name=text(fact.label), value=fact.value)
            self.out.print(f"  {line}", markup=False, highlight=False)

    def _form(self, screen: Form) -> Answer:
        action = self._action(screen)
        if action:
            return {field.name: field.value for field in screen.fields} | {"action": action}
        defaults = {field.name: field.value for field in screen.fields}
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
                defaults |= screen.proposals[int(chosen) - 1].values
        simple = [field for field in screen.fields if not field.advanced]
        folded = [field for field in screen.fields if field.advanced]
        answer = {field.name: self._field(field, defaults[field.name]) for field in simple}
        if folded and self._yes(text("terminal.advanced"), default=False):
            return answer | {field.name: self._field(field, defaults[field.name]) for field in folded}
        return answer | {field.name: defaults[field.name] for field in folded}

    def _action(self, screen: Form) -> str:
        if not screen.actions:
            return ""
        answer = Option(value="", label="terminal.answer")
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
                return "true" if self._yes(label, default=standing == "true") else "false"
            case FieldKind.CHOICE:
                return self._choose(field.options, standing)
        shown = f" [{standing}]" if standing else ""
        return self._read(self.line, f"{label}{shown}: ") or standing

    def _choose(self, options: tuple[Option, ...], standing: str) -> str:
        values = [option.value for option in options]
        for number, option in enumerate(options, start=1):
            note = f" ({option.note})" if option.note else ""
            self.out.print(f"  {number}. {text(option.label)}{note}", markup=False, highlight=False)
            if option.detail:
                self.out.print(f"     {text(option.detail)}", style="dim", markup=False, highlight=False)
        default = values.index(standing) + 1 if standing in values else None
        while True:
            shown = f" [{default}]" if default else ""
            typed = self._read(self.line, f"{text('terminal.number')}{shown}: ")
            if not typed and default:
                return values[default - 1]
            if typed.isdecimal() and 1 <= int(typed) <= len(values):
                return values[int(typed) - 1]
            self.complain(text("terminal.number-please", count=len(values)))

    def _stopped(self, screen: Stopped, *, can_go_back: bool) -> None:
        self.out.print(problem_card(explain(screen.problem)))
        if can_go_back:
            self.out.print(text("terminal.back-hint"), style="dim", markup=False)
        self._confirm(text(screen.submit))

    def _confirm(self, words: str) -> None:
        self._read(self.line, f"{words} ({text('terminal.enter')}): ")

    def _yes(self, words: str, *, default: bool) -> bool:
        typed = self._read(self.line, f"{words} [{text('terminal.yes') if default else text('terminal.no')}]: ")
        return default if not typed else typed.casefold().startswith(text("terminal.yes")[0].casefold())

    def _read(self, ask: Callable[[str], str], prompt: str) -> str:
        try:
            typed = ask(prompt)
        except (EOFError, KeyboardInterrupt) as end:
            raise Cancelled from end
        if typed.strip() == BACK:
            raise Back
        return typed if ask is self.secret else typed.strip()


def standard_terminal(*, json: bool) -> Terminal:
    """Return the terminal of this process; with `json` standard output stays free for data."""
    data = Console(file=sys.stdout)
    return Terminal(out=Console(stderr=True) if json else data, data=data)


def _as_option(action: Action) -> Option:
    return Option(value=action.name, label=action.label)
