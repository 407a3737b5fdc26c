"""The page on which another address for From is proven, before Gmail replaces it in silence."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.document.blocks import Document, Paragraph
from sendwright.errors import AddressInvalid, VaultUnavailable
from sendwright.message.arrived import Unreadable, read_arrived
from sendwright.problems.evidence import Failure
from sendwright.providers.gmail.answers import GmailAnswers, Shown
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.gmail.for_it.it_sheet import it_sheet
from sendwright.providers.gmail.permissions import reads_addresses
from sendwright.providers.gmail.sender.adding import adding_document
from sendwright.providers.gmail.sender.alias_cells import ALLOW, READ, READING, SEND, cells, instead_of
from sendwright.providers.gmail.sender.arrival import compared
from sendwright.providers.gmail.sender.reading import may_read, read_list
from sendwright.providers.gmail.sender.sender_step import chosen
from sendwright.providers.gmail.sender.small_test import send_test
from sendwright.providers.gmail.step import ALIAS, PREPARE, SENDER, GmailStep
from sendwright.providers.gmail.stopping import named, stopped_by
from sendwright.screens import Action, Answer, Elsewhere, Field, FieldKind, Notice, Rejected, Screen, Sheet
from sendwright.senders.gmail.settings import SenderProof
from sendwright.texts import text
from sendwright.world import Progress, World

COMPARE = Action(name="compare", label="gmail.alias.compare", stays=True)
OWN = Action(name="own", label="gmail.alias.own", quiet=True)
SOURCE = "source"


class AliasStep(GmailStep):
    """A list that is read or a message that arrived shows it; whoever goes on without is reminded until one does.

    desk: what a send from this computer signs in with. handed: what the backend needs to send, where only it can.
    """

    id = ALIAS
    stop = SENDER

    def __init__(self, *, desk: Credentials, handed: Credentials) -> None:
        self._desk = desk
        self._handed = handed

    def applies(self, state: GmailAnswers) -> bool:
        """Where From shall not be the account's own address; a reconnection keeps its sender."""
        other = state.from_address.casefold() != state.mailbox.casefold()
        return state.connected and not state.reconnecting and other

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show both ways and what they have shown."""
        proven = state.proof_of("") is not SenderProof.UNPROVEN
        back_with_list = state.returning and may_read(state) and state.addresses is None
        return Sheet(
            step=self.id,
            title="gmail.alias.title",
            lead="gmail.alias.lead",
            values={"address": state.from_address, "account": state.mailbox},
            submit="wizard.continue" if proven else f"gmail.alias.{'anyway' if instead_of(state) else 'without'}",
            document=_document(state),
            cells=cells(state),
            fields=_fields(state),
            actions=(*((COMPARE,) if state.sent_at is not None else ()), replace(OWN, quiet=not instead_of(state))),
            notices=_notices(state, proven=proven),
            documents=(adding_document(state), it_sheet(state, world)),
            retry=READ if back_with_list else None,
            retry_at=world.clock() if back_with_list else None,
            begin=_begin(state, proven=proven),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Read, send or compare; go on, with what was shown or without."""
        match answer.get("action", ""):
            case "":
                return replace(state, returning=False)
            case OWN.name:
                return replace(chosen(state, ""), address=state.mailbox)
            case ALLOW.name:
                raise Elsewhere(replace(state, returning=True), step=PREPARE)
            case READ.name:
                return await _read(state, world)
            case SEND.name:
                state = replace(state, recipient=_recipient(state, answer))
                return await send_test(state, world, progress, desk=self._desk, handed=self._handed)
            case COMPARE.name:
                return _compared(state, answer, world)
            case _:
                raise Rejected({"action": "wizard.choose-one"})


async def _read(state: GmailAnswers, world: World) -> GmailAnswers:
    """Return `state` with the list, or with why Google does not show it: that is a result like any other."""
    others = {name: shown for name, shown in state.checks.items() if name != READING}
    try:
        return replace(await read_list(state, world), checks=others)
    except VaultUnavailable as unavailable:
        raise stopped_by(unavailable, state, after=replace(state, returning=False)) from unavailable
    except Failure as failure:
        problem = named(failure.evidence, state)
        refused = Shown(at=world.clock(), granted=False, problem=problem.code, evidence=problem.evidence)
        return replace(state, checks={**others, READING: refused}, returning=False)


def _compared(state: GmailAnswers, answer: Answer, world: World) -> GmailAnswers:
    """Return `state` with what the message shows. Raises Rejected where nothing can be said of it."""
    if state.sent_at is None:
        raise Rejected({SOURCE: "gmail.alias.not-sent"})
    words = answer.get(SOURCE, "")
    if not words.strip():
        raise Rejected({SOURCE: "gmail.alias.source-missing"})
    try:
        seen = read_arrived(words)
    except Unreadable as unreadable:
        raise Rejected({SOURCE: f"gmail.alias.unreadable.{unreadable.code}"}) from unreadable
    if not seen.sender:
        raise Rejected({SOURCE: "gmail.alias.unreadable.several-senders"})
    return compared(state, seen, at=world.clock())


def _begin(state: GmailAnswers, *, proven: bool) -> str:
    """Return what comes next: what arrived; never a way on past a sender that is known to be replaced."""
    if proven:
        return ""
    if instead_of(state):
        return OWN.name
    return SOURCE if state.sent_at is not None else ""


def _recipient(state: GmailAnswers, answer: Answer) -> str:
    try:
        return addresses.parse_address(answer.get("recipient", state.recipient or state.mailbox)).text
    except AddressInvalid as invalid:
        raise Rejected({"recipient": f"address.{invalid.code}"}) from invalid


def _document(state: GmailAnswers) -> Document:
    values = {"address": state.from_address, "account": state.mailbox}
    return Document(
        id="gmail-alias",
        title=text("gmail.alias.title"),
        blocks=(Paragraph(text=text("gmail.alias.why", **values)), Paragraph(text=text("gmail.alias.ways", **values))),
    )


def _fields(state: GmailAnswers) -> tuple[Field, ...]:
    to = Field(
        name="recipient",
        kind=FieldKind.EMAIL,
        label="gmail.alias.to",
        help="gmail.alias.to-help",
        value=state.recipient or state.mailbox,
    )
    if state.sent_at is None:
        return (to,)
    source = Field(name=SOURCE, kind=FieldKind.LINES, label="gmail.alias.source", help="gmail.alias.source-help")
    return (to, source)


def _notices(state: GmailAnswers, *, proven: bool) -> tuple[Notice, ...]:
    values = {"address": state.from_address, "account": state.mailbox}
    instead = instead_of(state)
    found = []
    if state.returning and not reads_addresses(state.scopes):
        found.append(Notice(key="gmail.alias.not-allowed"))
    if instead:
        found.append(Notice(key="gmail.alias.replaced", values={**values, "instead": instead}, warning=True))
    elif not proven:
        found.append(Notice(key="gmail.alias.unproven", values=values, warning=True))
        if state.sent_at is not None:
            found.append(Notice(key="gmail.alias.next", values={"to": state.recipient}, field=SOURCE))
    return tuple(found)
