"""The wizard's screens in a terminal."""

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.console import Console

from sendwright.cli.questions import Cancelled
from sendwright.cli.terminal import Terminal, standard_terminal
from sendwright.document.blocks import Document, Paragraph
from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code, parse_connection_code
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import (
    Action,
    Choice,
    Done,
    Fact,
    Field,
    FieldKind,
    Form,
    Option,
    Proof,
    Proposal,
    Rejected,
    Review,
    Stopped,
)
from sendwright.secret import Secret
from sendwright.texts import text

OPTIONS = (
    Option(value="one", label="start.set-up.label", detail="start.set-up.detail"),
    Option(value="two", label="start.check.label"),
)


def terminal(typed: Iterable[str], secrets: Iterable[str] = ()) -> tuple[Terminal, io.StringIO]:
    lines, hidden = iter(typed), iter(secrets)
    out = io.StringIO()

    def line(prompt: str) -> str:
        assert prompt == ""  # input() would write it to standard output
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    made = Terminal(
        out=Console(emoji=False, file=out, width=80),
        data=Console(emoji=False, file=io.StringIO()),
        line=line,
        secret=lambda _: next(hidden),
    )
    return made, out


def field(name: str, kind: FieldKind = FieldKind.TEXT, **more: object) -> Field:
    return Field(name=name, kind=kind, label="sender.alias", **more)  # type: ignore[arg-type]


def test_a_choice_is_made_by_number() -> None:
    asked, out = terminal(["2"])
    screen = Choice(step="s", title="provider.title", options=OPTIONS)
    assert asked.ask(screen, can_go_back=False) == {"choice": "two"}
    assert "1. Set up your own sender" in out.getvalue()


def test_enter_takes_what_is_chosen_already() -> None:
    asked, _ = terminal([""])
    screen = Choice(step="s", title="provider.title", options=OPTIONS, chosen="two")
    assert asked.ask(screen, can_go_back=False) == {"choice": "two"}


@pytest.mark.parametrize("explains", [True, False])
def test_whoever_was_sent_an_error_is_told_which_command_explains_it(explains: bool) -> None:
    asked, out = terminal(["1"])
    screen = Choice(step="s", title="start.title", options=OPTIONS, explains=explains)
    assert asked.ask(screen, can_go_back=False) == {"choice": "one"}
    assert ("sendwright explain" in out.getvalue()) is explains


@pytest.mark.parametrize("nonsense", ["", "0", "3", "two", "-1", "1.5", "²"])
def test_a_number_that_is_none_is_asked_again(nonsense: str) -> None:
    asked, out = terminal([nonsense, "1"])
    screen = Choice(step="s", title="provider.title", options=OPTIONS)
    assert asked.ask(screen, can_go_back=False) == {"choice": "one"}
    assert "from 1 to 2" in out.getvalue()


def test_a_field_that_belongs_to_another_option_is_not_asked() -> None:
    fields = (field("code", only_for="one"), field("both"))
    asked, _ = terminal(["2", "hello"])
    screen = Choice(step="s", title="provider.title", options=OPTIONS, fields=fields)
    assert asked.ask(screen, can_go_back=False) == {"choice": "two", "both": "hello"}


def test_a_form_asks_its_fields_and_keeps_what_stands_in_them() -> None:
    fields = (
        field("alias", value="Example"),
        field("address", FieldKind.EMAIL),
        field("password", FieldKind.PASSWORD),
        field("keep", FieldKind.TOGGLE, value="true"),
        field("security", FieldKind.CHOICE, value="two", options=OPTIONS),
    )
    asked, out = terminal(["", "a@example.org", "no", ""], ["canary"])
    answer = asked.ask(Form(step="s", title="sender.title", fields=fields), can_go_back=True)
    assert answer == {
        "alias": "Example",
        "address": "a@example.org",
        "password": "canary",
        "keep": "false",
        "security": "two",
    }
    assert "canary" not in out.getvalue()


def test_a_proposal_fills_the_form() -> None:
    proposal = Proposal(label="mail.example.org", origin="provider.address-help", values={"host": "mail.example.org"})
    screen = Form(step="s", title="sender.title", fields=(field("host"),), proposals=(proposal,))
    asked, _ = terminal(["1", ""])
    assert asked.ask(screen, can_go_back=False) == {"host": "mail.example.org"}
    asked, _ = terminal(["2", "other.example.org"])
    assert asked.ask(screen, can_go_back=False) == {"host": "other.example.org"}


def test_further_settings_are_asked_only_when_wanted() -> None:
    screen = Form(step="s", title="sender.title", fields=(field("host"), field("ca", advanced=True)))
    asked, _ = terminal(["h", "no"])
    assert asked.ask(screen, can_go_back=False) == {"host": "h", "ca": ""}
    asked, _ = terminal(["h", "yes", "ca.pem"])
    assert asked.ask(screen, can_go_back=False) == {"host": "h", "ca": "ca.pem"}


