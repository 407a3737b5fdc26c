"""The two screens that look for the server, as the wizard walks them."""

import asyncio

import pytest
from msgspec.structs import replace
from tests.unit.providers.custom_smtp.test_autoconfig import document, server
from tests.unit.providers.doubles import FakeProber, FakeResolver, Reported, Web, make_world

from sendwright.network.resolver import MailExchanger, Service
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.discovery import SOURCES, Discovery
from sendwright.providers.custom_smtp.presets import load
from sendwright.providers.custom_smtp.probe import Reach
from sendwright.providers.custom_smtp.publisher import Publisher
from sendwright.providers.custom_smtp.search_steps import AddressStep, SearchStep
from sendwright.screens import FieldKind, Form, Rejected, Working
from sendwright.senders.smtp.settings import Security
from sendwright.world import World

TYPED = {"address": " Ada@GMX.de ", "ask_mozilla": "false"}


def searching(prober: FakeProber | None = None) -> SearchStep:
    def discovery(world: World) -> Discovery:
        return Discovery(
            resolver=world.network.resolver,
            publisher=Publisher(world.http),
            prober=prober or FakeProber(),
            presets=load(),
            grace_s=0.05,
        )

    return SearchStep(discovery)


async def search(
    state: SmtpAnswers,
    *,
    resolver: FakeResolver | None = None,
    web: Web | None = None,
    prober: FakeProber | None = None,
) -> SmtpAnswers:
    async with asyncio.timeout(30):
        world = make_world(resolver=resolver, web=web)
        return await searching(prober).accept(state, {}, world, Reported())


def test_the_address_is_asked_for_and_mozilla_is_not_asked_unless_the_person_says_so() -> None:
    screen = AddressStep().show(SmtpAnswers(address="ada@example.org"), make_world())
    assert isinstance(screen, Form)
    fields = {field.name: field for field in screen.fields}
    assert fields["address"].kind is FieldKind.EMAIL
    assert fields["address"].value == "ada@example.org"
    assert fields["ask_mozilla"].kind is FieldKind.TOGGLE
    assert fields["ask_mozilla"].value == "false"
    assert fields["ask_mozilla"].help


async def test_the_address_is_taken_and_a_search_is_due() -> None:
    state = await AddressStep().accept(SmtpAnswers(searched=True), TYPED, make_world(), Reported())
    assert (state.address, state.ask_mozilla, state.searched) == ("Ada@gmx.de", False, False)
    assert searching().applies(state)


async def test_the_persons_agreement_is_taken() -> None:
    answer = {**TYPED, "ask_mozilla": "true"}
    state = await AddressStep().accept(SmtpAnswers(), answer, make_world(), Reported())
    assert state.ask_mozilla
    screen = AddressStep().show(state, make_world())
    assert isinstance(screen, Form)
    assert screen.fields[1].value == "true"


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "Ada <ada@example.org>", "a b@example.org"])
async def test_what_is_no_address_is_sent_back_with_the_reason(typed: str) -> None:
    with pytest.raises(Rejected) as raised:
        await AddressStep().accept(SmtpAnswers(), {"address": typed}, make_world(), Reported())
    assert set(raised.value.fields) == {"address"}
    assert raised.value.fields["address"].startswith("address.")


async def test_whoever_knows_the_settings_passes_the_search_by() -> None:
    state = await AddressStep().accept(SmtpAnswers(), {"action": "by-hand"}, make_world(), Reported())
    assert not searching().applies(state)
    assert state.port == 25


def test_the_search_shows_its_places() -> None:
    screen = searching().show(SmtpAnswers(address="ada@gmx.de"), make_world())
    assert isinstance(screen, Working)
    assert screen.stages == SOURCES
    assert screen.values == {"domain": "gmx.de"}


async def test_the_best_proposal_stands_in_the_form() -> None:
    state = await search(SmtpAnswers(address="ada@web.de"))
    assert (state.host, state.port, state.security, state.username) == (
        "smtp.web.de",
        465,
        Security.TLS,
        "ada",
    )
    assert state.searched
    assert not searching().applies(state)
    assert len(state.candidates) == 2


