"""The screens that find the mail server: whose address it is for, and the search itself."""

from collections.abc import Callable

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers.custom_smtp.answers import DEFAULT_PORT, SmtpAnswers
from sendwright.providers.custom_smtp.candidate import Candidate, Confidence
from sendwright.providers.custom_smtp.discovery import SOURCES, Discovery
from sendwright.providers.provider import Advice
from sendwright.screens import Action, Answer, Field, FieldKind, Form, Rejected, Screen, Working
from sendwright.senders.smtp.settings import Security
from sendwright.world import Progress, World

STOP = "connect"
BY_HAND = "by-hand"


class AddressStep:
    """Asks for the address to send from, and whether Mozilla may be asked about its domain."""

    id = "smtp-address"
    stop = STOP

    def applies(self, state: SmtpAnswers) -> bool:
        """Whether the walk comes past here: yes."""
        del state
        return True

    def show(self, state: SmtpAnswers, world: World) -> Screen:
        """Show the form; whoever knows the settings can pass the search by."""
        del world
        fields = (
            Field(
                name="address",
                kind=FieldKind.EMAIL,
                label="custom_smtp.address.label",
                help="custom_smtp.address.help",
                placeholder="custom_smtp.address.placeholder",
                value=state.address,
            ),
            Field(
                name="ask_mozilla",
                kind=FieldKind.TOGGLE,
                label="custom_smtp.address.ask-mozilla",
                help="custom_smtp.address.ask-mozilla-help",
                value="true" if state.ask_mozilla else "false",
            ),
        )
        return Form(
            step=self.id,
            title="custom_smtp.address.title",
            lead="custom_smtp.address.lead",
            submit="custom_smtp.address.search",
            fields=fields,
            actions=(Action(name=BY_HAND, label="custom_smtp.address.by-hand"),),
        )

    async def accept(self, state: SmtpAnswers, answer: Answer, world: World, progress: Progress) -> SmtpAnswers:
        """Take the address; pressing the button again searches again."""
        del world, progress
        if answer.get("action") == BY_HAND:
            return replace(state, searched=True)
        try:
            address = addresses.parse_address(answer.get("address", ""))
        except AddressInvalid as invalid:
            raise Rejected({"address": f"address.{invalid.code}"}) from invalid
        return replace(state, address=address.text, ask_mozilla=answer.get("ask_mozilla") == "true", searched=False)

    async def advise(self, state: SmtpAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()


class SearchStep:
    """Looks for the server. Never fails: what was not found is typed in on the next screen."""

    id = "smtp-search"
    stop = STOP

    def __init__(self, discovery: Callable[[World], Discovery]) -> None:
        self._discovery = discovery

    def applies(self, state: SmtpAnswers) -> bool:
        """Whether there is something to look for that was not looked for yet."""
        return bool(state.address) and not state.searched

    def show(self, state: SmtpAnswers, world: World) -> Screen:
        """Show the places that are asked."""
        del world
        return Working(
            step=self.id,
            title="custom_smtp.search.title",
            lead="custom_smtp.search.lead",
            values={"domain": state.address.rpartition("@")[2]},
            stages=SOURCES,
        )

    async def accept(self, state: SmtpAnswers, answer: Answer, world: World, progress: Progress) -> SmtpAnswers:
        """Search, and put the best proposal into the form unless somebody typed other settings there."""
        del answer
        domain = addresses.parse_address(state.address).ascii_domain
        search = await self._discovery(world).search(domain, ask_mozilla=state.ask_mozilla, progress=progress)
        found = replace(state, searched=True, candidates=search.candidates, remarks=search.remarks)
        if state.host and not _was_proposed(state):
            return found
        best = next((one for one in found.candidates if one.confidence is not Confidence.TO_CONFIRM), None)
        return _filled(found, best)

    async def advise(self, state: SmtpAnswers, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()


def _was_proposed(state: SmtpAnswers) -> bool:
    chosen = (state.host, state.port, state.security)
    return any(candidate.endpoint == chosen for candidate in state.candidates)


def _filled(state: SmtpAnswers, best: Candidate | None) -> SmtpAnswers:
    """Put `best` into the form; port 25 stands there where nothing is known."""
    if best is None:
        return replace(
            state,
            host="",
            port=DEFAULT_PORT,
            security=Security.STARTTLS,
            username=state.address,
            token_twice=False,
        )
    return replace(
        state,
        host=best.host,
        port=best.port,
        security=best.security,
        username=best.username_form.of(state.address),
        token_twice=False,
    )
