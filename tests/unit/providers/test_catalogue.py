"""The list of providers: what a deployment offers, and which one fits an address."""

from typing import cast

import pytest
from tests.unit.providers.doubles import BROKEN, HANG, FakeResolver, make_world

from sendwright import texts
from sendwright.deployment import Deployment, Features
from sendwright.network.resolver import MailExchanger
from sendwright.providers import catalogue
from sendwright.providers.catalogue import Suggestion
from sendwright.providers.provider import Provider, Recognition


class Knows:
    """A provider that recognises one domain."""

    def __init__(self, name: str, domain: str) -> None:
        self.id = name
        self._domain = domain

    def recognises(self, domain: str, exchangers: tuple[MailExchanger, ...]) -> Recognition | None:
        return Recognition(key="custom_smtp.recognised.any") if domain == self._domain else None


def test_ids_are_unique_and_lead_back() -> None:
    ids = [provider.id for provider in catalogue.PROVIDERS]
    assert len(set(ids)) == len(ids)
    assert all(catalogue.by_id(one).id == one for one in ids)


def test_an_unknown_id_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        catalogue.by_id("carrier-pigeon")


def test_every_provider_can_be_switched_off() -> None:
    everything = {provider.id for provider in catalogue.PROVIDERS}
    assert {provider.id for provider in catalogue.enabled(Deployment())} == everything
    for one in everything:
        off = Deployment(features=Features(**{one: False}))
        assert {provider.id for provider in catalogue.enabled(off)} == everything - {one}
        assert catalogue.by_id(one).id == one


async def test_an_address_is_suggested_what_its_mail_exchanger_shows() -> None:
    resolver = FakeResolver(mx={"example.org": (MailExchanger(10, "mx00.ionos.de"),)})
    suggestion = await catalogue.suggest("ada@example.org", make_world(resolver=resolver))
    assert suggestion == Suggestion(
        provider="custom_smtp",
        reason="custom_smtp.recognised.preset",
        values={"domain": "example.org", "name": "IONOS, Germany"},
    )
    assert texts.text(suggestion.reason, **suggestion.values)
    assert resolver.asked == ["example.org"]


@pytest.mark.parametrize("typed", ["", "ada", "ada@", "@example.org", "ada@example", "two@example.org two@example.org"])
async def test_half_an_address_asks_nobody(typed: str) -> None:
    resolver = FakeResolver()
    assert await catalogue.suggest(typed, make_world(resolver=resolver)) is None
    assert resolver.asked == []


@pytest.mark.parametrize("answer", [BROKEN, HANG])
async def test_a_nameserver_in_trouble_leaves_the_last_resort(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MX_PATIENCE_S", 0.01)
    resolver = FakeResolver(mx={"example.org": answer})
    suggestion = await catalogue.suggest("ada@example.org", make_world(resolver=resolver))
    assert suggestion is not None
    assert suggestion.reason == "custom_smtp.recognised.any"


async def test_a_domain_in_another_script_is_asked_for_in_ascii() -> None:
    resolver = FakeResolver()
    await catalogue.suggest("ada@bücher.example", make_world(resolver=resolver))
    assert resolver.asked == ["xn--bcher-kva.example"]


async def test_nothing_is_suggested_that_the_deployment_does_not_offer() -> None:
    world = make_world(features=Features(custom_smtp=False))
    assert await catalogue.suggest("ada@example.org", world) is None


async def test_who_knows_the_domain_comes_before_who_takes_any(monkeypatch: pytest.MonkeyPatch) -> None:
    knows = cast("Provider", Knows("gmail", "example.org"))
    monkeypatch.setattr(catalogue, "PROVIDERS", (*catalogue.PROVIDERS, knows))
    suggestion = await catalogue.suggest("ada@example.org", make_world())
    assert suggestion is not None
    assert suggestion.provider == "gmail"
    other = await catalogue.suggest("ada@example.net", make_world())
    assert other is not None
    assert other.provider == "custom_smtp"