def test_an_action_of_a_form_can_be_chosen_instead() -> None:
    screen = Form(
        step="s", title="sender.title", fields=(field("x"),), actions=(Action(name="by-hand", label="sender.alias"),)
    )
    asked, _ = terminal(["2"])
    assert asked.ask(screen, can_go_back=False) == {"x": "", "action": "by-hand"}


def test_a_bracket_goes_back_from_anywhere() -> None:
    asked, _ = terminal(["<"])
    assert asked.ask(Form(step="s", title="sender.title", fields=(field("x"),)), can_go_back=True) == {"action": "back"}


def test_going_back_in_the_middle_keeps_what_was_typed() -> None:
    fields = (field("alias"), field("password", FieldKind.PASSWORD), field("address"))
    asked, _ = terminal(["Example", "<"], ["canary"])
    answer = asked.ask(Form(step="s", title="sender.title", fields=fields), can_go_back=True)
    assert answer == {"alias": "Example", "password": "canary", "action": "back"}


def test_a_dash_empties_what_stands_in_a_field() -> None:
    fields = (field("username", value="anna@example.org"), field("port", FieldKind.NUMBER, value="25"))
    asked, out = terminal(["-", ""])
    answer = asked.ask(Form(step="s", title="sender.title", fields=fields), can_go_back=True)
    assert answer == {"username": "", "port": "25"}
    assert "[anna@example.org]: " in out.getvalue()
    assert "[25]: " in out.getvalue()
    assert "- leaves it empty" in out.getvalue()


