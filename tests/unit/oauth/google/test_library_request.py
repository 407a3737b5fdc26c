"""Google's library asks in its thread, and gets the answer as it wants it."""

import asyncio
from collections.abc import Coroutine, Mapping

import pytest

from sendwright.oauth.apart import Asking, run_apart
from sendwright.oauth.google.library_request import LibraryRequest
from sendwright.oauth.web import Heard

FORM = "application/x-www-form-urlencoded"
ANSWER = Heard(status=200, headers={"content-type": "application/json"}, text='{"a": "é"}', content={"a": "é"})


class Asked:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], dict[str, str], bytes]] = []

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], form: Mapping[str, str], content: bytes
    ) -> Coroutine[None, None, Heard]:
        async def answer() -> Heard:
            self.seen.append((method, url, dict(headers), dict(form), content))
            return ANSWER

        return answer()


@pytest.mark.parametrize(
    ("body", "headers", "seen"),
    [
        (None, None, ("GET", {}, {}, b"")),
        (None, {"Metadata-Flavor": "Google"}, ("GET", {"metadata-flavor": "Google"}, {}, b"")),
        (
            b'{"payload": "x"}',
            {"Content-Type": "application/json"},
            ("POST", {"content-type": "application/json"}, {}, b'{"payload": "x"}'),
        ),
        (b"a=b&c=%C3%A9&d=", {"Content-Type": FORM, "X": "y"}, ("POST", {"x": "y"}, {"a": "b", "c": "é"}, b"")),
        ("a=b", {"content-type": f"{FORM}; charset=utf-8"}, ("POST", {}, {"a": "b"}, b"")),
    ],
)
async def test_a_form_is_taken_apart_and_anything_else_goes_as_it_is(
    body: bytes | str | None, headers: dict[str, str] | None, seen: tuple[str, dict[str, str], dict[str, str], bytes]
) -> None:
    asked = Asked()

    def work(asking: Asking) -> Heard:
        request = LibraryRequest(asking)
        assert request.heard is None
        answer = request("https://example.org/x", method=seen[0], body=body, headers=headers, timeout=5, verify=False)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert answer.data.decode() == '{"a": "é"}'
        assert request.heard is not None
        return request.heard

    assert await run_apart(work, asked, nonsense=AssertionError) == ANSWER
    method, *rest = seen
    assert asked.seen == [(method, "https://example.org/x", *rest)]


async def test_an_answer_shows_nothing_of_itself() -> None:
    held = Heard(status=200, headers={"x": "mark"}, text='{"access_token": "mark"}', content={"access_token": "mark"})
    future = asyncio.get_running_loop().create_future()
    future.set_result(held)
    assert "mark" not in f"{held!r} {held} {future!r}"
    assert "status=200" in repr(held)
