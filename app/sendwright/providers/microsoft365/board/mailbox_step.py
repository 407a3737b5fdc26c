"""The screen that asks which mailbox shall send, and which one an application must be kept out of."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.domains import INITIAL_DOMAINS
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Choice, Field, FieldKind, Form, Notice, Option, Rejected, Screen
from sendwright.senders.graph.settings import Route, Way
from sendwright.world import Progress, World

OWN = "own"
OTHER = "other"


class MailboxStep:
    """Own mailbox or another one for a signed-in account; mailbox and control mailbox for the application."""

    id = "ms-mailbox"
    stop = "sender"

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Once somebody signed in or consented; a reconnection keeps its mailbox."""
        return state.connected and not state.reconnecting

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Ask, with what is good to know of either way."""
        del world
        return _application(state) if state.way is Way.APPLICATION else _account(state)

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Take sound addresses; what was proven of another mailbox is not proven of this one."""
        del world, progress
        wrong: dict[str, str] = {}
        if state.way is Way.APPLICATION:
            mailbox = _typed(answer, "mailbox", wrong)
            control = _typed(answer, "control", wrong, optional=True)
            if mailbox and mailbox.lower() == control.lower():
                wrong["control"] = "microsoft365.mailbox.control-same"
        else:
            control = state.control
            match answer.get("choice"):
                case "own" if state.account is not None:
                    mailbox = state.account.username
                case "other":
                    mailbox = _typed(answer, "mailbox", wrong)
                case _:
                    raise Rejected({"choice": "wizard.choose-one"})
        if wrong:
            raise Rejected(wrong)
        return _settled(state, mailbox, control)

    async def advise(self, state: MicrosoftAnswers, answer: Answer, world: World) -> Advice:
        """Warn of an address that may write to few people only."""
        del world
        if state.way is Way.ACCOUNT and answer.get("choice", OTHER) == OWN:
            return Advice(notices=limited(state.account.username if state.account else ""))
        return Advice(notices=limited(answer.get("mailbox", "")))


def limited(mailbox: str) -> tuple[Notice, ...]:
    """Return the warning for an address below the organisation's initial domain, if it is one."""
    domain = mailbox.strip().lower().rpartition("@")[2]
    if not domain.endswith(INITIAL_DOMAINS):
        return ()
    return (Notice(key="microsoft365.mailbox.onmicrosoft", values={"domain": domain}, field="mailbox", warning=True),)


def _settled(state: MicrosoftAnswers, mailbox: str, control: str) -> MicrosoftAnswers:
    proofs = state.proofs
    if mailbox.lower() != state.mailbox.lower():
        return replace(state, mailbox=mailbox, control=control, proofs={}, trial=None, route=_route(state))
    if control.lower() != state.control.lower():
        proofs = {name: proof for name, proof in state.proofs.items() if name != "control"}
    return replace(state, mailbox=mailbox, control=control, proofs=proofs)


def _route(state: MicrosoftAnswers) -> Route:
    return Route.MAILBOX if state.way is Way.APPLICATION else Route.ME


def _typed(answer: Answer, name: str, wrong: dict[str, str], *, optional: bool = False) -> str:
    """Return the address in the field `name`; what is wrong with it goes into `wrong`."""
    typed = answer.get(name, "")
    if optional and not typed.strip():
        return ""
    try:
        return addresses.parse_address(typed).text
    except AddressInvalid as invalid:
        wrong[name] = f"address.{invalid.code}"
        return ""


def _mailbox_field(state: MicrosoftAnswers, value: str) -> Field:
    return Field(
        name="mailbox",
        kind=FieldKind.EMAIL,
        label="microsoft365.mailbox.mailbox",
        help="microsoft365.mailbox.mailbox-help",
        placeholder="sender.address-placeholder",
        value=value,
        only_for=OTHER if state.way is Way.ACCOUNT else "",
    )


def _account(state: MicrosoftAnswers) -> Choice:
    username = state.account.username if state.account else ""
    typed = state.mailbox if state.shared else ""
    if not typed and not state.mailbox and state.address.lower() != username.lower():
        typed = state.address  # typed as the notifications' address before anybody signed in
    return Choice(
        step=MailboxStep.id,
        title="microsoft365.mailbox.title",
        lead="microsoft365.mailbox.lead-account",
        values={"account": username},
        options=(
            Option(
                value=OWN, label="microsoft365.mailbox.own", detail="microsoft365.mailbox.own-detail", icon="person",
                note=username,
            ),
            Option(
                value=OTHER, label="microsoft365.mailbox.another", detail="microsoft365.mailbox.another-detail",
                icon="inbox",
            ),
        ),
        chosen=OTHER if typed else OWN,
        fields=(_mailbox_field(state, typed),),
        notices=(
            Notice(key="microsoft365.mailbox.blocked"),
            Notice(key="microsoft365.mailbox.copies"),
            Notice(key="microsoft365.mailbox.aliases"),
            *limited(typed or username),
        ),
    )  # fmt: skip


def _application(state: MicrosoftAnswers) -> Form:
    mailbox = state.mailbox or state.address
    control = Field(
        name="control",
        kind=FieldKind.EMAIL,
        label="microsoft365.mailbox.control",
        help="microsoft365.mailbox.control-help",
        placeholder="microsoft365.mailbox.control-placeholder",
        value=state.control,
    )
    return Form(
        step=MailboxStep.id,
        title="microsoft365.mailbox.title",
        lead="microsoft365.mailbox.lead-application",
        fields=(_mailbox_field(state, mailbox), control),
        notices=(
            Notice(key="microsoft365.mailbox.no-licence"),
            Notice(key="microsoft365.mailbox.aliases"),
            *limited(mailbox),
        ),
    )
