"""An administrator's consent: where it is given, and what the page that comes back says."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.oauth.entra.fake_entra import CLIENT, GRAPH, LOGIN, REDIRECT, TENANT, registration

from sendwright.oauth.entra.admin_consent import AdminConsent, consent_address, read_consent
from sendwright.oauth.entra.registration import ANY_ORGANISATION
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence

STATE = "state-of-the-test"


def refused(parameters: dict[str, str]) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        read_consent(parameters, state=STATE, registration=registration())
    return failure.value.evidence


@pytest.mark.parametrize(
    ("permissions", "scope"),
    [
        (None, f"{GRAPH}/.default"),
        (("Mail.Send", "User.Read"), f"{GRAPH}/Mail.Send {GRAPH}/User.Read"),
        (("SMTP.Send",), "https://outlook.office.com/SMTP.Send"),
        (("https://outlook.office365.com/.default",), "https://outlook.office365.com/.default"),
    ],
)
@pytest.mark.parametrize("tenant", [TENANT, ANY_ORGANISATION, "contoso.com"])
def test_the_address_asks_for_what_is_needed(permissions: tuple[str, ...] | None, scope: str, tenant: str) -> None:
    address = consent_address(
        registration(tenant=tenant), permissions=permissions, redirect_uri=REDIRECT, state="a b&c"
    )
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{LOGIN}/{tenant}/v2.0/adminconsent?")
    assert asked == {"client_id": CLIENT, "scope": scope, "redirect_uri": REDIRECT, "state": "a b&c"}


def test_another_cloud_has_its_own_page_and_resource() -> None:
    address = consent_address(
        registration(login="", cloud="china"), permissions=None, redirect_uri=REDIRECT, state=STATE
    )
    assert address.startswith("https://login.partner.microsoftonline.cn/")
    assert "microsoftgraph.chinacloudapi.cn" in address


@pytest.mark.parametrize("tenant", ["", "../evil", "contoso.com/oauth2", "contoso.com?x=", "a b", "-", "ünï.example"])
def test_what_can_be_no_tenant_gets_into_no_address(tenant: str) -> None:
    with pytest.raises(OAuthFailed) as failure:
        consent_address(registration(tenant=tenant), permissions=None, redirect_uri=REDIRECT, state=STATE)
    assert classify(failure.value.evidence).code == "tenant-not-found"


@pytest.mark.parametrize("yes", ["True", "true", "TRUE", " True "])
def test_a_consent_names_tenant_and_permissions(yes: str) -> None:
    scope = f"{GRAPH}/Mail.Send {GRAPH}/User.Read openid"
    found = read_consent({"admin_consent": yes, "tenant": TENANT.upper(), "scope": scope, "state": STATE}, state=STATE)
    assert found == AdminConsent(tenant=TENANT, permissions=("Mail.Send", "User.Read"))


@pytest.mark.parametrize("tenant", ["contoso.com", "", "<script>", f"{TENANT}/../x"])
def test_a_tenant_that_is_no_id_is_left_out(tenant: str) -> None:
    found = read_consent({"admin_consent": "True", "tenant": tenant, "state": STATE}, state=STATE)
    assert found == AdminConsent(tenant="", permissions=())


@pytest.mark.parametrize(
    ("error", "said", "number", "code"),
    [
        ("consent_required", "AADSTS65004: The resource owner declined to consent", 65004, "consent-declined"),
        ("permission_denied", "The admin canceled the request", None, "consent-declined"),
        ("access_denied", "AADSTS90093: only by an administrator", 90093, "consent-needs-admin"),
        ("unauthorized_client", "AADSTS700016: not found", 700016, "application-not-in-tenant"),
        ("access_denied", "", None, "consent-declined"),
        ("server_error", "", None, "sign-in-service-unavailable"),
        ("invalid_scope", "AADSTS650053: does not exist", 650053, "scope-invalid"),
    ],
)
@pytest.mark.parametrize("flag", ["True", "False", None])
def test_an_error_comes_first_whatever_else_is_said(
    error: str, said: str, number: int | None, code: str, flag: str | None
) -> None:
    parameters = {"error": error, "error_description": said, "tenant": TENANT, "state": STATE}
    seen = refused(parameters | ({"admin_consent": flag} if flag else {}))
    assert (seen.error, seen.number) == (error, number)
    assert classify(seen).code == code


@pytest.mark.parametrize("flag", ["False", "", "1", "yes"])
def test_what_is_no_yes_confirms_nothing(flag: str) -> None:
    seen = refused({"admin_consent": flag, "tenant": TENANT, "state": STATE})
    assert classify(seen).code == "consent-not-confirmed"


def test_a_page_that_says_nothing_is_not_understood() -> None:
    assert refused({"tenant": TENANT, "state": STATE}).condition == "sign-in-answer-not-understood"


@pytest.mark.parametrize("state", [{}, {"state": "other"}, {"state": ""}])
@pytest.mark.parametrize("said", [{"admin_consent": "True"}, {"error": "access_denied"}, {}])
def test_an_answer_to_another_question_is_forged(state: dict[str, str], said: dict[str, str]) -> None:
    seen = refused({"tenant": TENANT} | said | state)
    assert (seen.condition, seen.error) == ("state-forged", None)
