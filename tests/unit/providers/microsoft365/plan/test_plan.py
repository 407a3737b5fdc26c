"""The plan: each permission with its reason, who may grant it, and what stays impossible."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import APPLICATION, ASKED, SIGNED_IN, flow_world, ignore

from sendwright import texts
from sendwright.deployment import Features
from sendwright.deployment.model import Microsoft
from sendwright.document.blocks import Document, Heading, Paragraph, Points, Table
from sendwright.document.plain import to_plain
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import wanted
from sendwright.providers.microsoft365.plan.plan import plan_page
from sendwright.providers.microsoft365.plan.plan_step import PlanStep
from sendwright.screens import ConsentWay, Elsewhere, Sheet
from sendwright.senders.graph.settings import Way

APP_ONLY = replace(ASKED, way=Way.APPLICATION)


def words(page: Document) -> str:
    return repr(page)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("state", [ASKED, replace(ASKED, sends_from="own"), APP_ONLY])
def test_each_permission_stands_there_with_its_reason(state: MicrosoftAnswers, language: str) -> None:
    with texts.speaking(language):
        page = plan_page(state, flow_world())
    tables = [block for block in page.blocks if isinstance(block, Table)]
    asked = {row.cells[0]: row.cells[1] for row in tables[0].rows}
    assert set(wanted(state)) <= set(asked)
    assert all(reason for reason in asked.values())
    assert ("Mail.Send.Shared" in asked) is ("Mail.Send.Shared" in wanted(state))


@pytest.mark.parametrize(
    ("state", "roles"),
    [
        (ASKED, ("Cloud Application Administrator", "Application Administrator")),
        (APP_ONLY, ("Privileged Role Administrator", "Global Administrator")),
    ],
)
def test_who_may_grant_it_is_named(state: MicrosoftAnswers, roles: tuple[str, ...]) -> None:
    points = [
        item for block in plan_page(state, flow_world()).blocks if isinstance(block, Points) for item in block.items
    ]
    for role in roles:
        assert any(role in item for item in points)


@pytest.mark.parametrize("state", [ASKED, APP_ONLY])
def test_what_it_cannot_do_stands_under_its_title_without_a_mark_that_could_be_read_as_a_yes(
    state: MicrosoftAnswers,
) -> None:
    blocks = plan_page(state, flow_world()).blocks
    title = texts.text("microsoft365.plan.cannot")
    place = next(at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.text == title)
    cannot = blocks[place + 1]
    assert isinstance(cannot, Points)
    assert len(cannot.items) >= 4
    assert "In order:" not in to_plain(Document(id="d", title="t", blocks=(blocks[place], cannot)))


def test_only_the_application_is_warned_of_every_mailbox() -> None:
    strong = {
        state.way: [
            block for block in plan_page(state, flow_world()).blocks if isinstance(block, Paragraph) and block.strong
        ]
        for state in (ASKED, APP_ONLY)
    }
    assert not strong[Way.ACCOUNT]
    assert len(strong[Way.APPLICATION]) == 1


def test_the_application_is_called_as_microsofts_page_calls_it() -> None:
    world = flow_world(microsoft=Microsoft(client_id="c", name="Contoso Mailer"))
    assert "Contoso Mailer" in words(plan_page(ASKED, world))


def shown(state: MicrosoftAnswers, features: Features | None = None) -> Sheet:
    screen = PlanStep().show(state, flow_world(features=features))
    assert isinstance(screen, Sheet)
    return screen


@pytest.mark.parametrize(
    ("state", "codes", "actions"),
    [
        (ASKED, True, ["not-me", "own-browser", "device-code"]),
        (ASKED, False, ["not-me", "own-browser"]),
        (APP_ONLY, True, ["not-me", "own-browser"]),
        (SIGNED_IN, True, ["sign-in-again"]),
        (APPLICATION, True, ["sign-in-again"]),
    ],
)
def test_the_ways_on_are_offered_quietly(state: MicrosoftAnswers, actions: list[str], *, codes: bool) -> None:
    screen = shown(state, Features(device_code=codes))
    assert [action.name for action in screen.actions] == actions
    assert [action.name for action in screen.actions if not action.quiet] == [one for one in actions if one == "not-me"]
    assert {document.id for document in screen.documents} == {"microsoft-365-permissions", "microsoft-365-it-sheet"}


def test_only_an_account_is_asked_whose_mailbox_it_is() -> None:
    (field,) = shown(ASKED).fields
    assert (field.name, field.value) == ("sends_from", "unknown")
    assert [option.value for option in field.options] == ["unknown", "own", "shared"]
    assert shown(replace(ASKED, sends_from="own")).fields[0].value == "own"
    assert shown(APP_ONLY).fields == ()


@pytest.mark.parametrize(
    ("action", "way"),
    [
        (None, ConsentWay.EMBEDDED),
        ("own-browser", ConsentWay.BROWSER),
        ("device-code", ConsentWay.DEVICE),
        ("in-window", ConsentWay.EMBEDDED),
    ],
)
async def test_a_button_chooses_how_the_page_is_shown(action: str | None, way: ConsentWay) -> None:
    answer = {"sends_from": "own"} | ({"action": action} if action else {})
    before = replace(ASKED, browser=ConsentWay.DEVICE, asked_at=flow_world().clock())
    state = await PlanStep().accept(before, answer, flow_world(), ignore)
    assert (state.browser, state.sends_from, state.asked_at) == (way, "own", None)


@pytest.mark.parametrize(("given", "kept"), [("own", "own"), ("shared", "shared"), ("unknown", ""), ("nonsense", "")])
async def test_whose_mailbox_it_is_may_stay_open(given: str, kept: str) -> None:
    state = await PlanStep().accept(ASKED, {"sends_from": given}, flow_world(), ignore)
    assert state.sends_from == kept


async def test_whoever_cannot_agree_passes_it_on_and_the_first_time_counts() -> None:
    with pytest.raises(Elsewhere) as first:
        await PlanStep().accept(ASKED, {"action": "not-me", "sends_from": "shared"}, flow_world(), ignore)
    state = first.value.state
    assert isinstance(state, MicrosoftAnswers)
    assert (first.value.step, state.sends_from, state.asked_at) == ("ms-handover", "shared", flow_world().clock())
    earlier = replace(state, asked_at=flow_world().clock().replace(year=2025))
    with pytest.raises(Elsewhere) as second:
        await PlanStep().accept(earlier, {"action": "not-me"}, flow_world(), ignore)
    assert second.value.state == earlier


async def test_whoever_is_connected_goes_on_unless_more_is_needed() -> None:
    state = await PlanStep().accept(SIGNED_IN, {"sends_from": "shared"}, flow_world(), ignore)
    assert state == replace(SIGNED_IN, sends_from="shared")
    fewer = replace(SIGNED_IN, scopes=("Mail.Send", "User.Read"))
    again = await PlanStep().accept(fewer, {"sends_from": "shared"}, flow_world(), ignore)
    assert again.account is None
    assert again.agree_again
    with pytest.raises(Elsewhere) as elsewhere:
        await PlanStep().accept(SIGNED_IN, {"action": "sign-in-again"}, flow_world(), ignore)
    assert elsewhere.value.step == "ms-prepare"
