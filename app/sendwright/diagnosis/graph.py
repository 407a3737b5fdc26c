"""The stages of sending through Microsoft Graph."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from typing_extensions import override

from sendwright.diagnosis.graph_permissions import limited_by_exchange, what_lacks
from sendwright.diagnosis.interface import InterfaceAttempt, InterfaceWalk, walked
from sendwright.diagnosis.stage import Seen, StageResult
from sendwright.network.network import Network
from sendwright.oauth.entra.tenant import find_tenant
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.lens import TokenView, read_token
from sendwright.problems.evidence import System
from sendwright.senders.graph.asking import Asking
from sendwright.senders.graph.sender import GraphReceipt, GraphSender, values_of
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.interface.asking import Request
from sendwright.senders.sender import SendFailed

ANOTHER_ACCOUNT = "graph-another-account"
NO_MAILBOX = "graph-mailbox-not-in-exchange-online"

ABOUT_ME = "/me?$select=id,displayName,mail,userPrincipalName"
"""What the permission User.Read shows of whoever signed in (learn.microsoft.com/graph/api/user-get)."""


@dataclass(frozen=True, kw_only=True)
class GraphAttempt(InterfaceAttempt):
    """What a diagnosis shall try."""

    settings: GraphSettings


def diagnose_graph(
    attempt: GraphAttempt, network: Network, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends (`GRAPH_STAGES`); whatever Microsoft does becomes a result.

    At most one message is posted. Whether the sender's address may be used shows only then: a refusal of it is a result
    of the stage `sender`, which is not reached where nothing is posted and the address is not the account's own.
    """
    return walked(lambda: _Walk(attempt, network, clock))


class _Walk(InterfaceWalk):
    def __init__(self, attempt: GraphAttempt, network: Network, clock: Callable[[], datetime]) -> None:
        settings, tokens = attempt.settings, attempt.tokens
        account = settings.way is Way.ACCOUNT
        super().__init__(attempt, network, system=System.GRAPH, account=account, values=values_of(settings))
        self._settings = settings
        graph = settings.registration.place.graph
        self._asking = Asking(graph, tokens, network, values=self._values, web=self._web, clock=clock)
        self._sender = GraphSender(settings, tokens, network, web=self._web, clock=clock)
        self._view: TokenView | None = None
        self._receipt: GraphReceipt | None = None

    @override
    async def close(self) -> None:
        await self._asking.close()
        await self._sender.close()

    @override
    async def _reach(self) -> Seen:
        registration = self._settings.registration
        try:
            tenant = await find_tenant(registration, web=self._web)
        except OAuthFailed as failed:
            raise self._known(failed.evidence) from None
        answer = await self._asking.greet()
        hosts = {
            "login": registration.place.login,
            "graph": registration.place.graph,
            "issuer_of_tokens": tenant.issuer,
        }
        return Seen(facts=hosts | answer.tls)

    @override
    async def _sign_in(self) -> Seen:
        access = await self._token()
        self._view = view = read_token(access.secret)
        facts = {
            "way": self._settings.way.value,
            "username": view.username or self._settings.account,
            "application": view.app_id or self._settings.client_id,
            "tenant": view.tenant or self._settings.tenant,
            "expires_at": f"{access.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return Seen(facts={name: value for name, value in facts.items() if value})

    @override
    async def _permissions(self) -> Seen | None:
        view = self._view
        if view is None or not view.readable:
            return None  # nothing can be said of an opaque token
        lacks = what_lacks(view, self._settings, self._values)
        if lacks is not None:
            raise SendFailed(lacks)
        facts: dict[str, object] = {"audience": view.audience}
        if self._settings.way is Way.ACCOUNT:
            return Seen(facts=facts | {"permissions": list(view.scopes)})
        limited = limited_by_exchange(view, self._settings)
        return Seen(facts=facts | {"permissions": list(view.roles), "limited_by_exchange": limited})

    @override
    async def _mailbox(self) -> Seen | None:
        scopes = {scope.lower() for scope in self._view.scopes} if self._view else set()
        if scopes and "user.read" not in scopes:
            return None  # sending does not need it
        answer = await self._asking.ask(Request(method="GET", path=ABOUT_ME, stage="mailbox"))
        oid, address, username = (str(answer.content.get(name) or "") for name in ("id", "mail", "userPrincipalName"))
        expected = self._settings.account_id
        if expected and oid.lower() != expected.lower():
            raise self._seen(ANOTHER_ACCOUNT, "mailbox", found=username or oid)
        if not address:
            raise self._seen(NO_MAILBOX, "mailbox")
        self._own_address = address
        return Seen(facts={"account": username, "address": address, "request_id": answer.request_id})

    @override
    async def _judge_sender(self) -> Seen | None:
        """Without a message, only the account's own address is known to be usable."""
        return Seen(facts={"address": self._attempt.sender, "own": True}) if self._is_own else None

    @override
    async def _send(self) -> Seen | None:
        message = self._attempt.message
        if message is None:
            return None
        try:
            self._receipt = await self._sender.submit(message)
        except SendFailed as failed:
            if failed.evidence.stage == "sender":
                raise
            self._failure = failed
            return await self._judge_sender()
        return Seen(facts={"address": message.sender_address, "own": self._is_own})

    @override
    async def _submitted(self) -> Seen:
        if self._receipt is None:
            raise self._not_submitted()
        receipt, settings = self._receipt, self._settings
        copy = settings.account if settings.route is Route.ME else settings.mailbox
        return Seen(
            facts={
                "reply": receipt.reply,
                "request_id": receipt.request_id,
                "client_request_id": receipt.client_request_id,
                "sent_copy": copy,
            }
        )

    @property
    def _is_own(self) -> bool:
        return bool(self._own_address) and self._own_address.lower() == self._attempt.sender.lower()
