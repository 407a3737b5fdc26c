"""Submission at the simulated smtp.gmail.com, and at the relay of the Workspace."""

import base64
import json

import aiosmtplib
import pytest
from tests.servers.google import access_token
from tests.unit.practice.google.test_server import message
from tests.unit.practice.google.visiting import World

from sendwright.oauth.google.scopes import MAIL, USUAL
from sendwright.practice.google.example import ANNA, BEN, CLARA, NOTICES

ALL_MAIL = (*USUAL, MAIL)


async def connected(world: World, *, relay: bool = False) -> aiosmtplib.SMTP:
    port = world.google.relay_port if relay else world.google.smtp_port
    client = aiosmtplib.SMTP(hostname="localhost", port=port, tls_context=world.context, start_tls=True)
    await client.connect()
    await client.ehlo()
    return client


async def signed_in(
    client: aiosmtplib.SMTP, user: str, token: str
) -> tuple[aiosmtplib.SMTPResponse, aiosmtplib.SMTPResponse | None]:
    """Return the answers to XOAUTH2: the first, and the one to the empty line where a challenge came."""
    said = base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode())
    first = await client.execute_command(b"AUTH", b"XOAUTH2", said)
    return first, await client.execute_command(b"") if first.code == 334 else None


async def test_what_is_offered_is_what_google_offers(world: World) -> None:
    client = await connected(world)
    assert client.esmtp_extensions["size"] == "35882577"
    assert {"xoauth2", "plain", "login", "oauthbearer"} <= {one.lower() for one in client.server_auth_methods}
    client.close()


async def test_an_address_that_is_none_of_the_mailbox_is_replaced_and_kept_in_a_header(world: World) -> None:
    client = await connected(world)
    first, _ = await signed_in(client, ANNA, access_token(world.google, scopes=ALL_MAIL).reveal())
    assert first.code == 235
    await client.send_message(message("Team <team@example.org>"))
    await client.send_message(message(f"Notices <{NOTICES}>"))
    await client.quit()
    assert [one.sender for one in world.inbox] == [f"Anna Example <{ANNA}>", f"Notices <{NOTICES}>"]
    assert b"X-Google-Original-From: Team <team@example.org>" in world.inbox[0].source
    assert b"X-Google-Original-From" not in world.inbox[1].source


@pytest.mark.parametrize(("user", "scopes"), [(ANNA, USUAL), (BEN, ALL_MAIL)])
async def test_a_token_of_less_or_for_another_is_refused_in_two_steps(
    world: World, user: str, scopes: tuple[str, ...]
) -> None:
    client = await connected(world)
    first, second = await signed_in(client, user, access_token(world.google, scopes=scopes).reveal())
    assert json.loads(base64.b64decode(first.message)) == {
        "status": "400",
        "schemes": "Bearer",
        "scope": "https://mail.google.com/",
    }
    assert second is not None
    assert (second.code, second.message.startswith("5.7.8 Username and Password not accepted.")) == (535, True)
    client.close()


async def test_nobody_sends_without_a_sign_in_and_no_password_is_one(world: World) -> None:
    client = await connected(world)
    with pytest.raises(aiosmtplib.SMTPSenderRefused) as caught:
        await client.send_message(message())
    assert caught.value.code == 530
    with pytest.raises(aiosmtplib.SMTPAuthenticationError) as refused:
        await client.login(ANNA, world.workspace.people[ANNA].password)
    assert refused.value.code == 535
    client.close()


async def test_the_relay_leaves_from_as_it_is(world: World) -> None:
    client = await connected(world, relay=True)
    await signed_in(client, ANNA, access_token(world.google, scopes=ALL_MAIL).reveal())
    await client.send_message(message("Team <team@example.org>"))
    client.close()
    assert [one.sender for one in world.inbox] == ["Team <team@example.org>"]


@pytest.mark.parametrize(("who", "on"), [(ANNA, False), (CLARA, True)])
async def test_the_relay_is_for_the_workspace_and_only_while_it_is_on(world: World, who: str, on: bool) -> None:
    world.workspace.policies.relay = on
    client = await connected(world, relay=True)
    await signed_in(client, who, access_token(world.google, who, scopes=ALL_MAIL).reveal())
    with pytest.raises(aiosmtplib.SMTPSenderRefused) as caught:
        await client.send_message(message(who))
    assert (caught.value.code, "5.7.1 Invalid credentials for relay" in caught.value.message) == (550, True)
    client.close()


async def test_so_many_recipients_and_messages_and_no_more(world: World) -> None:
    world.workspace.policies.most_recipients = 1
    client = await connected(world)
    await signed_in(client, ANNA, access_token(world.google, scopes=ALL_MAIL).reveal())
    refused, _ = await client.send_message(message(to="a@example.com, b@example.com"))
    assert refused["b@example.com"].code == 452
    world.workspace.people[ANNA].sent_today = world.workspace.policies.per_day
    with pytest.raises(aiosmtplib.SMTPDataError) as caught:
        await client.send_message(message())
    assert (caught.value.code, caught.value.message.startswith("5.4.5 Daily user sending limit")) == (550, True)
    client.close()
