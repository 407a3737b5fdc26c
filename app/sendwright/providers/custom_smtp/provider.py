"""The organisation's own SMTP server as a way of sending."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.errors import AddressInvalid, VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.profile import SenderProfile
from sendwright.providers.custom_smtp import presets
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.connect_step import ConnectStep
from sendwright.providers.custom_smtp.discovery import Discovery
from sendwright.providers.custom_smtp.host import to_unicode
from sendwright.providers.custom_smtp.presets import Filter, Preset
from sendwright.providers.custom_smtp.probe import SmtpProber
from sendwright.providers.custom_smtp.prove_step import ProveStep
from sendwright.providers.custom_smtp.publisher import MOZILLA, Publisher
from sendwright.providers.custom_smtp.search_steps import AddressStep, SearchStep
from sendwright.providers.provider import Recognition, Step
from sendwright.screens import Notice
from sendwright.texts import text
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import World

TYPING_PATIENCE_S = 3.0


class CustomSmtp:
    """Any mail server that takes submissions over TLS. mozilla: root of the public list of settings."""

    id = "custom_smtp"
    icon = "smtp"
    answers = SmtpAnswers
    stages = SMTP_STAGES

    def __init__(self, *, mozilla: str = MOZILLA) -> None:
        self._mozilla = mozilla
        self.steps: tuple[Step[SmtpAnswers], ...] = (
            AddressStep(),
            SearchStep(self._discovery),
            ConnectStep(presets.load, _prober_while_typing),
            ProveStep(),
        )

    def recognises(self, domain: str, exchangers: tuple[MailExchanger, ...]) -> Recognition:
        """Return why an own server fits: it always can; a known provider is named."""
        known = presets.load()
        found: Preset | Filter | None = known.by_domain(domain)
        if found is None:
            found, _ = known.by_exchangers(exchangers) or (None, "")
        if found is None:
            return Recognition(key="custom_smtp.recognised.any", values={"domain": domain}, last_resort=True)
        values = {"domain": domain, "name": found.name}
        if isinstance(found, Filter):
            return Recognition(key="custom_smtp.recognised.filter", values=values, last_resort=True)
        if found.own_way:
            return Recognition(key="custom_smtp.recognised.own-way", values=values, last_resort=True)
        return Recognition(key="custom_smtp.recognised.preset", values=values)

    def prefill(self, answers: SmtpAnswers, address: str) -> SmtpAnswers:
        """Take over an address that was typed before, where none is known yet."""
        return answers if answers.address else replace(answers, address=address)

    def path(self, answers: SmtpAnswers) -> str:
        """Return the way that messages take, in words: `smtp.example.org, port 465, TLS`."""
        host = to_unicode(answers.host)
        return text(f"custom_smtp.proposal.{answers.security}", host=host, port=str(answers.port))

    async def recall(self, answers: SmtpAnswers, world: World) -> SmtpAnswers:
        """Return `answers` with what the vault says of the password now.

        Where the vault cannot be asked, the reference stays: the password may still be there, to be forgotten.
        """
        if answers.password is None:
            return answers
        try:
            kept = await world.vault.fetch(answers.password) is not None
        except VaultUnavailable:
            return replace(answers, password_known=False)
        return replace(answers, password=answers.password if kept else None, password_known=kept)

    def signed_in_as(self, answers: SmtpAnswers) -> str | None:
        """Return the user name where it is an address."""
        try:
            return addresses.parse_address(answers.username).text
        except AddressInvalid:
            return None

    def profile(self, answers: SmtpAnswers, *, address: str, alias: str) -> SenderProfile:
        """Return the profile of the answers."""
        return SenderProfile(
            provider=self.id,
            sender="smtp",
            address=address or answers.address,
            alias=alias,
            settings=msgspec.to_builtins(answers.settings),
        )

    async def credentials(self, answers: SmtpAnswers, world: World) -> dict[str, Secret]:
        """Return the password; nothing where the server wants no sign-in. Raises errors.VaultUnavailable."""
        if not answers.username:
            return {}
        secret = await world.vault.fetch(answers.password) if answers.password else None
        if secret is None:
            raise VaultUnavailable("not-kept")
        return {"password": secret}

    async def desk_credentials(self, answers: SmtpAnswers, world: World) -> dict[str, Secret]:
        """Return the password: both sides sign in with the same."""
        return await self.credentials(answers, world)

    async def handed_over(self, answers: SmtpAnswers, world: World) -> SmtpAnswers:
        """Keep the password until the end: it serves many at once."""
        del world
        return answers

    def tested_by_backend(self, answers: SmtpAnswers) -> bool:
        """Whether only the backend can send: no, a password serves both."""
        del answers
        return False

    def held_by_backend(self, answers: SmtpAnswers) -> bool:
        """Whether only the backend has the credentials: no, as above."""
        del answers
        return False

    def remarks(self, answers: SmtpAnswers, *, address: str) -> tuple[Notice, ...]:
        """Return nothing: whatever is wrong with the sender is refused, and seen by the test."""
        del answers, address
        return ()

    def ends_at(self, answers: SmtpAnswers) -> datetime | None:
        """Return None: a server does not say when a password ends."""
        del answers
        return None

    def ending(self, profile: SenderProfile) -> str:
        """Return nothing: a password is ended where it was made."""
        del profile
        return ""

    def reconnecting(self, profile: SenderProfile) -> SmtpAnswers | None:
        """Return None: a password is changed by setting up again."""
        del profile
        return None

    def secrets(self, answers: SmtpAnswers) -> tuple[SecretRef, ...]:
        """Return where the password is."""
        return (answers.password,) if answers.password else ()

    def keeps_secrets(self, answers: SmtpAnswers) -> bool:
        """Whether the person asked to keep the password on this computer after activation."""
        return answers.keep_password

    def _discovery(self, world: World) -> Discovery:
        return Discovery(
            resolver=world.network.resolver,
            publisher=Publisher(world.http, mozilla=self._mozilla),
            prober=SmtpProber(world.network),
            presets=presets.Presets(()) if world.practice else presets.load(),  # real servers are none in practice
        )


def _prober_while_typing(world: World, ca_pem: str | None) -> SmtpProber:
    return SmtpProber(world.network, ca_pem=ca_pem, patience_s=TYPING_PATIENCE_S)