async def test_where_nothing_is_known_port_25_stands_there_and_no_host() -> None:
    state = await search(SmtpAnswers(address="ada@example.org"))
    assert (state.host, state.port, state.security) == ("", 25, Security.STARTTLS)
    assert state.username == "ada@example.org"
    assert state.candidates == ()


async def test_what_is_to_be_confirmed_is_proposed_but_not_filled_in() -> None:
    srv = {"_submissions._tcp.example.org": (Service(0, 0, "smtp.hoster.example", 465),)}
    state = await search(SmtpAnswers(address="ada@example.org"), resolver=FakeResolver(srv=srv))
    assert [one.host for one in state.candidates] == ["smtp.hoster.example"]
    assert state.host == ""


async def test_what_somebody_typed_by_hand_stays() -> None:
    typed = SmtpAnswers(address="ada@gmx.de", host="relay.example.org", port=2525, username="ada")
    state = await search(typed)
    assert (state.host, state.port, state.username) == ("relay.example.org", 2525, "ada")
    assert state.candidates


async def test_what_was_only_proposed_for_another_address_does_not_stay() -> None:
    state = await search(SmtpAnswers(address="ada@gmx.de"))
    state = await search(replace(state, address="ada@posteo.de", searched=False))
    assert (state.host, state.username) == ("posteo.de", "ada@posteo.de")


async def test_another_search_replaces_what_the_last_one_put_there_and_nothing_else() -> None:
    found = await search(SmtpAnswers(address="ada@web.de"))
    alone = replace(found, candidates=found.candidates[:1], address="ada@gmx.de")
    assert (await search(alone)).host == "mail.gmx.net"
    by_hand = replace(alone, host="relay.example.org")
    assert (await search(by_hand)).host == "relay.example.org"
    other_port = replace(alone, port=2525)
    assert ((await search(other_port)).host, other_port.port) == (found.host, 2525)


async def test_a_typed_user_name_stays_with_typed_settings_only() -> None:
    state = await search(SmtpAnswers(address="ada@gmx.de"))
    state = await search(replace(state, address="ada@example.org", searched=False))
    assert (state.host, state.username) == ("", "ada@example.org")


async def test_ports_are_tried_for_the_domain_of_the_address() -> None:
    prober = FakeProber({("mail.example.org", 587): Reach.SECURE})
    state = await search(SmtpAnswers(address="ada@example.org"), prober=prober)
    assert (state.host, state.port) == ("mail.example.org", 587)


async def test_the_address_itself_is_told_to_nobody() -> None:
    web = Web({"v1.ispdb.net/example.org": document(server())})
    resolver = FakeResolver(mx={"example.org": (MailExchanger(10, "mx.example.org"),)})
    prober = FakeProber()
    state = SmtpAnswers(address="unmistakable@example.org", ask_mozilla=True)
    await search(state, web=web, resolver=resolver, prober=prober)
    assert "v1.ispdb.net" in web.hosts
    assert not web.mentions("unmistakable")
    assert not web.mentions("@")
    assert not any("unmistakable" in name for name in resolver.asked)
    assert not any("unmistakable" in host for host, _ in prober.tried)


async def test_without_agreement_mozilla_is_never_asked() -> None:
    web = Web({"v1.ispdb.net/example.org": document(server())})
    await search(SmtpAnswers(address="ada@example.org"), web=web)
    assert web.hosts == {"autoconfig.example.org", "example.org"}


async def test_an_address_in_another_script_is_searched_for_in_ascii() -> None:
    web = Web({"autoconfig.xn--bcher-kva.example/mail/config-v1.1.xml": document(server(host="%EMAILDOMAIN%"))})
    state = await search(SmtpAnswers(address="ada@bücher.example"), web=web)
    assert state.host == "xn--bcher-kva.example"
    assert state.username == "ada@bücher.example"


async def test_nothing_is_advised_on_these_screens() -> None:
    advice = await AddressStep().advise(SmtpAnswers(), TYPED, make_world())
    assert (advice.notices, advice.proposals) == ((), ())
    advice = await searching().advise(SmtpAnswers(), {}, make_world())
    assert (advice.notices, advice.proposals) == ((), ())
