"""A refresh token is exchanged for an access token, or for the reason why not."""

from datetime import timedelta

import httpx
import pytest
from tests.unit.oauth.entra.fake_entra import CLIENT, MAIL, TENANT, FakeEntra, refusal, registration
from tests.unit.oauth.standing_in import NOW, Notes

from sendwright.oauth.entra.renew import renewing
from sendwright.oauth.grant import OAuthFailed, Renewed
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

REFRESH = Secret("0.refresh-of-the-test-xxxxxxxxxxxxxxxxxxxxxxxx")
CHALLENGE = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


def fake() -> FakeEntra:
    return FakeEntra(refresh={REFRESH.reveal()})


async def renewed(entra: FakeEntra, scope: str = MAIL, recorder: Notes | None = None) -> Renewed:
    renew = renewing(registration(), web=entra.web, recorder=recorder or Notes(), clock=lambda: NOW)
    return await renew(REFRESH, scope)


async def refused(entra: FakeEntra, answer: httpx.Response | Exception) -> Evidence:
    entra.refusals = [answer]
    with pytest.raises(OAuthFailed) as failure:
        await renewed(entra)
    return failure.value.evidence


async def test_it_yields_an_access_token_and_the_next_refresh_token() -> None:
    entra, recorder = fake(), Notes()
    result = await renewed(entra, recorder=recorder)
    assert result.access.expires_at == NOW + timedelta(seconds=3599)
    assert MAIL in result.access.scope.split()
    assert result.refresh_token is not None
    assert {REFRESH.reveal(), result.access.secret.reveal(), result.refresh_token.reveal()} <= recorder.learned
    form = entra.forms("refresh_token")[0]
    assert (form["client_id"], form["refresh_token"]) == (CLIENT, REFRESH.reveal())
    assert "client_secret" not in form


async def test_the_server_may_let_the_old_one_stand() -> None:
    entra = fake()
    entra.answer = {"refresh_token": None}
    assert (await renewed(entra)).refresh_token is None


@pytest.mark.parametrize(
    "scope", [MAIL, f"{MAIL} offline_access openid", "https://outlook.office.com/SMTP.Send", f"  {MAIL}  "]
)
async def test_scopes_are_asked_for_as_given(scope: str) -> None:
    entra = fake()
    await renewed(entra, scope)
    wanted = set(scope.split()) | {"openid", "profile", "offline_access"}
    assert set(entra.forms("refresh_token")[0]["scope"].split()) == wanted


REFUSALS = [
    ("invalid_grant", 700082, "refresh-token-expired"),
    ("invalid_grant", 70008, "refresh-token-expired"),
    ("invalid_grant", 50173, "sign-in-revoked"),
    ("invalid_grant", 70043, "sign-in-frequency-limited"),
    ("invalid_grant", 70000, "sign-in-no-longer-valid"),
    ("invalid_grant", 50057, "microsoft-account-disabled"),
    ("interaction_required", 50076, "mfa-required"),
    ("interaction_required", 53003, "conditional-access-blocked"),
    ("invalid_client", 7000218, "application-client-type-wrong"),
    ("unauthorized_client", 700016, "application-not-in-tenant"),
    ("unauthorized_client", 7000112, "application-disabled"),
    ("invalid_request", 90013, "sign-in-request-malformed"),
    ("temporarily_unavailable", 90024, "sign-in-service-unavailable"),
]


@pytest.mark.parametrize(("error", "number", "code"), REFUSALS)
async def test_every_refusal_gets_its_name(error: str, number: int, code: str) -> None:
    seen = await refused(fake(), refusal(error, number, status=401 if error == "invalid_client" else 400))
    assert (seen.stage, seen.error, seen.number) == ("sign-in", error, number)
    assert seen.values["tenant"] == TENANT
    assert classify(seen).code == code


@pytest.mark.parametrize(
    ("number", "more"),
    [(65001, {}), (65001, {"suberror": "consent_required"}), (700082, {"suberror": "consent_required"})],
)
async def test_a_scope_that_nobody_consented_to_does_not_end_the_sign_in(number: int, more: dict[str, str]) -> None:
    seen = await refused(fake(), refusal("invalid_grant", number, **more))
    assert (seen.error, seen.number) == ("consent_required", number)
    keeper = VaultKeeper(MemoryVault(), SecretRef("grant", "a"), clock=lambda: NOW)
    await keeper.store(REFRESH, {})
    entra = fake()
    entra.refusals = [refusal("invalid_grant", number, **more)]
    renew = renewing(registration(), web=entra.web, recorder=Notes(), clock=lambda: NOW)
    with pytest.raises(OAuthFailed):
        await keeper.access("https://outlook.office.com/SMTP.Send", renew)
    assert (await keeper.access(MAIL, renew)).secret.reveal()


async def test_what_a_person_would_have_to_show_is_kept() -> None:
    seen = await refused(fake(), refusal("interaction_required", 50158, claims=CHALLENGE, suberror="additional_action"))
    assert seen.values["claims"] == CHALLENGE
    assert seen.values["suberror"] == "additional_action"


async def test_a_refusal_with_a_good_status_is_one_all_the_same() -> None:
    seen = await refused(fake(), httpx.Response(200, json={"error": "invalid_grant", "error_codes": [70000]}))
    assert (seen.error, seen.number, seen.http) == ("invalid_grant", 70000, None)


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (httpx.ReadTimeout("x"), "connection-timed-out"),
        (httpx.ReadError("x"), "connection-dropped"),
    ],
)
async def test_no_answer_is_no_refusal(error: Exception, condition: str) -> None:
    seen = await refused(fake(), error)
    assert (seen.stage, seen.error, seen.condition) == ("reach", None, condition)
