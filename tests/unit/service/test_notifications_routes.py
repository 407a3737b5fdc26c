"""The routes of notifications and metrics, through the assembled application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from tests.unit.service.backend_kit import Clock, ScriptedDiagnosis, Wizard, code_of
from tests.unit.service.queue_kit import HURRIED, MailService, refusal

from sendwright.deployment import Deployment
from sendwright.handoff.wire import NotificationState
from sendwright.network.network import Network
from sendwright.problems.classify import classify
from sendwright.service.assembly import Outside, assemble
from sendwright.service.enrolment import issue_code
from sendwright.service.ground import Ground
from sendwright.service.metrics import Metrics
from sendwright.service.queue_store import Claim, Dead, QueueStore
from sendwright.service.queue_tables import NotificationRow
from sendwright.service.schema import upgrade
from sendwright.service.settings import DataFolder
from sendwright.service.tables import AnswerRow
from sendwright.service.worker_loop import QueueWorker

A_COMMENT = {"kind": "comment", "to": "Ann@Example.COM", "subject": "A comment", "text": "Hello"}


class Resting(QueueWorker):
    """A worker that has the routes and moves nothing."""

    nudges = 0

    def nudge(self) -> None:
        self.nudges += 1

    async def start(self) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""


@dataclass
class Desk:
    """A backend whose queue stands still, and one who enrolled."""

    ground: Ground
    worker: Resting
    wizard: Wizard

    async def post(self, body: dict[str, object] | None = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.wizard.ask("POST", "/v1/notifications", json=body or A_COMMENT, headers=named)

    async def count(self) -> int:
        async with self.ground.database.reading() as session:
            return await session.scalar(select(func.count()).select_from(NotificationRow)) or 0

    async def fail(self, name: str) -> None:
        queue = QueueStore(database=self.ground.database, envelope=self.ground.envelope, clock=self.ground.clock)
        claim = cast("Claim", await queue.claim(name, 1, version=1))
        await queue.conclude(claim, Dead(classify(refusal(550, "5.1.1").evidence)))

    async def metric(self, name: str) -> float:
        answer = await self.wizard.ask("GET", "/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        [value] = [line.split()[1] for line in answer.text.splitlines() if line.startswith(f"{name} ")]
        return float(value)


@asynccontextmanager
async def backend(path: Path) -> AsyncIterator[Desk]:
    folder = DataFolder(path)
    folder.create()
    workers: list[tuple[Ground, Resting]] = []

    def create(ground: Ground) -> Resting:
        policy = msgspec.structs.replace(HURRIED, largest_bytes=400_000)
        worker = Resting(
            ground,
            policy=policy,
            metrics=Metrics(),
            opening=MailService().opening,
            mailbox=lambda profile: profile.address,
        )
        workers.append((ground, worker))
        return worker

    outside = Outside(
        environment={},
        vault=cast("Any", None),
        diagnose=ScriptedDiagnosis(),
        worker=create,
        network=cast("Network", None),
        clock=Clock(),
        log=logging.getLogger("sendwright.service"),
    )
    await upgrade(folder.database_url)
    async with assemble(folder, outside, url=folder.database_url, key="file", deployment=Deployment()) as assembly:
        transport = httpx.ASGITransport(assembly.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://backend") as http:
            [(ground, worker)] = workers
            code = await issue_code(ground.database, valid=timedelta(hours=1), now=ground.clock())
            enrolled = await http.post("/v1/enrolments", json={"code": code.reveal(), "device": "Ann's laptop"})
            yield Desk(ground, worker, Wizard(http, enrolled.json()["token"]))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with backend(tmp_path) as desk:
        yield desk


def state_of(answer: httpx.Response) -> NotificationState:
    return msgspec.json.decode(answer.content, type=NotificationState)


async def test_a_notification_is_stored_when_it_is_accepted(desk: Desk) -> None:
    answer = await desk.post()
    assert answer.status_code == 202
    state = state_of(answer)
    assert (state.state, state.to, state.message_id) == (
        "queued",
        "Ann@example.com",
        f"<{state.id}@sendwright.invalid>",
    )
    assert desk.worker.nudges == 1
    again = await desk.wizard.ask("GET", f"/v1/notifications/{state.id}")
    assert (again.status_code, state_of(again)) == (200, state)


async def test_the_message_id_names_the_senders_domain(desk: Desk) -> None:
    await desk.wizard.put_in_force()
    state = state_of(await desk.post())
    assert state.message_id == f"<{state.id}@example.org>"


async def test_a_repeated_request_is_the_same_notification(desk: Desk) -> None:
    first = await desk.post(Idempotency_Key="k1")
    again = await desk.post(Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert await desk.count() == 1
    other = await desk.post(A_COMMENT | {"text": "Other"}, Idempotency_Key="k1")
    assert (other.status_code, code_of(other)) == (422, "idempotency-key-reused")
    assert (await desk.post(Idempotency_Key="k2")).json()["id"] != first.json()["id"]
    assert await desk.metric("sendwright_notifications_accepted_total") == 2


async def test_what_is_remembered_of_a_request_does_not_say_what_it_said(desk: Desk) -> None:
    state = state_of(await desk.post(Idempotency_Key="k1"))
    async with desk.ground.database.reading() as session:
        [row] = (await session.scalars(select(AnswerRow))).all()
    assert row.body.decode() == state.id


async def test_a_known_deduplication_key_is_answered_with_the_first(desk: Desk) -> None:
    first = await desk.post(A_COMMENT | {"deduplication_key": "task-7"})
    again = await desk.post(A_COMMENT | {"deduplication_key": "task-7", "text": "Other"})
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert await desk.count() == 1
    assert await desk.metric("sendwright_notifications_accepted_total") == 1


@pytest.mark.parametrize(
    ("changes", "status", "code", "detail"),
    [
        ({"to": "nobody"}, 422, "notification-recipient-invalid", "no-at-sign"),
        ({"text": ""}, 422, "notification-empty", ""),
        ({"subject": "a\nb"}, 422, "notification-subject-invalid", ""),
        ({"not_after": "2020-01-01T00:00:00Z"}, 422, "notification-too-late", ""),
        ({"kind": "advertisement"}, 400, "backend-request-invalid", "$.kind"),
        ({"priority": 0}, 400, "backend-request-invalid", "$.priority"),
        ({"text": "x" * 400_001}, 413, "backend-request-too-large", ""),
        ({"text": "x" * 2_000_000}, 413, "backend-request-too-large", ""),
    ],
)
async def test_what_cannot_be_sent_is_refused_and_not_stored(
    desk: Desk, changes: dict[str, object], status: int, code: str, detail: str
) -> None:
    answer = await desk.post(A_COMMENT | changes)
    assert (answer.status_code, code_of(answer), answer.json()["detail"]) == (status, code, detail)
    assert await desk.count() == 0
    assert desk.worker.nudges == 0


async def test_more_than_the_usual_request_is_taken(desk: Desk) -> None:
    answer = await desk.post(A_COMMENT | {"html": '"' * 399_000})
    assert answer.status_code == 202


async def test_dead_letters_are_listed_and_put_back(desk: Desk) -> None:
    name = (await desk.post()).json()["id"]
    await desk.post()
    assert code_of(await desk.wizard.ask("POST", f"/v1/notifications/{name}/retry")) == "notification-not-dead"
    await desk.fail(name)
    listed = (await desk.wizard.ask("GET", "/v1/notifications?state=failed&limit=5")).json()
    assert [found["id"] for found in listed["notifications"]] == [name]
    assert listed["counts"] == {"failed": 1, "queued": 1}
    answer = await desk.wizard.ask("POST", f"/v1/notifications/{name}/retry", headers={"Idempotency-Key": "r1"})
    assert (answer.status_code, state_of(answer).state) == (200, "queued")
    repeated = await desk.wizard.ask("POST", f"/v1/notifications/{name}/retry", headers={"Idempotency-Key": "r1"})
    assert repeated.status_code == 200
    audit = (await desk.wizard.ask("GET", "/v1/audit")).json()["entries"]
    assert [(entry["action"], entry["who"]) for entry in audit[:1]] == [("notification-put-back", "Ann's laptop")]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/notifications/unknown", 404, "backend-not-found"),
        ("POST", "/v1/notifications/unknown/retry", 404, "backend-not-found"),
        ("GET", "/v1/notifications?state=broken", 400, "backend-request-invalid"),
        ("GET", "/v1/notifications?limit=0", 400, "backend-request-invalid"),
        ("GET", "/v1/notifications?limit=many", 400, "backend-request-invalid"),
        ("DELETE", "/v1/notifications", 405, "backend-method-not-allowed"),
    ],
)
async def test_what_is_not_there_or_makes_no_sense_is_said(
    desk: Desk, method: str, path: str, status: int, code: str
) -> None:
    answer = await desk.wizard.ask(method, path)
    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/notifications"),
        ("GET", "/v1/notifications"),
        ("GET", "/v1/notifications/x"),
        ("POST", "/v1/notifications/x/retry"),
        ("GET", "/metrics"),
    ],
)
async def test_nobody_gets_in_without_a_token(desk: Desk, method: str, path: str) -> None:
    answer = await desk.wizard.http.request(method, path, json=A_COMMENT)
    assert (answer.status_code, code_of(answer)) == (401, "backend-not-signed-in")
    assert await desk.count() == 0


async def test_the_metrics_show_the_queue_and_the_sender(desk: Desk) -> None:
    assert await desk.metric("sendwright_sender_version") == -1
    await desk.wizard.put_in_force()
    await desk.post()
    assert await desk.metric("sendwright_sender_version") == 1
    assert await desk.metric('sendwright_queue_notifications{state="queued"}') == 1
    assert await desk.metric("sendwright_queue_oldest_seconds") == 0


async def test_the_interface_describes_itself(desk: Desk) -> None:
    described = (await desk.wizard.ask("GET", "/openapi.json")).json()["paths"]
    assert {"/v1/notifications", "/v1/notifications/{notification_id}", "/metrics"} <= set(described)


async def test_a_full_disk_accepts_nothing_and_says_so(desk: Desk) -> None:
    def no_room(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 1")  # SQLite keeps to the pages that there are
        cursor.close()

    assert (await desk.post()).status_code == 202
    engine = desk.ground.database.engine.sync_engine
    event.listen(engine, "checkout", no_room)
    answer = await desk.post(A_COMMENT | {"text": "x" * 100_000})
    assert (answer.status_code, code_of(answer)) == (507, "storage-full")
    event.remove(engine, "checkout", no_room)
    assert await desk.count() == 1
