"""The page on which a delegation is granted, and tried."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.gmail.answers import Check, GmailAnswers
from sendwright.providers.gmail.connection import without_proof
from sendwright.providers.gmail.credentials import Credentials
from sendwright.providers.gmail.for_it.it_sheet import it_sheet
from sendwright.providers.gmail.service_account.checks import checks_of, shown_of, tried
from sendwright.providers.gmail.service_account.delegation_cells import GRANTED, TRY, cells
from sendwright.providers.gmail.service_account.delegation_document import delegation_document
from sendwright.providers.gmail.service_account.meaning import Meaning, due, given, meaning_of
from sendwright.providers.gmail.step import GmailStep
from sendwright.screens import Action, Answer, Elsewhere, Field, FieldKind, Halted, Notice, Rejected, Screen, Sheet
from sendwright.senders.gmail.settings import Way
from sendwright.world import Progress, World

RETRY = Action(name="retry", label="gmail.delegation.retry", stays=True)


class DelegationStep(GmailStep):
    """What is to be entered in the Admin console, and what Google gives then.

    handed: what the backend needs to send, where only it can sign.
    """

    id = "gmail-delegation"

    def __init__(self, *, handed: Credentials) -> None:
        self._handed = handed

    def applies(self, state: GmailAnswers) -> bool:
        """Once the service account is known."""
        return state.way is Way.SERVICE_ACCOUNT and bool(state.service_account_id)

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Show what is to be entered, and what was tried."""
        again, document = due(state), delegation_document(state)
        return Sheet(
            step=self.id,
            title="gmail.delegation.title",
            lead="gmail.delegation.lead",
            submit="wizard.continue" if given(state) else "gmail.delegation.check",
            document=document,
            cells=cells(state) if state.subject else (),
            fields=_fields(state),
            notices=_notices(state),
            documents=(document, it_sheet(state, world)),
            retry=RETRY if again is not None else None,
            retry_at=again,
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Try one check, or all that were not tried; go on once Google gives a token and everything was seen."""
        action = answer.get("action", "")
        if action == RETRY.name:
            return await self._retried(state, world, progress)
        state = _typed(state, answer)
        if not action:
            return await self._all(state, world, progress)
        name = action.removeprefix(TRY).removeprefix(GRANTED)
        check = next((one for one in checks_of(state) if str(one) == name), None)
        if check is None:
            raise Rejected({"action": "wizard.choose-one"})
        if action.startswith(GRANTED):
            state = replace(state, delegated_at=world.clock())
        return await self._tried(state, check, world, progress)

    async def _tried(self, state: GmailAnswers, check: Check, world: World, progress: Progress) -> GmailAnswers:
        """Try one; where the mailbox is given now, what was refused with it is tried as well."""
        state = await tried(state, check, world, progress, handed=self._handed)
        if check is not Check.SENDER or not given(state):
            return state
        for other in checks_of(state):
            if meaning_of(state, other) in {None, Meaning.TOO_EARLY}:
                state = await tried(state, other, world, progress, handed=self._handed)
        return state

    async def _all(self, state: GmailAnswers, world: World, progress: Progress) -> GmailAnswers:
        """Return `state` where all was seen before. Raises Elsewhere, to this page, where something is new on it."""
        if given(state) and all(shown_of(state, check) is not None for check in checks_of(state)):
            return state
        known = {check: meaning_of(state, check) for check in checks_of(state)}
        for check in checks_of(state):
            if not given(state) or shown_of(state, check) is None:
                state = await self._tried(state, check, world, progress)
            if not given(state):
                break
        found = {check: meaning_of(state, check) for check in checks_of(state)}
        if not given(state) or any(
            found[check] is not Meaning.ONLY_SENDING and found[check] is not known[check]
            for check in checks_of(state)
            if check is not Check.SENDER
        ):
            raise Elsewhere(state, step=self.id)
        return state

    async def _retried(self, state: GmailAnswers, world: World, progress: Progress) -> GmailAnswers:
        """Try what is due. Nobody pressed a button: what stands in the way of trying is no reason to stop the page."""
        again, shown = due(state), shown_of(state, Check.SENDER)
        if again is None or shown is None or again > world.clock():
            return state
        try:
            return await self._tried(state, Check.SENDER, world, progress)
        except Halted as halted:
            kept = halted.state if isinstance(halted.state, GmailAnswers) else state
            return replace(kept, checks={**kept.checks, str(Check.SENDER): replace(shown, at=world.clock())})


def _typed(state: GmailAnswers, answer: Answer) -> GmailAnswers:
    """Return `state` with both addresses; what was shown of others is not shown of these. Raises Rejected."""
    wrong: dict[str, str] = {}
    subject = _address(answer, "subject", state.subject, wrong)
    control = _address(answer, "control", state.control, wrong, optional=True)
    if subject and subject.casefold() == control.casefold():
        wrong["control"] = "gmail.delegation.control-same"
    if wrong:
        raise Rejected(wrong)
    if subject.casefold() != state.subject.casefold():
        state = without_proof(replace(state, checks={}, trial=None))
    elif control.casefold() != state.control.casefold():
        others = {name: shown for name, shown in state.checks.items() if name != str(Check.CONTROL)}
        state = replace(state, checks=others)
    return replace(state, subject=subject, control=control)


def _address(answer: Answer, name: str, known: str, wrong: dict[str, str], *, optional: bool = False) -> str:
    typed = answer.get(name, known)
    if optional and not typed.strip():
        return ""
    try:
        return addresses.parse_address(typed).text
    except AddressInvalid as invalid:
        wrong[name] = f"address.{invalid.code}"
        return ""


def _fields(state: GmailAnswers) -> tuple[Field, ...]:
    return (
        Field(
            name="subject",
            kind=FieldKind.EMAIL,
            label="gmail.delegation.subject",
            help="gmail.delegation.subject-help",
            placeholder="sender.address-placeholder",
            value=state.subject or state.address,
        ),
        Field(
            name="control",
            kind=FieldKind.EMAIL,
            label="gmail.delegation.control",
            help="gmail.delegation.control-help",
            value=state.control,
        ),
    )


def _notices(state: GmailAnswers) -> tuple[Notice, ...]:
    found = []
    if meaning_of(state, Check.CONTROL) is Meaning.REACHES:
        found.append(Notice(key="gmail.delegation.reaches", values={"control": state.control}, warning=True))
    if meaning_of(state, Check.BROADER) is Meaning.BROADER:
        found.append(Notice(key="gmail.delegation.too-much", warning=True))
    return tuple(found)
