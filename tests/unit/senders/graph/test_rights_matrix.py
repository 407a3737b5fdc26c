"""Who may send as a shared mailbox: every combination of three rights and a permission, by every route."""

from collections.abc import AsyncIterator

import pytest
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import EVERYTHING, Simulated, simulated

from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, INFO, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.problems.classify import classify
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import TOKEN
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.sender import SendFailed

YES, BEHALF = "sent", "sent on behalf"
RIGHT = "sender-not-allowed"  # neither Send As nor Send on Behalf
ACCESS = "graph-access-denied"  # the permission Mail.Send.Shared, or Full Access
SIGN_IN = "oauth-token-refused"  # SMTP opens no mailbox without Full Access

# Send As, Send on Behalf, Full Access, Mail.Send.Shared: by /me, by /users/{mailbox}, by SMTP, as an application
MATRIX: dict[tuple[int, int, int, int], tuple[str, str, str, str]] = {
    (0, 0, 0, 0): (ACCESS, ACCESS, SIGN_IN, YES),
    (0, 0, 0, 1): (RIGHT, ACCESS, SIGN_IN, YES),
    (0, 0, 1, 0): (ACCESS, ACCESS, YES, YES),
    (0, 0, 1, 1): (RIGHT, RIGHT, YES, YES),
    (0, 1, 0, 0): (ACCESS, ACCESS, SIGN_IN, YES),
    (0, 1, 0, 1): (BEHALF, ACCESS, SIGN_IN, YES),
    (0, 1, 1, 0): (ACCESS, ACCESS, YES, YES),
    (0, 1, 1, 1): (BEHALF, BEHALF, YES, YES),
    (1, 0, 0, 0): (ACCESS, ACCESS, SIGN_IN, YES),
    (1, 0, 0, 1): (YES, ACCESS, SIGN_IN, YES),
    (1, 0, 1, 0): (ACCESS, ACCESS, YES, YES),
    (1, 0, 1, 1): (YES, YES, YES, YES),
    (1, 1, 0, 0): (ACCESS, ACCESS, SIGN_IN, YES),
    (1, 1, 0, 1): (YES, ACCESS, SIGN_IN, YES),
    (1, 1, 1, 0): (ACCESS, ACCESS, YES, YES),
    (1, 1, 1, 1): (YES, YES, YES, YES),
}
ROUTES = (
    (Way.ACCOUNT, Route.ME),
    (Way.ACCOUNT, Route.MAILBOX),
    (Way.ACCOUNT, Route.SMTP),
    (Way.APPLICATION, Route.MAILBOX),
)
RIGHTS = (Right.SEND_AS, Right.SEND_ON_BEHALF, Right.FULL_ACCESS)


@pytest.fixture
async def contoso() -> AsyncIterator[Simulated]:
    async with simulated() as world:
        world.tenant.scoped[CLIENT_ID] = {NOREPLY}
        yield world


async def outcome(world: Simulated, way: Way, route: Route, *, mailbox: str = NOREPLY) -> str:
    """Send once, really; return how it went, as recipients see it, or the problem's code."""
    world.inbox.clear()
    token = world.application() if way is Way.APPLICATION else world.access(outlook=route is Route.SMTP)
    sender = open_sender(world.profile(way, route, mailbox=mailbox), {TOKEN: token}, world.network)
    try:
        await sender.submit(outgoing(sender_address=mailbox))
    except SendFailed as failed:
        evidence = failed.evidence
        return "perhaps sent" if evidence.perhaps_sent or world.inbox else classify(evidence).code
    finally:
        await sender.close()
    (arrived,) = world.inbox
    assert mailbox in arrived.sender
    assert "Notices" in arrived.sender
    if not arrived.on_behalf_of:
        return YES
    assert BEN in arrived.sender_header
    return BEHALF


@pytest.mark.parametrize("held", list(MATRIX), ids=lambda held: "".join(map(str, held)))
async def test_every_combination_gives_the_right_cell(contoso: Simulated, held: tuple[int, int, int, int]) -> None:
    rights = [right for right, has in zip(RIGHTS, held, strict=False) if has]
    contoso.tenant.grant(BEN, NOREPLY, *rights)
    contoso.tenant.consents[CLIENT_ID] = EVERYTHING if held[3] else EVERYTHING - {"Mail.Send.Shared"}
    found = tuple([await outcome(contoso, way, route) for way, route in ROUTES])
    assert found == MATRIX[held]


def test_the_table_holds_every_combination() -> None:
    assert sorted(MATRIX) == [(a, b, c, d) for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)]


@pytest.mark.parametrize(
    ("role", "scoped", "wanted", "control"),
    [
        (True, set(), YES, YES),  # it may send as everybody: to be warned of
        (True, {NOREPLY}, YES, YES),  # scoping does nothing beside the role, the two add up
        (False, {NOREPLY}, YES, ACCESS),
        (False, {NOREPLY, INFO}, YES, YES),
        (False, set(), ACCESS, ACCESS),
    ],
)
async def test_a_control_mailbox_proves_both_ways_what_an_application_may(
    contoso: Simulated, role: bool, scoped: set[str], wanted: str, control: str
) -> None:
    contoso.tenant.app_roles[CLIENT_ID] = {"Mail.Send"} if role else set()
    contoso.tenant.scoped[CLIENT_ID] = scoped
    found = [await outcome(contoso, Way.APPLICATION, Route.MAILBOX, mailbox=one) for one in (NOREPLY, INFO)]
    assert found == [wanted, control]


async def test_the_sent_copy_lies_where_the_route_says(contoso: Simulated) -> None:
    contoso.tenant.grant(BEN, NOREPLY, *RIGHTS)
    for way, route in ROUTES:
        await outcome(contoso, way, route)
    assert [copy.mailbox for copy in contoso.microsoft.sent_items] == [BEN, NOREPLY, NOREPLY, NOREPLY]


async def test_a_right_that_was_taken_back_is_a_refusal_at_once(contoso: Simulated) -> None:
    contoso.tenant.grant(BEN, NOREPLY, Right.SEND_AS)
    assert await outcome(contoso, Way.ACCOUNT, Route.ME) == YES
    contoso.tenant.withdraw(BEN, NOREPLY, Right.SEND_AS)
    assert await outcome(contoso, Way.ACCOUNT, Route.ME) == RIGHT


async def test_an_account_sends_as_itself_without_any_further_right(contoso: Simulated) -> None:
    contoso.tenant.consents[CLIENT_ID] = {"Mail.Send", "User.Read", "SMTP.Send"}
    found = [await outcome(contoso, Way.ACCOUNT, route, mailbox=BEN) for route in Route]
    assert found == [YES, YES, YES]
