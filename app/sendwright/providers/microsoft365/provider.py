"""Microsoft 365 as a way of sending."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from sendwright.diagnosis.stage import GRAPH_STAGES
from sendwright.errors import VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.fixed import access_ended
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.board_step import BoardStep
from sendwright.providers.microsoft365.board.mailbox_step import MailboxStep
from sendwright.providers.microsoft365.domains import INITIAL_DOMAINS
from sendwright.providers.microsoft365.permissions import SEND_SHARED
from sendwright.providers.microsoft365.plan.handover_step import HandoverStep
from sendwright.providers.microsoft365.plan.look_step import LookStep
from sendwright.providers.microsoft365.plan.plan_step import PlanStep
from sendwright.providers.microsoft365.plan.way_step import WayStep
from sendwright.providers.microsoft365.recall import recalled
from sendwright.providers.microsoft365.reconnecting import answers_for
from sendwright.providers.microsoft365.registration.certificate_step import CertificateStep
from sendwright.providers.microsoft365.registration.check_step import CheckStep
from sendwright.providers.microsoft365.registration.registration_step import RegistrationStep
from sendwright.providers.microsoft365.sign_in.connected_step import ConnectedStep
from sendwright.providers.microsoft365.sign_in.consent_step import ConsentStep
from sendwright.providers.microsoft365.sign_in.prepare_step import PrepareStep
from sendwright.providers.microsoft365.sign_in.shown_step import ShownStep
from sendwright.providers.microsoft365.sign_in.signing_in import keeper_of
from sendwright.providers.provider import Recognition, Step
from sendwright.screens import Notice
from sendwright.senders.credentials import CLIENT_SECRET, REFRESH_TOKEN, TOKEN
from sendwright.senders.graph.opening import scope_of
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.texts import text
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import World

EXCHANGERS = (
    ".mail.protection.outlook.com",
    ".mx.microsoft",
    ".mail.protection.office365.us",
    ".mail.protection.partner.outlook.cn",
)
"""Where mail of Exchange Online arrives; domains accepted since July 2026 are below `mx.microsoft` (MC1048624)."""


class Microsoft365:
    """Sends as a signed-in account, or as an application of the organisation."""

    id = "microsoft365"
    icon = "microsoft365"
    answers = MicrosoftAnswers
    stages = GRAPH_STAGES

    def __init__(self) -> None:
        self.steps: tuple[Step[MicrosoftAnswers], ...] = (
            LookStep(),
            WayStep(),
            RegistrationStep(),
            CertificateStep(),
            CheckStep(),
            PlanStep(),
            HandoverStep(),
            PrepareStep(),
            ShownStep(),
            ConsentStep(),
            ConnectedStep(),
            MailboxStep(),
            BoardStep(desk=self.desk_credentials, handed=self.credentials),
        )

    def recognises(self, domain: str, exchangers: tuple[MailExchanger, ...]) -> Recognition | None:
        """Return why mail of `domain` is with Microsoft 365: by its name, or by where its mail arrives."""
        if domain.endswith(INITIAL_DOMAINS):
            return Recognition(key="microsoft365.recognised.initial", values={"domain": domain})
        if any(exchanger.host.lower().rstrip(".").endswith(EXCHANGERS) for exchanger in exchangers):
            return Recognition(key="microsoft365.recognised.exchanger", values={"domain": domain})
        return None

    def prefill(self, answers: MicrosoftAnswers, address: str) -> MicrosoftAnswers:
        """Take over an address that was typed before, where none is known yet."""
        return answers if answers.address else replace(answers, address=address)

    async def recall(self, answers: MicrosoftAnswers, world: World) -> MicrosoftAnswers:
        """Return `answers` with what the vault still has."""
        return await recalled(answers, world)

    def signed_in_as(self, answers: MicrosoftAnswers) -> str | None:
        """Return the account; None for an application."""
        return answers.account.username if answers.account else None

    def path(self, answers: MicrosoftAnswers) -> str:
        """Return the way that messages take, in words."""
        settings = _settings(answers, "")
        account = settings.account or settings.mailbox
        return text(f"microsoft365.path.{settings.way}-{settings.route}", account=account, mailbox=settings.mailbox)

    def profile(self, answers: MicrosoftAnswers, *, address: str, alias: str) -> SenderProfile:
        """Return the profile; an address other than the mailbox's goes as its From, or as the application's mailbox."""
        settings = _settings(answers, address)
        return SenderProfile(
            provider=self.id,
            sender="graph",
            address=address or answers.mailbox or settings.account or answers.address,
            alias=alias,
            settings=msgspec.to_builtins(settings),
        )

    async def credentials(self, answers: MicrosoftAnswers, world: World) -> dict[str, Secret]:
        """Return the refresh token as long as it is here, or the client secret that was typed."""
        if answers.way is Way.APPLICATION:
            return await _client_secret(answers, world)
        if answers.grant is None or answers.handed_over:
            return {}
        return {REFRESH_TOKEN: await keeper_of(answers.grant, world).hand_over()}

    async def desk_credentials(self, answers: MicrosoftAnswers, world: World) -> dict[str, Secret]:
        """Return an access token; after the hand-over the one that was kept, as long as it lasts."""
        if answers.way is Way.APPLICATION:
            return {}
        if answers.grant is None:
            raise access_ended(System.ENTRA)
        renew = renewing(answers.registration, web=world.http, recorder=world.network.recorder, clock=world.clock)
        access = await keeper_of(answers.grant, world).access(scope_of(_settings(answers, "")), renew)
        return {TOKEN: access.secret}

    async def handed_over(self, answers: MicrosoftAnswers, world: World) -> MicrosoftAnswers:
        """Delete the refresh token and see that it is gone: from now on only the backend renews."""
        if answers.grant is None or answers.handed_over:
            return answers
        await keeper_of(answers.grant, world).keep_access_only()
        return replace(answers, handed_over=True)

    def tested_by_backend(self, answers: MicrosoftAnswers) -> bool:
        """Whether only the backend can send: it has the application's credential, or took the sign-in over."""
        return answers.way is Way.APPLICATION or answers.handed_over

    def held_by_backend(self, answers: MicrosoftAnswers) -> bool:
        """Whether the refresh token was handed over; an application's credential is found by the settings."""
        return answers.way is Way.ACCOUNT and answers.handed_over

    def remarks(self, answers: MicrosoftAnswers, *, address: str) -> tuple[Notice, ...]:
        """Return nothing: whatever is wrong with the sender is refused, and seen by the test."""
        del answers, address
        return ()

    def ends_at(self, answers: MicrosoftAnswers) -> datetime | None:
        """Return None: Microsoft does not say when a sign-in ends, and the backend knows its certificates itself."""
        del answers
        return None

    def ending(self, profile: SenderProfile) -> str:
        """Return nothing: Microsoft lets no application end one sign-in alone."""
        del profile
        return ""

    def reconnecting(self, profile: SenderProfile) -> MicrosoftAnswers | None:
        """Return the answers that sign in again, or look for the consent again."""
        return answers_for(profile)

    def secrets(self, answers: MicrosoftAnswers) -> tuple[SecretRef, ...]:
        """Return where tokens and the client secret are."""
        return tuple(ref for ref in (answers.grant, answers.client_secret) if ref is not None)

    def keeps_secrets(self, answers: MicrosoftAnswers) -> bool:
        """Whether anything stays on this computer after activation: no."""
        del answers
        return False


def _settings(answers: MicrosoftAnswers, address: str) -> GraphSettings:
    """Return the settings for messages from `address`; empty: from the mailbox that was chosen."""
    account = answers.account.username if answers.account else ""
    mailbox = answers.mailbox or account
    differs = bool(address) and address.lower() != mailbox.lower()
    if answers.way is Way.APPLICATION:
        route = Route.MAILBOX if answers.route is Route.ME else answers.route
        return answers.settings(address if differs else mailbox, route)
    if not differs or answers.route is Route.SMTP:
        return answers.settings(mailbox)
    other = SEND_SHARED in answers.scopes  # an alias of the own mailbox needs no more than that mailbox
    return answers.settings(address if other else mailbox, Route.ME)


async def _client_secret(answers: MicrosoftAnswers, world: World) -> dict[str, Secret]:
    if not (answers.own and answers.secret):
        return {}
    secret = await world.vault.fetch(answers.client_secret) if answers.client_secret else None
    if secret is None:
        raise VaultUnavailable("not-kept")
    return {CLIENT_SECRET: secret}
