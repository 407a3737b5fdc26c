"""The board on which real small messages prove who may send as whom, and by which route."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.board_cells import GRANTED, TRY, cells
from sendwright.providers.microsoft365.board.board_document import board_document, commands_document, reading_of
from sendwright.providers.microsoft365.board.cells import Combination, combination, combinations
from sendwright.providers.microsoft365.board.mailbox_step import limited
from sendwright.providers.microsoft365.board.rights import proven_routes, reaches_all
from sendwright.providers.microsoft365.board.trying import Attempt, Credentials, try_cell
from sendwright.providers.microsoft365.board.waiting import due, next_try, waits
from sendwright.providers.microsoft365.for_it.it_sheet import it_sheet
from sendwright.providers.microsoft365.powershell.output import LONGEST_TEXT
from sendwright.providers.provider import Advice
from sendwright.screens import Action, Answer, Field, FieldKind, Halted, Notice, Option, Rejected, Screen, Sheet
from sendwright.senders.graph.settings import Route, Way
from sendwright.world import Progress, World

READ = "read"
RETRY = "retry"


class BoardStep:
    """Cells that can be tried one by one; what was refused waits for its right and tries again.

    desk: what a send from this computer signs in with, for the route in the answers. handed: what the backend needs
    to send, where it is the one that sends.
    """

    id = "ms-board"
    stop = "sender"

    def __init__(self, *, desk: Credentials, handed: Credentials) -> None:
        self._desk = desk
        self._handed = handed

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Once it is known which mailbox shall send; a reconnection keeps its route."""
        return state.connected and bool(state.mailbox) and not state.reconnecting

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show what can be tried, what was proven, and what IT has to do."""
        reading = reading_of(state)
        again, commands = due(state), commands_document(state, world)
        return Sheet(
            step=self.id,
            title="microsoft365.board.title",
            lead=f"microsoft365.board.lead-{state.way}",
            values={"mailbox": state.mailbox},
            document=board_document(state, reading),
            cells=cells(state, reading),
            fields=_fields(state),
            actions=(Action(name=READ, label="microsoft365.board.read", stays=True, quiet=True),),
            notices=_notices(state),
            documents=(*((commands,) if commands else ()), it_sheet(state, world)),
            retry=Action(name=RETRY, label="microsoft365.board.retry", stays=True) if again else None,
            retry_at=again,
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Try a cell, take note of a grant, read what was pasted, or go on with the best route that was proven."""
        action = answer.get("action", "")
        if "output" in answer:
            state = replace(state, output=answer["output"][: LONGEST_TEXT + 1])
        if not action:
            return replace(state, route=_chosen(state, answer.get("route", "")))
        if action == READ:
            if not state.output.strip():
                raise Rejected({"output": "microsoft365.board.output-missing"})
            return state
        if action == RETRY:
            return await self._retried(state, world, progress)
        state = replace(state, recipient=_recipient(state, answer))
        one = combination(state, action.removeprefix(TRY).removeprefix(GRANTED))
        if one is None:
            raise Rejected({"action": "wizard.choose-one"})
        if action.startswith(GRANTED):
            state = _granted(state, one.id, world)
        return await self._tried(state, one, world, progress)

    async def advise(self, state: MicrosoftAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing: what is on the board was seen, not typed."""
        del state, answer, world
        return Advice()

    async def _retried(self, state: MicrosoftAnswers, world: World, progress: Progress) -> MicrosoftAnswers:
        """Try what is due. Nobody pressed a button: what stands in the way of trying is no reason to stop the page."""
        for one in combinations(state):
            if not _is_due(state, one, world):
                continue
            try:
                state = await self._tried(state, one, world, progress)
            except Halted as halted:
                kept = halted.state if isinstance(halted.state, MicrosoftAnswers) else state
                state = _changed(kept, replace(kept.proofs[one.id], at=world.clock()))
        return state

    async def _tried(
        self, state: MicrosoftAnswers, one: Combination, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        attempt = Attempt(of=one, to=state.recipient, world=world, progress=progress)
        return await try_cell(state, attempt, desk=self._desk, handed=self._handed)


def _is_due(state: MicrosoftAnswers, one: Combination, world: World) -> bool:
    if not waits(state, one):
        return False
    again = next_try(state.proofs[one.id])
    return again is not None and again <= world.clock()


def _changed(state: MicrosoftAnswers, proof: Proof) -> MicrosoftAnswers:
    return replace(state, proofs={**state.proofs, proof.cell: proof})


def _granted(state: MicrosoftAnswers, name: str, world: World) -> MicrosoftAnswers:
    """Take note that the right was granted just now; a former wait begins anew."""
    proof = state.proofs.get(name)
    if proof is None:
        return state
    return _changed(state, replace(proof, granted_at=world.clock()))


def _recipient(state: MicrosoftAnswers, answer: Answer) -> str:
    """Return where the message goes. Raises Rejected."""
    try:
        return addresses.parse_address(answer.get("recipient", _usual_recipient(state))).text
    except AddressInvalid as invalid:
        raise Rejected({"recipient": f"address.{invalid.code}"}) from invalid


def _usual_recipient(state: MicrosoftAnswers) -> str:
    return state.recipient or (state.account.username if state.account else "")


def _chosen(state: MicrosoftAnswers, wanted: str) -> Route:
    """Return the route to go on with: the one that was asked for if it was proven, else the best one that was."""
    proven = proven_routes(state)
    if wanted in proven:
        return Route(wanted)
    return proven[0] if proven else state.route


def _fields(state: MicrosoftAnswers) -> tuple[Field, ...]:
    to = Field(
        name="recipient",
        kind=FieldKind.EMAIL,
        label="microsoft365.board.to",
        help="microsoft365.board.to-help",
        value=_usual_recipient(state),
    )
    output = Field(
        name="output",
        kind=FieldKind.LINES,
        label="microsoft365.board.output",
        help="microsoft365.board.output-help",
        value=state.output,
    )
    proven = proven_routes(state)
    if len(proven) < 2:  # noqa: PLR2004 - with one there is nothing to choose
        return (to, output)
    route = Field(
        name="route",
        kind=FieldKind.CHOICE,
        label="microsoft365.board.route",
        help="microsoft365.board.route-help",
        value=str(state.route if state.route in proven else proven[0]),
        options=tuple(Option(value=str(one), label=f"microsoft365.board.route-{one}") for one in proven),
    )
    return (to, route, output)


def _notices(state: MicrosoftAnswers) -> tuple[Notice, ...]:
    found = list(limited(state.mailbox))
    if reaches_all(state):
        values = {"control": state.control}
        found.append(Notice(key="microsoft365.board.reaches-all", values=values, warning=True))
    elif state.way is Way.APPLICATION and not state.control:
        found.append(Notice(key="microsoft365.board.no-control", warning=True))
    if not proven_routes(state):
        found.append(Notice(key="microsoft365.board.unproven", values={"mailbox": state.mailbox}))
    return tuple(found)