@pytest.mark.parametrize("lines", [1, 2, 7])
def test_a_connection_code_may_be_pasted_in_several_lines(lines: int) -> None:
    code = format_connection_code(ConnectionCode(BackendAddress(url="https://example.org"), Secret("s" * 40))).reveal()
    step = -(-len(code) // lines)
    pasted = [code[at : at + step] for at in range(0, len(code), step)]
    asked, _ = terminal(["1", *pasted])
    screen = Choice(step="s", title="provider.title", options=OPTIONS, fields=(field("code", FieldKind.CODE),))
    answer = asked.ask(screen, can_go_back=False)
    assert parse_connection_code(answer["code"]).secret.reveal() == "s" * 40


@pytest.mark.parametrize(
    ("pasted", "code"), [(["SW1-AEAAA", ""], "SW1-AEAAA"), (["no code"], "no code"), ([""], ""), (["SW9-A"], "SW9-A")]
)
def test_a_code_that_is_none_is_not_waited_for(pasted: list[str], code: str) -> None:
    asked, _ = terminal(["1", *pasted])
    screen = Choice(step="s", title="provider.title", options=OPTIONS, fields=(field("code", FieldKind.CODE),))
    assert asked.ask(screen, can_go_back=False)["code"] == code


def test_the_end_of_input_cancels() -> None:
    asked, _ = terminal([])
    with pytest.raises(Cancelled):
        asked.ask(Form(step="s", title="sender.title", fields=(field("x"),)), can_go_back=True)


def test_a_proof_shows_facts_and_how_to_look() -> None:
    screen = Proof(
        step="s",
        title="arrival.title",
        options=OPTIONS,
        facts=(Fact(label="arrival.code", value="ABC234"),),
        howto=("arrival.howto.gmail",),
    )
    asked, out = terminal(["1"])
    assert asked.ask(screen, can_go_back=False) == {"choice": "one"}
    assert "ABC234" in out.getvalue()
    assert "Show original" in out.getvalue()


def test_a_review_says_what_will_happen_and_waits() -> None:
    values = {"organisation": "Example", "count": "2", "address": "a@example.org", "default": "b@example.org"}
    screen = Review(step="s", title="review.title", facts=(), statement="review.statement", values=values)
    asked, out = terminal([""])
    assert asked.ask(screen, can_go_back=True) == {}
    assert "a@example.org instead of b@example.org" in " ".join(out.getvalue().split())


def test_a_stop_shows_its_card_and_the_way_back() -> None:
    problem = classify(Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8", text="wrong"))
    asked, out = terminal(["<"])
    screen = Stopped(step="s", title="sender.title", problem=problem)
    assert asked.ask(screen, can_go_back=True) == {"action": "back"}
    assert "go back" in out.getvalue()


def test_the_end_offers_its_actions() -> None:
    screen = Done(
        step="done",
        title="done.title",
        facts=(),
        submit="wizard.close",
        actions=(Action(name="undo", label="done.undo"),),
    )
    asked, _ = terminal(["2"])
    assert asked.ask_done(screen) == "undo"
    asked, _ = terminal(["1"])
    assert asked.ask_done(screen) == ""


def test_hostile_words_are_not_read_as_markup() -> None:
    asked, out = terminal([""])
    asked.complain("[bold red]not markup[/] [link=file:///]x[/link]")
    assert "[bold red]not markup[/]" in out.getvalue()


def test_a_rejection_says_each_reason() -> None:
    asked, out = terminal([])
    asked.reject(Rejected({"choice": "wizard.choose-one", "code": "platform.code.missing"}))
    assert "Choose one of these." in out.getvalue()
    assert "Paste the connection code here." in out.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_with_few_signs_shows_the_words_all_the_same(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(octets, encoding))
    asked = standard_terminal(json=False)
    asked.complain("Grüße \ud800")
    asked.out.file.flush()
    assert b" Gr" in octets.getvalue()


def test_json_is_utf_8_whatever_the_terminal_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(octets, "cp1252"))
    asked = standard_terminal(json=True)
    asked.json({"alias": "Zürich ✓"})
    asked.data.file.flush()
    assert octets.getvalue().strip() == '{"alias":"Zürich ✓"}'.encode()


def test_what_stands_between_colons_is_no_drawing(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = standard_terminal(json=True)
    fingerprint = "3F:AB:87:A:B:smile:"
    terminal.out.print(fingerprint, markup=False)
    terminal.json({"fingerprint": fingerprint})
    said = capsys.readouterr()
    assert said.out == f'{{"fingerprint":"{fingerprint}"}}\n'
    assert said.err == f"{fingerprint}\n"


def test_the_lines_of_a_file_that_is_named_are_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "message.eml"
    file.write_bytes(b"From: anna@example.org\r\n\r\nHello\r\n")
    screen = Form(step="s", title="sender.title", fields=(field("source", FieldKind.LINES),))
    asked, out = terminal([f"@{file}"])
    assert asked.ask(screen, can_go_back=False) == {"source": "From: anna@example.org\n\nHello\n"}
    assert "From the file message.eml" in out.getvalue()


@pytest.mark.parametrize("code", ["folder", "unreadable", "no-text"])
def test_a_file_that_cannot_be_used_is_said_and_the_lines_can_still_be_pasted(tmp_path: Path, code: str) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG" + bytes(400))
    named = {"folder": tmp_path, "unreadable": tmp_path / "none", "no-text": picture}[code]
    screen = Form(step="s", title="sender.title", fields=(field("source", FieldKind.LINES),))
    asked, out = terminal([f"@ {named}", "one", "@two", "."])
    assert asked.ask(screen, can_go_back=False) == {"source": "one\n@two"}
    assert text(f"file.refused.{code}") in " ".join(out.getvalue().split())


DOCUMENT = Document(id="guide", title="How to make one", blocks=(Paragraph(text="Open the console."),))


def test_what_belongs_to_a_form_can_be_read_before_it_is_answered() -> None:
    screen = Form(step="s", title="sender.title", fields=(field("alias"),), documents=(DOCUMENT,))
    asked, out = terminal(["2", "1", "Example"])
    assert asked.ask(screen, can_go_back=False) == {"alias": "Example"}
    assert out.getvalue().count("Open the console.") == 1


def test_what_belongs_to_a_choice_can_be_read_before_it_is_made() -> None:
    screen = Choice(step="s", title="sender.title", options=OPTIONS, documents=(DOCUMENT,))
    asked, out = terminal(["2", "2", "1", "2"])
    assert asked.ask(screen, can_go_back=False) == {"choice": "two"}
    assert out.getvalue().count("Open the console.") == 2


def test_buttons_of_a_form_stand_beside_what_can_be_read() -> None:
    by_hand = Action(name="by-hand", label="wizard.continue")
    screen = Form(step="s", title="sender.title", fields=(field("alias"),), documents=(DOCUMENT,), actions=(by_hand,))
    asked, _ = terminal(["3", "2"])
    assert asked.ask(screen, can_go_back=False) == {"alias": "", "action": "by-hand"}


def test_a_review_asks_before_it_waits_for_the_last_word() -> None:
    values = {"organisation": "Example", "count": "2", "address": "a@example.org", "default": "b@example.org"}
    toggle = Field(name="revoke", kind=FieldKind.TOGGLE, label="disconnect.revoke", value="false")
    screen = Review(
        step="s", title="disconnect.title", facts=(), statement="disconnect.statement", values=values, fields=(toggle,)
    )
    asked, out = terminal(["yes", ""])
    assert asked.ask(screen, can_go_back=True) == {"revoke": "true"}
    shown = out.getvalue()
    assert shown.index(text("disconnect.revoke")) < shown.rindex(text("wizard.continue"))
