"""Senders of one application ask for its token together."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.senders.doubles import Keeper, Tokens
from tests.unit.senders.graph.doubles import outgoing, settings
from tests.unit.senders.graph.simulated import Simulated, simulated

from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.secret import Secret
from sendwright.senders.catalogue import open_sender
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.sender import Sender
from sendwright.senders.sources import TokenSources

APPLICATION = settings(way=Way.APPLICATION, route=Route.MAILBOX)
SECRET = Secret("canary-client-secret")
CREDENTIALS = {CLIENT_SECRET: SECRET}


@pytest.fixture
async def contoso() -> AsyncIterator[Simulated]:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
        world.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
        registered = world.tenant.registrations[CLIENT_ID]
        registered.public = False
        registered.secrets[SECRET.reveal()] = datetime.now(UTC) + timedelta(days=30)
        yield world


def test_who_has_the_same_settings_and_credentials_shares() -> None:
    sources = TokenSources()
    first = sources.of(APPLICATION, CREDENTIALS, Tokens)
    assert sources.of(settings(way=Way.APPLICATION, route=Route.MAILBOX), dict(CREDENTIALS), Tokens) is first


@pytest.mark.parametrize(
    ("other", "credentials"),
    [
        (APPLICATION, {CLIENT_SECRET: Secret("another")}),
        (APPLICATION, {CLIENT_CERTIFICATE: SECRET}),
        (
            settings(way=Way.APPLICATION, route=Route.MAILBOX, tenant="ffff0000-0000-4000-8000-000000000009"),
            CREDENTIALS,
        ),
        (settings(way=Way.APPLICATION, route=Route.SMTP), CREDENTIALS),
        (settings(way=Way.APPLICATION, route=Route.MAILBOX, graph="https://graph.example.org"), CREDENTIALS),
    ],
)
def test_nobody_else_gets_the_token(other: GraphSettings, credentials: Mapping[str, Secret]) -> None:
    sources = TokenSources()
    first = sources.of(APPLICATION, CREDENTIALS, Tokens)
    assert sources.of(other, credentials, Tokens) is not first


def test_a_source_that_nobody_has_any_more_is_forgotten_with_its_secrets() -> None:
    sources = TokenSources()
    first = sources.of(APPLICATION, CREDENTIALS, Tokens)
    del first
    gc.collect()
    assert len(sources._made) == 0


def asked(world: Simulated) -> int:
    return len([line for line in world.microsoft.log if line.startswith("token client_credentials")])


def application(world: Simulated, sources: TokenSources | None) -> Sender:
    profile = world.profile(Way.APPLICATION, Route.MAILBOX)
    return open_sender(profile, CREDENTIALS, world.network, sources=sources)


@pytest.mark.parametrize(("shared", "times"), [(True, 1), (False, 3)])
async def test_senders_of_an_application_that_share_ask_for_one_token(
    contoso: Simulated, shared: bool, times: int
) -> None:
    sources = TokenSources() if shared else None
    senders = [application(contoso, sources) for _ in range(3)]
    await asyncio.gather(
        *(
            sender.submit(outgoing(sender_address=NOREPLY, message_id=f"<{number}@contoso.com>"))
            for number, sender in enumerate(senders)
        )
    )
    for sender in senders:
        await sender.close()
    assert len(contoso.inbox) == 3
    assert asked(contoso) == times


async def test_after_the_last_sender_has_gone_a_new_token_is_asked_for(contoso: Simulated) -> None:
    sources = TokenSources()
    for number in range(2):
        sender = application(contoso, sources)
        await sender.submit(outgoing(sender_address=NOREPLY, message_id=f"<{number}@contoso.com>"))
        await sender.close()
        del sender
        gc.collect()
    assert asked(contoso) == 2


async def test_an_accounts_tokens_are_its_grants_and_shared_by_nobody_else(contoso: Simulated) -> None:
    sources = TokenSources()
    contoso.tenant.registrations[CLIENT_ID].public = True
    keepers = [Keeper(contoso.refresh_token(), {}) for _ in range(2)]
    profile = contoso.profile()
    for number, keeper in enumerate(keepers):
        sender = open_sender(profile, {}, contoso.network, grant=keeper, sources=sources)
        await sender.submit(outgoing(sender_address=NOREPLY, message_id=f"<{number}@contoso.com>"))
        await sender.close()
    assert [keeper.renewals for keeper in keepers] == [1, 1]
    assert len(sources._made) == 0
