"""A synchronous library works in a thread of its own, asks through the event loop, and leaves nothing behind."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from sendwright.oauth import apart
from sendwright.oauth.apart import Asking, NoLongerAsked, run_apart
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import Heard
from sendwright.problems.evidence import Evidence, System

NAME = "library-of-the-test"


class Answering:
    """Answers with what it was asked. hold: what it waits for first."""

    def __init__(self, hold: Callable[[], Awaitable[object]] | None = None) -> None:
        self.hold = hold
        self.asked: list[str] = []
        self.given_up: list[str] = []

    async def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], form: Mapping[str, str], content: bytes
    ) -> Heard:
        self.asked.append(f"{method} {url} {dict(headers)} {dict(form)} {content!r}")
        try:
            if self.hold is not None:
                await self.hold()
        except asyncio.CancelledError:
            self.given_up.append(url)
            raise
        if url.endswith("refused"):
            raise OAuthFailed(Evidence(stage="sign-in", system=System.OAUTH, error="invalid_grant"))
        return Heard(status=200, headers={}, text="{}", content={"url": url})


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(NAME)]


def nonsense() -> OAuthFailed:
    return OAuthFailed(Evidence(stage="sign-in", system=System.OAUTH, condition="nonsense"))


async def test_what_the_library_asks_is_asked_by_the_loop_and_answered_in_its_thread() -> None:
    answering = Answering()
    seen: list[str] = []

    def work(asking: Asking) -> tuple[object, object]:
        seen.append(threading.current_thread().name)
        first = asking("GET", "https://a.example/1", headers={"x": "y"})
        second = asking("POST", "https://a.example/2", form={"grant_type": "x"}, content=b"")
        return first.content["url"], second.content["url"]

    found = await run_apart(work, answering, nonsense=nonsense, name=NAME)
    assert found == ("https://a.example/1", "https://a.example/2")
    assert answering.asked == [
        "GET https://a.example/1 {'x': 'y'} {} b''",
        "POST https://a.example/2 {} {'grant_type': 'x'} b''",
    ]
    assert seen[0].startswith(NAME)
    assert threads() == []


async def test_a_refusal_reaches_whoever_waits_as_it_is() -> None:
    with pytest.raises(OAuthFailed) as failure:
        await run_apart(lambda ask: ask("GET", "https://a.example/refused"), Answering(), nonsense=nonsense, name=NAME)
    assert failure.value.evidence.error == "invalid_grant"


@pytest.mark.parametrize("error", [ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError])
async def test_what_the_library_cannot_take_is_told_without_its_words(error: type[Exception]) -> None:
    def stumble(_: Asking) -> None:
        raise error("here stands a token")

    with pytest.raises(OAuthFailed) as failure:
        await run_apart(stumble, Answering(), nonsense=nonsense, name=NAME)
    assert failure.value.evidence.condition == "nonsense"
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


async def test_a_fault_of_our_own_is_not_hidden() -> None:
    def stumble(_: Asking) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_apart(stumble, Answering(), nonsense=nonsense, name=NAME)


async def test_cancelled_it_gives_the_request_up_and_its_thread_ends() -> None:
    reached, forever = asyncio.Event(), asyncio.Event()
    ended: list[type[BaseException]] = []

    async def hold() -> None:
        reached.set()
        await forever.wait()

    def work(asking: Asking) -> None:
        for _ in range(2):
            try:
                asking("GET", "https://a.example/slow")
            except NoLongerAsked as error:
                ended.append(type(error))

    answering = Answering(hold)
    running = asyncio.create_task(run_apart(work, answering, nonsense=nonsense, name=NAME))
    await reached.wait()
    assert len(threads()) == 1
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert answering.given_up == ["https://a.example/slow"]
    assert ended == [NoLongerAsked, NoLongerAsked], "the second one was not even asked"
    assert len(answering.asked) == 1
    assert threads() == []


def test_a_loop_that_was_stopped_keeps_no_thread_that_an_exit_would_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LOOK_AGAIN_S", 0.01)
    loop = asyncio.new_event_loop()

    async def hold() -> None:
        loop.stop()
        await asyncio.Event().wait()

    asking = Asking(Answering(hold), loop)
    with ThreadPoolExecutor(max_workers=1) as thread:
        asked = thread.submit(asking, "GET", "https://a.example/x")
        loop.run_forever()
        assert isinstance(asked.exception(timeout=60), NoLongerAsked)
    left = asyncio.all_tasks(loop)
    assert len(left) == 1
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.wait(left))
    loop.close()


async def test_many_at_once_leave_the_threads_of_the_loop_to_others() -> None:
    together = asyncio.Barrier(40)

    async def hold() -> None:
        await together.wait()  # all forty wait for an answer at the same time
        await asyncio.to_thread(int)  # as looking up a name does

    answering = Answering(hold)
    heard = await asyncio.gather(
        *(
            run_apart(lambda ask, n=n: ask("GET", f"https://a.example/{n}"), answering, nonsense=nonsense, name=NAME)
            for n in range(40)
        )
    )
    assert [one.content["url"] for one in heard] == [f"https://a.example/{n}" for n in range(40)]
    assert threads() == []
