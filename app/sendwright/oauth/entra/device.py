"""Signs a person in on another device: the device authorisation grant (RFC 8628)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sendwright.oauth.account import Account
from sendwright.oauth.answered import secret_of
from sendwright.oauth.conditions import NOT_RECOGNISED, NOT_UNDERSTOOD, REACH
from sendwright.oauth.entra.failures import evidence_of, failed
from sendwright.oauth.entra.identity import read_issuing
from sendwright.oauth.entra.msal_app import run_msal
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.scopes import by_resource
from sendwright.oauth.entra.sign_in import SignedIn, yielded
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import Web, origin
from sendwright.recording.recorder import Recorder
from sendwright.recording.visible import visible

if TYPE_CHECKING:  # loaded when somebody signs in: oauth.entra.msal_app
    import msal

SLOWER_S: Final = 5
"""Seconds by which the interval grows at `slow_down` (RFC 8628 section 3.5)."""

LONGEST_INTERVAL_S: Final = 60
FAILURES_BORNE: Final = 3
"""Questions in a row that may stay without an answer: a computer changes its network while somebody signs in."""


@dataclass(frozen=True, kw_only=True)
class DeviceCode:
    """What the person types at `address`, which is https. expires_at: aware. interval_s: seconds between questions."""

    user_code: str = field(repr=False)
    address: str
    expires_at: datetime
    interval_s: int
    permissions: tuple[str, ...] = ()
    flow: dict[str, object] = field(default_factory=dict, repr=False, compare=False)


async def begin_device(
    registration: Registration,
    *,
    permissions: tuple[str, ...],
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DeviceCode:
    """Return a code to type. clock: the present, aware. Raises OAuthFailed.

    A code is for one service, that of the first permission: those of another one are granted where they were before.
    Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
    """
    now = clock()
    scopes = next(iter(by_resource(permissions, registration)), ())
    flow = await run_msal(lambda app: app.initiate_device_flow(list(scopes)), registration, web=web)
    device, user_code = secret_of(flow, "device_code", recorder=recorder), flow.get("user_code")
    secret_of(flow, "user_code", recorder=recorder)  # whoever has it may sign in in her place
    address, life, interval = flow.get("verification_uri"), flow.get("expires_in"), flow.get("interval")
    if device is None or not isinstance(user_code, str) or not isinstance(life, int) or not isinstance(interval, int):
        raise failed(NOT_UNDERSTOOD, registration)
    if not isinstance(address, str) or origin(address) is None:
        raise failed(NOT_RECOGNISED, registration)
    return DeviceCode(
        user_code=visible(user_code[:50]),
        address=visible(address[:500]),
        expires_at=now + timedelta(seconds=min(max(life, 0), 24 * 60 * 60)),
        interval_s=min(max(interval, 1), LONGEST_INTERVAL_S),
        permissions=permissions,
        flow=flow,
    )


async def await_device(
    code: DeviceCode,
    registration: Registration,
    *,
    web: Web,
    recorder: Recorder,
    clock: Callable[[], datetime],
    expected: Account | None = None,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> SignedIn:
    """Ask until the person has signed in; cancel it to stop asking.

    clock: the present, aware. expected: who has to be the one. pause: waits some seconds. Raises OAuthFailed:
    `expired_token` once the code has ended, `authorization_declined`, or what a policy says; else as
    `sign_in.redeem` does.
    """
    polling = _Polling(code, registration, web=web, clock=clock, pause=pause)
    result = await polling.result()
    now = clock()
    async with web() as client:
        return await yielded(
            result,
            registration,
            await read_issuing(client, registration),
            permissions=code.permissions,
            client=client,
            web=web,
            recorder=recorder,
            now=now,
            nonce=None,  # this grant has no place for one
            expected=expected,
        )


class _Polling:
    """Asks again and again, more and more rarely where it is told to, or gets no answer."""

    def __init__(
        self,
        code: DeviceCode,
        registration: Registration,
        *,
        web: Web,
        clock: Callable[[], datetime],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._code = code
        self._registration = registration
        self._web = web
        self._clock = clock
        self._pause = pause
        self._interval_s = float(code.interval_s)
        self._unanswered = 0
        self._discovered: dict[str, object] = {}

    async def result(self) -> Mapping[str, object]:
        """Return the answer that is no error. Raises OAuthFailed."""
        while True:
            await self._pause(self._interval_s)
            if self._clock() >= self._code.expires_at:
                raise OAuthFailed(evidence_of({"error": "expired_token"}, self._registration))
            try:
                return await run_msal(self._ask, self._registration, web=self._web, discovered=self._discovered)
            except OAuthFailed as failure:
                self._interval_s = self._next_interval_s(failure)

    def _ask(self, app: "msal.PublicClientApplication") -> dict[str, object]:
        return app.acquire_token_by_device_flow(dict(self._code.flow), exit_condition=lambda _: True)

    def _next_interval_s(self, failure: OAuthFailed) -> float:
        """Return the seconds until the next question; raises `failure` where there is to be none."""
        seen = failure.evidence
        match seen.error:
            case "authorization_pending":
                self._unanswered = 0
                return self._interval_s
            case "slow_down":
                self._unanswered = 0
                return min(self._interval_s + SLOWER_S, LONGEST_INTERVAL_S)
        self._unanswered += 1
        passing = seen.stage == REACH or (seen.http or 0) // 100 == 5 or seen.http == 429  # noqa: PLR2004 - statuses
        if not passing or self._unanswered > FAILURES_BORNE:
            raise failure
        return min(max(self._interval_s * 2, seen.retry_after_s or 0), LONGEST_INTERVAL_S)
