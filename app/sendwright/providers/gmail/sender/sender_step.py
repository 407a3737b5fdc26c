"""The screen that asks from which address messages go."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.connection import without_proof
from sendwright.providers.gmail.sender.adding import adding_document
from sendwright.providers.gmail.sender.listed import proof_by_list
from sendwright.providers.gmail.sender.small_test import TEST
from sendwright.providers.gmail.step import SENDER, GmailStep
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Choice, Field, FieldKind, Notice, Option, Rejected, Screen
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.world import Progress, World

OWN = "own"
OTHER = "other"


class SenderStep(GmailStep):
    """The account's own address, which is always right, or another one, which Gmail has to know."""

    id = "gmail-sender"
    stop = SENDER

    def applies(self, state: GmailAnswers) -> bool:
        """Once a mailbox can be used; a reconnection keeps its sender."""
        return state.connected and not state.reconnecting

    def show(self, state: GmailAnswers, world: World) -> Screen:
        """Ask, with what is good to know of another address."""
        del world
        typed = state.sender or _typed_before(state)
        return Choice(
            step=self.id,
            title="gmail.sender.title",
            lead=f"gmail.sender.lead-{state.way}",
            values={"account": state.mailbox},
            options=(
                Option(
                    value=OWN,
                    label=f"gmail.sender.own-{state.way}",
                    detail="gmail.sender.own-detail",
                    icon="person",
                    note=state.mailbox,
                ),
                Option(value=OTHER, label="gmail.sender.another", detail="gmail.sender.another-detail", icon="inbox"),
            ),
            chosen=OTHER if typed else OWN,
            fields=(
                Field(
                    name="sender",
                    kind=FieldKind.EMAIL,
                    label="gmail.sender.address",
                    help="gmail.sender.address-help",
                    placeholder="sender.address-placeholder",
                    value=typed,
                    only_for=OTHER,
                ),
            ),
            notices=_remarks(state, typed),
            documents=(adding_document(state),),
        )

    async def accept(self, state: GmailAnswers, answer: Answer, world: World, progress: Progress) -> GmailAnswers:
        """Take a sound address; what was proven of another one is not proven of this one."""
        del world, progress
        match answer.get("choice"):
            case "own":
                return replace(chosen(state, ""), address=state.mailbox)  # nor is another one proposed any more
            case "other":
                try:
                    typed = addresses.parse_address(answer.get("sender", "")).text
                except AddressInvalid as invalid:
                    raise Rejected({"sender": f"address.{invalid.code}"}) from invalid
                return chosen(state, typed)
            case _:
                raise Rejected({"choice": "wizard.choose-one"})

    async def advise(self, state: GmailAnswers, answer: Answer, world: World) -> Advice:
        """Tell what an address of another domain needs."""
        del world
        if answer.get("choice", OTHER) == OWN:
            return Advice()
        return Advice(notices=_remarks(state, answer.get("sender", "")))


def chosen(state: GmailAnswers, address: str) -> GmailAnswers:
    """Return `state` with `address` for From; empty, or the mailbox's own: its own.

    The list that was read stays what it is, and is asked about the new address.
    """
    wanted = "" if address.casefold() == state.mailbox.casefold() else address
    if wanted.casefold() == state.sender.casefold():
        return replace(state, sender=wanted)
    listed, read_at = state.addresses, state.read_at
    checks = {name: shown for name, shown in state.checks.items() if name != TEST}
    state = replace(without_proof(replace(state, sender=wanted)), addresses=listed, read_at=read_at, checks=checks)
    return replace(state, proof=proof_by_list(state) if wanted else SenderProof.OWN)


def _typed_before(state: GmailAnswers) -> str:
    """Return the address that was typed before anybody signed in, where it could be another one of this mailbox."""
    same_domain = _domain(state.address) == _domain(state.mailbox)
    return state.address if same_domain and state.address.casefold() != state.mailbox.casefold() else ""


def _remarks(state: GmailAnswers, typed: str) -> tuple[Notice, ...]:
    """Return what is good to know where another address is wanted, at its field."""
    usual = (Notice(key="gmail.sender.alias", field="sender"), Notice(key="gmail.sender.group", field="sender"))
    return (*usual, *_of_other_domain(state, typed))


def _of_other_domain(state: GmailAnswers, typed: str) -> tuple[Notice, ...]:
    domain = _domain(typed)
    if not domain or domain == _domain(state.mailbox):
        return ()
    personal = state.way is Way.ACCOUNT and state.account is not None and not state.account.domain
    key = "gmail.sender.other-domain-personal" if personal else "gmail.sender.other-domain"
    return (Notice(key=key, values={"domain": domain}, field="sender"),)


def _domain(address: str) -> str:
    return address.strip().rpartition("@")[2].casefold() if "@" in address else ""
