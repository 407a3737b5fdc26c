"""Every misbehaviour at every stage gives exactly one problem: at that stage, with a name, and whether it may pass."""

from itertools import product

import pytest
from msgspec.structs import replace
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Answer, Drop, Flood, Say, Script, Silence, Trickle
from tests.servers.smtp_script import Security as Speaks
from tests.unit.diagnosis.walking import Login, Target, attempt, message, network

from sendwright.diagnosis.smtp import diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.problems.dictionary import UNRECOGNISED
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Finality, Owner, Retry

STAGE_OF_PLACE = {
    "greeting": "greet",
    "ehlo": "greet",
    "starttls": "secure",
    "second ehlo": "secure",
    "auth": "sign-in",
    "mail": "sender",
    "rcpt": "recipient",
    "data": "submit",
    "end_of_data": "submit",
}
STARTTLS_OFFERED = b"250-mail.example.org\r\n250 STARTTLS"
BROKEN: dict[str, Answer] = {
    "closes": Drop(),
    "closes in a line": Drop(b"250-half a li"),
    "resets": Drop(reset=True),
    "says nothing": Silence(),
    "stops in a line": Say(b"250-mail"),
    "does not end": Flood(2**18),
    "speaks HTTP": Say(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "sends bytes": Say(b"\x00\xff\xfe\r\n"),
    "has a class of its own": b"777 lucky",
}
LOST = {"connection-dropped", "connection-timed-out", "answer-timed-out", "message-perhaps-sent"}
MISUNDERSTOOD = {"answer-not-understood", "not-an-smtp-server", "message-perhaps-sent"}
NAMES = {
    "closes": LOST,
    "closes in a line": LOST | MISUNDERSTOOD,
    "resets": LOST,
    "says nothing": LOST,
    "stops in a line": LOST | MISUNDERSTOOD,
    "does not end": LOST | MISUNDERSTOOD,
    "speaks HTTP": MISUNDERSTOOD | LOST,
    "sends bytes": MISUNDERSTOOD | LOST,
    "has a class of its own": MISUNDERSTOOD | LOST,
}
REFUSALS = (
    b"421 4.3.2 Service not available, closing",
    b"450 4.2.1 Mailbox busy",
    b"451 4.7.1 Please try again later",
    b"452 4.3.1 Insufficient system storage",
    b"454 4.7.0 Temporary failure",
    b"455 4.5.4 Cannot accommodate",
    b"500 5.5.2 Syntax error",
    b"501 5.5.4 Bad argument",
    b"503 5.5.1 Bad sequence",
    b"504 5.5.4 Not implemented",
    b"521 5.3.2 Host does not accept mail",
    b"530 5.7.0 Authentication required",
    b"534 5.7.9 Mechanism too weak",
    b"535 5.7.8 Authentication failed",
    b"550 5.7.1 Refused by policy",
    b"551 5.1.6 Moved",
    b"552 5.2.2 Over quota",
    b"553 5.1.3 Bad address",
    b"554 5.7.1 Rejected",
    b"556 5.1.10 No mail here",
    b"599 5.9.9 Never heard of",
)


async def _walk(start: StartSmtp, kit: Certificates, *, place: str, answer: Answer) -> list[StageResult]:
    said: dict[str, Answer] = {"ehlo": (STARTTLS_OFFERED, answer)} if place == "second ehlo" else {place: answer}
    script = Script(security=Speaks.STARTTLS, certificate=kit.good, **said)  # type: ignore[arg-type]  # fields by name
    target = Target(port=start(script).port)
    asked = attempt(target, ca_pem=kit.ca_file.read_text(), login=Login(), submit=message())
    quick = replace(asked, submit_timeout_s=0.0)
    return [result async for result in diagnose_smtp(quick, network(target, timeout_s=1.0))]


def _only_problem(results: list[StageResult], *, stage: str) -> StageResult:
    """Return the one stage that failed: what came before has passed, nothing after it was tried."""
    assert [result.id for result in results] == list(SMTP_STAGES)
    here = SMTP_STAGES.index(stage)
    assert [result.verdict for result in results[:here]] == [Verdict.PASSED] * here
    assert {result.verdict for result in results[here + 1 :]} <= {Verdict.NOT_REACHED}
    assert [result.id for result in results if result.problem is not None] == [stage]
    assert results[here].verdict is Verdict.FAILED
    return results[here]


@pytest.mark.parametrize(("place", "how"), list(product(STAGE_OF_PLACE, BROKEN)))
async def test_a_server_that_breaks_off_is_named_at_the_stage_where_it_does(
    scripted_smtp: StartSmtp, certificates: Certificates, place: str, how: str
) -> None:
    stage = STAGE_OF_PLACE[place]
    results = await _walk(scripted_smtp, certificates, place=place, answer=BROKEN[how])
    if (place, how) == ("greeting", "resets") and results[1].verdict is Verdict.FAILED:
        stage = "connect"  # the reset may be faster than we are
    problem = _only_problem(results, stage=stage).problem
    assert problem is not None
    assert problem.code in NAMES[how], problem.code
    assert problem.evidence.stage == stage
    assert problem.evidence.perhaps_sent is (place == "end_of_data")
    assert explain(problem).what


@pytest.mark.parametrize(("place", "reply"), list(product(STAGE_OF_PLACE, REFUSALS)))
async def test_a_refusal_is_named_and_says_whether_it_may_pass(
    scripted_smtp: StartSmtp, certificates: Certificates, place: str, reply: bytes
) -> None:
    results = await _walk(scripted_smtp, certificates, place=place, answer=reply)
    problem = _only_problem(results, stage=STAGE_OF_PLACE[place]).problem
    assert problem is not None
    assert problem.evidence.reply == int(reply[:3])
    assert problem.finality is (Finality.DEFERRED if reply.startswith(b"4") else Finality.FINAL)
    if reply.startswith(b"4"):
        assert problem.retry in {Retry.NOW, Retry.LATER}
    if problem.owner is Owner.NOBODY:
        assert problem.retry in {Retry.NOW, Retry.LATER}
    if reply.startswith(b"599") and place not in {"greeting", "ehlo", "starttls", "second ehlo"}:
        assert problem.code == UNRECOGNISED
    told = explain(problem)
    assert told.title
    assert told.standing
    assert told.verify.text


@pytest.mark.parametrize("place", [place for place in STAGE_OF_PLACE if place not in {"starttls", "second ehlo"}])
async def test_a_server_that_is_only_slow_is_no_problem(
    scripted_smtp: StartSmtp, certificates: Certificates, place: str
) -> None:
    usual = Script(security=Speaks.STARTTLS, certificate=certificates.good)
    answers = {
        "ehlo": b"250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN",
        "auth": b"235 2.7.0 Authentication successful",
        "mail": b"250 2.1.0 Ok",
        "rcpt": b"250 2.1.5 Ok",
    }
    said = answers.get(place) or getattr(usual, place)
    slow = Trickle(said + b"\r\n", pause=0.002)
    results = await _walk(scripted_smtp, certificates, place=place, answer=slow)
    assert {result.id: result.verdict for result in results} == dict.fromkeys(SMTP_STAGES, Verdict.PASSED)
