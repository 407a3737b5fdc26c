"""The stages of sending through Gmail."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from typing_extensions import override

from sendwright.diagnosis.gmail_google import ask_person, reach_sign_in
from sendwright.diagnosis.gmail_sender import judge_sender
from sendwright.diagnosis.interface import InterfaceAttempt, InterfaceWalk, walked
from sendwright.diagnosis.stage import Seen, StageResult
from sendwright.network.network import Network
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, granted
from sendwright.oauth.grant import AccessToken, OAuthFailed, TokenSource
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.senders.gmail.asking import Asking
from sendwright.senders.gmail.opening import INCOMPLETE
from sendwright.senders.gmail.sender import GmailReceipt, GmailSender, values_of
from sendwright.senders.gmail.settings import GmailSettings, Way
from sendwright.senders.sender import SendFailed

ANOTHER_ACCOUNT = "gmail-another-account"
BROAD = "gmail-delegation-broad"
MISSING = "gmail-alias-missing"

_SENDS = frozenset({SEND, MAIL})
_TELLS_WHO = frozenset({OPENID, EMAIL})


@dataclass(frozen=True, kw_only=True)
class GmailAttempt(InterfaceAttempt):
    """What a diagnosis shall try.

    broader: of a service account, tokens for the whole mailbox, which Google is to refuse; None asks for none.
    """

    settings: GmailSettings
    broader: TokenSource | None = None


def diagnose_gmail(
    attempt: GmailAttempt, network: Network, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends (`GMAIL_STAGES`); whatever Google does becomes a result.

    At most one message is posted, and none from an address that Gmail is known to replace. That it leaves proves
    nothing of its From: what was known before is the result of the stage `sender`.
    """
    return walked(lambda: _Walk(attempt, network, clock))


class _Walk(InterfaceWalk):
    def __init__(self, attempt: GmailAttempt, network: Network, clock: Callable[[], datetime]) -> None:
        settings, tokens = attempt.settings, attempt.tokens
        account = settings.way is Way.ACCOUNT
        super().__init__(attempt, network, system=System.GMAIL, account=account, values=values_of(settings))
        self._settings = settings
        self._broader = attempt.broader
        self._asking = Asking(settings.place.gmail, tokens, network, values=self._values, web=self._web, clock=clock)
        self._sender = GmailSender(settings, tokens, network, web=self._web, clock=clock)
        self._access: AccessToken | None = None
        self._receipt: GmailReceipt | None = None

    @override
    async def close(self) -> None:
        await self._asking.close()
        await self._sender.close()

    @override
    async def _reach(self) -> Seen:
        await reach_sign_in(self._settings, web=self._web, values=self._values)
        answer = await self._asking.greet()
        return Seen(facts={"sign_in": self._settings.place.token, "gmail": self._settings.place.gmail} | answer.tls)

    @override
    async def _sign_in(self) -> Seen:
        self._access = access = await self._token()
        settings = self._settings
        facts = {
            "way": settings.way.value,
            "username": settings.account,
            "application": settings.client_id,
            "service_account": settings.service_account,
            "expires_at": f"{access.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return Seen(facts={name: value for name, value in facts.items() if value})

    @override
    async def _permissions(self) -> Seen | None:
        if not self._scopes:
            return None  # nothing can be said of an opaque token
        if not self._scopes & _SENDS:
            raise self._seen(INCOMPLETE, "permissions", permission=SEND)
        facts: dict[str, object] = {"permissions": sorted(self._scopes)}
        if self._broader is None:
            return Seen(facts=facts)
        broad = await self._broad(self._broader)
        remark = self._seen(BROAD, "permissions", permission=MAIL).evidence if broad else None
        return Seen(facts=facts if broad is None else facts | {"more_than_sending": broad}, remark=remark)

    async def _broad(self, tokens: TokenSource) -> bool | None:
        """Tell whether the delegation allows the whole mailbox; None where Google did not answer that."""
        try:
            access = await tokens.token()
        except OAuthFailed as failed:
            passing = (failed.evidence.http or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
            return False if failed.evidence.error and not passing else None
        self._network.recorder.learn(access.secret)
        return True

    @override
    async def _mailbox(self) -> Seen | None:
        access = self._access
        asked = access is not None and (not self._scopes or bool(self._scopes & _TELLS_WHO))
        if access is None or not asked:
            return None  # sending does not need it
        found = await ask_person(
            self._settings, access, web=self._web, values=self._values, sure=bool(self._scopes & _TELLS_WHO)
        )
        if found is None or not found.id:
            return None
        if found.id != self._settings.account_id:
            raise self._seen(ANOTHER_ACCOUNT, "mailbox", found=found.address or found.id)
        self._own_address = found.address
        facts = {"address": found.address, "account": found.id, "domain": found.domain}
        return Seen(facts={name: value for name, value in facts.items() if value})

    @override
    async def _judge_sender(self) -> Seen:
        return await judge_sender(
            self._settings,
            self._attempt.sender,
            own=self._own_address,
            scopes=self._scopes,
            asking=self._asking,
            values=self._values,
        )

    @override
    async def _send(self) -> Seen | None:
        judged, message = await self._judge_sender(), self._attempt.message
        if message is None:
            return None
        try:
            self._receipt = await self._sender.submit(message)
        except SendFailed as failed:
            if failed.evidence.stage == "sender" or classify(failed.evidence).code == MISSING:
                raise
            self._failure = failed
        return judged

    @override
    async def _submitted(self) -> Seen:
        if self._receipt is None:
            raise self._not_submitted()
        receipt = self._receipt
        facts = {"reply": receipt.reply, "message": receipt.provider_id, "thread": receipt.thread_id}
        return Seen(facts={**facts, "sent_copy": self._settings.account})

    @property
    def _scopes(self) -> frozenset[str]:
        return frozenset(granted(self._access.scope)) if self._access else frozenset()
