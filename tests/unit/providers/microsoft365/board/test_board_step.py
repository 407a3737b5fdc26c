"""The board without a network: what it shows, what it asks, and where it leads."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.pictured import (
    AT,
    DIRECTOR,
    INFO,
    accepted,
    account,
    application,
    proofs,
    refused,
    world,
)
from tests.unit.providers.microsoft365.powershell import printed

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Command, Heading, Lines, Mark, Paragraph
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.board_step import BoardStep
from sendwright.screens import Cell, FieldKind, Rejected, Sheet
from sendwright.secret import Secret
from sendwright.senders.graph.settings import Route
from sendwright.texts import LANGUAGES, has, speaking, text
from sendwright.world import World


async def nobody(state: MicrosoftAnswers, world: World) -> dict[str, Secret]:
    raise AssertionError("nothing is to be sent")


STEP = BoardStep(desk=nobody, handed=nobody)


def shown(state: MicrosoftAnswers) -> Sheet:
    screen = STEP.show(state, world())
    assert isinstance(screen, Sheet)
    return screen


def cell(state: MicrosoftAnswers, name: str) -> Cell:
    return next(one for one in shown(state).cells if one.id == name)


def commands(sheet: Sheet) -> str:
    """Return what the page for IT has to run, nothing where there is none; the board itself stays short."""
    assert not any(isinstance(block, Command) for block in sheet.document.blocks)
    found = [document for document in sheet.documents if document.id == "microsoft-365-commands"]
    there = text("microsoft365.board.commands-there", title=text("microsoft365.board.commands"))
    assert bool(found) is (there in said(sheet))
    return "\n".join(block.value for document in found for block in document.blocks if isinstance(block, Command))


def said(sheet: Sheet) -> list[str]:
    return [block.text for block in sheet.document.blocks if isinstance(block, Paragraph)]


async def pressed(state: MicrosoftAnswers, **answer: str) -> MicrosoftAnswers:
    return await STEP.accept(state, answer, world(), lambda _: None)


def test_it_comes_once_the_mailbox_is_known() -> None:
    assert STEP.applies(account())
    assert STEP.applies(application())
    assert not STEP.applies(account(mailbox=""))
    assert not STEP.applies(account(reconnecting=True))
    assert not STEP.applies(application(consented=False))


def test_at_first_nothing_is_tried_and_the_easiest_is_recommended() -> None:
    sheet = shown(account())
    assert [(one.id, one.verdict, one.waiting) for one in sheet.cells] == [
        ("me", None, False),
        ("mailbox", None, False),
        ("smtp", None, False),
    ]
    assert [one.id for one in sheet.cells if one.recommended] == ["me"]
    assert all(one.action and one.action.stays and one.action.name == f"try-{one.id}" for one in sheet.cells)
    assert [notice.key for notice in sheet.notices] == ["microsoft365.board.unproven"]
    assert not sheet.without_submit
    assert sheet.retry is None


@pytest.mark.parametrize(
    ("state", "recommended"),
    [
        (account(proofs=proofs(me=refused())), ["mailbox"]),
        (account(proofs=proofs(me=refused(), mailbox=refused("full-access"))), ["smtp"]),
        (account(proofs=proofs(me=replace(refused(), granted_at=AT))), []),
        (account(proofs=proofs(me=accepted())), []),
        (account(proofs=proofs(me=refused(), mailbox=accepted())), []),
        (application(), ["application"]),
        (application(proofs=proofs(application=accepted())), ["control"]),
        (application(proofs=proofs(application=refused("scope"))), []),
        (application(proofs=proofs(application=accepted(), control=refused("scope"))), []),
        (application(proofs=proofs(application=accepted(), control=accepted())), []),
    ],
)
def test_the_next_thing_to_try_is_recommended(state: MicrosoftAnswers, recommended: list[str]) -> None:
    assert [one.id for one in shown(state).cells if one.recommended] == recommended


def test_a_refusal_is_shown_with_its_problem_its_right_and_what_to_run() -> None:
    state = account(proofs=proofs(me=refused()))
    found = cell(state, "me")
    assert found.verdict is Verdict.FAILED
    assert found.problem is not None
    assert found.problem.code == "sender-not-allowed"
    assert dict(found.facts)["Missing"] == text("microsoft365.board.missing.send-as")
    assert found.action is not None
    assert (found.action.name, found.action.label) == ("granted-me", "microsoft365.board.granted")
    written = commands(shown(state))
    assert "Add-RecipientPermission -Identity 'info@contoso.com' -Trustee 'anna@contoso.com'" in written
    assert "Get-RecipientPermission -Identity 'info@contoso.com'" in written
    assert "GrantSendOnBehalfTo @{Add='anna@contoso.com'}" in written
    assert "Add-MailboxPermission" not in written


@pytest.mark.parametrize(
    ("right", "command"),
    [
        ("send-as", "Add-RecipientPermission"),
        ("send-on-behalf", "-GrantSendOnBehalfTo"),
        ("full-access", "Add-MailboxPermission"),
        ("policy", "Set-CASMailbox"),
    ],
)
def test_what_lacks_decides_which_commands_stand_there(right: str, command: str) -> None:
    assert command in commands(shown(account(proofs=proofs(mailbox=refused(right)))))


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["me"], ["scope-lacks-graph"]),
        (["smtp"], ["scope-lacks-smtp"]),
        (["mailbox", "smtp"], ["scope-lacks-graph", "scope-lacks-smtp"]),
    ],
)
def test_a_scope_that_lacks_is_no_matter_of_exchange(cells: list[str], words: list[str]) -> None:
    sheet = shown(account(proofs=proofs(**dict.fromkeys(cells, refused("scope")))))
    assert commands(sheet) == ""
    assert said(sheet)[1:] == [text(f"microsoft365.board.{key}") for key in words]


def test_a_fault_that_nobody_can_grant_away_can_only_be_tried_again() -> None:
    found = cell(account(proofs=proofs(me=refused("", reason="ServiceUnavailable"))), "me")
    assert found.action is not None
    assert (found.action.name, found.action.label) == ("try-me", "microsoft365.board.try-again")


def test_what_is_proven_says_who_is_seen_where_the_copy_lies_when_and_by_what_number() -> None:
    facts = dict(cell(account(proofs=proofs(mailbox=accepted())), "mailbox").facts)
    assert facts["Sent copy"] == "In Sent Items of info@contoso.com"
    assert facts["Microsoft's request id"] == "r-1"
    assert {"Recipients see", "Last tried"} <= facts.keys()


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        ("", "where only Send on Behalf was granted"),
        (printed.SEND_AS_LIST, "info@contoso.com"),
        (printed.ONLY_SELF + printed.MAILBOX_LIST, "Anna Dupont on behalf of info@contoso.com"),
        (printed.MAILBOX_LIST, "where only Send on Behalf was granted"),
    ],
)
def test_who_recipients_see_is_certain_only_where_it_is_known(output: str, seen: str) -> None:
    state = account(proofs=proofs(me=accepted()), output=output)
    fact = dict(cell(state, "me").facts)["Recipients see"]
    assert seen in fact
    if seen == INFO:
        assert fact == INFO


def test_a_copy_in_both_mailboxes_is_told_once_it_is_known() -> None:
    assert "and of info@contoso.com" in dict(cell(account(output=printed.MAILBOX_LIST), "me").facts)["Sent copy"]
    assert "and of" not in dict(cell(account(), "me").facts)["Sent copy"]


async def test_what_was_pasted_is_read_and_the_faulty_line_marked() -> None:
    state = await pressed(account(), action="read", output=printed.ONLY_SELF, recipient="")
    sheet = shown(state)
    [lines] = [block for block in sheet.document.blocks if isinstance(block, Lines)]
    [faulty] = [line for line in lines.lines if line.mark is Mark.WRONG]
    assert faulty.text.startswith("Trustee")
    assert "anna@contoso.com is not in this list" in faulty.remark
    assert text("microsoft365.board.pasted") in [one.text for one in sheet.document.blocks if isinstance(one, Heading)]
    assert next(field for field in sheet.fields if field.name == "output").value == printed.ONLY_SELF


WAITS = replace(refused(), granted_at=AT)


@pytest.mark.parametrize(
    ("state", "said_so"),
    [
        (account(proofs=proofs(me=refused()), output=printed.SEND_AS_LIST), True),
        (account(proofs=proofs(me=refused()), output=printed.MAILBOX_LIST), True),
        (account(proofs=proofs(mailbox=refused("full-access")), output=printed.FULL_ACCESS_TABLE), True),
        (account(proofs=proofs(mailbox=refused("full-access")), output=printed.SEND_AS_LIST), False),
        (account(proofs=proofs(me=WAITS), output=printed.SEND_AS_LIST), False),
        (account(proofs=proofs(me=accepted()), output=printed.SEND_AS_LIST), False),
        (account(proofs=proofs(me=refused()), output=printed.ONLY_SELF), False),
        (account(output=printed.SEND_AS_LIST), False),
        (application(proofs=proofs(application=refused("scope")), output=printed.AUTHORIZED), True),
    ],
)
def test_a_right_that_is_there_and_was_refused_all_the_same_needs_time(state: MicrosoftAnswers, said_so: bool) -> None:
    assert (text("microsoft365.board.there-already") in said(shown(state))) is said_so


async def test_reading_nothing_is_said_at_the_field() -> None:
    with pytest.raises(Rejected) as rejected:
        await pressed(account(), action="read", output="  \n ")
    assert list(rejected.value.fields) == ["output"]
    assert has(rejected.value.fields["output"])


async def test_what_was_pasted_is_bounded() -> None:
    state = await pressed(account(), action="read", output="x\n" * 1_000_000)
    assert len(state.output) <= 64 * 1024 + 1
    assert text("microsoft365.powershell.reading.shortened") in repr(shown(state).document.blocks)


async def test_a_wrong_address_for_the_message_is_said_before_anything_is_sent() -> None:
    with pytest.raises(Rejected) as rejected:
        await pressed(account(), action="try-me", recipient="nobody")
    assert list(rejected.value.fields) == ["recipient"]


@pytest.mark.parametrize("action", ["try-nothing", "granted-nothing", "try-", "try-control", "bogus", "granted-me-too"])
async def test_a_button_that_does_not_exist_does_nothing(action: str) -> None:
    with pytest.raises(Rejected):
        await pressed(account(), action=action, recipient="anna@contoso.com")


@pytest.mark.parametrize(
    ("state", "asked", "route"),
    [
        (account(), "", Route.ME),
        (account(proofs=proofs(me=refused(), smtp=accepted())), "", Route.SMTP),
        (account(proofs=proofs(me=accepted(), smtp=accepted())), "", Route.ME),
        (account(proofs=proofs(me=accepted(), smtp=accepted())), "smtp", Route.SMTP),
        (account(proofs=proofs(me=accepted())), "smtp", Route.ME),
        (account(proofs=proofs(mailbox=accepted()), route=Route.ME), "", Route.MAILBOX),
        (application(proofs=proofs(application=accepted())), "", Route.MAILBOX),
    ],
)
async def test_going_on_takes_the_best_route_that_was_proven(state: MicrosoftAnswers, asked: str, route: Route) -> None:
    answer = {"route": asked} if asked else {}
    assert (await pressed(state, **answer)).route is route


async def test_going_on_without_a_proof_is_allowed() -> None:
    assert await pressed(account(), recipient="", output="") == account()


def test_the_route_can_be_chosen_where_several_were_proven() -> None:
    sheet = shown(account(proofs=proofs(me=accepted(), smtp=accepted())))
    [route] = [field for field in sheet.fields if field.name == "route"]
    assert route.kind is FieldKind.CHOICE
    assert [option.value for option in route.options] == ["me", "smtp"]
    assert all(has(option.label) for option in route.options)
    assert [field.name for field in shown(account(proofs=proofs(me=accepted()))).fields] == ["recipient", "output"]


def test_what_waits_shows_a_clock_and_no_failure() -> None:
    granted = replace(refused(at=AT), granted_at=AT)
    sheet = shown(account(proofs=proofs(me=granted)))
    assert sheet.retry_at == AT + timedelta(minutes=1)
    assert sheet.retry is not None
    assert (sheet.retry.name, sheet.retry.stays) == ("retry", True)
    assert (sheet.cells[0].waiting, sheet.cells[0].verdict, sheet.cells[0].problem) == (True, None, None)


def test_without_a_control_mailbox_nobody_knows_how_far_an_application_reaches() -> None:
    sheet = shown(application(control=""))
    assert "microsoft365.board.no-control" in [notice.key for notice in sheet.notices if notice.warning]


def test_an_application_that_reaches_every_mailbox_gets_the_recipe() -> None:
    sheet = shown(application(proofs=proofs(application=accepted(), control=accepted())))
    assert [(notice.key, notice.warning) for notice in sheet.notices] == [("microsoft365.board.reaches-all", True)]
    written = commands(sheet)
    for part in (
        "New-ServicePrincipal",
        "New-ManagementScope",
        "New-ManagementRoleAssignment",
        "Get-MgServicePrincipal",
        "Test-ServicePrincipalAuthorization",
        "Remove-MgServicePrincipalAppRoleAssignment",
    ):
        assert part in written
    assert DIRECTOR in written
    assert DIRECTOR in text(sheet.notices[0].key, **sheet.notices[0].values)


@pytest.mark.parametrize(
    ("found", "verdict", "card"),
    [
        (refused("scope", reason="ErrorAccessDenied"), Verdict.PASSED, None),
        (refused("", reason="ErrorInvalidUser"), Verdict.NOT_REACHED, "graph-mailbox-not-found"),
        (refused("", reason="ServiceUnavailable"), Verdict.NOT_REACHED, "graph-unavailable"),
        (accepted(), Verdict.WARNING, None),
    ],
)
def test_a_refused_control_mailbox_has_a_card_only_if_it_was_refused_for_another_reason(
    found: Proof, verdict: Verdict, card: str | None
) -> None:
    control = cell(application(proofs=proofs(application=accepted(), control=found)), "control")
    assert control.verdict is verdict
    assert (control.problem.code if control.problem else None) == card


def test_the_sheet_for_it_lies_beside_the_board() -> None:
    assert [document.id for document in shown(account()).documents] == ["microsoft-365-it-sheet"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "state",
    [
        account(),
        account(mailbox="anna@contoso.com"),
        account(
            proofs=proofs(me=replace(refused(), granted_at=AT), mailbox=refused("full-access"), smtp=refused("policy"))
        ),
        account(proofs=proofs(me=refused(""), mailbox=refused("scope"), smtp=accepted()), output=printed.SEND_AS_TABLE),
        application(),
        application(proofs=proofs(application=accepted(), control=accepted())),
        application(proofs=proofs(application=refused("scope"), control=refused("scope"))),
        application(mailbox="a@contoso.onmicrosoft.com", control=""),
    ],
)
def test_all_words_of_the_page_exist_in_every_language(language: str, state: MicrosoftAnswers) -> None:
    with speaking(language):
        sheet = shown(state)
        assert text(sheet.title)
        assert text(sheet.lead, **sheet.values)
        for one in sheet.cells:
            assert one.title
            assert one.detail
            assert all(name and value for name, value in one.facts)
            assert one.action is None or text(one.action.label)
        for action in (*sheet.actions, *((sheet.retry,) if sheet.retry else ())):
            assert text(action.label)
        for field in sheet.fields:
            assert text(field.label)
            assert text(field.help)
        assert all(text(notice.key, **notice.values) for notice in sheet.notices)
