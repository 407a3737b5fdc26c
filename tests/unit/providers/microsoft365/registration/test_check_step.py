"""What is found out about an own registration without signing in."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported
from tests.unit.providers.microsoft365.flows import ASKED, OWN_CLIENT, TENANT, flow_world, ignore

from sendwright import texts
from sendwright.diagnosis.stage import Verdict
from sendwright.oauth.entra.probe import Answer as Found
from sendwright.oauth.entra.probe import Finding, Question
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.registration import check_step
from sendwright.providers.microsoft365.registration.check_step import CheckStep
from sendwright.screens import Halted, Working
from sendwright.senders.graph.settings import Way

OWN = replace(ASKED, own=True, client_id=OWN_CLIENT, tenant=TENANT)
OWN_APP = replace(OWN, way=Way.APPLICATION)
Probe = Callable[..., Any]


def probing(monkeypatch: pytest.MonkeyPatch, *findings: Finding | OAuthFailed) -> None:
    async def probe(*_: object, **__: object) -> tuple[Finding, ...]:
        for finding in findings:
            if isinstance(finding, OAuthFailed):
                raise finding
        return tuple(one for one in findings if isinstance(one, Finding))

    monkeypatch.setattr(check_step, "probe", probe)


def finding(question: Question, answer: Found, number: int | None = None) -> Finding:
    evidence = None
    if number is not None:
        evidence = Evidence(stage="sign-in", system=System.ENTRA, error="invalid_request", number=number)
    return Finding(question=question, answer=answer, evidence=evidence)


@pytest.mark.parametrize(
    ("state", "stages"),
    [(OWN, ["ms-known", "ms-redirect", "ms-public"]), (OWN_APP, ["ms-known", "ms-redirect"])],
)
def test_an_application_need_be_no_public_client(state: MicrosoftAnswers, stages: list[str]) -> None:
    screen = CheckStep().show(state, flow_world())
    assert isinstance(screen, Working)
    assert list(screen.stages[1:]) == stages
    assert all(texts.text(f"stages.{stage}.label") for stage in screen.stages)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (finding(Question.KNOWN, Found.NO, 700016), "application-not-in-tenant"),
        (finding(Question.REDIRECT, Found.NO, 50011), "redirect-uri-mismatch"),
        (finding(Question.PUBLIC, Found.NO, 7000218), "application-client-type-wrong"),
        (finding(Question.KNOWN, Found.NO), "application-not-in-tenant"),
        (finding(Question.REDIRECT, Found.NO), "redirect-uri-mismatch"),
        (finding(Question.PUBLIC, Found.NO), "application-client-type-wrong"),
    ],
)
async def test_what_is_wrong_is_named_and_can_be_passed_by(
    monkeypatch: pytest.MonkeyPatch, wrong: Finding, code: str
) -> None:
    right = [finding(question, Found.YES) for question in Question if question is not wrong.question]
    probing(monkeypatch, *right, wrong)
    reported = Reported()
    with pytest.raises(Halted) as halted:
        await CheckStep().accept(OWN, {}, flow_world(), reported)
    assert halted.value.problem.code == code
    assert halted.value.problem.values["registration"] == "own"
    assert [action.name for action in halted.value.actions] == ["go-on"]
    verdicts = {one.id: one.verdict for one in reported.results}
    assert sorted(verdicts.values()) == [Verdict.FAILED, Verdict.PASSED, Verdict.PASSED]
    assert await CheckStep().accept(OWN, {"action": "go-on"}, flow_world(), reported) == OWN


async def test_what_microsoft_does_not_tell_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    probing(monkeypatch, *(finding(question, Found.UNKNOWN) for question in Question))
    reported = Reported()
    assert await CheckStep().accept(OWN, {}, flow_world(), reported) == OWN
    assert {one.verdict for one in reported.results} == {Verdict.WARNING}


async def test_what_does_not_matter_for_an_application_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    probing(monkeypatch, finding(Question.KNOWN, Found.YES), finding(Question.PUBLIC, Found.NO, 7000218))
    assert await CheckStep().accept(OWN_APP, {}, flow_world(), ignore) == OWN_APP


async def test_microsoft_not_reached_is_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence(stage="reach", system=System.SOCKET, errno="ECONNREFUSED")
    probing(monkeypatch, OAuthFailed(evidence))
    with pytest.raises(Halted) as halted:
        await CheckStep().accept(OWN, {}, flow_world(), ignore)
    assert halted.value.problem.code == "connection-refused"
    assert halted.value.state == OWN
