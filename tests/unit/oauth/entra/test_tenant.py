"""A domain leads to an organisation, and to the cloud it lives in."""

from typing import Any

import pytest
from tests.unit.oauth.entra.fake_entra import CORRELATION, LOGIN, TENANT, FakeEntra, registration

from sendwright.oauth.entra.registration import ANY_ORGANISATION, Registration
from sendwright.oauth.entra.tenant import FoundTenant, find_tenant
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence

US = "https://login.microsoftonline.us"
CHINA = "https://login.partner.microsoftonline.cn"


async def refused(fake: FakeEntra, at: Registration) -> Evidence:
    with pytest.raises(OAuthFailed) as failure:
        await find_tenant(at, web=fake.web)
    return failure.value.evidence


def at(base: str, **more: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/{TENANT}/v2.0",
        "authorization_endpoint": f"{base}/{TENANT}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/{TENANT}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/{TENANT}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/{TENANT}/discovery/v2.0/keys",
        **more,
    }


@pytest.mark.parametrize("name", ["contoso.com", TENANT, TENANT.upper()])
async def test_a_name_leads_to_the_id(name: str) -> None:
    found = await find_tenant(registration(tenant=name), web=FakeEntra().web)
    assert found == FoundTenant(id=TENANT, cloud="global", issuer=f"{LOGIN}/{TENANT}/v2.0")


async def test_nobody_has_that_name() -> None:
    seen = await refused(FakeEntra(), registration(tenant="nobody.example"))
    assert (seen.number, seen.http) == (90002, 400)
    assert seen.values["tenant"] == "nobody.example"
    assert seen.values["correlation_id"] == CORRELATION
    assert classify(seen).code == "tenant-not-found"


@pytest.mark.parametrize("name", ["", "con toso.com", "contoso.com/", "a" * 300, "contoso.com\n", "@contoso.com"])
async def test_what_can_be_no_name_is_not_asked_for(name: str) -> None:
    fake = FakeEntra()
    assert classify(await refused(fake, registration(tenant=name))).code == "tenant-not-found"
    assert fake.asked == []


async def test_all_organisations_are_no_single_one() -> None:
    seen = await refused(FakeEntra(), registration(tenant=ANY_ORGANISATION))
    assert classify(seen).code == "tenant-not-named"


@pytest.mark.parametrize(
    ("metadata", "asked", "cloud"),
    [
        ({}, "global", "global"),
        ({}, "us-government", "us-government"),
        ({"tenant_region_sub_scope": "GCC"}, "global", "global"),
        ({"tenant_region_sub_scope": "DODCON"}, "global", "us-government-high"),
        ({"tenant_region_sub_scope": "DOD"}, "global", "us-government-dod"),
        ({"cloud_instance_name": "microsoftonline.com"}, "us-government", "us-government"),
        ({"cloud_instance_name": "microsoftonline.com"}, "china", "global"),
        ({"cloud_instance_name": "microsoftonline.us"}, "global", "us-government-high"),
        ({"cloud_instance_name": "microsoftonline.us"}, "us-government-dod", "us-government-dod"),
        ({"cloud_instance_name": "partner.microsoftonline.cn"}, "global", "china"),
        ({"cloud_instance_name": "tomorrow.example"}, "china", "china"),
        (at(US), "global", "us-government-high"),
        (at(US, tenant_region_sub_scope="DOD"), "global", "us-government-dod"),
        (at(US), "us-government-dod", "us-government-dod"),
        (at(CHINA), "global", "china"),
        (at("https://login.chinacloudapi.cn"), "global", "china"),
        (at(CHINA, token_endpoint="https://login.chinacloudapi.cn/token"), "china", "china"),
        ({"cloud_instance_name": None, "tenant_region_scope": None}, "global", "global"),
    ],
)
async def test_the_cloud_is_recognised_by_what_is_there(metadata: dict[str, Any], asked: str, cloud: str) -> None:
    found = await find_tenant(registration(cloud=asked), web=FakeEntra(metadata=metadata).web)
    assert (found.id, found.cloud) == (TENANT, cloud)


@pytest.mark.parametrize(
    ("metadata", "condition"),
    [
        ({"token_endpoint": "https://evil.example/token"}, "sign-in-service-not-recognised"),
        ({"token_endpoint": f"{US}/token"}, "sign-in-service-not-recognised"),
        (at("https://evil.example"), "sign-in-service-not-recognised"),
        (at(LOGIN.replace("https", "http")), "sign-in-service-not-recognised"),
        ({"jwks_uri": ""}, None),
        ({"issuer": None}, "sign-in-answer-not-understood"),
        ({"issuer": 7}, "sign-in-answer-not-understood"),
        ({"token_endpoint": None}, "sign-in-answer-not-understood"),
    ],
)
async def test_metadata_that_lead_elsewhere_are_not_believed(metadata: dict[str, Any], condition: str | None) -> None:
    fake = FakeEntra(metadata=metadata)
    if condition is None:
        assert (await find_tenant(registration(), web=fake.web)).id == TENANT
    else:
        assert (await refused(fake, registration())).condition == condition
