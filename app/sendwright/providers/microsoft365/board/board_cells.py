"""Turns combinations and what was proven of them into the cells that a person sees."""

from sendwright.diagnosis.stage import Verdict
from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.cells import APPLICATION, CONTROL, Combination, combinations
from sendwright.providers.microsoft365.board.rights import good
from sendwright.providers.microsoft365.board.waiting import can_be_granted, due, is_slow, next_try, waits
from sendwright.providers.microsoft365.powershell.verdict import Reading
from sendwright.providers.microsoft365.stopping import named
from sendwright.screens import Action, Cell
from sendwright.senders.graph.settings import Route, Way
from sendwright.texts import here, text

TRY = "try-"
GRANTED = "granted-"
"""Beginnings of actions; the id of the cell follows."""


def cells(state: MicrosoftAnswers, reading: Reading) -> tuple[Cell, ...]:
    """Return the cells. reading: what pasted output shows; it may know what a send cannot tell."""
    advised = _advised(state)
    return tuple(_cell(one, state, reading, recommended=one.id == advised) for one in combinations(state))


def _cell(one: Combination, state: MicrosoftAnswers, reading: Reading, *, recommended: bool) -> Cell:
    proof = state.proofs.get(one.id)
    waiting = waits(state, one)
    return Cell(
        id=one.id,
        title=_title(one, state),
        detail=text(f"microsoft365.board.routes.{one.id}", mailbox=one.mailbox),
        verdict=_verdict(proof, one, state, waiting=waiting),
        waiting=waiting,
        facts=tuple(_facts(proof, one, state, reading, waiting=waiting)),
        problem=None if waiting else _problem(proof, one, state),
        action=_action(one, state, waiting=waiting),
        recommended=recommended,
    )


def _title(one: Combination, state: MicrosoftAnswers) -> str:
    if state.way is Way.ACCOUNT and not state.shared:
        return text(f"microsoft365.board.title-own-{one.id}", mailbox=one.mailbox)
    return text(f"microsoft365.board.title-{one.id}", account=_who(state), mailbox=one.mailbox)


def _verdict(proof: Proof | None, one: Combination, state: MicrosoftAnswers, *, waiting: bool) -> Verdict | None:
    """Return the verdict: what waits has none, and what cannot be judged yet was not reached."""
    if proof is None or waiting:
        return None
    if good(proof, one, state):
        return Verdict.PASSED
    if not one.control:
        return Verdict.FAILED
    return Verdict.WARNING if proof.accepted else Verdict.NOT_REACHED


def _problem(proof: Proof | None, one: Combination, state: MicrosoftAnswers) -> Problem | None:
    """Return why it was refused; a control mailbox ought to be, so only where that has another reason."""
    if proof is None or proof.evidence is None or (one.control and _control(proof, one, state) != "unclear"):
        return None
    return named(proof.evidence, state)


def _action(one: Combination, state: MicrosoftAnswers, *, waiting: bool) -> Action:
    """Return the button: it says that a right was granted where that would change something."""
    if not waiting and can_be_granted(state, one):
        label = "microsoft365.board.limited" if one.control else "microsoft365.board.granted"
        return Action(name=f"{GRANTED}{one.id}", label=label, stays=True)
    label = "microsoft365.board.try-again" if one.id in state.proofs else "microsoft365.board.try"
    return Action(name=f"{TRY}{one.id}", label=label, stays=True)


def _facts(
    proof: Proof | None, one: Combination, state: MicrosoftAnswers, reading: Reading, *, waiting: bool
) -> list[tuple[str, str]]:
    if proof is None:
        return [(_name("copy"), _copy(one, state, reading))] if not one.control else []
    found = []
    if good(proof, one, state) and not one.control:
        found += [(_name("seen"), _seen(one, state, reading)), (_name("copy"), _copy(one, state, reading))]
    elif one.control:
        found.append((_name("means"), text(f"microsoft365.board.control.{_control(proof, one, state)}")))
    else:
        found.append((_name("missing"), text(f"microsoft365.board.missing.{proof.missing or 'unknown'}")))
    if waiting and proof.granted_at is not None:
        usual = "slow" if is_slow(state) else "quick"
        found += [
            (_name("granted-at"), here(proof.granted_at)),
            (_name("usual"), text(f"microsoft365.board.usual-{usual}")),
        ]
        if (again := next_try(proof)) is not None:
            found.append((_name("next"), here(again)))
    found.append((_name("tried-at"), here(proof.at)))
    if proof.request_id:
        found.append((_name("request-id"), proof.request_id))
    return found


def _name(fact: str) -> str:
    return text(f"microsoft365.board.facts.{fact}")


def _control(proof: Proof, one: Combination, state: MicrosoftAnswers) -> str:
    if good(proof, one, state):
        return "kept-out"
    if proof.accepted:
        return "reached"
    wanted = state.proofs.get(APPLICATION)
    return "unclear" if wanted is not None and wanted.accepted else "too-early"


def _seen(one: Combination, state: MicrosoftAnswers, reading: Reading) -> str:
    """Return what recipients see. An answer does not say by which right a message went; pasted output may."""
    values = {"account": _who(state), "mailbox": one.mailbox}
    if state.way is Way.APPLICATION or not state.shared or one.route is Route.SMTP or reading.rights.get("send-as"):
        return text("microsoft365.board.seen.mailbox", **values)
    if reading.rights.get("send-on-behalf") and reading.rights.get("send-as") is False:
        return text("microsoft365.board.seen.on-behalf", **values)
    return text("microsoft365.board.seen.either", **values)


def _copy(one: Combination, state: MicrosoftAnswers, reading: Reading) -> str:
    if one.route is Route.ME and state.shared and state.account is not None:
        both = "both" if reading.rights.get("copies") else "account"
        return text(f"microsoft365.board.copies.{both}", account=state.account.username, mailbox=one.mailbox)
    return text("microsoft365.board.copies.mailbox", mailbox=one.mailbox)


def _who(state: MicrosoftAnswers) -> str:
    return (state.account.name or state.account.username) if state.account else ""


def _advised(state: MicrosoftAnswers) -> str:
    """Return the cell to try next: the first untried one, until one is proven; then the control mailbox.

    As long as something waits, that is what is worth trying.
    """
    if due(state) is not None:
        return ""
    for one in combinations(state):
        proof = state.proofs.get(one.id)
        if good(proof, one, state):
            if one.id == APPLICATION:
                continue
            return ""
        if proof is None:
            return one.id
        if one.id in {APPLICATION, CONTROL}:
            return ""
    return ""
