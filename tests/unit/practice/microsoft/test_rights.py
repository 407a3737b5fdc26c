"""Whose a message is: every combination of rights, on every route."""

from datetime import timedelta
from itertools import product

import pytest
from tests.unit.practice.microsoft.test_graph import failed, mime, send
from tests.unit.practice.microsoft.visiting import World

from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, INFO, NOREPLY, contoso
from sendwright.practice.microsoft.rights import Denied, identity, may_use
from sendwright.practice.microsoft.tenant import Right, Tenant
from sendwright.practice.microsoft.tokens import Bearer

EVERY = [*product([False, True], repeat=4)]


def bearer(*permissions: str, username: str = BEN) -> Bearer:
    return Bearer(
        tenant="", client_id=CLIENT_ID, audience="", username=username, permissions=frozenset(permissions), expires_at=0
    )


def tenant(**held: bool) -> Tenant:
    made = contoso()
    made.rights.clear()
    for name, on in held.items():
        if on:
            made.grant(BEN, NOREPLY, Right(name.replace("_", "-")))
    return made


@pytest.mark.parametrize(("send_as", "on_behalf", "full_access", "scope"), EVERY)
def test_at_one_s_own_mailbox_send_as_or_on_behalf_and_the_scope_decide(
    send_as: bool, on_behalf: bool, full_access: bool, scope: bool
) -> None:
    who = bearer("Mail.Send", *(["Mail.Send.Shared"] if scope else []))
    made = tenant(send_as=send_as, send_on_behalf=on_behalf, full_access=full_access)
    may_use(made, who, BEN)
    if not scope or not (send_as or on_behalf):
        with pytest.raises(Denied) as caught:
            identity(made, who, at=BEN, sender=NOREPLY)
        assert caught.value.code == ("ErrorSendAsDenied" if scope else "ErrorAccessDenied")
        return
    found = identity(made, who, at=BEN, sender=NOREPLY)
    assert found.mailbox == NOREPLY
    assert found.sender == ("" if send_as else BEN)  # Send As comes first
    assert found.copies == (BEN,)


@pytest.mark.parametrize(("send_as", "on_behalf", "full_access", "scope"), EVERY)
def test_at_the_shared_mailbox_full_access_is_needed_too(
    send_as: bool, on_behalf: bool, full_access: bool, scope: bool
) -> None:
    who = bearer("Mail.Send", *(["Mail.Send.Shared"] if scope else []))
    made = tenant(send_as=send_as, send_on_behalf=on_behalf, full_access=full_access)
    if not scope or not full_access:
        with pytest.raises(Denied) as caught:
            may_use(made, who, NOREPLY)
        assert caught.value.code == "ErrorAccessDenied"
        return
    may_use(made, who, NOREPLY)
    if not (send_as or on_behalf):
        with pytest.raises(Denied) as caught:
            identity(made, who, at=NOREPLY, sender="")
        assert caught.value.code == "ErrorSendAsDenied"
        return
    found = identity(made, who, at=NOREPLY, sender="")
    assert (found.mailbox, found.sender, found.copies) == (NOREPLY, "" if send_as else BEN, (NOREPLY,))


def test_one_s_own_mailbox_needs_no_right_but_a_permission() -> None:
    made = tenant()
    assert identity(made, bearer("Mail.Send"), at=BEN, sender=BEN.upper()).mailbox == BEN
    with pytest.raises(Denied):
        may_use(made, bearer("User.Read"), BEN)


@pytest.mark.parametrize("sender", ["nobody@contoso.com", "jane@example.org", INFO])
def test_nobody_sends_as_what_is_not_granted(sender: str) -> None:
    with pytest.raises(Denied) as caught:
        identity(tenant(send_as=True), bearer("Mail.Send.Shared"), at=BEN, sender=sender)
    assert caught.value.code == "ErrorSendAsDenied"


@pytest.mark.parametrize(("right", "switch"), [("send_as", "copy_for_send_as"),
                                               ("send_on_behalf", "copy_for_send_on_behalf")])  # fmt: skip
def test_a_shared_mailbox_may_keep_a_copy(right: str, switch: str) -> None:
    made = tenant(**{right: True})
    setattr(made.policies, switch, True)
    assert identity(made, bearer("Mail.Send.Shared"), at=BEN, sender=NOREPLY).copies == (BEN, NOREPLY)


def test_a_right_acts_after_its_delay_and_ends_at_once() -> None:
    made = tenant()
    made.policies.grant_delay_s = 600
    made.grant(BEN, NOREPLY, Right.SEND_AS)
    assert not made.holds(BEN, NOREPLY, Right.SEND_AS)
    made.ahead = timedelta(seconds=300)
    made.grant(BEN, NOREPLY, Right.SEND_AS)  # once more, which begins nothing anew
    made.ahead = timedelta(seconds=601)
    assert made.holds(BEN.upper(), NOREPLY.upper(), Right.SEND_AS)
    made.withdraw(BEN, NOREPLY, Right.SEND_AS)
    assert not made.holds(BEN, NOREPLY, Right.SEND_AS)


async def test_recipients_see_who_sent_on_behalf_of_whom(world: World) -> None:
    world.tenant.rights.clear()
    world.tenant.grant(BEN, INFO, Right.SEND_ON_BEHALF)
    token = (await world.tokens())["access_token"]
    assert (await send(world, token, mime(f"Help desk <{INFO}>"))).status_code == 202
    (received,) = world.inbox
    assert received.sender == f"Help desk <{INFO}>"
    assert received.sender_header == f"Ben Example <{BEN}>"
    assert received.on_behalf_of == f"Help desk <{INFO}>"
    assert received.mailbox == BEN


async def test_with_send_as_recipients_see_nobody_else(world: World) -> None:
    token = (await world.tokens())["access_token"]
    assert (await send(world, token, mime(NOREPLY), path=f"users/{NOREPLY}")).status_code == 202
    (received,) = world.inbox
    assert (received.sender, received.sender_header, received.on_behalf_of) == (f"Contoso <{NOREPLY}>", "", "")
    assert [copy.mailbox for copy in world.microsoft.sent_items] == [NOREPLY]


@pytest.mark.parametrize(("allowed", "shown"), [(False, NOREPLY), (True, "alerts@contoso.com")])
async def test_another_address_of_a_mailbox_is_rewritten_unless_allowed(
    world: World, allowed: bool, shown: str
) -> None:
    world.tenant.aliases["alerts@contoso.com"] = NOREPLY
    world.tenant.policies.send_from_alias = allowed
    token = (await world.tokens())["access_token"]
    assert (await send(world, token, mime("Alerts <alerts@contoso.com>"))).status_code == 202
    assert world.inbox[0].sender == f"Alerts <{shown}>"


async def test_a_withdrawn_consent_takes_the_scope_from_the_next_token(world: World) -> None:
    token = (await world.tokens(scopes=("Mail.Send", "User.Read")))["access_token"]
    failed(await send(world, token, mime(NOREPLY)), 403, "ErrorAccessDenied")
    assert (await send(world, token)).status_code == 202
