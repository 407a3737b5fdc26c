"""The stages of sending through Gmail, walked on the simulated Google."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from tests.unit.diagnosis.walking import failure, verdicts
from tests.unit.senders.doubles import Learning, Tokens, network
from tests.unit.senders.gmail.doubles import outgoing
from tests.unit.senders.gmail.simulated import Simulated, simulated

from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.gmail import GmailAttempt, diagnose_gmail
from sendwright.diagnosis.stage import GMAIL_STAGES, StageResult, Verdict
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, BEN, CLARA, NOTICES, PENDING, SERVICE_ACCOUNT
from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import TOKEN
from sendwright.senders.gmail.settings import Route, SenderProof, Way

PASSED, WARNING, FAILED, LEFT = Verdict.PASSED, Verdict.WARNING, Verdict.FAILED, Verdict.NOT_REACHED
SERVICE = Way.SERVICE_ACCOUNT


@pytest.fixture
async def world() -> AsyncIterator[Simulated]:
    async with simulated() as made:
        yield made


async def walk(
    world: Simulated,
    profile: SenderProfile | None = None,
    credentials: dict[str, Secret] | None = None,
    *,
    send: bool = True,
    scopes: tuple[str, ...] = USUAL,
    **rest: object,
) -> list[StageResult]:
    profile = profile or world.profile()
    if credentials is None:
        credentials = world.client
        rest.setdefault("grant", world.keeper(*scopes))
    message = outgoing(sender_address=profile.address) if send else None
    return [result async for result in diagnose(profile, credentials, world.network, message=message, **rest)]  # type: ignore[arg-type]  # as each test names them


def row(results: list[StageResult]) -> list[Verdict]:
    assert [result.id for result in results] == list(GMAIL_STAGES)
    return [result.verdict for result in results]


def stage(results: list[StageResult], name: str) -> StageResult:
    (found,) = (result for result in results if result.id == name)
    return found


def facts(results: list[StageResult], name: str) -> dict[str, object]:
    return stage(results, name).evidence


def code(results: list[StageResult]) -> tuple[str, str]:
    failed = failure(results)
    assert failed.problem is not None
    return failed.id, failed.problem.code


def remark(results: list[StageResult], name: str) -> str:
    found = stage(results, name)
    assert found.verdict is WARNING
    assert found.problem is not None
    return found.problem.code


def asked(world: Simulated, path: str) -> list[str]:
    return [line for line in world.google.log if path in line]


async def test_a_signed_in_account_passes_every_stage(world: Simulated) -> None:
    results = await walk(world)
    assert row(results) == [PASSED] * 6
    (arrived,) = world.inbox
    assert ANNA in arrived.sender
    reach, submit = facts(results, "reach"), facts(results, "submit")
    assert (reach["gmail"], reach["sign_in"]) == (world.google.gmail, f"{world.google.login}/token")
    assert reach["version"] == "TLSv1.3"
    assert facts(results, "sign-in")["username"] == ANNA
    assert str(facts(results, "sign-in")["expires_at"]).endswith("Z")
    assert facts(results, "permissions") == {"permissions": sorted(USUAL)}
    assert facts(results, "mailbox")["address"] == ANNA
    assert facts(results, "mailbox")["domain"] == "example.org"
    assert facts(results, "sender") == {"address": ANNA, "own": True}
    assert (submit["reply"], submit["sent_copy"]) == ("200 OK", ANNA)
    assert submit["message"]


async def test_a_personal_account_passes_as_well_and_has_no_domain(world: Simulated) -> None:
    results = await walk(world, world.profile(account=CLARA), world.client, grant=world.keeper(email=CLARA))
    assert row(results) == [PASSED] * 6
    assert "domain" not in facts(results, "mailbox")


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        ((OPENID, EMAIL), ("permissions", "consent-incomplete")),
        ((OPENID, EMAIL, SETTINGS), ("permissions", "consent-incomplete")),
    ],
)
async def test_a_box_that_was_left_out_is_found_before_anything_is_posted(
    world: Simulated, granted: tuple[str, ...], expected: tuple[str, str]
) -> None:
    results = await walk(world, scopes=granted)
    assert code(results) == expected
    assert row(results)[3:] == [LEFT] * 3
    assert not asked(world, "messages/send")


async def test_a_token_that_does_not_say_what_it_may_is_tried_all_the_same(world: Simulated) -> None:
    results = await walk(world, credentials={TOKEN: world.access()})
    assert row(results) == [PASSED, PASSED, LEFT, PASSED, PASSED, PASSED]
    world.google.faults.tell(Fault(path="userinfo", status=401))
    narrow = await walk(world, credentials={TOKEN: world.access(SEND)})
    assert row(narrow) == [PASSED, PASSED, LEFT, LEFT, PASSED, PASSED]
    lacking = await walk(world, credentials={TOKEN: world.access(OPENID, EMAIL)})
    assert code(lacking) == ("submit", "consent-incomplete")


async def test_another_sender_that_nothing_proves_leaves_with_a_warning(world: Simulated) -> None:
    results = await walk(world, world.profile(address="hello@example.org"))
    assert row(results) == [PASSED, PASSED, PASSED, PASSED, WARNING, PASSED]
    assert remark(results, "sender") == "gmail-sender-unproven"
    problem = stage(results, "sender").problem
    assert problem is not None
    assert (problem.values["sender"], problem.values["username"]) == ("hello@example.org", ANNA)
    (arrived,) = world.inbox
    assert ANNA in arrived.sender  # and so it was replaced, in silence
    unsent = await walk(world, world.profile(address="hello@example.org"), send=False)
    assert row(unsent) == [PASSED, PASSED, PASSED, PASSED, WARNING, LEFT]


@pytest.mark.parametrize("proof", [SenderProof.LISTED, SenderProof.ARRIVED])
async def test_what_was_proven_before_passes_with_the_fact(world: Simulated, proof: SenderProof) -> None:
    results = await walk(world, world.profile(address=NOTICES, proof=proof))
    assert row(results) == [PASSED] * 6
    assert facts(results, "sender") == {"address": NOTICES, "own": False, "proof": proof.value}
    assert not asked(world, "sendAs/")


async def test_a_proof_of_the_own_address_proves_no_other(world: Simulated) -> None:
    results = await walk(world, world.profile(address=NOTICES, proof=SenderProof.OWN), send=False)
    assert remark(results, "sender") == "gmail-sender-unproven"


async def test_the_list_is_asked_where_the_person_agreed(world: Simulated) -> None:
    results = await walk(world, world.profile(address=NOTICES), scopes=(*USUAL, SETTINGS))
    assert row(results) == [PASSED] * 6
    expected = {"address": NOTICES, "own": False, "proof": "listed", "default": False}
    assert facts(results, "sender") == expected
    assert NOTICES in world.inbox[0].sender


@pytest.mark.parametrize(
    ("address", "problem"), [("hello@example.org", "gmail-alias-missing"), (PENDING, "gmail-alias-unconfirmed")]
)
async def test_an_address_that_would_be_replaced_is_not_posted_from(
    world: Simulated, address: str, problem: str
) -> None:
    profile = world.profile(address=address, proof=SenderProof.LISTED)
    results = await walk(world, profile, scopes=(*USUAL, SETTINGS))
    assert code(results) == ("sender", problem)
    assert row(results)[-1] is LEFT
    assert not asked(world, "messages/send")
    found = failure(results).problem
    assert found is not None
    assert (found.values["sender"], found.values["username"]) == (address, ANNA)


async def test_an_address_that_leaves_by_another_server_is_warned_of(world: Simulated) -> None:
    world.workspace.people[ANNA].send_as[NOTICES].server = "smtp.example.com"
    results = await walk(world, world.profile(address=NOTICES), scopes=(*USUAL, SETTINGS), send=False)
    assert remark(results, "sender") == "gmail-alias-elsewhere"
    assert facts(results, "sender")["server"] == "smtp.example.com"


async def test_a_gmail_that_refuses_a_sender_is_a_matter_of_the_sender(world: Simulated) -> None:
    world.workspace.policies.rewrite = "refuse"
    results = await walk(world, world.profile(address="hello@example.org"))
    assert code(results) == ("sender", "gmail-alias-missing")
    assert world.inbox == []


async def test_a_service_account_acts_for_the_mailbox_and_may_do_nothing_else(world: Simulated) -> None:
    results = await walk(world, world.profile(SERVICE), world.delegate(SEND))
    assert row(results) == [PASSED, PASSED, PASSED, LEFT, PASSED, PASSED]
    assert facts(results, "permissions") == {"permissions": [SEND], "more_than_sending": False}
    assert facts(results, "sign-in")["service_account"] == SERVICE_ACCOUNT
    assert ANNA in world.inbox[0].sender


async def test_a_delegation_that_allows_more_is_warned_of(world: Simulated) -> None:
    results = await walk(world, world.profile(SERVICE), world.delegate(SEND, MAIL))
    assert row(results) == [PASSED, PASSED, WARNING, LEFT, PASSED, PASSED]
    assert remark(results, "permissions") == "gmail-delegation-broad"
    assert facts(results, "permissions")["more_than_sending"] is True


@pytest.mark.parametrize(
    ("evidence", "fact"),
    [
        (Evidence(stage="sign-in", system=System.GOOGLE, error="unauthorized_client", http=401), False),
        (Evidence(stage="sign-in", system=System.GOOGLE, error="access_denied", http=403), False),
        (Evidence(stage="reach", system=System.SOCKET, condition="connection-timed-out"), None),
        (Evidence(stage="sign-in", system=System.GOOGLE, http=503), None),
        (Evidence(stage="sign-in", system=System.GOOGLE, error="internal_failure", http=500), None),
    ],
)
async def test_where_google_does_not_answer_about_more_nothing_is_said(
    world: Simulated, evidence: Evidence, fact: bool | None
) -> None:
    tokens = Tokens([world.access(SEND).reveal()], scope=SEND)
    broader = Tokens(broken=OAuthFailed(evidence))
    attempt = GmailAttempt(settings=world.settings(SERVICE), tokens=tokens, sender=ANNA, broader=broader)
    results = [result async for result in diagnose_gmail(attempt, world.network)]
    assert row(results) == [PASSED, PASSED, PASSED, LEFT, PASSED, LEFT]
    assert facts(results, "permissions").get("more_than_sending") is fact


async def test_another_mailbox_can_be_tried_with_the_same_service_account(world: Simulated) -> None:
    results = await walk(world, world.profile(SERVICE), world.delegate(SEND), mailbox=BEN)
    assert verdicts(results)["submit"] is PASSED
    assert BEN in world.inbox[0].sender  # the delegation covers it too, which is to be warned of
    assert facts(results, "sign-in")["username"] == BEN


async def test_an_account_has_only_its_own_mailbox(world: Simulated) -> None:
    results = await walk(world, mailbox=BEN)
    assert row(results) == [PASSED] * 6
    assert ANNA in world.inbox[0].sender


async def test_a_delegation_that_lacks_stops_the_sign_in(world: Simulated) -> None:
    given = world.delegate(SEND)
    world.workspace.delegations.clear()
    results = await walk(world, world.profile(SERVICE), given)
    assert code(results) == ("sign-in", "google-delegation-missing")
    assert row(results)[2:] == [LEFT] * 4


async def test_a_user_who_is_not_of_the_organisation_is_unknown(world: Simulated) -> None:
    results = await walk(world, world.profile(SERVICE), world.delegate(SEND), mailbox="nobody@example.org")
    assert code(results)[0] == "sign-in"


async def test_another_account_than_the_one_that_was_connected_is_told_apart(world: Simulated) -> None:
    profile = world.profile(account=BEN)
    results = await walk(world, profile, world.client, grant=world.keeper())
    assert code(results) == ("mailbox", "gmail-another-account")
    problem = failure(results).problem
    assert problem is not None
    assert (problem.values["found"], problem.values["username"]) == (ANNA, BEN)
    assert world.inbox == []


async def test_an_account_that_was_renamed_is_the_same_and_its_old_address_another(world: Simulated) -> None:
    profile = world.profile(proof=SenderProof.OWN)
    grant = world.keeper()
    person = world.workspace.people.pop(ANNA)
    person.email = "anna.example@example.org"
    world.workspace.people[person.email] = person
    results = await walk(world, profile, world.client, grant=grant, send=False)
    assert facts(results, "mailbox")["address"] == "anna.example@example.org"
    assert remark(results, "sender") == "gmail-sender-unproven"


async def test_an_account_without_gmail_is_one(world: Simulated) -> None:
    world.workspace.people[ANNA].mailbox = False
    results = await walk(world)
    assert code(results) == ("submit", "gmail-mailbox-missing")
    assert facts(results, "sender")["own"] is True


async def test_an_interface_that_is_off_is_named(world: Simulated) -> None:
    for client in world.workspace.clients.values():
        client.interface = False
    assert code(await walk(world)) == ("submit", "gmail-interface-off")


async def test_a_token_that_google_refuses_to_name_anybody_for_is_refused(world: Simulated) -> None:
    world.google.faults.tell(Fault(path="userinfo", status=401))
    results = await walk(world)
    assert code(results) == ("mailbox", "oauth-token-refused")
    world.google.faults.tell(Fault(path="userinfo", status=503))
    assert code(await walk(world)) == ("mailbox", "google-unavailable")
    assert world.inbox == []


async def test_a_grant_that_was_ended_is_a_matter_of_the_sign_in(world: Simulated) -> None:
    keeper = world.keeper()
    world.workspace.people[ANNA].password += "-new"
    results = await walk(world, credentials=world.client, grant=keeper)
    assert code(results) == ("sign-in", "google-connection-ended")
    assert failure(results).evidence["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (Fault(path="messages/send", status=504, after=True), "message-perhaps-sent"),
        (Fault(path="messages/send", status=0, after=True), "message-perhaps-sent"),
        (Fault(path="messages/send", status=403, retry_after="17"), "gmail-rate-limited"),
        (Fault(path="messages/send", status=429), "gmail-rate-limited"),
        (Fault(path="messages/send", status=503), "gmail-unavailable"),
    ],
)
async def test_what_says_nothing_of_the_sender_is_a_matter_of_the_submission(
    world: Simulated, fault: Fault, problem: str
) -> None:
    world.google.faults.tell(fault)
    results = await walk(world)
    assert code(results) == ("submit", problem)
    assert row(results)[:5] == [PASSED] * 5
    assert len(asked(world, "messages/send as")) == 1


@pytest.mark.parametrize("last", GMAIL_STAGES)
async def test_it_stops_where_it_shall_and_posts_only_at_the_end(world: Simulated, last: str) -> None:
    results = await walk(world, stop_after=last)
    place = GMAIL_STAGES.index(last)
    assert all(verdict is LEFT for verdict in row(results)[place + 1 :])
    assert len(world.inbox) == int(last == "submit")


async def test_without_anything_to_sign_in_with_it_goes_as_far_as_reaching_google(world: Simulated) -> None:
    assert last_without_sign_in(world.profile()) == "reach"
    results = await walk(world, credentials={}, grant=None, send=False, stop_after="reach")
    assert row(results) == [PASSED, LEFT, LEFT, LEFT, LEFT, LEFT]
    without = await walk(world, world.profile(SERVICE), credentials={}, grant=None)
    assert code(without) == ("sign-in", "access-token-ended")


@pytest.mark.parametrize("route", [Route.SMTP, Route.RELAY])
async def test_over_smtp_the_last_stage_without_a_sign_in_is_another(world: Simulated, route: Route) -> None:
    settings = msgspec.to_builtins(world.settings(route=route))
    profile = msgspec.structs.replace(world.profile(), settings=settings)
    assert last_without_sign_in(profile) == "secure"


async def test_nobody_listens_and_nothing_else_is_tried(world: Simulated) -> None:
    keeper, profile = world.keeper(), world.profile()
    await world.google.stop()
    results = await walk(world, profile, world.client, grant=keeper)
    assert code(results) == ("reach", "connection-refused")
    assert row(results)[1:] == [LEFT] * 5


async def test_a_certificate_that_is_not_trusted_is_found_before_a_token_is_asked_for(world: Simulated) -> None:
    keeper = world.keeper()
    strange = network(recorder=Learning())
    found = diagnose(world.profile(), world.client, strange, message=outgoing(), grant=keeper)
    results = [one async for one in found]
    assert code(results)[0] == "reach"
    assert code(results)[1].startswith("tls-certificate-")
    assert keeper.renewals == 0


async def test_whatever_happens_no_result_holds_the_token(world: Simulated) -> None:
    token = world.access()
    for fault in (None, Fault(path="messages/send", status=401), Fault(path="userinfo", status=500)):
        if fault is not None:
            world.google.faults.tell(fault)
        results = await walk(world, credentials={TOKEN: token})
        said = msgspec.json.encode(results).decode()
        assert token.reveal() not in said
        assert token.reveal()[-40:] not in said
