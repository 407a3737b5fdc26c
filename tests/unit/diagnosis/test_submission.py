"""The stages of sending over Microsoft's SMTP server with an access token."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.diagnosis.walking import failure, verdicts
from tests.unit.senders.doubles import Keeper
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import Simulated, simulated

from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.diagnosis.submission import SubmissionAttempt, diagnose_submission
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import AccessToken
from sendwright.practice.microsoft.contoso import BEN, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.senders.credentials import TOKEN
from sendwright.senders.graph.settings import Route, Way

RECIPIENT = "bob@example.com"


@pytest.fixture
async def contoso() -> AsyncIterator[Simulated]:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.FULL_ACCESS)
        yield world


async def walk(
    world: Simulated, credentials: dict[str, Secret] | None = None, *, send: bool = True, **rest: object
) -> list[StageResult]:
    profile = world.profile(Way.ACCOUNT, Route.SMTP)
    credentials = {TOKEN: world.access(outlook=True)} if credentials is None else credentials
    message = outgoing(sender_address=NOREPLY) if send else None
    results = diagnose(profile, credentials, world.network, message=message, **rest)  # type: ignore[arg-type]  # as each test names them
    found = [result async for result in results]
    assert [result.id for result in found] == list(SMTP_STAGES)
    return found


# The practice's certificate is younger than SOON: everything passes, with or without a remark on its end.
FINE = {Verdict.PASSED, Verdict.WARNING}


async def test_a_message_passes_every_stage(contoso: Simulated) -> None:
    results = await walk(contoso)
    assert set(verdicts(results).values()) <= FINE
    signed_in = next(result for result in results if result.id == "sign-in")
    assert signed_in.evidence["mechanism"] == "XOAUTH2"
    assert NOREPLY in contoso.inbox[0].sender


async def test_a_recipient_without_a_message_is_named_and_nothing_is_submitted(contoso: Simulated) -> None:
    results = await walk(contoso, send=False, recipient=RECIPIENT)
    assert verdicts(results)["recipient"] is Verdict.PASSED
    assert verdicts(results)["submit"] is Verdict.NOT_REACHED
    assert contoso.inbox == []


@pytest.mark.parametrize("stage", SMTP_STAGES)
async def test_it_stops_where_it_shall(contoso: Simulated, stage: str) -> None:
    results = await walk(contoso, stop_after=stage)
    reached = [result.id for result in results if result.verdict is not Verdict.NOT_REACHED]
    assert reached == list(SMTP_STAGES[: SMTP_STAGES.index(stage) + 1])
    assert len(contoso.inbox) == int(stage == "submit")


async def test_without_anything_to_sign_in_with_the_server_is_looked_at(contoso: Simulated) -> None:
    assert last_without_sign_in(contoso.profile(Way.ACCOUNT, Route.SMTP)) == "secure"
    results = await walk(contoso, {}, send=False, stop_after="secure")
    assert verdicts(results)["secure"] in FINE
    assert verdicts(results)["sign-in"] is Verdict.NOT_REACHED


async def test_a_token_that_cannot_be_had_is_a_matter_of_the_sign_in(contoso: Simulated) -> None:
    contoso.tenant.revoked.add(BEN)
    results = await walk(contoso, {}, grant=Keeper(contoso.refresh_token(), {}))
    failed = failure(results)
    assert (failed.id, failed.evidence["error"]) == ("sign-in", "invalid_grant")
    assert verdicts(results)["secure"] in FINE
    assert verdicts(results)["sender"] is Verdict.NOT_REACHED
    assert failed.problem is not None
    assert failed.problem.values["mailbox"] == NOREPLY


async def test_a_server_that_is_not_reached_hides_that_no_token_can_be_had(contoso: Simulated) -> None:
    contoso.tenant.revoked.add(BEN)
    keeper = Keeper(contoso.refresh_token(), {})
    assert contoso.microsoft._submission is not None
    profile = contoso.profile(Way.ACCOUNT, Route.SMTP)
    await contoso.microsoft._submission.stop()
    results = [one async for one in diagnose(profile, {}, contoso.network, message=outgoing(), grant=keeper)]
    assert failure(results).id == "connect"


async def test_a_mailbox_that_the_account_may_not_open_is_refused_at_the_sign_in(contoso: Simulated) -> None:
    contoso.tenant.withdraw(BEN, NOREPLY, Right.FULL_ACCESS)
    failed = failure(await walk(contoso))
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sign-in", "oauth-token-refused")


async def test_a_protocol_that_is_switched_off_is_named(contoso: Simulated) -> None:
    contoso.tenant.policies.smtp_auth = False
    failed = failure(await walk(contoso))
    assert failed.problem is not None
    assert failed.problem.code == "smtp-auth-disabled-for-tenant"


async def test_another_mailbox_can_be_tried_with_the_same_sign_in(contoso: Simulated) -> None:
    results = await walk(contoso, mailbox=BEN)
    assert set(verdicts(results).values()) <= FINE
    assert BEN in contoso.inbox[0].sender


async def test_a_remark_on_the_sender_is_made_where_the_server_takes_it(contoso: Simulated) -> None:
    remark = Evidence(stage="sender", system=System.GMAIL, condition="gmail-sender-unproven")
    settings = contoso.settings(Way.ACCOUNT, Route.SMTP)
    access = AccessToken(secret=contoso.access(outlook=True), expires_at=datetime.now(UTC) + timedelta(hours=1))
    tokens = FixedAccess(access, clock=lambda: datetime.now(UTC))
    attempt = SubmissionAttempt(settings=settings.submission, tokens=tokens, sender=NOREPLY, remark=remark)
    results = [result async for result in diagnose_submission(attempt, contoso.network)]
    remarked = {result.id: result.problem.code for result in results if result.problem and result.id == "sender"}
    assert remarked == {"sender": "gmail-sender-unproven"}
    assert verdicts(results)["sender"] is Verdict.WARNING
    assert verdicts(results)["submit"] is Verdict.NOT_REACHED
    contoso.tenant.withdraw(BEN, NOREPLY, Right.FULL_ACCESS)
    refused = [result async for result in diagnose_submission(attempt, contoso.network)]
    assert "gmail-sender-unproven" not in {result.problem.code for result in refused if result.problem}
