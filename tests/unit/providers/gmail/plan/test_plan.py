"""The page before the sign-in says what is asked, why so little, who may have to allow it, and what ends it."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import ignore
from tests.unit.providers.gmail.flows import ALL, ANNA, ASKED, NOW, OWN, SERVICE, SIGNED_IN, flow_world

from sendwright.document.blocks import Link, Paragraph, Points, Table
from sendwright.document.plain import to_plain
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.permissions import beyond, missing, reads_addresses, short, text_name, wanted
from sendwright.providers.gmail.plan.plan import plan_page
from sendwright.providers.gmail.plan.plan_step import PlanStep
from sendwright.screens import Elsewhere, Sheet
from sendwright.senders.gmail.settings import Route
from sendwright.texts import lines, text

STEP = PlanStep()
SMTP = replace(ASKED, route=Route.SMTP)
RELAY = replace(ASKED, route=Route.RELAY)
FURTHER = replace(SIGNED_IN, returning=True)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (ASKED, (OPENID, EMAIL, SEND)),
        (OWN, (OPENID, EMAIL, SEND)),
        (FURTHER, (OPENID, EMAIL, SEND, SETTINGS)),
        (SMTP, (OPENID, EMAIL, MAIL)),
        (RELAY, (OPENID, EMAIL, MAIL)),
        (replace(SMTP, returning=True), (OPENID, EMAIL, MAIL)),
    ],
)
def test_no_more_is_asked_for_than_is_needed(state: GmailAnswers, asked: tuple[str, ...]) -> None:
    assert wanted(state) == asked


@pytest.mark.parametrize(
    ("state", "granted", "lacking"),
    [
        (ASKED, ALL, ()),
        (ASKED, (OPENID, EMAIL), (SEND,)),
        (ASKED, (), (SEND,)),
        (ASKED, (MAIL,), ()),
        (SMTP, ALL, (MAIL,)),
        (SMTP, (OPENID, MAIL), ()),
        (RELAY, (SETTINGS,), (MAIL,)),
        (FURTHER, ALL, ()),
    ],
)
def test_what_lacks_is_what_sending_needs(
    state: GmailAnswers, granted: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    assert missing(state, granted) == lacking


@pytest.mark.parametrize(
    ("state", "granted", "more"),
    [
        (ASKED, ALL, ()),
        (ASKED, (*ALL, SETTINGS, "profile"), ()),
        (ASKED, (*ALL, MAIL), (MAIL,)),
        (ASKED, (*ALL, "https://www.googleapis.com/auth/calendar"), ("https://www.googleapis.com/auth/calendar",)),
    ],
)
def test_what_nobody_asked_for_is_seen(state: GmailAnswers, granted: tuple[str, ...], more: tuple[str, ...]) -> None:
    assert beyond(state, granted) == more


@pytest.mark.parametrize(("granted", "may"), [(ALL, False), ((*ALL, SETTINGS), True), ((MAIL,), True), ((), False)])
def test_the_list_is_read_only_where_that_was_granted(granted: tuple[str, ...], *, may: bool) -> None:
    assert reads_addresses(granted) is may


@pytest.mark.parametrize(
    ("scope", "name", "key"),
    [
        (SEND, "gmail.send", "gmail-send"),
        (SETTINGS, "gmail.settings.basic", "gmail-settings-basic"),
        (MAIL, "mail.google.com", "mail-google-com"),
        (OPENID, "openid", "openid"),
    ],
)
def test_a_permission_has_a_short_name_and_words(scope: str, name: str, key: str) -> None:
    assert (short(scope), text_name(scope)) == (name, key)
    assert text(f"gmail.scopes.{key}")


@pytest.mark.parametrize(
    ("state", "rows"),
    [
        (ASKED, [("openid, userinfo.email", "gmail.plan.why-identity"), ("gmail.send", "gmail.scopes.gmail-send")]),
        (
            SMTP,
            [
                ("openid, userinfo.email", "gmail.plan.why-identity"),
                ("mail.google.com", "gmail.scopes.mail-google-com"),
            ],
        ),
    ],
)
def test_each_permission_stands_there_with_its_reason(state: GmailAnswers, rows: list[tuple[str, str]]) -> None:
    page = plan_page(state, flow_world())
    table = next(block for block in page.blocks if isinstance(block, Table))
    assert [row.cells for row in table.rows] == [(name, text(key)) for name, key in rows]


@pytest.mark.parametrize(
    ("state", "there", "absent"),
    [
        (ASKED, ["so-few", "own-browser"], ["whole-mailbox"]),
        (SMTP, ["whole-mailbox", "own-browser"], ["so-few"]),
        (replace(OWN, route=Route.RELAY), ["whole-mailbox"], ["so-few"]),
    ],
)
def test_the_price_of_smtp_is_said_in_words(state: GmailAnswers, there: list[str], absent: list[str]) -> None:
    said = {block.text: block.strong for block in plan_page(state, flow_world()).blocks if isinstance(block, Paragraph)}
    for name in there:
        assert text(f"gmail.plan.{name}") in said
    for name in absent:
        assert text(f"gmail.plan.{name}") not in said
    whole = text("gmail.plan.whole-mailbox")
    assert said.get(whole, True) is True


@pytest.mark.parametrize(
    ("state", "ends", "warns"), [(ASKED, "gmail.plan.ends-platform", True), (OWN, "gmail.plan.ends-own", False)]
)
def test_what_ends_a_connection_and_which_warning_may_come_is_said_before(
    state: GmailAnswers, ends: str, *, warns: bool
) -> None:
    world = flow_world()
    page = plan_page(state, world)
    lists = [block.items for block in page.blocks if isinstance(block, Points)]
    assert lines(ends) in lists
    assert lines("gmail.plan.cannot-usual") in lists
    assert lines("gmail.plan.who-allows") in lists
    name = world.deployment.platform.name
    words = text("gmail.plan.unverified", application=name, platform=name)
    assert (words in {block.text for block in page.blocks if isinstance(block, Paragraph)}) is warns
    limits = lines("gmail.plan.limits-and-keys", application=name, platform=name)
    assert limits in lists
    assert "500" in limits[0]
    assert any(isinstance(block, Link) and "admin.google.com" in block.address for block in page.blocks)


def test_whoever_has_a_personal_mailbox_is_sent_to_no_administrator() -> None:
    state = replace(ASKED, address="clara@gmail.com")
    page = plan_page(state, flow_world())
    assert lines("gmail.plan.who-allows") not in [block.items for block in page.blocks if isinstance(block, Points)]
    assert not any(isinstance(block, Link) for block in page.blocks)
    assert STEP.show(state, flow_world()).actions == ()
    assert [action.name for action in STEP.show(ASKED, flow_world()).actions] == ["not-me"]


def test_the_page_can_be_kept_to_plain() -> None:
    assert "gmail.send" in to_plain(plan_page(ASKED, flow_world()))


@pytest.mark.parametrize(
    ("state", "applies"),
    [(ASKED, True), (OWN, True), (replace(ASKED, reconnecting=True), False), (SERVICE, False)],
)
def test_only_a_new_account_reads_it(state: GmailAnswers, *, applies: bool) -> None:
    assert STEP.applies(state) is applies


def test_whoever_is_connected_only_goes_on() -> None:
    screen = STEP.show(SIGNED_IN, flow_world())
    assert isinstance(screen, Sheet)
    assert screen.submit == "wizard.continue"
    assert [action.name for action in screen.actions] == ["sign-in-again"]
    assert [(notice.key, notice.values) for notice in screen.notices] == [
        ("gmail.plan.connected", {"account": ANNA.username})
    ]


async def test_agreeing_waits_for_nobody_any_more() -> None:
    state = await STEP.accept(replace(ASKED, asked_at=NOW), {}, flow_world(), ignore)
    assert state.asked_at is None
    assert await STEP.accept(SIGNED_IN, {}, flow_world(), ignore) == SIGNED_IN
    assert await STEP.accept(FURTHER, {}, flow_world(), ignore) == SIGNED_IN


async def test_that_is_not_me_leads_to_what_is_passed_on() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await STEP.accept(ASKED, {"action": "not-me"}, flow_world(), ignore)
    assert elsewhere.value.step == "gmail-handover"
    assert elsewhere.value.state == replace(ASKED, asked_at=NOW)


async def test_signing_in_again_begins_from_nothing() -> None:
    with pytest.raises(Elsewhere) as elsewhere:
        await STEP.accept(SIGNED_IN, {"action": "sign-in-again"}, flow_world(), ignore)
    assert (elsewhere.value.step, elsewhere.value.state) == ("gmail-prepare", ASKED)


@pytest.mark.parametrize(
    ("state", "said", "other"), [(ASKED, "2,000", "10,000"), (SMTP, "2,000", "10,000"), (RELAY, "10,000", "2,000")]
)
def test_the_limit_of_a_day_is_that_of_the_route(state: GmailAnswers, said: str, other: str) -> None:
    plain = to_plain(plan_page(state, flow_world()))
    assert said in plain
    assert other not in plain
