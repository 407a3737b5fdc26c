"""The interface word for word: what a program in another language is told, route by route."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.unit.service.backend_kit import FAILED, PROFILE, Backend, code_of, running

PROFILE_JSON = {
    "provider": "custom_smtp",
    "sender": "smtp",
    "address": "notifications@example.org",
    "alias": "Example",
    "settings": {"host": "smtp.example.org", "port": 587, "security": "starttls", "username": "robot"},
    "schema": "sendwright.profile/1",
}
STAGED = {
    "version": 1,
    "state": "staged",
    "profile": PROFILE_JSON,
    "credential": "…",
    "created_at": "2026-03-01T12:00:00Z",
    "created_by": "Ann's laptop",
    "tested_at": None,
    "test_verdict": None,
    "activated_at": None,
    "trouble": None,
    "works": True,
    "expires_at": None,
    "contact": "",
}
TESTED = STAGED | {"tested_at": "2026-03-01T12:05:00Z", "test_verdict": "passed"}
ACTIVE = TESTED | {"state": "in-force", "activated_at": "2026-03-01T12:06:00Z"}


def shown(answer: httpx.Response, status: int = 200) -> Any:  # noqa: ANN401 - JSON
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    for state in (found, *found.get("profiles", ()), found.get("in_force") or {}):
        if "credential" in state:
            assert set(state["credential"]) <= set("0123456789abcdef")
            assert len(state["credential"]) == 16
            state["credential"] = "…"
    return found


async def walk_to_in_force(backend: Backend) -> None:
    wizard = backend.wizard
    await wizard.stage()
    backend.clock.forward(minutes=5)
    await wizard.test(1)
    backend.clock.forward(minutes=1)
    await wizard.write("POST", "/v1/profiles/1/activate")


async def test_the_life_of_a_profile_in_json(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        staged = await wizard.write("POST", "/v1/profiles", json=await wizard.body())
        assert shown(staged, 201) == STAGED
        assert staged.headers["cache-control"] == "no-store"
        backend.clock.forward(minutes=5)
        await wizard.test(1)
        assert shown(await wizard.ask("GET", "/v1/profiles/1")) == TESTED
        backend.clock.forward(minutes=1)
        active = await wizard.write("POST", "/v1/profiles/1/activate")
        assert shown(active) == ACTIVE
        assert active.headers["etag"] == '"1-1"'
        assert shown(await wizard.ask("GET", "/v1/profiles")) == {"profiles": [ACTIVE]}
        backend.clock.forward(minutes=1)
        gone = await wizard.write("DELETE", "/v1/profiles/active")
        assert (gone.status_code, gone.headers["etag"]) == (200, '"0-2"')
        assert gone.json() == {"revoked": None, "problem": None}
        assert shown(await wizard.ask("GET", "/v1/profiles/1")) == ACTIVE | {"state": "former"}
        backend.clock.forward(minutes=1)
        restored = await wizard.write("POST", "/v1/profiles/1/restore")
        assert shown(restored) == ACTIVE | {"activated_at": "2026-03-01T12:08:00Z"}
        assert restored.headers["etag"] == '"1-3"'


async def test_the_organisation_in_json(tmp_path: Path) -> None:
    (tmp_path / "organisation.toml").write_text('name = "Contoso"\nworkspaces = ["Legal", "Safety"]\n')
    async with running(tmp_path) as backend:
        expected = {
            "name": "Contoso",
            "workspaces": ["Legal", "Safety"],
            "default_sender": {"address": "notifications@platform.example", "alias": "Notifications"},
            "in_force": None,
            "api_version": 1,
        }
        answer = await backend.wizard.ask("GET", "/v1/organisation")
        assert shown(answer) == expected
        assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"0-0"', "no-store")
        await walk_to_in_force(backend)
        answer = await backend.wizard.ask("GET", "/v1/organisation")
        assert shown(answer) == expected | {"in_force": ACTIVE}


async def test_an_organisation_without_a_file_has_a_neutral_name(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        answer = shown(await backend.wizard.ask("GET", "/v1/organisation"))
        assert (answer["name"], answer["workspaces"]) == ("Your organisation", [])


async def test_enrolment_in_json(tmp_path: Path) -> None:
    async with running(tmp_path, enrolled=False) as backend:
        body = {"code": await backend.code(), "device": "Ann's laptop"}
        answer = shown(await backend.wizard.http.post("/v1/enrolments", json=body), 201)
        assert set(answer) == {"token", "organisation"}
        assert answer["organisation"] == "Your organisation"


async def test_keys_in_json(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        [key] = shown(await backend.wizard.ask("GET", "/v1/keys"))["keys"]
        assert {name: key[name] for name in ("kty", "crv", "use", "alg")} == {
            "kty": "EC",
            "crv": "P-256",
            "use": "enc",
            "alg": "ECDH-ES",
        }
        assert set(key) == {"kty", "crv", "use", "alg", "x", "y", "kid"}


async def test_the_audit_in_json(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        await walk_to_in_force(backend)
        entries = shown(await backend.wizard.ask("GET", "/v1/audit"))["entries"]
        assert entries[:3] == [
            {
                "at": "2026-03-01T12:06:00Z",
                "who": "Ann's laptop",
                "action": "profile-activated",
                "version": 1,
                "detail": {},
            },
            {
                "at": "2026-03-01T12:05:00Z",
                "who": "Ann's laptop",
                "action": "profile-tested",
                "version": 1,
                "detail": {"verdict": "passed"},
            },
            {
                "at": "2026-03-01T12:00:00Z",
                "who": "Ann's laptop",
                "action": "profile-staged",
                "version": 1,
                "detail": {"address": "notifications@example.org"},
            },
        ]
        moments = [datetime.fromisoformat(entry["at"]) for entry in entries]
        assert moments == sorted(moments, reverse=True)


async def test_a_failed_test_is_audited_with_its_problem(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        backend.diagnosis.stages = FAILED
        await backend.wizard.test(await backend.wizard.stage())
        entry = shown(await backend.wizard.ask("GET", "/v1/audit"))["entries"][0]
        assert entry["detail"] == {"verdict": "failed", "problem": "auth-wrong-credentials"}


async def test_what_replaced_what_is_audited(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        first = await backend.wizard.put_in_force(PROFILE)
        second = await backend.wizard.put_in_force(PROFILE)
        entry = shown(await backend.wizard.ask("GET", "/v1/audit"))["entries"][0]
        assert (entry["version"], entry["detail"]) == (second, {"instead_of": str(first)})


async def test_a_test_is_a_stream_of_lines(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        backend.diagnosis.stages = FAILED
        version = await backend.wizard.stage()
        answer = await backend.wizard.ask("POST", f"/v1/profiles/{version}/test", json={"to": None})
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.endswith("\n")
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert lines[0] == {
            "id": "resolve", "verdict": "passed", "took_ms": 0.0, "evidence": {}, "problem": None,
        }  # fmt: skip
        assert {name: lines[1]["problem"][name] for name in ("code", "owner", "retry", "confidence")} == {
            "code": "auth-wrong-credentials",
            "owner": "you",
            "retry": "after-fix",
            "confidence": "certain",
        }
        assert lines[1]["problem"]["evidence"]["reply"] == 535
        assert lines[2]["verdict"] == "not-reached"
        assert lines[3] == {"verdict": "failed", "code": None}


async def test_health_in_json(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        instance = backend.assembly.services.instance
        answer = await backend.wizard.http.get("/healthz")
        assert shown(answer) == {"instance": instance, "status": "alive", "api_version": 1}
        await walk_to_in_force(backend)
        answer = await backend.wizard.http.get("/readyz")
        assert shown(answer) == {"instance": instance, "status": "ready", "api_version": 1}


async def test_a_monitor_that_asks_every_second_does_not_fill_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path) as backend:
        caplog.clear()
        answer = await backend.wizard.http.get("/readyz")
        assert (answer.status_code, code_of(answer)) == (503, "backend-not-ready")
        assert [record for record in caplog.records if record.name.startswith("sendwright")] == []


@pytest.mark.parametrize(
    "to", ["nobody", "", "a@b\r\nRCPT TO:<c@d>", "a@example.org, b@example.org", "\x00@example.org"]
)
async def test_the_recipient_of_a_test_is_one_address(tmp_path: Path, to: str) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        answer = await backend.wizard.ask("POST", f"/v1/profiles/{version}/test", json={"to": to})
        assert (answer.status_code, code_of(answer)) == (400, "backend-request-invalid")
        assert answer.json()["detail"] == "$.to"
        assert backend.diagnosis.asked == []


async def test_a_problem_document_in_json(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        answer = await backend.wizard.ask("GET", "/v1/profiles/9")
        assert answer.json() == {
            "status": 404,
            "code": "backend-not-found",
            "title": "This does not exist.",
            "detail": "",
            "type": "about:blank",
        }


@pytest.mark.parametrize("path", ["/v1/organisation", "/v1/profiles", "/v1/keys", "/v1/audit", "/healthz"])
async def test_a_question_changes_nothing(tmp_path: Path, path: str) -> None:
    async with running(tmp_path) as backend:
        before = (await backend.wizard.ask("GET", "/v1/audit")).json()
        for _ in range(2):
            assert (await backend.wizard.ask("GET", path)).status_code == 200
        answer = await backend.wizard.ask("OPTIONS", path)
        assert answer.status_code in {204, 405}
        assert (await backend.wizard.ask("GET", "/v1/audit")).json() == before
