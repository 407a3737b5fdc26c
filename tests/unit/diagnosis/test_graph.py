"""The stages of sending through Microsoft Graph, walked on the simulated Microsoft."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
import pytest
from tests.unit.diagnosis.walking import failure, verdicts
from tests.unit.senders.doubles import Keeper, Learning, network
from tests.unit.senders.graph.doubles import outgoing
from tests.unit.senders.graph.simulated import EVERYTHING, Simulated, simulated

from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.stage import GRAPH_STAGES, StageResult, Verdict
from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_SECRET, TOKEN
from sendwright.senders.graph.settings import Route, Way

PASSED, FAILED, LEFT = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_REACHED
RECIPIENT = "bob@example.com"


@pytest.fixture
async def contoso() -> AsyncIterator[Simulated]:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.SEND_AS, Right.FULL_ACCESS)
        yield world


async def walk(
    world: Simulated,
    profile: SenderProfile | None = None,
    credentials: dict[str, Secret] | None = None,
    *,
    send: bool = True,
    **rest: object,
) -> list[StageResult]:
    profile = profile or world.profile()
    credentials = {TOKEN: world.access()} if credentials is None else credentials
    message = outgoing(sender_address=profile.address) if send else None
    return [result async for result in diagnose(profile, credentials, world.network, message=message, **rest)]  # type: ignore[arg-type]  # as each test names them


def row(results: list[StageResult]) -> list[Verdict]:
    assert [result.id for result in results] == list(GRAPH_STAGES)
    return [result.verdict for result in results]


def facts(results: list[StageResult], stage: str) -> dict[str, object]:
    (found,) = (result for result in results if result.id == stage)
    return found.evidence


def code(results: list[StageResult]) -> tuple[str, str]:
    failed = failure(results)
    assert failed.problem is not None
    return failed.id, failed.problem.code


async def test_a_signed_in_account_passes_every_stage(contoso: Simulated) -> None:
    results = await walk(contoso)
    assert row(results) == [PASSED] * 6
    (arrived,) = contoso.inbox
    assert NOREPLY in arrived.sender
    reach, submit = facts(results, "reach"), facts(results, "submit")
    assert (reach["login"], reach["graph"]) == (contoso.microsoft.login, contoso.microsoft.graph)
    assert reach["version"] == "TLSv1.3"
    assert facts(results, "sign-in")["username"] == BEN
    assert str(facts(results, "sign-in")["expires_at"]).endswith("Z")
    assert set(facts(results, "permissions")["permissions"]) == EVERYTHING - {"SMTP.Send"}  # type: ignore[call-overload]  # a list
    assert facts(results, "mailbox")["address"] == BEN
    assert facts(results, "sender") == {"address": NOREPLY, "own": False}
    assert submit["sent_copy"] == BEN
    assert submit["request_id"]
    assert len(str(submit["client_request_id"])) == 36


async def test_an_application_has_no_mailbox_of_its_own_and_passes_the_rest(contoso: Simulated) -> None:
    contoso.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    results = await walk(contoso, contoso.profile(Way.APPLICATION, Route.MAILBOX), {TOKEN: contoso.application()})
    assert row(results) == [PASSED, PASSED, PASSED, LEFT, PASSED, PASSED]
    assert facts(results, "permissions")["limited_by_exchange"] is False
    assert facts(results, "submit")["sent_copy"] == NOREPLY


async def test_an_application_that_exchange_lets_in_passes_without_a_role(contoso: Simulated) -> None:
    contoso.tenant.scoped[CLIENT_ID] = {NOREPLY}
    profile = contoso.profile(Way.APPLICATION, Route.MAILBOX)
    results = await walk(contoso, profile, {TOKEN: contoso.application()})
    assert row(results) == [PASSED, PASSED, PASSED, LEFT, PASSED, PASSED]
    assert facts(results, "permissions")["limited_by_exchange"] is True
    refused = await walk(contoso, profile, {TOKEN: contoso.application()}, mailbox=INFO)
    assert code(refused) == ("sender", "graph-access-denied")
    assert failure(refused).problem.values["mailbox"] == INFO  # type: ignore[union-attr]  # it failed
    assert len(contoso.inbox) == 1


async def test_another_mailbox_can_be_tried_with_the_same_sign_in(contoso: Simulated) -> None:
    contoso.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    profile = contoso.profile(Way.APPLICATION, Route.MAILBOX)
    results = await walk(contoso, profile, {TOKEN: contoso.application()}, mailbox=INFO)
    assert verdicts(results)["submit"] is PASSED
    assert INFO in contoso.inbox[0].sender  # the permission covers it too, which is to be warned of


async def test_without_a_message_nothing_is_posted_and_the_sender_is_not_proven(contoso: Simulated) -> None:
    results = await walk(contoso, send=False, recipient=RECIPIENT)
    assert row(results) == [PASSED, PASSED, PASSED, PASSED, LEFT, LEFT]
    assert not any("sendMail" in line for line in contoso.microsoft.log)


async def test_the_accounts_own_address_needs_no_proof(contoso: Simulated) -> None:
    results = await walk(contoso, contoso.profile(mailbox=BEN), send=False)
    assert row(results) == [PASSED, PASSED, PASSED, PASSED, PASSED, LEFT]
    assert facts(results, "sender") == {"address": BEN, "own": True}


@pytest.mark.parametrize("stage", GRAPH_STAGES)
async def test_it_stops_where_it_shall_and_posts_only_at_the_end(contoso: Simulated, stage: str) -> None:
    results = await walk(contoso, stop_after=stage)
    last = GRAPH_STAGES.index(stage)
    assert all(verdict is LEFT for verdict in row(results)[last + 1 :])
    assert len(contoso.inbox) == int(stage == "submit")


async def test_without_anything_to_sign_in_with_it_goes_as_far_as_reaching_microsoft(contoso: Simulated) -> None:
    assert last_without_sign_in(contoso.profile()) == "reach"
    results = await walk(contoso, credentials={}, send=False, stop_after="reach")
    assert row(results) == [PASSED, LEFT, LEFT, LEFT, LEFT, LEFT]
    without = await walk(contoso, credentials={})
    assert code(without) == ("sign-in", "access-token-ended")
    assert row(without)[2:] == [LEFT] * 4


async def test_a_grant_takes_the_place_of_a_token(contoso: Simulated) -> None:
    keeper = Keeper(contoso.refresh_token(), {})
    assert row(await walk(contoso, credentials={}, grant=keeper)) == [PASSED] * 6
    contoso.tenant.revoked.add(BEN)
    keeper.made.clear()
    results = await walk(contoso, credentials={}, grant=keeper)
    failed = failure(results)
    assert (failed.id, failed.evidence["error"]) == ("sign-in", "invalid_grant")
    assert failed.problem is not None
    assert failed.problem.values["mailbox"] == NOREPLY


async def test_a_client_secret_that_is_wrong_stops_the_sign_in(contoso: Simulated) -> None:
    contoso.tenant.app_roles[CLIENT_ID] = {"Mail.Send"}
    registered = contoso.tenant.registrations[CLIENT_ID]
    registered.public = False
    registered.secrets["right"] = datetime(2099, 1, 1, tzinfo=UTC)
    profile = contoso.profile(Way.APPLICATION, Route.MAILBOX)
    results = await walk(contoso, profile, {CLIENT_SECRET: Secret("canary-wrong")})
    assert code(results) == ("sign-in", "client-secret-wrong")
    assert "canary" not in str(results)
    assert row(await walk(contoso, profile, {CLIENT_SECRET: Secret("right")}))[-1] is PASSED


@pytest.mark.parametrize(
    ("lacking", "permission"),
    [({"Mail.Send.Shared"}, "Mail.Send.Shared"), ({"Mail.Send", "Mail.Send.Shared"}, "Mail.Send, Mail.Send.Shared")],
)
async def test_a_permission_that_lacks_is_named_before_anything_is_posted(
    contoso: Simulated, lacking: set[str], permission: str
) -> None:
    contoso.tenant.consents[CLIENT_ID] = EVERYTHING - lacking
    results = await walk(contoso)
    assert code(results) == ("permissions", "graph-permission-missing")
    assert failure(results).problem.values["permission"] == permission  # type: ignore[union-attr]  # it failed
    assert contoso.inbox == []


async def test_a_right_that_lacks_is_a_matter_of_the_sender(contoso: Simulated) -> None:
    contoso.tenant.withdraw(BEN, NOREPLY, Right.SEND_AS)
    assert code(await walk(contoso)) == ("sender", "sender-not-allowed")
    contoso.tenant.withdraw(BEN, NOREPLY, Right.FULL_ACCESS)
    results = await walk(contoso, contoso.profile(route=Route.MAILBOX))
    assert code(results) == ("sender", "graph-access-denied")
    assert row(results)[-1] is LEFT


async def test_without_user_read_the_mailbox_is_left_aside(contoso: Simulated) -> None:
    contoso.tenant.consents[CLIENT_ID] = {"Mail.Send", "Mail.Send.Shared"}
    assert row(await walk(contoso)) == [PASSED, PASSED, PASSED, LEFT, PASSED, PASSED]


async def test_an_account_without_a_mailbox_is_one(contoso: Simulated) -> None:
    contoso.tenant.people[BEN].mailbox = False
    assert code(await walk(contoso)) == ("mailbox", "graph-mailbox-not-in-exchange-online")


async def test_another_account_than_the_one_that_was_connected_is_told_apart(contoso: Simulated) -> None:
    profile = contoso.profile()
    anna = contoso.tenant.people[ANNA]
    changed = msgspec.structs.replace(profile, settings={**profile.settings, "account": ANNA, "account_id": anna.oid})
    results = await walk(contoso, changed)
    assert code(results) == ("mailbox", "graph-another-account")
    problem = failure(results).problem
    assert problem is not None
    assert (problem.values["found"], problem.values["username"]) == (BEN, ANNA)
    assert contoso.inbox == []


@pytest.mark.parametrize(
    ("fault", "problem", "sender"),
    [
        (Fault(path="sendMail", status=504, after=True), "message-perhaps-sent", LEFT),
        (Fault(path="sendMail", status=0), "message-perhaps-sent", LEFT),
        (Fault(path="sendMail", status=429, retry_after="17"), "graph-throttled", LEFT),
        (Fault(path="sendMail", status=503), "graph-unavailable", LEFT),
    ],
)
async def test_what_says_nothing_of_the_sender_is_a_matter_of_the_submission(
    contoso: Simulated, fault: Fault, problem: str, sender: Verdict
) -> None:
    contoso.microsoft.faults.tell(fault)
    results = await walk(contoso)
    assert code(results) == ("submit", problem)
    assert verdicts(results)["sender"] is sender
    assert len([line for line in contoso.microsoft.log if "sendMail as" in line]) == 1


async def test_the_own_address_stays_proven_where_the_submission_fails(contoso: Simulated) -> None:
    contoso.microsoft.faults.tell(Fault(path="sendMail", status=503))
    results = await walk(contoso, contoso.profile(mailbox=BEN))
    assert row(results) == [PASSED] * 5 + [FAILED]


async def test_an_unknown_organisation_is_not_reached(contoso: Simulated) -> None:
    profile = contoso.profile()
    unknown = {**profile.settings, "tenant": "00000000-0000-4000-8000-00000000dead"}
    results = await walk(contoso, msgspec.structs.replace(profile, settings=unknown))
    assert code(results) == ("reach", "tenant-not-found")


async def test_nobody_listens_and_nothing_else_is_tried(contoso: Simulated) -> None:
    credentials = {TOKEN: contoso.access()}
    profile = contoso.profile()
    await contoso.microsoft.stop()
    results = await walk(contoso, profile, credentials)
    assert code(results) == ("reach", "connection-refused")
    assert row(results)[1:] == [LEFT] * 5


async def test_a_certificate_that_is_not_trusted_is_found_before_a_token_is_asked_for(contoso: Simulated) -> None:
    keeper, learning = Keeper(contoso.refresh_token(), {}), Learning()
    strange = network(recorder=learning)
    results = [one async for one in diagnose(contoso.profile(), {}, strange, message=outgoing(), grant=keeper)]
    assert code(results)[0] == "reach"
    assert code(results)[1].startswith("tls-certificate-")
    assert (keeper.renewals, contoso.microsoft.log) == (0, [])


async def test_whatever_happens_no_result_holds_the_token(contoso: Simulated) -> None:
    token = contoso.access()
    for fault in (None, Fault(path="sendMail", status=401), Fault(path="me", status=500)):
        if fault is not None:
            contoso.microsoft.faults.tell(fault)
        results = await walk(contoso, credentials={TOKEN: token})
        assert token.reveal() not in msgspec.json.encode(results).decode()
        assert token.reveal()[-40:] not in msgspec.json.encode(results).decode()
