"""The client against a real backend over a real socket, signed in, repeated, raced, over TLS."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.servers.tcp_proxy import Cut, Fault, TcpProxy
from tests.unit.handoff.served import Served, client_of, served
from tests.unit.service.backend_kit import CANARY, FAILED, PROFILE

from sendwright.diagnosis.stage import Verdict
from sendwright.handoff.backend import HandoffFailed
from sendwright.problems.classify import classify
from sendwright.secret import Secret

CREDENTIALS = {"password": Secret(CANARY)}


async def put_in_force(of: Served, key: str = "k") -> int:
    client = of.wizard
    state = await client.stage(PROFILE, CREDENTIALS, key=key)
    async for _ in client.test(state.version, to=None):
        pass
    state = await client.activate(state.version)
    await client.close()
    return state.version


async def test_the_whole_walk(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        stranger = of.client()
        enrolment = await stranger.enrol(Secret(await of.backend.code()), device="Ann's laptop")
        await stranger.close()
        client = of.client(enrolment.token)
        organisation = await client.organisation()
        assert organisation.in_force is None
        assert organisation.name == enrolment.organisation
        staged = await client.stage(PROFILE, CREDENTIALS, key="draft-1")
        assert (staged.version, staged.state, staged.profile) == (1, "staged", PROFILE)
        stages = [stage async for stage in client.test(1, to="ann@example.com")]
        assert [stage.id for stage in stages][-1] == "submit"
        assert {stage.verdict for stage in stages} == {Verdict.PASSED}
        active = await client.activate(1)
        assert (await client.organisation()).in_force == active
        second = await client.stage(msgspec.structs.replace(PROFILE, alias="Other"), CREDENTIALS, key="draft-2")
        async for _ in client.test(second.version, to=None):
            pass
        await client.activate(second.version)
        assert (await client.restore(1)).state == "in-force"
        assert [state.state for state in (await client.profiles()).profiles] == ["former", "in-force"]
        await client.use_default()
        assert (await client.organisation()).in_force is None
        entries = (await client.audit()).entries
        assert entries[0].action == "default-restored"
        assert {entry.who for entry in entries} == {"Ann's laptop", "this-computer"}
        await client.close()


async def test_the_stages_of_a_failed_test_carry_their_problem(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        of.backend.diagnosis.stages = FAILED
        client = of.wizard
        version = (await client.stage(PROFILE, CREDENTIALS, key="k")).version
        stages = [stage async for stage in client.test(version, to="ann@example.com")]
        assert stages == list(FAILED)
        with pytest.raises(HandoffFailed) as caught:
            await client.activate(version)
        assert (caught.value.evidence.http, caught.value.evidence.reason) == (409, "profile-not-tested")
        assert classify(caught.value.evidence).code == "backend-untested"
        await client.close()


async def test_stages_arrive_as_they_end(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        version = (await client.stage(PROFILE, CREDENTIALS, key="k")).version
        stages = client.test(version, to=None)
        assert (await anext(stages)).id == "resolve"
        await stages.aclose()
        await client.close()


async def test_a_fault_of_the_backend_during_a_test_is_a_failure(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        of.backend.diagnosis.fault = RuntimeError("unforeseen")
        client = of.wizard
        version = (await client.stage(PROFILE, CREDENTIALS, key="k")).version
        with pytest.raises(HandoffFailed) as caught:
            _ = [stage async for stage in client.test(version, to=None)]
        assert caught.value.evidence.reason == "backend-fault"
        await client.close()


async def test_the_same_key_with_the_same_credentials_is_the_same_request(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.wizard
        first = await client.stage(PROFILE, CREDENTIALS, key="k")
        assert (await client.stage(PROFILE, {"password": Secret(CANARY)}, key="k")).version == first.version
        other = await client.stage(PROFILE, {"password": Secret("corrected")}, key="k")
        assert other.version == first.version + 1
        await client.close()


async def test_what_somebody_else_changed_is_not_overwritten(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client, other = of.wizard, of.wizard
        version = (await client.stage(PROFILE, CREDENTIALS, key="a")).version
        async for _ in client.test(version, to=None):
            pass
        await put_in_force(of, "b")
        with pytest.raises(HandoffFailed) as caught:
            await client.activate(version)
        assert (caught.value.evidence.http, caught.value.evidence.reason) == (412, "backend-changed-meanwhile")
        assert classify(caught.value.evidence).code == "backend-conflict"
        await client.organisation()
        assert (await client.activate(version)).state == "in-force"
        await client.close()
        await other.close()


@pytest.mark.parametrize(("token", "problem"), [(None, "backend-refused-token"), ("wrong", "backend-refused-token")])
async def test_without_a_good_token_the_way_is_to_connect_again(
    tmp_path: Path, token: str | None, problem: str
) -> None:
    async with served(tmp_path) as of:
        client = of.client(token)
        with pytest.raises(HandoffFailed) as caught:
            await client.organisation()
        assert (caught.value.evidence.http, caught.value.evidence.reason) == (401, "backend-not-signed-in")
        assert classify(caught.value.evidence).code == problem
        await client.close()


async def test_codes_that_do_not_work_say_why(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        client = of.client()
        used = Secret(await of.backend.code())
        await client.enrol(used, device="a")
        expired = Secret(await of.backend.code(minutes=1))
        of.backend.clock.forward(minutes=2)
        for code, reason in (
            (used, "backend-code-used"),
            (expired, "backend-code-expired"),
            (Secret("never given out"), "backend-code-unknown"),
        ):
            with pytest.raises(HandoffFailed) as caught:
                await client.enrol(code, device="a")
            assert caught.value.evidence.reason == reason
            assert classify(caught.value.evidence).code == reason
            assert code.reveal() not in repr(caught.value.evidence)
        await client.close()


async def test_a_certificate_is_verified_and_an_own_authority_can_be_trusted(
    tmp_path: Path, certificates: Certificates
) -> None:
    async with served(tmp_path, certificate=certificates.good) as of:
        assert of.url.startswith("https://127.0.0.1:")
        trusting = of.client(of.backend.wizard.token, ca_pem=certificates.ca_file.read_text())
        assert (await trusting.organisation()).in_force is None
        await trusting.close()
        wary = of.wizard
        with pytest.raises(HandoffFailed) as caught:
            await wary.organisation()
        assert caught.value.evidence.verify is not None
        assert classify(caught.value.evidence).code.startswith("tls-certificate-")
        await wary.close()
        confused = of.client("x", ca_pem="nonsense")
        with pytest.raises(HandoffFailed) as caught:
            await confused.organisation()
        assert caught.value.evidence.condition == "tls-authority-invalid"


async def is_unreachable(request: Awaitable[object]) -> bool:
    try:
        await request
    except HandoffFailed as failure:
        assert classify(failure.evidence).code == "backend-unreachable"  # noqa: PT017 - may fail, need not
        return True
    return False


async def test_wherever_the_answer_is_cut_a_repetition_does_nothing_twice(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        former = await put_in_force(of)
        direct = of.wizard
        broken = 0
        async with TcpProxy(("127.0.0.1", int(of.url.rpartition(":")[2]))) as proxy:
            for position in range(0, 700, 41):
                await direct.organisation()
                staged = (await direct.stage(PROFILE, CREDENTIALS, key=f"before-{position}")).version
                async for _ in direct.test(staged, to=None):
                    pass
                client = of.client(of.backend.wizard.token, url=f"http://127.0.0.1:{proxy.port}")
                await client.organisation()
                await client._exchange.close()  # the next request opens a connection of its own
                proxy.fault = Fault(after_server_octets=position, cut=Cut.RESET if position % 2 else Cut.CLOSE)
                broken += await is_unreachable(client.activate(staged))
                proxy.fault = Fault()
                await asyncio.sleep(0.1)  # what was cut off may still be at work in the backend
                # The effect may have happened or not, but never in part and never twice.
                in_force = (await direct.organisation()).in_force
                assert in_force is not None
                assert in_force.version in {former, staged}
                sender = await of.backend.assembly.services.profiles.in_force()
                assert sender is not None
                assert sender.credentials["password"].reveal() == CANARY
                await client.organisation()
                assert (await client.activate(staged)).version == staged
                former = staged
                await client.close()
        actions = [entry.action for entry in (await direct.audit()).entries]
        assert actions.count("profile-activated") == 1 + len(range(0, 700, 41))
        assert broken > 10
        await direct.close()


async def test_a_cut_test_says_that_its_message_may_have_been_sent(tmp_path: Path) -> None:
    async with served(tmp_path) as of:
        port = int(of.url.rpartition(":")[2])
        direct = of.wizard
        version = (await direct.stage(PROFILE, CREDENTIALS, key="k")).version
        async with TcpProxy(("127.0.0.1", port), fault=Fault(after_server_octets=400)) as proxy:
            client = of.client(of.backend.wizard.token, url=f"http://127.0.0.1:{proxy.port}")
            for to, perhaps in (("ann@example.com", True), (None, False)):
                with pytest.raises(HandoffFailed) as caught:
                    _ = [stage async for stage in client.test(version, to=to)]
                assert caught.value.evidence.perhaps_sent is perhaps
                await asyncio.sleep(0.05)  # the backend's own end of that test
            await client.close()
        assert len(of.backend.diagnosis.asked) == 2
        state = (await direct.profiles()).profiles[0]
        assert state.test_verdict == "passed"  # it went on to its end although nobody listened
        await direct.close()


async def test_plain_http_to_another_computer_is_refused_before_a_byte_leaves() -> None:
    client = client_of("http://192.0.2.1:8025", "token")
    with pytest.raises(HandoffFailed) as caught:
        await client.organisation()
    assert caught.value.evidence.condition == "backend-address-unsafe"
