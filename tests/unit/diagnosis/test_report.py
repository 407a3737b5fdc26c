"""The report is the JSON that the interface promises, whatever order the stages ran in."""

import msgspec
import pytest

from sendwright.diagnosis.report import SCHEMA, first_problem, report, worst
from sendwright.diagnosis.run import failed
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import speaking

SUBJECT: dict[str, str | int] = {
    "kind": "smtp",
    "host": "mail.example.org",
    "port": 465,
    "security": "tls",
}
WRONG_PASSWORD = Evidence(
    stage="sign-in",
    system=System.SMTP,
    reply=535,
    enhanced="5.7.8",
    text="Authentication credentials invalid",
    values={"host": "mail.example.org", "username": "anna@example.org"},
)


def _passed(stage: str) -> StageResult:
    return StageResult(id=stage, verdict=Verdict.PASSED, took_ms=1.5, evidence={"seen": stage})


def _remarked(stage: str, code: str) -> StageResult:
    problem = classify(Evidence(stage=stage, system=System.SMTP, condition=code))
    return StageResult(id=stage, verdict=Verdict.WARNING, problem=problem)


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def test_stages_stand_in_the_canonical_order_although_tls_ran_first() -> None:
    ran = ["resolve", "connect", "secure", "greet"]
    made = report(SUBJECT, [_passed(stage) for stage in ran])
    assert [stage.id for stage in made.stages] == list(SMTP_STAGES)
    assert [stage.verdict for stage in made.stages[:5]] == [Verdict.PASSED] * 4 + [Verdict.NOT_REACHED]


def test_a_failure_is_the_verdict_and_its_code_the_problem() -> None:
    made = report(SUBJECT, [_passed("resolve"), failed("sign-in", WRONG_PASSWORD, took_ms=12.3)])
    assert (made.verdict, made.problem) == (Verdict.FAILED, "auth-wrong-credentials")
    stage = made.stages[SMTP_STAGES.index("sign-in")]
    assert (stage.problem, stage.took_ms) == ("auth-wrong-credentials", 12.3)
    assert stage.evidence["reply"] == 535


def test_remarks_are_listed_and_are_no_problem_of_the_whole() -> None:
    made = report(SUBJECT, [_remarked("connect", "ipv6-unreachable"), _passed("greet")])
    assert (made.verdict, made.problem) == (Verdict.WARNING, None)
    assert [problem.code for problem in made.problems] == ["ipv6-unreachable"]


def test_a_failure_after_a_remark_lists_both() -> None:
    made = report(SUBJECT, [_remarked("connect", "ipv6-unreachable"), failed("sign-in", WRONG_PASSWORD)])
    assert [problem.code for problem in made.problems] == ["ipv6-unreachable", "auth-wrong-credentials"]
    assert made.problem == "auth-wrong-credentials"


def test_the_same_remark_twice_is_explained_once() -> None:
    twice = [_remarked("connect", "ipv6-unreachable"), _remarked("secure", "ipv6-unreachable")]
    assert len(report(SUBJECT, twice).problems) == 1


def test_the_json_has_exactly_the_fields_of_the_interface() -> None:
    made = msgspec.json.decode(msgspec.json.encode(report(SUBJECT, [failed("sign-in", WRONG_PASSWORD)])))
    assert list(made) == ["schema", "subject", "verdict", "problem", "stages", "problems"]
    assert made["schema"] == SCHEMA == "sendwright.diagnosis/1"
    assert made["subject"] == SUBJECT
    assert set(made["stages"][0]) == {"id", "verdict", "took_ms", "evidence", "problem"}
    (problem,) = made["problems"]
    assert set(problem) == {
        "code", "title", "what", "why", "owner", "retry", "confidence", "remedies", "source", "learn_more",
        "finality", "side", "standing", "verify", "fact", "stage",
    }  # fmt: skip
    assert problem["source"] == {"system": "smtp", "code": "535 5.7.8", "text": WRONG_PASSWORD.text}
    assert {
        "kind": "change",
        "label": "Check the user name",
        "value": "username",
        "proposal": "",
        "path": "",
    } in problem["remedies"]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASSED, Verdict.NOT_REACHED], Verdict.PASSED),
        ([Verdict.PASSED, Verdict.WARNING], Verdict.WARNING),
        ([Verdict.WARNING, Verdict.FAILED], Verdict.FAILED),
        ([Verdict.NOT_REACHED], Verdict.NOT_REACHED),
        ([], Verdict.NOT_REACHED),
    ],
)
def test_the_worst_verdict_counts(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst([StageResult(id="x", verdict=verdict) for verdict in verdicts]) is expected


def test_the_first_failed_stage_names_the_problem() -> None:
    results = [_remarked("connect", "ipv6-unreachable"), failed("sign-in", WRONG_PASSWORD)]
    assert first_problem(results) == "auth-wrong-credentials"
    assert first_problem(results[:1]) is None
