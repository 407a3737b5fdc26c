"""Codes and refresh tokens, without a server around them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, contoso
from sendwright.practice.microsoft.grants import CODE_LASTS, Code, Family, Grants
from sendwright.practice.microsoft.tenant import Reuse, Tenant

LASTS = timedelta(minutes=15)


def family(tenant: Tenant) -> Family:
    return Family(client_id=CLIENT_ID, tenant=tenant, username=BEN, signed_in_at=tenant.now())


def code(tenant: Tenant) -> Code:
    return Code(
        client_id=CLIENT_ID,
        redirect_uri="http://localhost/",
        challenge="",
        nonce="",
        scope="openid",
        tenant=tenant,
        person=tenant.people[BEN],
        ends=tenant.now() + CODE_LASTS,
    )


def number(refused: pytest.ExceptionInfo[Refused]) -> int:
    return refused.value.number


def test_a_code_is_redeemed_by_its_own_application_once() -> None:
    grants, tenant = Grants(), contoso()
    given_out = code(tenant)
    value = grants.code(given_out)
    with pytest.raises(Refused) as caught:
        grants.redeem(value, "another")
    assert number(caught) == 70000
    assert grants.redeem(value, CLIENT_ID) is given_out
    with pytest.raises(Refused) as caught:
        grants.redeem(value, CLIENT_ID)
    assert number(caught) == 54005


@pytest.mark.parametrize(("minutes", "expected"), [(0, 0), (9, 0), (11, 70008), (24 * 60, 70008)])
def test_a_code_ends(minutes: int, expected: int) -> None:
    grants, tenant = Grants(), contoso()
    value = grants.code(code(tenant))
    tenant.ahead = timedelta(minutes=minutes)
    if expected:
        with pytest.raises(Refused) as caught:
            grants.redeem(value, CLIENT_ID)
        assert number(caught) == expected
    else:
        assert grants.redeem(value, CLIENT_ID).person.username == BEN


def test_codes_and_tokens_are_all_different() -> None:
    grants, tenant = Grants(), contoso()
    made = [grants.code(code(tenant)) for _ in range(50)] + [grants.refresh_token(family(tenant)) for _ in range(50)]
    assert len(set(made)) == 100
    assert min(len(value) for value in made) > 40


@given(st.lists(st.integers(min_value=0, max_value=5), min_size=1, max_size=30))
def test_reuse_is_counted_exactly(choices: list[int]) -> None:
    """A keeper that uses the newest token only is never counted; each use of an older one is."""
    grants, tenant = Grants(), contoso()
    known = [grants.refresh_token(family(tenant))]
    used: set[int] = set()
    expected = 0
    for back in choices:
        place = max(0, len(known) - 1 - back)
        expected += place in used
        found = grants.exchange(known[place], CLIENT_ID)
        used.add(place)
        known.append(grants.refresh_token(found))
    assert grants.reuse_detections == expected


def test_reuse_may_end_the_whole_family_but_no_other() -> None:
    grants, tenant = Grants(), contoso()
    tenant.policies.reuse = Reuse.REVOKE
    one, other = family(tenant), family(tenant)
    first, apart = grants.refresh_token(one), grants.refresh_token(other)
    second = grants.refresh_token(grants.exchange(first, CLIENT_ID))
    for value in (first, second):
        with pytest.raises(Refused) as caught:
            grants.exchange(value, CLIENT_ID)
        assert number(caught) == 50173
    assert grants.exchange(apart, CLIENT_ID) is other
    assert grants.reuse_detections == 1


def test_signing_in_again_brings_no_old_token_back() -> None:
    grants, tenant = Grants(), contoso()
    old = grants.refresh_token(family(tenant))
    tenant.revoked = {BEN.upper(), "somebody-else@contoso.com"}
    grants.signed_in(tenant, tenant.people[BEN])
    assert tenant.revoked == {"somebody-else@contoso.com"}
    with pytest.raises(Refused) as caught:
        grants.exchange(old, CLIENT_ID)
    assert number(caught) == 50173
    assert grants.exchange(grants.refresh_token(family(tenant)), CLIENT_ID)


def test_an_ordinary_sign_in_ends_nothing() -> None:
    grants, tenant = Grants(), contoso()
    value = grants.refresh_token(family(tenant))
    grants.signed_in(tenant, tenant.people[BEN])
    assert grants.exchange(value, CLIENT_ID).username == BEN


def test_a_device_is_found_by_both_of_its_codes_until_it_is_used() -> None:
    grants, tenant = Grants(), contoso()
    now = tenant.now()
    made = grants.device(client_id=CLIENT_ID, scope="openid", segment="common", now=now, lasts=LASTS)
    assert grants.device_by_code(made.code) is made
    assert grants.device_by_code(made.user_code) is None
    assert grants.device_by_user_code(made.user_code.lower(), now) is made
    assert grants.device_by_user_code(made.user_code, now + LASTS + timedelta(seconds=1)) is None
    made.declined = True
    assert grants.device_by_user_code(made.user_code, now) is None
    made.declined, made.person = False, tenant.people[BEN]
    assert grants.device_by_user_code(made.user_code, now) is None


@given(st.text())
def test_what_nobody_was_given_finds_nothing(typed: str) -> None:
    grants, tenant = Grants(), contoso()
    made = grants.device(client_id=CLIENT_ID, scope="openid", segment="common", now=tenant.now(), lasts=LASTS)
    cleaned = "".join(letter for letter in typed.upper() if letter.isalnum())
    found = grants.device_by_user_code(typed, tenant.now())
    assert (found is made) is (cleaned == made.user_code)
    for take in (grants.redeem, grants.exchange):
        with pytest.raises(Refused) as caught:
            take(typed, CLIENT_ID)
        assert number(caught) == 70000
