"""Shows the wizard's screens in a terminal and asks their questions."""

import getpass
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from sendwright.cli.consent import OpenPage, ask_consent, open_page
from sendwright.cli.json_output import print_json
from sendwright.cli.listing import Item
from sendwright.cli.questions import Back, Pick, Questions, pick_of, picks
from sendwright.cli.render import problem_card
from sendwright.cli.sheet import ask_sheet, show_document, show_sheet
from sendwright.problems.explanation import Explanation, explain
from sendwright.screens import (
    Answer,
    Base,
    Choice,
    Consent,
    Done,
    Fact,
    Field,
    Form,
    Notice,
    Option,
    Proof,
    Rejected,
    Review,
    Screen,
    Sheet,
    Stopped,
)
from sendwright.texts import text

SAVE = "s"
_READ = "read:"


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """A console to write to and a way to ask; secrets are asked without echo.

    out: for people; with `--json` it is standard error. data: standard output. open_page: opens a sign-in page.
    """

    out: Console
    data: Console
    line: Callable[[str], str] = input
    secret: Callable[[str], str] = getpass.getpass
    open_page: OpenPage = open_page

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
                    return self._choice(screen, typed)
                case Proof():
                    self._facts(screen.facts)
                    for key in screen.howto:
                        self.out.print(text(key), style="dim", markup=False)
                    return {"choice": self.questions.choose(picks(screen.options), "")}
                case Review():
                    self._facts(screen.facts)
                    self.out.print(text(screen.statement, **screen.values), style="bold", markup=False)
                    answer = {field.name: self.questions.field(field) for field in screen.fields}
                    self.questions.confirm(text(screen.submit))
                    return answer
                case Sheet():
                    show_sheet(screen, self.questions)
                    return ask_sheet(screen, self.questions, can_go_back=can_go_back)
                case Consent():
                    return ask_consent(screen, self.questions, opening=self.open_page)
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
            return self.questions.choose(picks(options), "on") == "on"
        except Back:
            return True

    def ask_done(self, screen: Done) -> str:
        """Show the end; return the name of an action, or nothing to leave."""
        self._head(screen)
        self._facts(screen.facts)
        if not screen.actions:
            return ""
        leave = Pick(value="", words=text(screen.submit))
        try:
            return self.questions.choose((leave, *map(pick_of, screen.actions)), "")
        except Back:
            return ""

    @property
    def questions(self) -> Questions:
        """Asks one thing after another."""
        return Questions(out=self.out, line=self.line, secret=self.secret)

    def ask_line(self, words: str, standing: str) -> str:
        """Ask for a line; an empty one is `standing`. Raises Back and Cancelled."""
        return self.questions.ask(words, standing)

    def ask_yes(self, words: str, *, default: bool) -> bool:
        """Ask for yes or no. Raises Back and Cancelled."""
        return self.questions.yes(words, default=default)

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

    def say(self, words: str) -> None:
        """Write a line of what there is to know."""
        self.out.print(words, markup=False, highlight=False)

    def complain(self, words: str) -> None:
        """Write a line that something is wrong."""
        self.questions.complain(words)

    def json(self, value: object) -> None:
        """Write `value` as JSON to standard output, and nothing else."""
        print_json(value, self.data)

    def report(self, outcome: str, problem: Explanation | None, fields: Mapping[str, str], screen: Screen) -> None:
        """Write how an unattended set-up ended."""
        if problem is not None:
            self.card(problem)
        for name, words in fields.items():
            self.complain(text("terminal.fact", name=name, value=words))
        self.out.print(text(f"setup.outcome.{outcome}"), style="bold", markup=False)
        if isinstance(screen, Done):
            self._facts(screen.facts)

    def card(self, problem: Explanation) -> None:
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

    def _choice(self, screen: Choice, typed: dict[str, str]) -> Answer:
        if screen.explains:
            self.out.print(text("terminal.explain"), style="dim", markup=False)
        self._offer(screen)
        typed["choice"] = self.questions.choose(picks(screen.options), screen.chosen)
        asked = [field for field in screen.fields if field.only_for in {"", typed["choice"]}]
        return self._ask(asked, typed, standing={field.name: field.value for field in asked})

    def _form(self, screen: Form, typed: dict[str, str], *, can_go_back: bool) -> Answer:
        standing = {field.name: field.value for field in screen.fields}
        action = self._offer(screen)
        if action:
            return standing | {"action": action}
        if screen.proposals:
            mine = Pick(value="", words=text("terminal.own-values"))
            found = [
                Pick(
                    value=str(number),
                    words=f"{text('terminal.proposal')} ({proposal.label}; {text(proposal.origin)})",
                )
                for number, proposal in enumerate(screen.proposals, start=1)
            ]
            chosen = self.questions.choose((*found, mine), "1")
            if chosen:
                standing |= screen.proposals[int(chosen) - 1].values
        if can_go_back:
            self.out.print(text("terminal.hint"), style="dim", markup=False)
        return self._ask(screen.fields, typed, standing=standing)

    def _ask(self, fields: Iterable[Field], typed: dict[str, str], *, standing: Mapping[str, str]) -> Answer:
        """Ask for the fields, and for those that are advanced only where somebody wants that."""
        simple, folded = ([field for field in fields if field.advanced is advanced] for advanced in (False, True))
        self.questions.fields(simple, typed, standing=standing)
        if folded and self.ask_yes(text("terminal.advanced"), default=False):
            return self.questions.fields(folded, typed, standing=standing)
        return {field.name: standing[field.name] for field in folded} | typed

    def _offer(self, screen: Form | Choice) -> str:
        """Offer to read what belongs to the screen; return the name of an action, or nothing to answer it."""
        actions = screen.actions if isinstance(screen, Form) else ()
        if not (actions or screen.documents):
            return ""
        answer = Pick(value="", words=text("terminal.answer" if screen.documents else screen.submit))
        reading = {f"{_READ}{number}": document for number, document in enumerate(screen.documents)}
        to_read = [Pick(value=name, words=text("terminal.read", title=one.title)) for name, one in reading.items()]
        while (chosen := self.questions.choose((answer, *map(pick_of, actions), *to_read), "")) in reading:
            show_document(reading[chosen], self.questions)
        return chosen

    def _stopped(self, screen: Stopped, *, can_go_back: bool) -> Answer:
        self.card(explain(screen.problem))
        if can_go_back:
            self.out.print(text("terminal.back-hint"), style="dim", markup=False)
        self.out.print(text("save.terminal.hint", letter=SAVE), style="dim", markup=False)
        if not screen.actions:
            return {"action": "save"} if self.questions.confirm(text(screen.submit)).casefold() == SAVE else {}
        again, save = Pick(value="", words=text(screen.submit)), Pick(value="save", words=text("save.offer"))
        chosen = self.questions.choose((*map(pick_of, screen.actions), again, save), screen.actions[0].name)
        return {"action": chosen} if chosen else {}


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
