"""What the tests of signing in do again and again."""

import pytest
from tests.unit.oauth.google.fake_google import CLIENT_SECRET, REDIRECT, SUB, FakeGoogle, client
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.account import Account
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.scopes import USUAL
from sendwright.oauth.google.sign_in import SignedIn, SignInRequest, begin, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System

ALICE = Account(tenant="https://accounts.google.com", oid=SUB, username="alice@example.org", domain="example.org")


async def started(fake: FakeGoogle, recorder: Notes | None = None, **changes: object) -> SignInRequest:
    asked = {"scopes": USUAL, "redirect_uri": REDIRECT} | changes
    at = asked.pop("client", client())
    return await begin(at, web=fake.web, recorder=recorder or Notes(), **asked)


async def ended(
    fake: FakeGoogle,
    request: SignInRequest,
    parameters: dict[str, str],
    *,
    at: GoogleClient | None = None,
    recorder: Notes | None = None,
    expected: Account | None = None,
) -> SignedIn:
    return await redeem(
        request,
        parameters,
        at or client(),
        web=fake.web,
        recorder=recorder or Notes(),
        now=NOW,
        expected=expected,
    )


async def signed_in(fake: FakeGoogle, **more: object) -> SignedIn:
    request = await started(fake)
    return await ended(fake, request, fake.sign_in(request.url), **more)


async def refused(fake: FakeGoogle, request: SignInRequest, parameters: dict[str, str], **more: object) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await ended(fake, request, parameters, **more)
    assert failure.value.__cause__ is None
    seen = failure.value.evidence
    if seen.stage != "reach":
        assert seen.system is System.GOOGLE
    known = {request.state, request.verifier.reveal(), request.nonce.reveal(), CLIENT_SECRET, *fake.refresh}
    told = f"{failure.value!r} {seen!r}"
    assert not [secret for secret in known | {parameters.get("code", CLIENT_SECRET)} if secret in told]
    return seen
