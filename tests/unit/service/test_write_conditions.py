"""If-Match and Idempotency-Key: nobody overwrites what he did not see, and a repetition does nothing twice."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from tests.unit.service.backend_kit import PROFILE, Backend, code_of, running

from sendwright.service.precondition import Precondition, etag_of
from sendwright.service.trouble import Trouble

WRITES = [
    ("POST", "/v1/profiles"),
    ("POST", "/v1/profiles/1/activate"),
    ("POST", "/v1/profiles/1/restore"),
    ("DELETE", "/v1/profiles/active"),
]


async def body_for(backend: Backend, path: str) -> object:
    return await backend.wizard.body() if path == "/v1/profiles" else None


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_a_write_says_which_state_it_is_meant_for(tmp_path: Path, method: str, path: str) -> None:
    async with running(tmp_path) as backend:
        await backend.wizard.put_in_force()
        body = await body_for(backend, path)
        answer = await backend.wizard.ask(method, path, json=body)
        assert (answer.status_code, code_of(answer)) == (428, "backend-precondition-missing")
        answer = await backend.wizard.ask(method, path, json=body, headers={"If-Match": '"0-0"'})
        assert (answer.status_code, code_of(answer)) == (412, "backend-changed-meanwhile")
        answer = await backend.wizard.ask(method, path, json=body, headers={"If-Match": "nonsense"})
        assert (answer.status_code, code_of(answer)) == (400, "backend-request-invalid")
        assert answer.json()["detail"] == "If-Match"
        state = (await backend.wizard.ask("GET", "/v1/profiles/1")).json()
        assert state["state"] == "in-force"


async def test_of_two_writes_on_the_same_state_one_wins(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        versions = [await wizard.stage() for _ in range(4)]
        for version in versions:
            await wizard.test(version)
        seen = await wizard.etag()
        answers = await asyncio.gather(
            *(
                wizard.ask("POST", f"/v1/profiles/{version}/activate", headers={"If-Match": seen})
                for version in versions
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
        winner = next(answer.json() for answer in answers if answer.status_code == 200)
        assert (await wizard.ask("GET", "/v1/organisation")).json()["in_force"] == winner
        states = (await wizard.ask("GET", "/v1/profiles")).json()["profiles"]
        assert sum(state["state"] == "in-force" for state in states) == 1


async def test_the_same_version_in_force_again_is_another_state(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        first = await wizard.put_in_force()
        seen = await wizard.etag()
        await wizard.put_in_force()
        await wizard.write("POST", f"/v1/profiles/{first}/restore")
        assert await wizard.etag() != seen
        answer = await wizard.ask("DELETE", "/v1/profiles/active", headers={"If-Match": seen})
        assert code_of(answer) == "backend-changed-meanwhile"


async def test_the_answer_of_a_write_names_the_new_state(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.stage()
        await wizard.test(version)
        answer = await wizard.write("POST", f"/v1/profiles/{version}/activate")
        assert answer.headers["etag"] == await wizard.etag()
        answer = await wizard.ask("DELETE", "/v1/profiles/active", headers={"If-Match": answer.headers["etag"]})
        assert answer.headers["etag"] == await wizard.etag()


async def test_what_is_in_force_already_is_put_in_force_without_a_change(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        version = await backend.wizard.put_in_force()
        before = await backend.wizard.etag()
        answer = await backend.wizard.write("POST", f"/v1/profiles/{version}/activate")
        assert (answer.status_code, answer.headers["etag"]) == (200, before)


async def test_a_repeated_staging_is_answered_with_the_first_version(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        named = {"Idempotency-Key": "draft-7"}
        assert [await wizard.stage(headers=named) for _ in range(3)] == [1, 1, 1]
        assert len((await wizard.ask("GET", "/v1/profiles")).json()["profiles"]) == 1


@pytest.mark.parametrize("change", ["password", "profile", "write"])
async def test_a_key_stands_for_one_request_only(tmp_path: Path, change: str) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        named = {"Idempotency-Key": "draft-7"}
        await wizard.stage(headers=named)
        other = msgspec.structs.replace(PROFILE, alias="Somebody else")
        body = {
            "password": await wizard.body(PROFILE, "another"),
            "profile": await wizard.body(other),
            "write": None,
        }[change]
        path = "/v1/profiles/active" if body is None else "/v1/profiles"
        answer = await wizard.write("DELETE" if body is None else "POST", path, json=body, headers=named)
        assert (answer.status_code, code_of(answer)) == (422, "idempotency-key-reused")


async def test_a_repetition_is_recognised_although_the_state_went_on(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.stage()
        await wizard.test(version)
        headers = {"If-Match": await wizard.etag(), "Idempotency-Key": "activate-1"}
        path = f"/v1/profiles/{version}/activate"
        first = await wizard.ask("POST", path, headers=headers)
        again = await wizard.ask("POST", path, headers=headers)
        assert (first.status_code, again.status_code) == (200, 200)
        assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])
        actions = [entry["action"] for entry in (await wizard.ask("GET", "/v1/audit")).json()["entries"]]
        assert actions.count("profile-activated") == 1


async def test_a_refused_write_may_be_repeated_with_its_key(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        version = await wizard.stage()
        named = {"Idempotency-Key": "activate-1"}
        path = f"/v1/profiles/{version}/activate"
        assert code_of(await wizard.write("POST", path, headers=named)) == "profile-not-tested"
        await wizard.test(version)
        assert (await wizard.write("POST", path, headers=named)).status_code == 200


async def test_keys_of_two_devices_are_not_the_same_key(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        other = await backend.enrol("another laptop")
        named = {"Idempotency-Key": "draft-7"}
        assert await backend.wizard.stage(headers=named) == 1
        assert await other.stage(headers=named) == 2


async def test_ten_equal_requests_at_once_make_one_version(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        wizard = backend.wizard
        headers = {"If-Match": await wizard.etag(), "Idempotency-Key": "draft-7"}
        body = await wizard.body()
        answers = await asyncio.gather(
            *(wizard.ask("POST", "/v1/profiles", json=body, headers=headers) for _ in range(10))
        )
        assert {answer.json()["version"] for answer in answers} == {1}


async def test_an_answer_is_remembered_for_a_week(tmp_path: Path) -> None:
    async with running(tmp_path) as backend:
        named = {"Idempotency-Key": "draft-7"}
        assert await backend.wizard.stage(headers=named) == 1
        backend.clock.forward(days=6)
        assert await backend.wizard.stage(headers=named) == 1
        backend.clock.forward(days=2)
        assert await backend.wizard.stage(headers=named) == 2


@pytest.mark.parametrize("key", ["", "ä", "x" * 256, "two\tparts"])
async def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    async with running(tmp_path) as backend:
        headers = {"Idempotency-Key": key.encode()}
        answer = await backend.wizard.write("DELETE", "/v1/profiles/active", headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "backend-request-invalid")


@pytest.mark.parametrize(
    ("header", "matches"),
    [
        ("*", True),
        ('"3-7"', True),
        (' "1-1" , "3-7" ', True),
        ('"3-8"', False),
        ('W/"3-7"', False),
        ('"37"', False),
        ('""', False),
    ],
)
def test_if_match_compares_strongly(header: str, *, matches: bool) -> None:
    precondition = Precondition(header)
    if matches:
        precondition.require(etag_of(3, 7))
        return
    with pytest.raises(Trouble) as caught:
        precondition.require(etag_of(3, 7))
    assert caught.value.code == "backend-changed-meanwhile"
