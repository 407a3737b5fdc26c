"""What the tests of signing in do again and again."""

import pytest
from tests.unit.oauth.entra.fake_entra import OID, REDIRECT, TENANT, FakeEntra, registration
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.account import Account
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.sign_in import SignedIn, SignInRequest, begin, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence

ALICE = Account(tenant=TENANT, oid=OID, username="alice@contoso.com", name="Alice Ansbach")
PERMISSIONS = ("Mail.Send", "Mail.Send.Shared", "User.Read")


async def started(fake: FakeEntra, recorder: Notes | None = None, **changes: object) -> SignInRequest:
    asked = {"permissions": PERMISSIONS, "redirect_uri": REDIRECT} | changes
    at = asked.pop("registration", registration())
    return await begin(at, web=fake.web, recorder=recorder or Notes(), **asked)


async def ended(
    fake: FakeEntra,
    request: SignInRequest,
    parameters: dict[str, str],
    *,
    at: Registration | None = None,
    recorder: Notes | None = None,
    expected: Account | None = None,
) -> SignedIn:
    return await redeem(
        request,
        parameters,
        at or registration(),
        web=fake.web,
        recorder=recorder or Notes(),
        now=NOW,
        expected=expected,
    )


async def refused(fake: FakeEntra, request: SignInRequest, parameters: dict[str, str], **more: object) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await ended(fake, request, parameters, **more)
    assert failure.value.__cause__ is None
    return failure.value.evidence
