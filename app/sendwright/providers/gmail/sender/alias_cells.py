"""The two ways to be sure of a sender, as cells: the list of sending addresses, and a message that arrived."""

from collections.abc import Iterator

from sendwright.diagnosis.stage import Verdict as Mark
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.sender.arrival import Verdict, code_of, verdict_of
from sendwright.providers.gmail.sender.listed import Standing, default_of, entry_of, standing_of
from sendwright.providers.gmail.sender.reading import may_read
from sendwright.providers.gmail.sender.small_test import TEST
from sendwright.providers.gmail.stopping import named
from sendwright.screens import Action, Cell
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.texts import here, text

LIST = "list"
ARRIVAL = "arrival"
"""Ids of the cells."""

READ = Action(name="read", label="gmail.alias.read", stays=True)
READ_AGAIN = Action(name="read", label="gmail.alias.read-again", stays=True)
ALLOW = Action(name="allow", label="gmail.alias.allow")
SEND = Action(name="send", label="gmail.alias.send", stays=True)
SEND_AGAIN = Action(name="send", label="gmail.alias.send-again", stays=True)

READING = "reading"
"""Key of why the list could not be read in GmailAnswers.checks."""

_OF_LIST = {
    Standing.CONFIRMED: Mark.PASSED,
    Standing.ELSEWHERE: Mark.WARNING,
    Standing.PENDING: Mark.FAILED,
    Standing.MISSING: Mark.FAILED,
}
_OF_ARRIVAL = {Verdict.WANTED: Mark.PASSED, Verdict.REPLACED: Mark.FAILED, Verdict.ANOTHER: Mark.WARNING}
_CONDITIONS = {Standing.PENDING: "gmail-alias-unconfirmed", Standing.MISSING: "gmail-alias-missing"}


def cells(state: GmailAnswers) -> tuple[Cell, ...]:
    """Return the cells; the message comes first, as it needs no further permission."""
    return (_arrival(state), _list(state))


def instead_of(state: GmailAnswers) -> str:
    """Return the address that Gmail is known to put in the place of the chosen one, empty where nobody knows."""
    if state.proof_of("") is not SenderProof.UNPROVEN:
        return ""
    if verdict_of(state) is Verdict.REPLACED and state.arrived is not None:
        return state.arrived.sender
    return (default_of(state) or state.mailbox) if standing_of(state) in _CONDITIONS else ""


def observed(condition: str, state: GmailAnswers) -> Problem:
    """Return the problem of the sender that we observed ourselves."""
    values = {"sender": state.from_address, "username": state.mailbox}
    return named(Evidence(stage="sender", system=System.GMAIL, condition=condition, values=values), state)


def _arrival(state: GmailAnswers) -> Cell:
    refused, verdict = state.checks.get(TEST), verdict_of(state)
    problem = None
    if refused is not None and refused.evidence is not None:
        problem = named(refused.evidence, state)
    elif verdict is Verdict.REPLACED:
        problem = observed("gmail-sender-replaced", state)
    return Cell(
        id=ARRIVAL,
        title=text("gmail.alias.arrival.title"),
        detail=text("gmail.alias.arrival.detail"),
        verdict=Mark.FAILED if refused is not None else _OF_ARRIVAL[verdict] if verdict is not None else None,
        facts=tuple(_facts_of_arrival(state, verdict)),
        problem=problem,
        action=SEND_AGAIN if state.sent_at is not None else SEND,
        recommended=state.sent_at is None and state.proof_of("") is SenderProof.UNPROVEN,
    )


def _facts_of_arrival(state: GmailAnswers, verdict: Verdict | None) -> Iterator[tuple[str, str]]:
    if state.sent_at is not None:
        yield _name("sent"), text("gmail.alias.sent-to", when=here(state.sent_at), to=state.recipient)
        if state.sent:
            yield _name("code"), code_of(state.sent)
    arrived = state.arrived
    if verdict is None or arrived is None:
        return
    yield _name("means"), text(f"gmail.alias.verdict.{verdict}", address=state.from_address, seen=arrived.sender)
    yield _name("seen"), arrived.sender
    if arrived.original:
        yield _name("original"), arrived.original
    if arrived.ours and arrived.stated:
        yield _name("stated"), ", ".join(arrived.stated)


def _list(state: GmailAnswers) -> Cell:
    standing, refused = standing_of(state), state.checks.get(READING)
    problem = None
    if refused is not None and refused.evidence is not None:
        problem = named(refused.evidence, state)
    elif standing in _CONDITIONS:
        problem = observed(_CONDITIONS[standing], state)
    return Cell(
        id=LIST,
        title=text("gmail.alias.list.title"),
        detail=text(f"gmail.alias.list.detail-{_kind(state)}"),
        verdict=Mark.FAILED if refused is not None else _OF_LIST[standing] if standing is not None else None,
        facts=tuple(_facts_of_list(state, standing)),
        problem=problem,
        action=_action_of_list(state),
    )


def _kind(state: GmailAnswers) -> str:
    if state.way is Way.ACCOUNT:
        return "account"
    return "keyless" if state.keyless else "service-account"


def _action_of_list(state: GmailAnswers) -> Action | None:
    if may_read(state):
        return READ_AGAIN if state.addresses is not None else READ
    return None if state.way is Way.SERVICE_ACCOUNT else ALLOW


def _facts_of_list(state: GmailAnswers, standing: Standing | None) -> Iterator[tuple[str, str]]:
    if standing is None:
        return
    entry = entry_of(state)
    server = entry.server if entry is not None else ""
    yield _name("means"), text(f"gmail.alias.standing.{standing}", address=state.from_address, server=server)
    if standing is Standing.ELSEWHERE:
        yield _name("consequence"), text("gmail.alias.consequence", server=server)
    if standing in _CONDITIONS and (instead := default_of(state)):
        yield _name("instead"), instead
    others = [one.address for one in state.addresses or () if one.confirmed]
    if standing in _CONDITIONS and others:
        yield _name("others"), ", ".join(others)
    if state.read_at is not None:
        yield _name("read-at"), here(state.read_at)


def _name(fact: str) -> str:
    return text(f"gmail.alias.facts.{fact}")
