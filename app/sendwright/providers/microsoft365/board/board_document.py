"""What stands above the cells of the board: what a try does, what lacks and how it is granted, what was pasted."""

from collections.abc import Iterable, Iterator

from sendwright.document.blocks import AnyBlock, Document, Heading, Lines, Paragraph
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.cells import combinations
from sendwright.providers.microsoft365.board.rights import Missing, good, reaches_all
from sendwright.providers.microsoft365.board.waiting import waits
from sendwright.providers.microsoft365.powershell import application_recipes, mailbox_recipes
from sendwright.providers.microsoft365.powershell.connecting import connect, graph_modules
from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.reading import read_output
from sendwright.providers.microsoft365.powershell.recipe import Purpose, Recipe
from sendwright.providers.microsoft365.powershell.verdict import Reading, Shown
from sendwright.senders.graph.settings import Route, Way
from sendwright.texts import text
from sendwright.world import World


def expected(state: MicrosoftAnswers) -> Expected:
    """Return what pasted output has to show."""
    account = state.account if state.way is Way.ACCOUNT else None
    return Expected(
        mailbox=state.mailbox,
        account=account.username if account else "",
        name=account.name if account else "",
        oid=account.oid if account else "",
        client_id=state.client_id if account is None else "",
        control=state.control if account is None else "",
        smtp=state.route is Route.SMTP,
    )


def reading_of(state: MicrosoftAnswers) -> Reading:
    """Return what the pasted output shows."""
    return read_output(state.output, expected(state)) if state.output.strip() else Reading()


def board_document(state: MicrosoftAnswers, reading: Reading) -> Document:
    """Return the words above the cells."""
    return Document(
        id="microsoft-365-board", title=text("microsoft365.board.title"), blocks=tuple(_blocks(state, reading))
    )


def commands_document(state: MicrosoftAnswers, world: World) -> Document | None:
    """Return what IT can run to grant what lacks, and to check it; None where nothing lacks that commands can give."""
    name = world.deployment.microsoft.name or world.deployment.platform.name
    recipes = recipes_for(state, _lacking(state), name=name)
    if not recipes:
        return None
    blocks = (
        *_commands(recipes, Purpose.GRANT, "microsoft365.board.to-grant"),
        *_commands(recipes, Purpose.VERIFY, "microsoft365.board.to-check"),
    )
    return Document(id="microsoft-365-commands", title=text("microsoft365.board.commands"), blocks=blocks)


def recipes_for(state: MicrosoftAnswers, lacking: Iterable[str], *, name: str) -> tuple[Recipe, ...]:
    """Return the recipes that grant, check and undo the rights `lacking`, with the session before them."""
    wanted = set(lacking)
    if not wanted:
        return ()
    found = [connect(state.cloud)]
    if state.way is Way.APPLICATION:
        found += _for_application(state, name=name)
    elif state.account is not None:
        who, of = state.account.username, state.mailbox
        if wanted & {Missing.SEND_AS, Missing.SEND_ON_BEHALF}:
            found += [*mailbox_recipes.send_as(of, who), *mailbox_recipes.send_on_behalf(of, who)]
        if Missing.FULL_ACCESS in wanted:
            found += mailbox_recipes.full_access(of, who)
        if Missing.POLICY in wanted:
            found += mailbox_recipes.smtp(of)
    return tuple(found) if len(found) > 1 else ()


def _for_application(state: MicrosoftAnswers, *, name: str) -> tuple[Recipe, ...]:
    place = {"cloud": state.cloud, "tenant": state.tenant_id or state.tenant}
    return (
        graph_modules(),
        application_recipes.object_id_lookup(state.client_id, **place),
        *application_recipes.scoping(state.client_id, state.mailbox, name=name, control=state.control),
        application_recipes.unlimited_grant(state.client_id, **place),
    )


def _blocks(state: MicrosoftAnswers, reading: Reading) -> Iterator[AnyBlock]:
    yield Paragraph(text=text(f"microsoft365.board.intro-{state.way}", mailbox=state.mailbox))
    lacking = _lacking(state)
    for resource in _without_scope(state):
        yield Paragraph(text=text(f"microsoft365.board.scope-lacks-{resource}"))
    if recipes_for(state, lacking, name=""):
        yield Paragraph(text=text("microsoft365.board.commands-there", title=text("microsoft365.board.commands")))
    if reading.shown is not Shown.NOTHING or reading.lines:
        yield Heading(text=text("microsoft365.board.pasted"))
        yield Paragraph(text=text(f"microsoft365.powershell.reading.{reading.shown}"), strong=True)
        if _there_already(state, reading):
            yield Paragraph(text=text("microsoft365.board.there-already"))
        if reading.shortened:
            yield Paragraph(text=text("microsoft365.powershell.reading.shortened"))
        yield Lines(label=text("microsoft365.powershell.reading.label"), lines=reading.lines)


def _commands(recipes: Iterable[Recipe], purpose: Purpose, heading: str) -> Iterator[AnyBlock]:
    chosen = [recipe for recipe in recipes if recipe.purpose is purpose]
    if chosen:
        yield Heading(text=text(heading))
        yield from (recipe.block for recipe in chosen)


def _lacking(state: MicrosoftAnswers) -> set[str]:
    """Return what was missing in the last tries of cells, and what an application has too much of."""
    found = {
        proof.missing
        for one in combinations(state)
        if (proof := state.proofs.get(one.id)) and not one.control and not good(proof, one, state) and proof.missing
    }
    return found | ({str(Missing.SCOPE)} if reaches_all(state) else set())


def _without_scope(state: MicrosoftAnswers) -> Iterator[str]:
    """Yield which sign-in lacks a permission: that for Graph, or that for SMTP, which nobody asked for yet."""
    if state.way is Way.APPLICATION:
        return
    routes = {
        one.route
        for one in combinations(state)
        if (proof := state.proofs.get(one.id)) and not proof.accepted and proof.missing == Missing.SCOPE
    }
    if routes - {Route.SMTP}:
        yield "graph"
    if Route.SMTP in routes:
        yield "smtp"


def _there_already(state: MicrosoftAnswers, reading: Reading) -> bool:
    """Whether the output shows a right that a try was refused for, and nobody said yet that it was granted."""
    there = {name for name, given in reading.rights.items() if given}
    if "send-on-behalf" in there:
        there.add(str(Missing.SEND_AS))  # either would have done
    return any(
        not proof.accepted and proof.missing in there and not waits(state, one)
        for one in combinations(state)
        if not one.control and (proof := state.proofs.get(one.id))
    )
