"""Connection codes and access tokens: used once, in time, by nobody who tries them out."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.unit.service.backend_kit import Wizard, code_of, running


async def test_a_code_gives_a_token_that_opens_everything(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        refused = await backend.wizard.http.get("/v1/organisation")
        assert (refused.status_code, code_of(refused)) == (401, "backend-not-signed-in")
        assert refused.headers["www-authenticate"] == 'Bearer realm="sendwright"'
        wizard = await backend.enrol("Ann's laptop")
        assert (await wizard.ask("GET", "/v1/organisation")).status_code == 200
        entries = (await wizard.ask("GET", "/v1/audit")).json()["entries"]
        assert [(entry["who"], entry["action"]) for entry in entries] == [
            ("Ann's laptop", "enrolled"),
            ("this-computer", "code-issued"),
        ]


async def test_a_code_works_once(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        body = {"code": await backend.code(), "device": "a"}
        answers = await asyncio.gather(*(backend.wizard.http.post("/v1/enrolments", json=body) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        assert {code_of(answer) for answer in answers if answer.status_code != 201} == {"backend-code-used"}


async def test_a_lost_answer_can_be_asked_for_again(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        body = {"code": await backend.code(), "device": "a"}
        post = backend.wizard.http.post
        first = await post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k1"})
        again = await post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k1"})
        assert first.json() == again.json()
        other = await post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k2"})
        assert code_of(other) == "backend-code-used"
        backend.clock.forward(minutes=11)
        late = await post("/v1/enrolments", json=body, headers={"Idempotency-Key": "k1"})
        assert code_of(late) == "backend-code-used"


@pytest.mark.parametrize(("minutes", "status"), [(59, 201), (60, 410), (600, 410)])
async def test_a_code_expires(tmp_path: Path, minutes: int, status: int) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        body = {"code": await backend.code(minutes=60), "device": "a"}
        backend.clock.forward(minutes=minutes)
        answer = await backend.wizard.http.post("/v1/enrolments", json=body)
        assert answer.status_code == status
        if status != 201:
            assert code_of(answer) == "backend-code-expired"


async def test_a_clock_that_was_set_back_does_not_revive_a_used_code(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        body = {"code": await backend.code(), "device": "a"}
        assert (await backend.wizard.http.post("/v1/enrolments", json=body)).status_code == 201
        backend.clock.forward(days=-30)
        answer = await backend.wizard.http.post("/v1/enrolments", json=body)
        assert code_of(answer) == "backend-code-used"


async def test_trying_out_codes_is_slowed_down_and_keeps_nobody_out(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        good = {"code": await backend.code(), "device": "a"}
        for number in range(10):
            answer = await backend.wizard.http.post("/v1/enrolments", json={"code": f"guess {number}", "device": "a"})
            assert (answer.status_code, code_of(answer)) == (403, "backend-code-unknown")
        answer = await backend.wizard.http.post("/v1/enrolments", json={"code": "guess 11", "device": "a"})
        assert (answer.status_code, code_of(answer)) == (429, "backend-too-many-attempts")
        assert 0 < int(answer.headers["retry-after"]) <= 60
        assert (await backend.wizard.http.post("/v1/enrolments", json=good)).status_code == 201
        backend.clock.forward(minutes=1)
        answer = await backend.wizard.http.post("/v1/enrolments", json={"code": "guess 12", "device": "a"})
        assert (answer.status_code, code_of(answer)) == (403, "backend-code-unknown")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "bearer", "Bearer a b", "Bearer \xff"]
)
async def test_what_is_no_token_of_ours_opens_nothing(tmp_path: Path, header: str) -> None:
    async with running(tmp_path) as backend:
        for method, path in (
            ("GET", "/v1/organisation"),
            ("GET", "/v1/keys"),
            ("GET", "/v1/audit"),
            ("GET", "/v1/profiles"),
            ("POST", "/v1/profiles"),
            ("POST", "/v1/profiles/1/test"),
            ("DELETE", "/v1/profiles/active"),
        ):
            answer = await backend.wizard.http.request(
                method, path, headers=[(b"authorization", header.encode("latin-1"))]
            )
            assert (answer.status_code, code_of(answer)) == (401, "backend-not-signed-in"), path


async def test_the_database_holds_neither_code_nor_token(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        code = await backend.code()
        answer = await backend.wizard.http.post("/v1/enrolments", json={"code": code, "device": "a"})
        token = answer.json()["token"]
        async with backend.assembly.services.database.reading() as session:
            for table in ("connection_codes", "access_tokens", "answers", "audit"):
                rows = repr((await session.execute(text(f"SELECT * FROM {table}"))).all())  # noqa: S608 - names of this test
                assert code not in rows
                assert token not in rows
        assert len(token) >= 43
        assert await Wizard(backend.wizard.http, token).etag()


async def test_a_device_name_cannot_write_lines_into_the_audit(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        wizard = await backend.enrol("a\r\nb\x1b[31m" + "x" * 300)
        entry = (await wizard.ask("GET", "/v1/audit")).json()["entries"][0]
        assert entry["who"].startswith("ab[31mxxx")
        assert len(entry["who"]) == 200
