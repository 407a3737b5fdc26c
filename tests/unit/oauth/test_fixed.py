"""One access token without a grant behind it, and the tokens of a grant for a sender."""

from datetime import UTC, datetime, timedelta

import pytest

from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import MARGIN, AccessToken, GrantKeeper, OAuthFailed, Renew, Renewed, TokenSource
from sendwright.oauth.grant_tokens import GrantTokens
from sendwright.problems.classify import classify
from sendwright.problems.evidence import System
from sendwright.secret import Secret

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKEN = AccessToken(secret=Secret("access-1"), expires_at=NOW + timedelta(hours=1), scope="Mail.Send")


async def never(refresh_token: Secret, scope: str) -> Renewed:
    raise AssertionError("there is nothing to renew")


def fixed(access: AccessToken | None, *, now: datetime = NOW) -> FixedAccess:
    return FixedAccess(access, clock=lambda: now, system=System.ENTRA)


async def test_the_token_serves_as_grant_and_as_source() -> None:
    keeper: GrantKeeper = fixed(TOKEN)
    source: TokenSource = fixed(TOKEN)
    assert await keeper.access("anything", never) is TOKEN
    assert await source.token() is TOKEN


@pytest.mark.parametrize(
    ("access", "now"),
    [
        (None, NOW),
        (TOKEN, NOW + timedelta(hours=1)),
        (TOKEN, TOKEN.expires_at - MARGIN),
        (TOKEN, NOW + timedelta(days=1)),
    ],
)
async def test_a_token_that_does_not_last_is_not_returned(access: AccessToken | None, now: datetime) -> None:
    keeper = fixed(access, now=now)
    for asked in (keeper.token(), keeper.access("Mail.Send", never)):
        with pytest.raises(OAuthFailed) as failed:
            await asked
        evidence = failed.value.evidence
        assert (evidence.condition, evidence.stage, evidence.system) == ("access-token-ended", "sign-in", System.ENTRA)
        assert classify(evidence).code == "access-token-ended"


async def test_a_refused_token_is_not_returned_again() -> None:
    keeper = fixed(TOKEN)
    await keeper.refused(AccessToken(secret=Secret("another"), expires_at=NOW))
    assert await keeper.token() is TOKEN
    await keeper.refused(AccessToken(secret=Secret("access-1"), expires_at=NOW))
    with pytest.raises(OAuthFailed):
        await keeper.token()
    await keeper.refused(TOKEN)


class Noting:
    """A grant.GrantKeeper that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    async def access(self, scope: str, renew: Renew) -> AccessToken:
        self.asked.append((scope, renew))
        return TOKEN

    async def refused(self, access: AccessToken) -> None:
        self.asked.append(access)


async def test_the_tokens_of_a_grant_are_asked_for_by_their_scope() -> None:
    keeper = Noting()
    tokens: TokenSource = GrantTokens(keeper, "Mail.Send offline_access", never)
    assert await tokens.token() is TOKEN
    await tokens.refused(TOKEN)
    assert keeper.asked == [("Mail.Send offline_access", never), TOKEN]
