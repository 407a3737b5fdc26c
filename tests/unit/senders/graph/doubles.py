"""A Graph that answers as it is told, tokens at hand, and a network without a wire."""

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP

import httpx
import msgspec

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.network.resolver import Resolver
from sendwright.network.trust import client_context
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.grant import AccessToken, OAuthFailed
from sendwright.problems.evidence import System
from sendwright.recording.event import Layer
from sendwright.secret import Secret
from sendwright.senders.graph.asking import Asking
from sendwright.senders.graph.sender import GraphSender
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.senders.pace import MailboxPace

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TENANT = "aaaabbbb-0000-4000-8000-000000000001"
CLIENT = "ccccdddd-0000-4000-8000-000000000002"
ACCOUNT_ID = "eeeeffff-0000-4000-8000-000000000003"
ACCOUNT = "anna@contoso.com"
MAILBOX = "notices@contoso.com"
RECIPIENT = "bob@example.com"
GRAPH = "https://graph.microsoft.com"

Answering = Callable[[httpx.Request], httpx.Response]


def settings(route: Route = Route.ME, way: Way = Way.ACCOUNT, **changes: object) -> GraphSettings:
    """Return the settings of Contoso's shared mailbox."""
    account, account_id = (ACCOUNT, ACCOUNT_ID) if way is Way.ACCOUNT else ("", "")
    usual = GraphSettings(
        client_id=CLIENT,
        tenant=TENANT,
        mailbox=MAILBOX,
        way=way,
        route=route,
        account=account,
        account_id=account_id,
    )
    return msgspec.structs.replace(usual, **changes)


def outgoing(**changes: object) -> OutgoingMessage:
    """Return a small message from the shared mailbox."""
    usual = OutgoingMessage(
        sender_address=MAILBOX,
        alias="Notices",
        recipient=RECIPIENT,
        subject="A test",
        message_id="<test.1@contoso.com>",
        text="Hello.",
        written_at=NOW,
    )
    return msgspec.structs.replace(usual, **changes)


def token(value: str = "canary-token-one", *, scope: str = "") -> AccessToken:
    return AccessToken(secret=Secret(value), expires_at=NOW + timedelta(hours=1), scope=scope)


@dataclass
class Tokens:
    """A TokenSource: one token after the other, as each is refused."""

    values: list[str] = field(default_factory=lambda: ["canary-token-one"])
    given: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    broken: OAuthFailed | None = None

    async def token(self) -> AccessToken:
        if self.broken is not None:
            raise self.broken
        left = [value for value in self.values if value not in self.taken_back]
        if not left:
            raise access_ended(System.ENTRA)
        self.given.append(left[0])
        return token(left[0])

    async def refused(self, access: AccessToken) -> None:
        self.taken_back.append(access.secret.reveal())


@dataclass
class Learning:
    """A recorder that remembers what it was told to hide."""

    secrets: list[str] = field(default_factory=list)

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        """Nothing is kept."""

    def learn(self, secret: Secret) -> None:
        self.secrets.append(secret.reveal())


class NoNames:
    """A resolver that nobody asks."""

    async def addresses(self, host: str) -> tuple[str, ...]:
        raise AssertionError(host)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def network(resolver: Resolver | None = None, *, timeout_s: float = 5.0, recorder: Learning | None = None) -> Network:
    return Network(
        resolver=resolver or NoNames(),  # type: ignore[arg-type]  # what is missing is never called
        tls=client_context,
        timeout_s=timeout_s,
        recorder=recorder or Learning(),
    )


@dataclass
class Graph:
    """Microsoft Graph as one test wants it: one answer after the other, the last one for good."""

    answers: list[httpx.Response | Exception | Answering] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer), follow_redirects=False)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        self.bodies.append(await request.aread())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def posted(self) -> list[Message]:
        """The messages that were posted, decoded."""
        return [message_from_bytes(base64.b64decode(body, validate=True), policy=SMTP) for body in self.bodies if body]


def accepted(request_id: str = "11112222-0000-4000-8000-00000000000a") -> httpx.Response:
    return httpx.Response(202, headers={"request-id": request_id})


def error(
    status: int, code: str, message: str = "", *, headers: Mapping[str, str] | None = None, **inner: str
) -> httpx.Response:
    """Return an error as Graph writes it."""
    body = {"error": {"code": code, "message": message, "innerError": inner}}
    return httpx.Response(status, json=body, headers=dict(headers or {}))


class Drops(httpx.AsyncByteStream):
    """A body that breaks off."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise httpx.ReadError("gone")


def sender_of(
    graph: Graph, *, tokens: Tokens | None = None, chosen: GraphSettings | None = None, pace: MailboxPace | None = None
) -> GraphSender:
    return GraphSender(
        chosen or settings(), tokens or Tokens(), network(), pace=pace, web=graph.client, clock=lambda: NOW
    )


def asking_of(graph: Graph, *, tokens: Tokens | None = None, recorder: Learning | None = None) -> Asking:
    return Asking(
        GRAPH,
        tokens or Tokens(),
        network(recorder=recorder),
        values={"username": ACCOUNT},
        web=graph.client,
        clock=lambda: NOW,
    )
