"""The commands of the IT sheet: everything to grant, to check and to undo, for what was chosen."""

from collections.abc import Iterator

from sendwright.document.blocks import AnyBlock, Command, Heading, Link, Paragraph
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.cells import APPLICATION
from sendwright.providers.microsoft365.powershell import application_recipes, check_recipes, mailbox_recipes
from sendwright.providers.microsoft365.powershell.connecting import connect, connect_graph, graph_modules
from sendwright.providers.microsoft365.powershell.recipe import Purpose, Recipe
from sendwright.senders.graph.settings import Route, Way
from sendwright.texts import text


def commands(state: MicrosoftAnswers, *, name: str, proof_to: str) -> Iterator[AnyBlock]:
    """Yield the commands by what they are for, those that change something apart from those that only look.

    name: of the application, as Exchange shall call it. proof_to: where test messages went.
    """
    if not state.mailbox:
        yield Heading(text=text("microsoft365.it.commands-grant"))
        yield Paragraph(text=text("microsoft365.it.no-mailbox"))
        return
    recipes = tuple(_recipes(state, name=name, proof_to=proof_to))
    if state.way is Way.APPLICATION:
        yield Heading(text=text("microsoft365.it.object-id"))
        yield Paragraph(text=text("microsoft365.it.object-id-how"))
        portal = state.registration.place.portal
        yield Link(
            label=text("microsoft365.it.object-id-page"),
            address=portal,
            path="Entra ID > Enterprise apps > All applications > (the app) > Properties > Object ID",
        )
        yield Paragraph(text=text("microsoft365.it.additive"), strong=True)
    for purpose in Purpose:
        yield Heading(text=text(f"microsoft365.it.commands-{purpose}"))
        if purpose is Purpose.GRANT:
            yield Paragraph(text=text(f"microsoft365.it.takes-time-{state.way}"))
        yield from _of(recipes, purpose)


def _of(recipes: tuple[Recipe, ...], purpose: Purpose) -> Iterator[Command]:
    yield from (recipe.block for recipe in recipes if recipe.purpose is purpose)


def _recipes(state: MicrosoftAnswers, *, name: str, proof_to: str) -> Iterator[Recipe]:
    place = {"cloud": state.cloud, "tenant": state.tenant_id or state.tenant}
    mailbox = state.mailbox
    yield connect(state.cloud)
    if state.client_id:
        yield graph_modules()
    if state.way is Way.APPLICATION:
        yield application_recipes.object_id_lookup(state.client_id, **place)
        yield from application_recipes.scoping(state.client_id, mailbox, name=name, control=state.control)
        yield application_recipes.unlimited_grant(state.client_id, **place)
    elif state.shared and state.account is not None:
        account = state.account.username
        yield from mailbox_recipes.send_as(mailbox, account)
        yield from mailbox_recipes.send_on_behalf(mailbox, account)
        if state.route is not Route.ME:
            yield from mailbox_recipes.full_access(mailbox, account)
        yield from mailbox_recipes.copies(mailbox)
    if state.route is Route.SMTP:
        yield from mailbox_recipes.smtp(mailbox)
    yield check_recipes.mailbox_kind(mailbox)
    yield from check_recipes.organisation()
    proof = state.proofs.get(APPLICATION if state.way is Way.APPLICATION else str(state.route))
    if proof is not None and proof.accepted and proof_to:
        yield check_recipes.message_trace(mailbox, proof_to, at=proof.at)
    if state.way is Way.ACCOUNT and state.account is not None:
        line = connect_graph(place["cloud"], place["tenant"], "User.RevokeSessions.All")
        yield check_recipes.sessions(state.account.username, connection=line)
    if state.client_id:
        yield application_recipes.revoke(state.client_id, **place)
