"""Gmail and Google Workspace as a way of sending."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from sendwright.diagnosis.stage import GMAIL_STAGES
from sendwright.errors import VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.google.renew import renewing
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.client.acting import client_of, client_secret_of
from sendwright.providers.gmail.client.check_step import CheckStep
from sendwright.providers.gmail.client.client_step import ClientStep
from sendwright.providers.gmail.domains import PERSONAL
from sendwright.providers.gmail.plan.handover_step import HandoverStep
from sendwright.providers.gmail.plan.plan_step import PlanStep
from sendwright.providers.gmail.plan.way_step import WayStep
from sendwright.providers.gmail.recall import recalled
from sendwright.providers.gmail.reconnecting import answers_for
from sendwright.providers.gmail.remarks import remarks
from sendwright.providers.gmail.sender.alias_step import AliasStep
from sendwright.providers.gmail.sender.sender_step import SenderStep
from sendwright.providers.gmail.service_account.delegation_step import DelegationStep
from sendwright.providers.gmail.service_account.key_step import KeyStep
from sendwright.providers.gmail.sign_in.connected_step import ConnectedStep
from sendwright.providers.gmail.sign_in.consent_step import ConsentStep
from sendwright.providers.gmail.sign_in.prepare_step import PrepareStep
from sendwright.providers.gmail.sign_in.shown_step import ShownStep
from sendwright.providers.gmail.sign_in.signing_in import keeper_of
from sendwright.providers.provider import Recognition, Step
from sendwright.screens import Notice
from sendwright.senders.credentials import CLIENT_SECRET, REFRESH_TOKEN, SERVICE_ACCOUNT_KEY, TOKEN, TOKEN_SCOPE
from sendwright.senders.gmail.opening import scope_of
from sendwright.senders.gmail.settings import GmailSettings, Way
from sendwright.texts import text
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import World

EXCHANGERS = (".google.com", ".googlemail.com")
"""Where mail of Google Workspace arrives: `smtp.google.com`, or the five of before 2023 below `l.google.com` and
`googlemail.com`. Source: Google Workspace Admin Help, answer 174125."""


class Gmail:
    """Sends as a signed-in account, or as a service account for a user of the Workspace."""

    id = "gmail"
    icon = "gmail"
    answers = GmailAnswers
    stages = GMAIL_STAGES

    def __init__(self) -> None:
        self.steps: tuple[Step[GmailAnswers], ...] = (
            WayStep(),
            ClientStep(),
            CheckStep(),
            PlanStep(),
            HandoverStep(),
            PrepareStep(),
            ShownStep(),
            ConsentStep(),
            ConnectedStep(),
            KeyStep(),
            DelegationStep(handed=self.credentials),
            SenderStep(),
            AliasStep(desk=self.desk_credentials, handed=self.credentials),
        )

    def recognises(self, domain: str, exchangers: tuple[MailExchanger, ...]) -> Recognition | None:
        """Return why mail of `domain` is with Google: by its name, or by where its mail arrives."""
        if domain in PERSONAL:
            return Recognition(key="gmail.recognised.personal", values={"domain": domain})
        if any(exchanger.host.lower().rstrip(".").endswith(EXCHANGERS) for exchanger in exchangers):
            return Recognition(key="gmail.recognised.exchanger", values={"domain": domain})
        return None

    def prefill(self, answers: GmailAnswers, address: str) -> GmailAnswers:
        """Take over an address that was typed before, where none is known yet."""
        return answers if answers.address else replace(answers, address=address)

    async def recall(self, answers: GmailAnswers, world: World) -> GmailAnswers:
        """Return `answers` with what the vault still has."""
        return await recalled(answers, world)

    def signed_in_as(self, answers: GmailAnswers) -> str | None:
        """Return the account that signed in, or the user for whom the service account acts."""
        return answers.mailbox or None

    def path(self, answers: GmailAnswers) -> str:
        """Return the way that messages take, in words."""
        return text(f"gmail.path.{answers.way}-{answers.route}", account=answers.mailbox)

    def profile(self, answers: GmailAnswers, *, address: str, alias: str) -> SenderProfile:
        """Return the profile; all routes have the same kind of sender."""
        return SenderProfile(
            provider=self.id,
            sender="gmail",
            address=address or answers.from_address or answers.address,
            alias=alias,
            settings=msgspec.to_builtins(answers.settings(address)),
        )

    async def credentials(self, answers: GmailAnswers, world: World) -> dict[str, Secret]:
        """Return the refresh token as long as it is here, with the client's secret; or the service account's key."""
        if answers.way is Way.SERVICE_ACCOUNT:
            return await _service_account_key(answers, world)
        if answers.grant is None or answers.handed_over:
            return {}
        secret = await client_secret_of(answers, world)
        token = await keeper_of(answers.grant, world).hand_over()
        return {REFRESH_TOKEN: token} | ({CLIENT_SECRET: secret} if secret else {})

    async def desk_credentials(self, answers: GmailAnswers, world: World) -> dict[str, Secret]:
        """Return an access token, after the hand-over the one that was kept as long as it lasts; or the key."""
        if answers.way is Way.SERVICE_ACCOUNT:
            return await _service_account_key(answers, world)
        if answers.grant is None:
            raise access_ended(System.GOOGLE)
        client = await client_of(answers, world)
        renew = renewing(client, web=world.http, recorder=world.network.recorder, clock=world.clock)
        access = await keeper_of(answers.grant, world).access(scope_of(answers.settings()), renew)
        return {TOKEN: access.secret} | ({TOKEN_SCOPE: Secret(access.scope)} if access.scope else {})

    async def handed_over(self, answers: GmailAnswers, world: World) -> GmailAnswers:
        """Delete the refresh token and see that it is gone: from now on only the backend renews.

        The key of a service account does not change by being used: it stays until activation, for further checks.
        """
        if answers.way is not Way.ACCOUNT or answers.grant is None or answers.handed_over:
            return answers
        await keeper_of(answers.grant, world).keep_access_only()
        return replace(answers, handed_over=True)

    def tested_by_backend(self, answers: GmailAnswers) -> bool:
        """Whether only the backend can send: it signs for a service account without a key, or took the sign-in over."""
        return (answers.way is Way.SERVICE_ACCOUNT and answers.keyless) or self.held_by_backend(answers)

    def held_by_backend(self, answers: GmailAnswers) -> bool:
        """Whether the refresh token was handed over."""
        return answers.way is Way.ACCOUNT and answers.handed_over

    def remarks(self, answers: GmailAnswers, *, address: str) -> tuple[Notice, ...]:
        """Return the warnings that stay: a sender that nobody has proven, a connection that ends on a day."""
        return remarks(answers, address=address)

    def ends_at(self, answers: GmailAnswers) -> datetime | None:
        """Return when Google ends the sign-in by itself, where it said so."""
        return answers.ends_at if answers.way is Way.ACCOUNT else None

    def ending(self, profile: SenderProfile) -> str:
        """Return what else ends: revoking ends every sign-in of the same Cloud project. A service account has none."""
        try:
            settings = msgspec.convert(profile.settings, GmailSettings)
        except msgspec.ValidationError:
            return ""
        return "" if settings.way is Way.SERVICE_ACCOUNT else f"gmail.ending.{'own' if settings.own else 'platform'}"

    def reconnecting(self, profile: SenderProfile) -> GmailAnswers | None:
        """Return the answers that sign in again, or try the service account again."""
        return answers_for(profile)

    def secrets(self, answers: GmailAnswers) -> tuple[SecretRef, ...]:
        """Return where tokens, the client's secret and the service account's key are."""
        return tuple(ref for ref in (answers.grant, answers.client_secret, answers.key) if ref is not None)

    def keeps_secrets(self, answers: GmailAnswers) -> bool:
        """Whether anything stays on this computer after activation: no."""
        del answers
        return False


async def _service_account_key(answers: GmailAnswers, world: World) -> dict[str, Secret]:
    if answers.keyless:
        return {}
    key = await world.vault.fetch(answers.key) if answers.key else None
    if key is None:
        raise VaultUnavailable("not-kept")
    world.network.recorder.learn(key)
    return {SERVICE_ACCOUNT_KEY: key}
