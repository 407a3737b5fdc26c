"""Playing the IT department: what is ticked counts, what is not is taken back."""

import asyncio
from html.parser import HTMLParser

from tests.unit.practice.microsoft.test_consents import asked
from tests.unit.practice.microsoft.visiting import World

from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY, contoso
from sendwright.practice.microsoft.it_desk import ItDesk
from sendwright.practice.microsoft.tenant import Right, UserConsent


class Boxes(HTMLParser):
    """What a page's boxes would send as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.all: set[str] = set()
        self.labelled: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "label":
            self.labelled.add(values["for"] or "")
        if tag == "input":
            self.all.add(values["id"] or "")
            if "aria-label" in values:
                self.labelled.add(values["id"] or "")
            if "checked" in values:
                self.sent[values["name"] or ""] = values["value"] or ""


async def test_the_page_shows_how_it_stands_and_names_every_box(world: World) -> None:
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    boxes = Boxes(person.html)
    assert boxes.all == boxes.labelled
    assert f"right-{BEN}-{NOREPLY}-send-as" in boxes.sent
    assert f"right-{BEN}-{INFO}-full-access" not in boxes.sent
    assert boxes.sent["user-consent"] == "user-consent-allowed"
    assert "You play your IT department here" in person.page.words
    assert "Nobody has asked." in person.page.ids["requests"]


async def test_applying_what_stands_changes_nothing(world: World) -> None:
    world.tenant.consents[CLIENT_ID] = set(world.tenant.registrations[CLIENT_ID].delegated)
    world.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    world.tenant.scope(CLIENT_ID, NOREPLY)
    before = (set(world.tenant.rights), dict(world.tenant.consents), dict(world.tenant.app_roles))
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    await person.press("apply", **Boxes(person.html).sent)
    assert "This is how it stands now." in person.page.words
    assert (world.tenant.rights, world.tenant.consents, world.tenant.app_roles) == before
    assert world.tenant.scoped == {CLIENT_ID: {NOREPLY}}
    policies = world.tenant.policies
    assert (policies.device_code, policies.smtp_auth, policies.device, policies.blocked) == (True, True, 0, 0)


async def test_a_right_is_granted_and_taken_back(world: World) -> None:
    world.tenant.rights.clear()
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    await person.press("apply", **Boxes(person.html).sent, **{f"right-{ANNA}-{INFO}-send-on-behalf": "yes"})
    assert world.tenant.rights == {(ANNA, INFO, Right.SEND_ON_BEHALF)}
    await person.press("apply")
    assert world.tenant.rights == set()


async def test_a_consent_for_everybody_settles_the_requests(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.REQUEST
    asking = await asked(world)
    await asking.press("request")
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    assert BEN in person.page.words
    await person.press("apply", **Boxes(person.html).sent, **{f"consent-people-{CLIENT_ID}": "yes"})
    assert world.tenant.consents[CLIENT_ID] == world.tenant.registrations[CLIENT_ID].delegated
    assert not world.tenant.requested
    assert (await asked(world)).answer["code"]


async def test_from_a_page_that_stops_one_goes_to_it_and_back(world: World) -> None:
    world.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
    person = await asked(world)
    (desk,) = person.page.foreign
    await person.open(world.microsoft.login + desk)
    await person.press("apply", **Boxes(person.html).sent, **{f"consent-people-{CLIENT_ID}": "yes"})
    assert "done" in person.page.ids
    await person.open(world.microsoft.login + person.page.tags["back"]["href"])
    assert person.answer["code"]


async def test_a_block_that_it_lifts_lets_the_sign_in_go_on(world: World) -> None:
    world.tenant.policies.blocked = 53003
    person = await asked(world)
    (desk,) = person.page.foreign
    await person.open(world.microsoft.login + desk)
    boxes = Boxes(person.html).sent
    del boxes["blocked"]
    await person.press("apply", **boxes)
    await person.open(world.microsoft.login + person.page.tags["back"]["href"])
    assert "accept" in person.page.ids


async def test_the_way_back_leads_to_a_sign_in_and_nowhere_else(world: World) -> None:
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    assert "back" not in person.page.ids
    await person.open(f"{world.microsoft.login}/practice/it?back=../..//attacker.example%22%3E%3Cb%3E")
    assert person.page.tags["back"]["href"].startswith("/sign-in/..%2F..%2F%2Fattacker.example")
    assert "<b>" not in person.html


async def test_signing_somebody_out_ends_her_refresh_tokens(world: World) -> None:
    found = await world.tokens()
    person = await world.browser().open(f"{world.microsoft.login}/practice/it")
    await person.press(f"revoke-{BEN}", **Boxes(person.html).sent)
    assert world.tenant.revoked == {BEN}
    application = await asyncio.to_thread(world.msal)
    renewed = await asyncio.to_thread(
        application.acquire_token_by_refresh_token, found["refresh_token"], ["https://graph.microsoft.com/Mail.Send"]
    )
    assert renewed["error_codes"] == [50173]


def test_rules_follow_their_boxes() -> None:
    tenant = contoso()
    desk = ItDesk(tenant, [])
    desk.apply({"user-consent": "user-consent-admin-only", "device": "yes", "blocked": "yes"})
    policies = tenant.policies
    assert policies.user_consent is UserConsent.ADMIN_ONLY
    assert (policies.device, policies.blocked) == (53000, 53003)
    assert (policies.device_code, policies.smtp_auth) == (False, False)
    policies.device = 50097
    desk.apply({"device": "yes", "device-code": "yes", "smtp": "yes", "user-consent": "made-up"})
    assert (policies.device, policies.blocked) == (50097, 0)
    assert (policies.device_code, policies.smtp_auth) == (True, True)
    assert policies.user_consent is UserConsent.ADMIN_ONLY


def test_an_application_is_allowed_everywhere_or_limited() -> None:
    tenant = contoso()
    desk = ItDesk(tenant, [])
    desk.apply({f"consent-application-{CLIENT_ID}": "yes", f"scope-{CLIENT_ID}-{INFO}": "yes"})
    assert tenant.app_roles == {CLIENT_ID: {"Mail.Send"}}
    assert tenant.scopes(CLIENT_ID, INFO)
    assert not tenant.scopes(CLIENT_ID, NOREPLY)
    desk.apply({})
    assert (tenant.app_roles, tenant.scoped, tenant.consents) == ({}, {}, {})


def test_a_mailbox_granted_elsewhere_stays() -> None:
    tenant = contoso()
    tenant.scope(CLIENT_ID, BEN)  # it has no box
    ItDesk(tenant, []).apply({})
    assert tenant.scoped == {CLIENT_ID: {BEN}}


def test_hostile_names_are_words() -> None:
    tenant = contoso()
    tenant.mailboxes['"><script>@contoso.com'] = "x"
    tenant.registrations[CLIENT_ID].name = "<b>bold</b>"
    page = ItDesk(tenant, []).page()
    assert "<script>" not in page
    assert "<b>" not in page
