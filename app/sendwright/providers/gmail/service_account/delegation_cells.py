"""The checks of a delegation as cells."""

from collections.abc import Iterator

from sendwright.providers.gmail.answers import Check, GmailAnswers
from sendwright.providers.gmail.service_account.checks import checks_of, shown_of
from sendwright.providers.gmail.service_account.meaning import Meaning, can_be_granted, due, mark_of, meaning_of
from sendwright.providers.gmail.stopping import named
from sendwright.screens import Action, Cell
from sendwright.texts import here, text

TRY = "try-"
GRANTED = "granted-"
"""Beginnings of actions; the id of the cell follows."""


def cells(state: GmailAnswers) -> tuple[Cell, ...]:
    """Return the cells, the one without which the others say nothing first."""
    return tuple(_cell(state, check) for check in checks_of(state))


def _cell(state: GmailAnswers, check: Check) -> Cell:
    shown, meaning = shown_of(state, check), meaning_of(state, check)
    waiting = check is Check.SENDER and due(state) is not None
    problem = None
    if shown is not None and shown.evidence is not None and meaning in {Meaning.LACKS, Meaning.UNCLEAR}:
        problem = named(shown.evidence, state)
    values = {"mailbox": state.subject, "control": state.control}
    return Cell(
        id=str(check),
        title=text(f"gmail.delegation.cells.{check}", **values),
        detail=text(f"gmail.delegation.details.{check}", **values),
        verdict=None if waiting else mark_of(meaning),
        waiting=waiting,
        facts=tuple(_facts(state, check, waiting=waiting)),
        problem=None if waiting else problem,
        action=_action(state, check, waiting=waiting),
        recommended=check is Check.SENDER and shown is None,
    )


def _action(state: GmailAnswers, check: Check, *, waiting: bool) -> Action:
    if check is Check.SENDER and not waiting and can_be_granted(state):
        return Action(name=f"{GRANTED}{check}", label="gmail.delegation.granted", stays=True)
    label = "gmail.delegation.try-again" if shown_of(state, check) else "gmail.delegation.try"
    return Action(name=f"{TRY}{check}", label=label, stays=True)


def _facts(state: GmailAnswers, check: Check, *, waiting: bool) -> Iterator[tuple[str, str]]:
    shown, meaning = shown_of(state, check), meaning_of(state, check)
    if shown is None or meaning is None:
        return
    values = {"mailbox": state.subject, "control": state.control}
    yield _name("means"), text(f"gmail.delegation.meaning.{meaning}", **values)
    if waiting and state.delegated_at is not None:
        yield _name("granted-at"), here(state.delegated_at)
        yield _name("usual"), text("gmail.delegation.usual")
        if (again := due(state)) is not None:
            yield _name("next"), here(again)
    yield _name("tried-at"), here(shown.at)


def _name(fact: str) -> str:
    return text(f"gmail.delegation.facts.{fact}")
