"""The life of a profile over HTTP: staged, tested, in force, former, default."""

from pathlib import Path

import msgspec
import pytest
from tests.unit.service.backend_kit import CANARY, FAILED, PROFILE, code_of, running

from sendwright.service.trouble import STATUS


async def test_a_profile_is_staged_then_tested_then_in_force(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        answer = await wizard.write("POST", "/v1/profiles", json=await wizard.body())
        assert answer.status_code == 201
        staged = answer.json()
        assert (staged["version"], staged["state"], staged["tested_at"]) == (1, "staged", None)
        assert len(staged["credential"]) == 16
        assert staged["created_by"] == "Ann's laptop"
        assert (await wizard.ask("GET", "/v1/organisation")).json()["in_force"] is None

        lines = await wizard.test(1)
        assert [line.get("id") for line in lines[:-1]] == [
            "resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit"
        ]  # fmt: skip
        assert lines[-1] == {"verdict": "passed", "code": None}
        assert backend.diagnosis.asked == [(PROFILE, {"password": CANARY}, "ann@example.com")]

        active = (await wizard.write("POST", "/v1/profiles/1/activate")).json()
        assert (active["state"], active["test_verdict"]) == ("in-force", "passed")
        assert (await wizard.ask("GET", "/v1/organisation")).json()["in_force"] == active
        sender = await backend.assembly.services.profiles.in_force()
        assert sender is not None
        assert sender.profile == PROFILE
        assert sender.credentials["password"].reveal() == CANARY


async def test_a_version_without_a_passed_test_cannot_be_put_in_force(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.stage()
        answer = await wizard.write("POST", f"/v1/profiles/{version}/activate")
        assert (answer.status_code, code_of(answer)) == (409, "profile-not-tested")

        backend.diagnosis.stages = FAILED
        lines = await wizard.test(version)
        assert lines[-1] == {"verdict": "failed", "code": None}
        assert lines[1]["problem"]["code"] == "auth-wrong-credentials"
        answer = await wizard.write("POST", f"/v1/profiles/{version}/activate")
        assert (answer.status_code, code_of(answer)) == (409, "profile-not-tested")
        assert await backend.assembly.services.profiles.in_force() is None


async def test_the_test_of_one_version_says_nothing_about_another(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        first, second = await wizard.stage(), await wizard.stage()
        await wizard.test(first)
        answer = await wizard.write("POST", f"/v1/profiles/{second}/activate")
        assert code_of(answer) == "profile-not-tested"


async def test_a_test_without_recipient_submits_nothing_and_counts(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        await backend.wizard.test(version, to=None)
        assert backend.diagnosis.asked[0][2] is None
        answer = await backend.wizard.write("POST", f"/v1/profiles/{version}/activate")
        assert answer.status_code == 200


async def test_a_former_version_comes_back_and_the_default_too(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        first = await wizard.put_in_force()
        other = msgspec.structs.replace(PROFILE, address="hello@example.org")
        second = await wizard.put_in_force(other, "another secret")
        states = (await wizard.ask("GET", "/v1/profiles")).json()["profiles"]
        assert [(state["version"], state["state"]) for state in states] == [
            (second, "in-force"),
            (first, "former"),
        ]

        restored = await wizard.write("POST", f"/v1/profiles/{first}/restore")
        assert restored.json()["state"] == "in-force"
        sender = await backend.assembly.services.profiles.in_force()
        assert sender is not None
        assert (sender.version, sender.credentials["password"].reveal()) == (first, CANARY)

        gone = await wizard.write("DELETE", "/v1/profiles/active")
        assert (gone.status_code, gone.json()) == (200, {"revoked": None, "problem": None})
        assert await backend.assembly.services.profiles.in_force() is None
        actions = [entry["action"] for entry in (await wizard.ask("GET", "/v1/audit")).json()["entries"]]
        assert actions == [
            "default-restored", "profile-restored",
            "profile-activated", "profile-tested", "profile-staged",
            "profile-activated", "profile-tested", "profile-staged",
            "enrolled", "code-issued",
        ]  # fmt: skip


async def test_only_what_was_in_force_can_be_restored(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        await backend.wizard.test(version)
        answer = await backend.wizard.write("POST", f"/v1/profiles/{version}/restore")
        assert (answer.status_code, code_of(answer)) == (409, "profile-never-in-force")


async def test_a_failed_check_of_the_sender_in_force_leaves_it_in_force(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.put_in_force()
        backend.diagnosis.stages = FAILED
        await backend.wizard.test(version, to=None)
        state = (await backend.wizard.ask("GET", f"/v1/profiles/{version}")).json()
        assert (state["state"], state["test_verdict"]) == ("in-force", "failed")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/profiles/7"),
        ("POST", "/v1/profiles/7/test"),
        ("POST", "/v1/profiles/7/activate"),
        ("POST", "/v1/profiles/7/restore"),
        ("GET", "/v1/nothing"),
        ("GET", "/v1/profiles/99999999999999999999999999"),
    ],
)
async def test_what_does_not_exist_is_not_found(tmp_path: Path, method: str, path: str) -> None:
    async with running(tmp_path) as backend:
        answer = await backend.wizard.write(method, path, json={"to": None} if "test" in path else None)
        assert (answer.status_code, code_of(answer)) == (404, "backend-not-found")


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"address": "nobody"}, "address"),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, "address"),
        ({"alias": "Ex\nample"}, "alias"),
        ({"alias": ""}, "alias"),
        ({"sender": "pigeon"}, "sender"),
        ({"schema": "sendwright.profile/2"}, "schema"),
        ({"settings": {"host": "smtp.example.org", "port": 587, "security": "none"}}, "settings"),
        ({"settings": {"host": "smtp.example.org", "port": "587", "security": "tls"}}, "settings"),
        ({"settings": {}}, "settings"),
    ],
)
async def test_a_profile_that_nobody_could_use_is_refused(
    tmp_path: Path, changed: dict[str, object], detail: str
) -> None:
    async with running(tmp_path) as backend:
        profile = msgspec.structs.replace(PROFILE, **changed)
        body = await backend.wizard.body(profile)
        answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
        assert (answer.status_code, code_of(answer)) == (422, "profile-invalid")
        assert answer.json()["detail"] == detail
        assert (await backend.wizard.ask("GET", "/v1/profiles")).json() == {"profiles": []}


async def test_credentials_must_be_those_that_the_profile_needs(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        body = {"profile": msgspec.to_builtins(PROFILE), "credentials": None}
        answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
        assert (answer.status_code, code_of(answer)) == (422, "credentials-wrong-names")
        anonymous = msgspec.structs.replace(PROFILE, settings=dict(PROFILE.settings) | {"username": None})
        answer = await backend.wizard.write("POST", "/v1/profiles", json=await backend.wizard.body(anonymous))
        assert code_of(answer) == "credentials-wrong-names"
        body = {"profile": msgspec.to_builtins(anonymous), "credentials": None}
        answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
        assert (answer.status_code, answer.json()["credential"]) == (201, None)


async def test_a_diagnosis_that_breaks_ends_its_stream_with_a_code(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage()
        backend.diagnosis.fault = RuntimeError("something unforeseen")
        lines = await backend.wizard.test(version)
        assert lines[-1] == {"verdict": "failed", "code": "backend-fault"}
        state = (await backend.wizard.ask("GET", f"/v1/profiles/{version}")).json()
        assert state["tested_at"] is None


def test_every_code_has_words_and_a_status() -> None:
    from sendwright.texts import has  # noqa: PLC0415 - only here

    for code, status in STATUS.items():
        assert has(f"service.trouble.{code}")
        assert 400 <= status < 600
