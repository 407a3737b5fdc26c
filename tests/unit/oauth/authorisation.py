"""An authorisation server that rotates refresh tokens and notices when a former one comes again (RFC 9700 4.14.2)."""

import asyncio
from datetime import timedelta

from tests.unit.oauth.standing_in import Clock

from sendwright.oauth.grant import AccessToken, OAuthFailed, Renewed
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret


class Authorisation:
    """renew: as grant.Renew. reused: how often a former token came. answers: what it fails with next, in order."""

    def __init__(self, clock: Clock, *, rotates: bool = True) -> None:
        self.clock = clock
        self.rotates = rotates
        self.current = Secret("refresh-0")
        self.renewals: list[str] = []
        self.reused = 0
        self.failures: list[Evidence] = []
        self.pause = asyncio.Event()
        self.pause.set()
        self.asked = asyncio.Event()

    async def renew(self, refresh_token: Secret, scope: str) -> Renewed:
        self.asked.set()
        await self.pause.wait()
        await asyncio.sleep(0)
        if self.failures:
            raise OAuthFailed(self.failures.pop(0))
        if refresh_token != self.current:
            self.reused += 1
            raise OAuthFailed(failure("invalid_grant", reason="bad_token"))
        self.renewals.append(scope)
        if self.rotates:
            self.current = Secret(f"refresh-{len(self.renewals)}")
        access = self.token(f"access-{len(self.renewals)}", scope)
        return Renewed(access=access, refresh_token=self.current if self.rotates else None)

    def token(self, letters: str, scope: str = "") -> AccessToken:
        return AccessToken(secret=Secret(letters), expires_at=self.clock.now + timedelta(hours=1), scope=scope)


def failure(error: str | None = None, *, reason: str | None = None, errno: str | None = None) -> Evidence:
    return Evidence(
        stage="sign-in",
        system=System.ENTRA,
        error=error,
        reason=reason,
        errno=errno,
        number=50173 if error else None,
        http=400 if error else None,
        text="AADSTS50173: The provided grant has expired",
        values={"tenant": "contoso.com"},
    )
