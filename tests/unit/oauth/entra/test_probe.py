"""What can be found out about a registration without anybody signing in, and what cannot."""

from collections.abc import Callable

import httpx
import pytest
from tests.unit.oauth.entra.fake_entra import CLIENT, LOGIN, REDIRECT, TENANT, FakeEntra, refusal, registration

from sendwright.oauth.entra.probe import Answer, Finding, Question, probe
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
PENDING = refusal("authorization_pending", 70016)


def back(query: str, to: str = REDIRECT) -> Callable[[dict[str, str]], httpx.Response]:
    return lambda _: httpx.Response(302, headers={"Location": f"{to}?{query}"})


def shown(words: str, status: int = 200) -> Callable[[dict[str, str]], httpx.Response]:
    return lambda _: httpx.Response(status, html=f"<html><script>$Config={{'s':'{words}'}}</script></html>")


LOGIN_REQUIRED = back("error=login_required&error_description=AADSTS50058%3a+no+session&state=probe")


async def asked(
    page: Callable[[dict[str, str]], httpx.Response], *device: httpx.Response | Exception
) -> dict[Question, Finding]:
    fake = FakeEntra(page=page, refusals=list(device))
    code = FakeEntra().device({"client_id": CLIENT})
    fake.refusals = list(device) if len(device) == 1 and device[0] is not PENDING else [code, *device]
    found = await probe(registration(own=True), redirect_uri=REDIRECT, web=fake.web)
    assert [one.question for one in found] == list(Question), "one finding for each, in their order"
    assert found[-1].answer is UNKNOWN, "permissions show at the sign-in only"
    return {one.question: one for one in found}


def answers(found: dict[Question, Finding]) -> tuple[Answer, Answer, Answer]:
    return found[Question.KNOWN].answer, found[Question.REDIRECT].answer, found[Question.PUBLIC].answer


async def test_a_registration_that_fits_is_known_at_its_address_and_public() -> None:
    found = await asked(LOGIN_REQUIRED, PENDING)
    assert answers(found) == (YES, YES, YES)
    assert not any(one.evidence for one in found.values())


async def test_the_page_is_asked_for_without_being_shown() -> None:
    fake = FakeEntra(page=LOGIN_REQUIRED)
    await probe(registration(), redirect_uri=REDIRECT, web=fake.web)
    method, path, query = fake.asked[1]
    assert (method, path) == ("GET", f"/{TENANT}/oauth2/v2.0/authorize")
    assert (query["prompt"], query["redirect_uri"], query["client_id"]) == ("none", REDIRECT, CLIENT)


@pytest.mark.parametrize("error", ["login_required", "interaction_required", "consent_required", "access_denied"])
async def test_being_sent_back_proves_the_address(error: str) -> None:
    assert answers(await asked(back(f"error={error}&state=probe"), PENDING)) == (YES, YES, YES)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (50011, (YES, NO, YES)),
        (500113, (YES, NO, YES)),
        (900971, (YES, NO, YES)),
        (53003, (YES, UNKNOWN, YES)),
    ],
)
async def test_the_page_names_what_it_refuses(number: int, expected: tuple[Answer, Answer, Answer]) -> None:
    found = await asked(shown(f"AADSTS{number}: it does not fit."), PENDING)
    assert answers(found) == expected
    told = found[Question.REDIRECT].evidence
    assert told is not None
    assert told.number == number
    assert told.values["registration"] == "own"


async def test_an_address_that_is_not_registered_is_for_the_organisation_s_own_administrator() -> None:
    found = await asked(shown("AADSTS50011: The redirect URI does not match."), PENDING)
    evidence = found[Question.REDIRECT].evidence
    assert evidence is not None
    problem = classify(evidence)
    assert (problem.code, problem.owner) == ("redirect-uri-mismatch", "microsoft-365-admin")


@pytest.mark.parametrize("number", [700016, 70001, 7000229])
async def test_a_client_that_nobody_knows(number: int) -> None:
    found = await asked(shown(f"AADSTS{number}: not found"), refusal("unauthorized_client", number))
    assert answers(found) == (NO, UNKNOWN, UNKNOWN)
    told = found[Question.KNOWN].evidence
    assert told is not None
    assert classify(told).code == "application-not-in-tenant"


@pytest.mark.parametrize(
    "page",
    [
        shown("Sign in to your account"),
        lambda _: httpx.Response(302, headers={"Location": "https://login.live.com/?x=1"}),
        lambda _: httpx.Response(302, headers={"Location": f"{LOGIN}/next"}),
        lambda _: httpx.Response(500, text="oops"),
        lambda _: httpx.Response(200, content=b"\xff\xfe\x00"),
        back("error=login_required", to="http://localhost:50123/other"),
    ],
)
async def test_what_is_not_told_is_called_unknown(page: Callable[[dict[str, str]], httpx.Response]) -> None:
    refused = refusal("invalid_request", 90013)
    assert answers(await asked(page, refused)) == (UNKNOWN, UNKNOWN, UNKNOWN)


async def test_a_code_that_is_waited_for_shows_a_known_client() -> None:
    assert answers(await asked(shown("Sign in"), PENDING)) == (YES, UNKNOWN, YES)


@pytest.mark.parametrize(
    "refused", [refusal("invalid_client", 7000218, status=401), httpx.Response(401, json={"error": "invalid_client"})]
)
@pytest.mark.parametrize("later", [True, False])
async def test_whoever_must_name_a_secret_is_no_public_client(refused: httpx.Response, *, later: bool) -> None:
    fake = FakeEntra(page=LOGIN_REQUIRED)
    fake.refusals = [fake.device({"client_id": CLIENT}), refused] if later else [refused]
    found = {one.question: one for one in await probe(registration(), redirect_uri=REDIRECT, web=fake.web)}
    assert answers(found) == (YES, YES, NO)
    told = found[Question.PUBLIC].evidence
    assert told is not None
    assert told.error == "invalid_client"


async def test_without_a_device_endpoint_it_stays_unknown() -> None:
    fake = FakeEntra(page=LOGIN_REQUIRED, metadata={"device_authorization_endpoint": None})
    found = await probe(registration(), redirect_uri=REDIRECT, web=fake.web)
    assert [one.answer for one in found] == [YES, YES, UNKNOWN, UNKNOWN]


async def test_a_token_that_nobody_signed_in_for_proves_nothing() -> None:
    found = await probe(registration(), redirect_uri=REDIRECT, web=FakeEntra(page=LOGIN_REQUIRED).web)
    assert found[2] == Finding(question=Question.PUBLIC, answer=UNKNOWN)


async def test_a_tenant_that_nobody_has_ends_it() -> None:
    with pytest.raises(OAuthFailed) as failure:
        await probe(registration(tenant="nobody.example"), redirect_uri=REDIRECT, web=FakeEntra().web)
    assert failure.value.evidence.number == 90002
    with pytest.raises(OAuthFailed) as failure:
        await asked(shown("AADSTS90002: Tenant not found"), PENDING)
    assert classify(failure.value.evidence).code == "tenant-not-found"


@pytest.mark.parametrize("silent", [httpx.ConnectTimeout("x"), httpx.ReadError("x")])
async def test_no_answer_finds_nothing_out(silent: Exception) -> None:
    with pytest.raises(OAuthFailed) as failure:
        await asked(LOGIN_REQUIRED, silent)
    assert failure.value.evidence.stage == "reach"
