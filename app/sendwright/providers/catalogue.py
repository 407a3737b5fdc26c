"""The list of all ways of sending: the only place that names them."""

import asyncio

import msgspec

from sendwright import address as addresses
from sendwright.deployment import Deployment
from sendwright.errors import AddressInvalid
from sendwright.network.resolver import MailExchanger, Resolver
from sendwright.problems.evidence import Failure
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.providers.gmail.provider import Gmail
from sendwright.providers.microsoft365.provider import Microsoft365
from sendwright.providers.provider import Provider
from sendwright.world import World

PROVIDERS: tuple[Provider, ...] = (Microsoft365(), Gmail(), CustomSmtp())
"""In the order of the cards."""

MX_PATIENCE_S = 3.0


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """The provider that fits an address. reason: text key of why; values fill it."""

    provider: str
    reason: str
    values: dict[str, str] = {}


def by_id(provider_id: str) -> Provider:
    """Return a provider, also one that the deployment switched off: a profile may have it. Raises LookupError."""
    for provider in PROVIDERS:
        if provider.id == provider_id:
            return provider
    raise LookupError(provider_id)


def enabled(deployment: Deployment) -> tuple[Provider, ...]:
    """Return the providers that the deployment offers, in the order of the cards."""
    features = msgspec.structs.asdict(deployment.features)
    return tuple(provider for provider in PROVIDERS if features[provider.id])


async def suggest(address: str, world: World) -> Suggestion | None:
    """Return the provider that the domain of `address` points to, None while it is no whole address.

    Asks for the domain's mail exchangers only. A provider that knows the domain comes before one that takes any.
    """
    try:
        domain = addresses.parse_address(address).ascii_domain
    except AddressInvalid:
        return None
    exchangers = await _exchangers(domain, world.network.resolver)
    last_resort: Suggestion | None = None
    for provider in enabled(world.deployment):
        found = provider.recognises(domain, exchangers)
        if found is None:
            continue
        suggestion = Suggestion(provider=provider.id, reason=found.key, values=found.values)
        if not found.last_resort:
            return suggestion
        last_resort = last_resort or suggestion
    return last_resort


async def _exchangers(domain: str, resolver: Resolver) -> tuple[MailExchanger, ...]:
    try:
        async with asyncio.timeout(MX_PATIENCE_S):
            return await resolver.mail_exchangers(domain)
    except (Failure, TimeoutError):
        return ()
