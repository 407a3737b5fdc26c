"""A sheet in the terminal: read, typed into, tried, left."""

import io
from collections.abc import Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from rich.console import Console
from tests.wizard.surroundings import NOW

from sendwright.cli.questions import Back, Cancelled, Questions
from sendwright.cli.sheet import BY_ITSELF, ask_sheet, show_document, show_sheet, wait_for_retry
from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import Command, Document, Link, Paragraph
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Action, Answer, Cell, Field, FieldKind, Sheet

PROBLEM = classify(Evidence(stage="sender", system=System.GRAPH, http=403, reason="ErrorSendAsDenied"))
PROVE = Action(name="prove-me", label="start.check.label", stays=True)
RETRY = Action(name="retry-me", label="wizard.continue", stays=True)
SHEET = Sheet(
    step="board",
    title="start.title",
    values={"platform": "x"},
    document=Document(id="words", title="Words", blocks=(Paragraph(text="Read this first."),)),
    cells=(
        Cell(id="shared", title="Shared", verdict=Verdict.FAILED, problem=PROBLEM, facts=(("Right", "Send As"),)),
        Cell(id="me", title="Own", detail="From your mailbox", action=PROVE, recommended=True),
        Cell(id="late", title="Late", verdict=Verdict.FAILED, waiting=True),
    ),
    fields=(
        Field(name="to", kind=FieldKind.EMAIL, label="test.to", value="anna@example.org"),
        Field(name="output", kind=FieldKind.LINES, label="sender.alias"),
    ),
    actions=(Action(name="read", label="start.open.label", stays=True),),
    documents=(Document(id="it", title="For IT", blocks=(Paragraph(text="Grant Send As."),)),),
)


def questions(*typed: str) -> tuple[Questions, io.StringIO]:
    lines, out = iter(typed), io.StringIO()

    def line(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    return Questions(out=Console(file=out, width=80, emoji=False), line=line, secret=line), out


def asked(sheet: Sheet, *typed: str) -> tuple[Answer, str]:
    asking, out = questions(*typed)
    return ask_sheet(sheet, asking, can_go_back=True), out.getvalue()


LONG = Document(
    id="long",
    title="Long",
    blocks=(
        Link(label="Open", address=f"https://login.example.org/{'x' * 300}"),
        Command(label="Run", value=f"New-ManagementScope {'y' * 300}"),
    ),
)


def test_nothing_that_is_to_be_copied_is_cut_off_by_a_narrow_terminal() -> None:
    asking, out = questions()
    show_sheet(replace(SHEET, document=LONG), asking)
    show_document(LONG, asking)
    shown = out.getvalue().splitlines()
    for value in (f"https://login.example.org/{'x' * 300}", f"New-ManagementScope {'y' * 300}"):
        assert [line.strip() for line in shown].count(value) == 2


STANDING = {"to": "anna@example.org", "output": ""}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["1"], STANDING),
        ([""], STANDING),
        (["2"], STANDING | {"action": "prove-me"}),
        (["4"], STANDING | {"action": "read"}),
        (["5", "ben@example.org", "1"], STANDING | {"to": "ben@example.org"}),
        (["5", "", "2"], STANDING | {"action": "prove-me"}),
        (
            ["6", "Identity : x", "  User : y", ".", "4"],
            STANDING | {"output": "Identity : x\n  User : y", "action": "read"},
        ),
        (["7", "1"], STANDING),
        (["3", "1"], STANDING),
        (["99", "x", "1"], STANDING),
    ],
)
def test_what_is_chosen_carries_what_was_typed(typed: list[str], answer: Answer) -> None:
    assert asked(SHEET, *typed)[0] == answer


def test_a_document_can_be_read_on_the_way() -> None:
    shown = asked(SHEET, "7", "1")[1]
    assert "Grant Send As." in shown


def test_a_refusal_can_be_explained_on_the_way() -> None:
    shown = asked(SHEET, "3", "1")[1]
    assert "ErrorSendAsDenied" in shown


def test_without_a_way_on_only_its_actions_are_offered() -> None:
    answer, shown = asked(replace(SHEET, without_submit=True), "1")
    assert answer == STANDING | {"action": "prove-me"}
    assert "Continue" not in shown


def test_what_tries_again_by_itself_is_waited_for_unless_something_else_is_chosen() -> None:
    waiting = replace(SHEET, retry=RETRY, retry_at=NOW)
    assert asked(waiting, "")[0] == STANDING | {"action": BY_ITSELF}
    assert asked(waiting, "2")[0] == STANDING


@pytest.mark.parametrize(
    ("typed", "end"), [(["<"], Back), ([], Cancelled), (["5", "<"], Back), (["6", "x"], Cancelled)]
)
def test_the_person_can_leave_at_any_question(typed: Iterable[str], end: type[Exception]) -> None:
    with pytest.raises(end):
        asked(SHEET, *typed)


def test_what_the_sheet_says_comes_with_the_state_of_each_cell_in_words() -> None:
    asking, out = questions()
    show_sheet(SHEET, asking)
    lines = [line.strip() for line in out.getvalue().splitlines() if line.strip()]
    assert lines == [
        "Read this first.",
        "✗ Shared: problem",
        "Right: Send As",
        "· Own: not tried yet",
        "From your mailbox",
        "… Late: granted, not in effect yet",
    ]


@pytest.mark.parametrize(("ahead_s", "slept"), [(90, [90.0]), (0, [0.0]), (-5, [0.0])])
async def test_waiting_lasts_until_the_time_of_the_next_try(ahead_s: int, slept: list[float]) -> None:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    sheet = replace(SHEET, retry=RETRY, retry_at=NOW + timedelta(seconds=ahead_s))
    asking, out = questions()
    answer = await wait_for_retry(sheet, asking, clock=lambda: NOW, sleep=sleep)
    assert answer == STANDING | {"action": "retry-me"}
    assert naps == slept
    assert "everything is kept" in out.getvalue()


async def test_nothing_is_waited_for_where_nothing_comes_by_itself() -> None:
    asking, out = questions()
    assert await wait_for_retry(SHEET, asking, clock=lambda: NOW) == STANDING
    assert out.getvalue() == ""
