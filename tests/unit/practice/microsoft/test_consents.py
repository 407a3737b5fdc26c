"""Who may consent to what, on the pages and in the tenant."""

from itertools import product

import pytest
from tests.unit.practice.microsoft.test_login import authorize
from tests.unit.practice.microsoft.visiting import Person, World

from sendwright.practice.microsoft.answers import Wanted
from sendwright.practice.microsoft.authorize import CodeRequest
from sendwright.practice.microsoft.consents import Verdict, consent, may
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, contoso
from sendwright.practice.microsoft.grants import Grants
from sendwright.practice.microsoft.tenant import Role, UserConsent

SCOPE = "openid https://graph.microsoft.com/Mail.Send https://outlook.office.com/SMTP.Send"


async def asked(world: World, username: str = BEN, scope: str = SCOPE, **more: str) -> Person:
    person = await world.browser().open(authorize(world, scope=scope, **more))
    return await person.sign_in(username)


async def test_a_person_reads_what_is_asked_and_consents_alone(world: World) -> None:
    person = await asked(world)
    assert "Mail.Send" in person.page.words
    assert "SMTP.Send" in person.page.words
    assert person.page.ids["application"] == "Sendwright"
    assert "consent-for-organisation" not in person.page.ids
    await person.press("accept")
    assert person.answer["code"]
    assert world.tenant.own_consents == {(CLIENT_ID, BEN): {"Mail.Send", "SMTP.Send"}}
    assert world.tenant.consents == {}


async def test_only_what_is_missing_is_asked_for(world: World) -> None:
    world.tenant.own_consents[CLIENT_ID, BEN] = {"Mail.Send"}
    person = await asked(world)
    assert "Mail.Send" not in person.page.words
    assert "SMTP.Send" in person.page.words
    everything = await asked(world, prompt="consent")
    assert "Mail.Send" in everything.page.words


async def test_declining_is_told_and_changes_nothing(world: World) -> None:
    person = await asked(world)
    await person.press("cancel")
    assert person.answer["error"] == "access_denied"
    assert "AADSTS65004" in person.answer["error_description"]
    assert not world.tenant.own_consents


@pytest.mark.parametrize("ticked", [False, True])
async def test_an_administrator_consents_alone_or_for_everybody(world: World, ticked: bool) -> None:
    person = await asked(world, ANNA)
    assert "consent-for-organisation" in person.page.ids
    await person.press("accept", **({"organisation": "yes"} if ticked else {}))
    assert person.answer["code"]
    granted = {"Mail.Send", "SMTP.Send"}
    assert world.tenant.consents == ({CLIENT_ID: granted} if ticked else {})
    assert world.tenant.own_consents == ({} if ticked else {(CLIENT_ID, ANNA): granted})


async def test_nobody_ticks_a_box_that_was_not_there(world: World) -> None:
    person = await asked(world)
    await person.press("accept", organisation="yes")
    assert world.tenant.consents == {}


async def test_where_only_administrators_consent_others_find_one(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
    person = await asked(world)
    assert "Need admin approval" in person.page.words
    assert "AADSTS90094" in person.page.ids["said"]
    assert "accept" not in person.page.ids
    await person.press("as-admin")
    assert "username" in person.page.ids
    await person.sign_in(ANNA)
    await person.press("accept", organisation="yes")
    assert person.answer["code"]
    assert (await asked(world)).answer["code"]


async def test_from_the_page_that_wants_an_administrator_one_can_go_back(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
    person = await asked(world)
    await person.press("cancel")
    assert person.answer["error"] == "access_denied"


async def test_what_is_not_offered_is_not_taken(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
    person = await asked(world)
    action = world.microsoft.login + person.page.forms[0].action
    for forced in ("accept", "request"):
        response = await person.client.post(action, data={"action": forced, "organisation": "yes"})
        assert "AADSTS90094" in response.text
    assert not world.tenant.own_consents
    assert not world.tenant.consents
    assert not world.tenant.requested


async def test_a_request_for_approval_is_sent(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.REQUEST
    person = await asked(world)
    assert "AADSTS90095" in person.page.ids["said"]
    assert {"reason", "request", "as-admin"} <= person.page.ids.keys()
    await person.press("request", reason="Notifications")
    assert world.tenant.requested == {(CLIENT_ID, BEN)}
    await person.press("cancel")
    assert person.answer["error"] == "access_denied"


async def test_reading_mail_is_more_than_people_may_give_by_themselves(world: World) -> None:
    person = await asked(world, scope="https://graph.microsoft.com/Mail.Read")
    assert "AADSTS90094" in person.page.ids["said"]
    assert "accept" in (await asked(world, ANNA, scope="https://graph.microsoft.com/Mail.Read")).page.ids


WHO = [set(), {Role.CLOUD_APPLICATION_ADMINISTRATOR}, {Role.PRIVILEGED_ROLE_ADMINISTRATOR}, {Role.GLOBAL_ADMINISTRATOR}]


@pytest.mark.parametrize(("roles", "policy", "application", "everybody"), [*product(WHO, UserConsent, [0, 1], [0, 1])])
def test_the_verdict_follows_from_role_policy_and_kind_of_permission(
    roles: set[Role], policy: UserConsent, application: bool, everybody: bool
) -> None:
    tenant = contoso()
    tenant.policies.user_consent = policy
    ben = tenant.people[BEN]
    ben.roles = roles
    purpose = CodeRequest(
        client=tenant.registrations[CLIENT_ID], segment="organizations", redirect_uri="", mode="query", state="",
        nonce="", scope="", challenge="", grants=Grants(), for_organisation=everybody,
    )  # fmt: skip
    wanted = Wanted(delegated=frozenset({"Mail.Send"}), application=frozenset({"Mail.Send"} if application else ()))
    verdict = may(purpose, tenant, ben, wanted)
    if application and not roles & {Role.PRIVILEGED_ROLE_ADMINISTRATOR, Role.GLOBAL_ADMINISTRATOR}:
        assert verdict is Verdict.ADMIN
    elif everybody:
        assert verdict is (Verdict.ALL if roles else Verdict.ADMIN)
    elif roles:
        assert verdict is Verdict.EITHER
    else:
        usual = {UserConsent.ALLOWED: Verdict.ALONE, UserConsent.REQUEST: Verdict.REQUEST}
        assert verdict is usual.get(policy, Verdict.ADMIN)


def test_a_consent_adds_to_what_was_there() -> None:
    tenant = contoso()
    ben = tenant.people[BEN]
    for permission in ("Mail.Send", "User.Read"):
        consent(tenant, ben, CLIENT_ID, Wanted(delegated=frozenset({permission})), everybody=False)
    assert tenant.consented(CLIENT_ID, BEN.upper()) == {"Mail.Send", "User.Read"}
    assert tenant.consented(CLIENT_ID, ANNA) == frozenset()
    consent(tenant, ben, CLIENT_ID, Wanted(delegated=frozenset({"SMTP.Send"})), everybody=True)
    assert tenant.consented(CLIENT_ID, ANNA) == {"SMTP.Send"}
    assert tenant.knows(CLIENT_ID)
    assert tenant.app_roles == {}
