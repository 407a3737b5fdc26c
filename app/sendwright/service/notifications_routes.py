"""The HTTP routes of notifications and of the metrics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.handoff.wire import NotificationRequest, Notifications, NotificationState
from sendwright.service.answers import Answer, once, repeatable
from sendwright.service.authentication import device_of
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.ground import Ground, Outlook
from sendwright.service.metrics import CONTENT_TYPE, Metrics
from sendwright.service.notifications import MOST_LISTED, NotificationStore, require_acceptable
from sendwright.service.queue_policy import QueuePolicy
from sendwright.service.queue_store import QueueStore
from sendwright.service.trouble import Trouble

_NOBODYS_DOMAIN = "sendwright.invalid"
_ENVELOPE_BYTES = 64 * 1024
_MOST_ESCAPED = 2
"""JSON doubles what is full of quotes and line ends; what is escaped more than that is no text."""


@dataclass(frozen=True, kw_only=True)
class NotificationDesk:
    """Takes notifications in; nudge: tells the worker that there is something to do."""

    ground: Ground
    policy: QueuePolicy
    metrics: Metrics
    nudge: Callable[[], None]

    @property
    def store(self) -> NotificationStore:
        """The notifications."""
        ground = self.ground
        return NotificationStore(database=ground.database, envelope=ground.envelope, clock=ground.clock)

    async def accept(
        self, request: NotificationRequest, *, owner: str, key: str | None, body: bytes
    ) -> tuple[NotificationState, int]:
        """Store a notification and return its state and the HTTP status: 202, or 200 when it was known.

        owner, key, body: what a repetition is recognised by. It is durable when this returns. Raises Trouble.
        """
        now = self.ground.clock()
        require_acceptable(request, now=now, largest_bytes=self.policy.largest_bytes)
        try:
            recipient = parse_address(request.to).text
        except AddressInvalid as invalid:
            raise Trouble("notification-recipient-invalid", detail=invalid.code) from invalid
        clean = msgspec.structs.replace(request, to=recipient)
        domain = await self._domain()
        store = self.store
        new = False

        async def effect(session: AsyncSession) -> Answer:
            nonlocal new
            notification_id, new = await store.accept(session, clean, domain=domain)
            status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
            return Answer(status=status, body=notification_id.encode())

        write = repeatable(owner=owner, key=key, request=("POST", "/v1/notifications", body))
        answer = await once(self.ground.database, write, effect, now=now)
        if new:
            self.metrics.accepted.inc()
        self.nudge()
        return await store.state(answer.body.decode()), answer.status

    async def put_back(self, notification_id: str, *, who: str, owner: str, key: str | None) -> NotificationState:
        """Let a dead letter be tried again and return its state. Raises Trouble."""
        store = self.store

        async def effect(session: AsyncSession) -> Answer:
            await store.put_back(session, notification_id, who=who)
            return Answer(status=HTTPStatus.OK)

        write = repeatable(owner=owner, key=key, request=("retry", notification_id))
        await once(self.ground.database, write, effect, now=self.ground.clock())
        self.nudge()
        return await store.state(notification_id)

    async def measurements(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        ground = self.ground
        queue = QueueStore(database=ground.database, envelope=ground.envelope, clock=ground.clock)
        counts, oldest = await queue.backlog()
        outlook = await ground.watched.outlook() if ground.watched else Outlook()
        return self.metrics.render(
            counts=counts, oldest=oldest, version=await self._version(), now=ground.clock(), outlook=outlook
        )

    async def _domain(self) -> str:
        """Return what stands right of the @ in a Message-ID: the sender's domain where there is a sender."""
        try:
            active = await self.ground.profiles.in_force()
        except EnvelopeBroken:
            active = None
        return parse_address(active.profile.address).ascii_domain if active else _NOBODYS_DOMAIN

    async def _version(self) -> int | None:
        try:
            active = await self.ground.profiles.in_force()
        except EnvelopeBroken:
            return None
        return active.version if active else None


def notification_routes(desk: NotificationDesk) -> Sequence[ControllerRouterHandler]:
    """Return the routes.

    All of them want an access token, the metrics too: a scraper enrols like a wizard.
    """
    largest_body = _ENVELOPE_BYTES + _MOST_ESCAPED * desk.policy.largest_bytes

    @post("/v1/notifications", status_code=HTTPStatus.ACCEPTED, request_max_body_size=largest_body)
    async def accept_notification(
        request: Request[Any, Any, Any], data: JSONBody[NotificationRequest]
    ) -> Response[NotificationState]:
        """Accept a notification; it is durable when the answer arrives."""
        state, status = await desk.accept(
            data, owner=device_of(request).digest, key=_key(request), body=await request.body()
        )
        return Response(state, status_code=status)

    @get("/v1/notifications")
    async def list_notifications(
        in_state: Annotated[str | None, QueryParameter(name="state")] = None, limit: FromQuery[int] = MOST_LISTED
    ) -> Notifications:
        """Return notifications, newest first, and how many there are in each state."""
        return await desk.store.listing(state=in_state, limit=limit)

    @get("/v1/notifications/{notification_id:str}")
    async def show_notification(notification_id: FromPath[str]) -> NotificationState:
        """Return what became of a notification."""
        return await desk.store.state(notification_id)

    @post("/v1/notifications/{notification_id:str}/retry", status_code=HTTPStatus.OK)
    async def put_back_notification(
        request: Request[Any, Any, Any], notification_id: FromPath[str]
    ) -> NotificationState:
        """Put a dead letter back into the queue."""
        device = device_of(request)
        return await desk.put_back(notification_id, who=device.name, owner=device.digest, key=_key(request))

    @get("/metrics", media_type=CONTENT_TYPE)
    async def show_metrics() -> bytes:
        """Return the metrics in Prometheus' text format."""
        return await desk.measurements()

    return (
        accept_notification,
        list_notifications,
        show_notification,
        put_back_notification,
        show_metrics,
    )


def _key(request: Request[Any, Any, Any]) -> str | None:
    return request.headers.get("idempotency-key")
