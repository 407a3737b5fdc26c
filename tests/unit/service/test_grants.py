"""A refresh token has one keeper: renewed by one caller at a time, stored before use, ended once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.exc import OperationalError
from tests.unit.service.grant_kit import FIRST, MAIL, SMTP, Bench, bench, refusal, row, shown
from tests.unit.service.queue_kit import until

from sendwright.oauth.google.scopes import SEND
from sendwright.oauth.grant import ALL_GRANTED, MARGIN, OAuthFailed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.service import audit
from sendwright.service.grants import Patience


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        await made.begin(made.grants())
        yield made


async def test_a_token_is_renewed_once_and_returned_as_long_as_it_lasts(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    first = await keeper.access(MAIL, on.endpoint.renew)
    assert await keeper.access(MAIL, on.endpoint.renew) == first
    on.clock.now = first.expires_at - MARGIN - timedelta(seconds=1)
    assert await keeper.access(MAIL, on.endpoint.renew) == first
    on.clock.now = first.expires_at - MARGIN
    second = await keeper.access(MAIL, on.endpoint.renew)
    assert (shown(first), shown(second)) == ("canary-access-1", "canary-access-2")
    assert on.endpoint.asked == [(FIRST, MAIL), ("canary-refresh-1", MAIL)]
    assert (await row(on)).rotated_at == on.clock.now


async def test_each_scope_has_its_own_token_of_the_same_grant(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    tokens = [shown(await keeper.access(scope, on.endpoint.renew)) for scope in (MAIL, SMTP, MAIL, SMTP)]
    assert tokens == ["canary-access-1", "canary-access-2"] * 2
    assert [refresh for refresh, _ in on.endpoint.asked] == [FIRST, "canary-refresh-1"]


async def test_another_process_goes_on_with_what_was_stored(on: Bench) -> None:
    await on.grants().keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    on.clock.forward(hours=2)
    await on.grants().keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert (on.endpoint.renewals, on.endpoint.reuses) == (2, 0)


async def test_the_next_refresh_token_is_on_the_disk_before_the_access_token_is_returned(on: Bench) -> None:
    grants = on.grants()
    seen: list[int] = []

    async def look(_seconds: float) -> None:
        raise AssertionError("nobody has to wait here")

    grants.pause = look
    keep = grants.store.keep

    async def watched(*arguments: object, **named: object) -> object:
        answer = await keep(*arguments, **named)  # type: ignore[arg-type]
        seen.append((await row(on)).generation)
        return answer

    grants.store.keep = watched  # type: ignore[method-assign,assignment]
    await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert seen == [1]


async def test_neither_token_lies_on_the_disk_in_clear(on: Bench) -> None:
    await on.grants().keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    for database in on.databases:
        await database.close()
    stored = b"".join(file.read_bytes() for file in on.path.iterdir())
    assert b"canary" not in stored
    assert on.grant_id.encode() in stored


async def test_a_server_that_lets_the_old_one_stand_is_asked_with_it_again(on: Bench) -> None:
    on.endpoint.rotates = False
    keeper = on.grants().keeper(on.grant_id)
    await keeper.access(MAIL, on.endpoint.renew)
    on.clock.forward(hours=2)
    await keeper.access(MAIL, on.endpoint.renew)
    assert [refresh for refresh, _ in on.endpoint.asked] == [FIRST, FIRST]


async def test_many_callers_of_many_processes_make_one_renewal(on: Bench) -> None:
    keepers = [on.grants().keeper(on.grant_id) for _ in range(4)]
    tokens = await asyncio.gather(*(keeper.access(MAIL, on.endpoint.renew) for keeper in keepers * 5))
    assert {shown(token) for token in tokens} == {"canary-access-1"}
    assert (on.endpoint.renewals, on.endpoint.reuses, on.endpoint.most_at_once) == (1, 0, 1)


async def test_two_scopes_at_once_never_use_one_refresh_token_twice(on: Bench) -> None:
    keepers = [on.grants().keeper(on.grant_id) for _ in range(3)]
    await asyncio.gather(*(keeper.access(scope, on.endpoint.renew) for keeper in keepers for scope in (MAIL, SMTP)))
    assert (on.endpoint.renewals, on.endpoint.reuses, on.endpoint.most_at_once) == (2, 0, 1)


async def test_a_refused_token_is_not_returned_again(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    first = await keeper.access(MAIL, on.endpoint.renew)
    await keeper.refused(first)
    second = await keeper.access(MAIL, on.endpoint.renew)
    await keeper.refused(first)  # told late: it must not cost the new one
    assert await keeper.access(MAIL, on.endpoint.renew) == second
    assert shown(second) == "canary-access-2"


@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required", "login_required"])
async def test_an_end_is_final_and_told_with_the_same_problem_without_asking_again(on: Bench, error: str) -> None:
    on.endpoint.failure = refusal(error)
    keepers = [on.grants().keeper(on.grant_id) for _ in range(2)]
    said = []
    for keeper in keepers * 2:
        with pytest.raises(OAuthFailed) as caught:
            await keeper.access(MAIL, on.endpoint.renew)
        said.append(caught.value.evidence)
    assert len(on.endpoint.asked) == 1
    assert said == [refusal(error).evidence] * 4
    found = await row(on)
    assert (found.dead_at, found.problem, found.holder) == (on.clock.now, classify(said[0]).code, None)
    async with on.databases[0].reading() as session:
        entries = (await audit.entries(session)).entries
    assert [(entry.action, entry.who, entry.detail["problem"]) for entry in entries] == [
        ("sign-in-ended", "backend", found.problem)
    ]


@pytest.mark.parametrize(
    "failure",
    [
        OAuthFailed(Evidence(stage="sign-in", system=System.SOCKET, condition="connection-refused")),
        OAuthFailed(Evidence(stage="sign-in", system=System.ENTRA, error="temporarily_unavailable", http=503)),
        OAuthFailed(Evidence(stage="sign-in", system=System.ENTRA, error="invalid_client", number=7000222)),
        ZeroDivisionError(),
    ],
)
async def test_what_may_pass_ends_nothing(on: Bench, failure: Exception) -> None:
    on.endpoint.failure = failure
    keeper = on.grants().keeper(on.grant_id)
    with pytest.raises(type(failure)):
        await keeper.access(MAIL, on.endpoint.renew)
    found = await row(on)
    assert (found.dead_at, found.holder, found.generation) == (None, None, 0)
    on.endpoint.failure = None
    assert shown(await keeper.access(MAIL, on.endpoint.renew)) == "canary-access-1"


async def test_a_scope_that_was_never_granted_does_not_end_the_others(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    await keeper.access(MAIL, on.endpoint.renew)
    on.endpoint.failure = refusal(number=65001)
    with pytest.raises(OAuthFailed):
        await keeper.access(SMTP, on.endpoint.renew)
    assert (await row(on)).dead_at is None
    on.endpoint.failure = None
    on.clock.forward(hours=2)
    assert shown(await keeper.access(MAIL, on.endpoint.renew)) == "canary-access-2"


async def test_a_sign_in_that_ends_between_its_test_and_its_first_message_has_ended(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    await keeper.access(ALL_GRANTED, on.endpoint.renew)  # as the diagnosis of Gmail asks
    on.endpoint.failure = refusal()
    with pytest.raises(OAuthFailed):
        await keeper.access(SEND, on.endpoint.renew)
    assert (await row(on)).dead_at == on.clock.now


async def test_a_route_that_nobody_consented_to_does_not_end_a_fresh_sign_in(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    on.endpoint.failure = refusal("consent_required", 65001)
    with pytest.raises(OAuthFailed):
        await keeper.access(SMTP, on.endpoint.renew)
    assert ((await row(on)).dead_at, (await row(on)).holder) == (None, None)
    on.endpoint.failure = None
    assert shown(await keeper.access(MAIL, on.endpoint.renew)) == "canary-access-1"


async def test_a_consent_that_was_taken_back_ends_the_sign_in(on: Bench) -> None:
    keeper = on.grants().keeper(on.grant_id)
    await keeper.access(MAIL, on.endpoint.renew)
    on.clock.forward(hours=2)
    on.endpoint.failure = refusal("consent_required", 65001)
    with pytest.raises(OAuthFailed):
        await keeper.access(MAIL, on.endpoint.renew)
    assert (await row(on)).dead_at == on.clock.now


async def test_a_renewal_that_takes_too_long_lets_the_next_one_try(on: Bench) -> None:
    on.endpoint.hold = asyncio.Event()
    keeper = on.grants(Patience(renew_within_s=0.05)).keeper(on.grant_id)
    with pytest.raises(OAuthFailed) as caught:
        await keeper.access(MAIL, on.endpoint.renew)
    assert classify(caught.value.evidence).code == "answer-timed-out"
    on.endpoint.hold.set()
    assert shown(await keeper.access(MAIL, on.endpoint.renew)) == "canary-access-1"


async def test_a_caller_that_gives_up_does_not_take_the_next_refresh_token_with_it(on: Bench) -> None:
    on.endpoint.hold = asyncio.Event()
    grants = on.grants()
    caller = asyncio.create_task(grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew))
    await until(lambda: bool(on.endpoint.asked))
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    on.endpoint.hold.set()
    await grants.close()
    assert (await row(on)).generation == 1
    again = await on.grants().keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert (shown(again), on.endpoint.renewals) == ("canary-access-1", 1)


async def test_a_full_disk_does_not_lose_what_the_server_gave(on: Bench) -> None:
    grants = on.grants()
    keep, refused = grants.store.keep, OperationalError("x", {}, sqlite3.OperationalError("database or disk is full"))
    left = [refused, refused]
    paused: list[float] = []

    async def full(*arguments: object, **named: object) -> object:
        if left:
            raise left.pop()
        return await keep(*arguments, **named)  # type: ignore[arg-type]

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    grants.store.keep = full  # type: ignore[method-assign,assignment]
    grants.pause = pause
    assert shown(await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)) == "canary-access-1"
    assert paused == [0.2, 0.5]
    assert on.endpoint.renewals == 1


async def test_what_cannot_be_decrypted_or_is_gone_is_said_by_name(on: Bench) -> None:
    grants = on.grants()
    with closing(sqlite3.connect(on.path / "backend.db")) as connection, connection:
        connection.execute("UPDATE grants SET refresh_token = x'0102'")
    for grant_id in (on.grant_id, "not there"):
        with pytest.raises(OAuthFailed) as caught:
            await grants.keeper(grant_id).access(MAIL, on.endpoint.renew)
        assert classify(caught.value.evidence).code == "backend-credentials-unreadable"
    assert on.endpoint.asked == []


async def test_a_token_moved_to_another_grant_does_not_open_there(on: Bench) -> None:
    grants = on.grants()
    first = on.grant_id
    second = await on.begin(grants, "another")
    with closing(sqlite3.connect(on.path / "backend.db")) as connection, connection:
        connection.execute(
            "UPDATE grants SET refresh_token = (SELECT refresh_token FROM grants WHERE id = ?) WHERE id = ?",
            (first, second),
        )
    with pytest.raises(OAuthFailed):
        await grants.keeper(second).access(MAIL, on.endpoint.renew)
    assert on.endpoint.asked == []


async def test_a_broken_database_is_a_failure_that_passes(on: Bench) -> None:
    grants = on.grants()
    with closing(sqlite3.connect(on.path / "backend.db")) as connection, connection:
        connection.execute("DROP TABLE grant_accesses")
    with pytest.raises(OAuthFailed) as caught:
        await grants.keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert caught.value.evidence.reason == "backend-storage-damaged"


async def test_evidence_is_kept_whole(on: Bench) -> None:
    evidence = msgspec.structs.replace(refusal().evidence, text="AADSTS700082: expired", values={"client_id": "c"})
    on.endpoint.failure = OAuthFailed(evidence)
    for _ in range(2):
        with pytest.raises(OAuthFailed) as caught:
            await on.grants().keeper(on.grant_id).access(MAIL, on.endpoint.renew)
    assert caught.value.evidence == evidence
