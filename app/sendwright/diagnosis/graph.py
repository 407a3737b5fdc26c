"""The stages of sending through Microsoft Graph."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis.graph_permissions import limited_by_exchange, what_lacks
from sendwright.diagnosis.run import run
from sendwright.diagnosis.stage import GRAPH_STAGES, Seen, Stage, StageResult
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.entra.tenant import find_tenant
from sendwright.oauth.grant import OAuthFailed, TokenSource
from sendwright.oauth.lens import TokenView, read_token
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.graph.asking import Asking
from sendwright.senders.graph.sender import GraphReceipt, GraphSender, values_of
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.interface.asking import Request
from sendwright.senders.sender import SendFailed

ANOTHER_ACCOUNT = "graph-another-account"
NO_MAILBOX = "graph-mailbox-not-in-exchange-online"

ABOUT_ME = "/me?$select=id,displayName,mail,userPrincipalName"
"""What the permission User.Read shows of whoever signed in (learn.microsoft.com/graph/api/user-get)."""

LAST_WITHOUT_SIGN_IN = "reach"


@dataclass(frozen=True, kw_only=True)
class GraphAttempt:
    """What a diagnosis shall try.

    sender: an addr-spec, what From will be. message: what is submitted, None submits nothing. stop_after: the last
    stage to try, empty for all. web: makes the clients, the network's own where None is given.
    """

    settings: GraphSettings
    tokens: TokenSource
    sender: str
    message: OutgoingMessage | None = None
    stop_after: str = ""
    web: Web | None = None


async def diagnose_graph(
    attempt: GraphAttempt, network: Network, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends (`GRAPH_STAGES`); whatever Microsoft does becomes a result.

    At most one message is posted. Whether the sender's address may be used shows only then: a refusal of it is a result
    of the stage `sender`, which is not reached where nothing is posted and the address is not the account's own.
    """
    walk = _Walk(attempt, network, clock)
    try:
        async for result in run(walk.stages()):
            yield result
    finally:
        await walk.close()


class _Walk:
    """The stages of one attempt and what they tell each other."""

    def __init__(self, attempt: GraphAttempt, network: Network, clock: Callable[[], datetime]) -> None:
        settings, tokens = attempt.settings, attempt.tokens
        self._attempt = attempt
        self._settings = settings
        self._network = network
        self._web: Web = attempt.web or (lambda: web_client(network))
        self._values = values_of(settings) | {"sender": attempt.sender}
        graph = settings.registration.place.graph
        self._asking = Asking(graph, tokens, network, values=self._values, web=self._web, clock=clock)
        self._sender = GraphSender(settings, tokens, network, web=self._web, clock=clock)
        self._view: TokenView | None = None
        self._own_address = ""
        self._receipt: GraphReceipt | None = None
        self._failure: SendFailed | None = None

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages in the order in which they must run."""
        account = self._settings.way is Way.ACCOUNT
        last = GRAPH_STAGES.index(self._attempt.stop_after or "submit")
        submits = self._attempt.message is not None and last == GRAPH_STAGES.index("submit")
        steps = {
            "reach": self._reach,
            "sign-in": self._sign_in,
            "permissions": self._permissions,
            "mailbox": self._mailbox if account else None,
            "sender": self._send if submits else self._judge_sender,
            "submit": self._submitted if submits else None,
        }
        return tuple(
            Stage(id=stage, run=steps[stage] if place <= last else None) for place, stage in enumerate(GRAPH_STAGES)
        )

    async def close(self) -> None:
        """Release connections."""
        await self._asking.close()
        await self._sender.close()

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

    async def _sign_in(self) -> Seen:
        try:
            access = await self._attempt.tokens.token()
        except OAuthFailed as failed:
            raise self._known(failed.evidence) from None
        self._network.recorder.learn(access.secret)
        self._view = view = read_token(access.secret)
        facts = {
            "way": self._settings.way.value,
            "username": view.username or self._settings.account,
            "application": view.app_id or self._settings.client_id,
            "tenant": view.tenant or self._settings.tenant,
            "expires_at": f"{access.expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        return Seen(facts={name: value for name, value in facts.items() if value})

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

    async def _mailbox(self) -> Seen | None:
        scopes = {scope.lower() for scope in self._view.scopes} if self._view else set()
        if scopes and "user.read" not in scopes:
            return None  # sending does not need it
        answer = await self._asking.ask(Request(method="GET", path=ABOUT_ME, stage="mailbox"))
        oid, address, username = (str(answer.content.get(name) or "") for name in ("id", "mail", "userPrincipalName"))
        expected = self._settings.account_id
        if expected and oid.lower() != expected.lower():
            raise self._seen(ANOTHER_ACCOUNT, found=username or oid)
        if not address:
            raise self._seen(NO_MAILBOX)
        self._own_address = address
        return Seen(facts={"account": username, "address": address, "request_id": answer.request_id})

    async def _judge_sender(self) -> Seen | None:
        """Without a message, only the account's own address is known to be usable."""
        return Seen(facts={"address": self._attempt.sender, "own": True}) if self._is_own else None

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

    async def _submitted(self) -> Seen:
        if self._receipt is None:
            raise self._failure or self._seen("program-fault")
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

    def _known(self, evidence: Evidence) -> SendFailed:
        return SendFailed(msgspec.structs.replace(evidence, values=self._values | evidence.values))

    def _seen(self, condition: str, **found: str) -> SendFailed:
        values = self._values | found
        return SendFailed(Evidence(stage="mailbox", system=System.GRAPH, condition=condition, values=values))
