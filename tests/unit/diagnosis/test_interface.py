"""What diagnoses of sending through an interface have alike: which stages run, and that nothing stays open."""

from collections.abc import Mapping

import pytest
from tests.unit.senders.doubles import Learning, Tokens, network, token
from tests.unit.senders.gmail.doubles import outgoing

from sendwright.diagnosis.interface import InterfaceAttempt, InterfaceWalk, walked
from sendwright.diagnosis.stage import INTERFACE_STAGES, Seen, StageResult, Verdict
from sendwright.oauth.fixed import access_ended
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import System
from sendwright.senders.sender import SendFailed

PASSED, FAILED, NOT_REACHED = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_REACHED


class Walk(InterfaceWalk):
    """Writes down what it was led through."""

    def __init__(
        self,
        attempt: InterfaceAttempt,
        *,
        account: bool = True,
        recorder: Learning | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        where = network(recorder=recorder)
        super().__init__(attempt, where, system=System.GMAIL, account=account, values=values or {})
        self.taken: list[str] = []
        self.closed = 0
        self.leaves = True

    async def close(self) -> None:
        self.closed += 1

    async def _reach(self) -> Seen:
        return self._take("reach")

    async def _sign_in(self) -> Seen:
        await self._token()
        return self._take("sign-in")

    async def _permissions(self) -> Seen | None:
        return self._take("permissions")

    async def _mailbox(self) -> Seen | None:
        return self._take("mailbox")

    async def _judge_sender(self) -> Seen | None:
        return self._take("judged")

    async def _send(self) -> Seen | None:
        return self._take("sent")

    async def _submitted(self) -> Seen:
        if not self.leaves:
            raise self._not_submitted()
        return self._take("submitted")

    def _take(self, stage: str) -> Seen:
        self.taken.append(stage)
        return Seen()


def attempt(*, send: bool = False, stop_after: str = "", broken: OAuthFailed | None = None) -> InterfaceAttempt:
    return InterfaceAttempt(
        tokens=Tokens(broken=broken),
        sender="notices@example.org",
        message=outgoing() if send else None,
        stop_after=stop_after,
    )


async def led(walk: Walk) -> list[StageResult]:
    return [result async for result in walked(lambda: walk)]


@pytest.mark.parametrize(
    ("send", "stop_after", "account", "taken"),
    [
        (True, "", True, ["reach", "sign-in", "permissions", "mailbox", "sent", "submitted"]),
        (True, "submit", False, ["reach", "sign-in", "permissions", "sent", "submitted"]),
        (True, "sender", True, ["reach", "sign-in", "permissions", "mailbox", "judged"]),
        (False, "", True, ["reach", "sign-in", "permissions", "mailbox", "judged"]),
        (False, "permissions", True, ["reach", "sign-in", "permissions"]),
        (True, "reach", True, ["reach"]),
    ],
)
async def test_only_what_is_wanted_is_tried_and_every_stage_has_its_result(
    send: bool, stop_after: str, account: bool, taken: list[str]
) -> None:
    walk = Walk(attempt(send=send, stop_after=stop_after), account=account)
    results = await led(walk)
    assert walk.taken == taken
    assert [result.id for result in results] == list(INTERFACE_STAGES)
    assert [result.verdict for result in results].count(PASSED) == len(taken)
    assert walk.closed == 1


async def test_a_token_is_told_to_the_recorder_before_anything_is_done_with_it() -> None:
    recorder = Learning()
    await led(Walk(attempt(), recorder=recorder))
    assert recorder.secrets == [token().secret.reveal()]


async def test_a_sign_in_that_ended_is_a_result_with_what_is_known_of_the_sender() -> None:
    walk = Walk(attempt(broken=access_ended(System.GOOGLE)), values={"username": "anna@example.org"})
    results = await led(walk)
    assert [result.verdict for result in results] == [PASSED, FAILED, *[NOT_REACHED] * 4]
    values = results[1].evidence["values"]
    assert isinstance(values, dict)
    assert (values["username"], values["sender"]) == ("anna@example.org", "notices@example.org")
    assert walk.closed == 1


async def test_what_does_not_leave_without_a_reason_is_a_fault_of_the_program() -> None:
    walk = Walk(attempt(send=True))
    walk.leaves = False
    *_, last = await led(walk)
    assert (last.id, last.verdict, last.evidence["condition"]) == ("submit", FAILED, "program-fault")
    known = SendFailed(access_ended(System.GOOGLE).evidence)
    walk._failure = known
    assert walk._not_submitted() is known


async def test_whoever_stops_listening_leaves_nothing_open() -> None:
    walk = Walk(attempt(send=True))
    results = walked(lambda: walk)
    assert (await anext(results)).id == "reach"
    await results.aclose()
    assert (walk.taken, walk.closed) == (["reach"], 1)


async def test_who_asks_nothing_opens_nothing() -> None:
    begun: list[Walk] = []

    def begin() -> Walk:
        begun.append(Walk(attempt()))
        return begun[0]

    await walked(begin).aclose()
    assert begun == []
