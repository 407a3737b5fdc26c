"""What Gmail answers, read whatever it is; the time that it names is found in its words."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.doubles import NOW, Drops
from tests.unit.senders.gmail.doubles import error, info

from sendwright.senders.gmail.answer import MOST_ITEMS, Answer, read_answer

DAY = 24 * 3_600.0


async def read(response: httpx.Response) -> Answer:
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response)) as client,
        client.stream("GET", "https://gmail.googleapis.com/gmail/v1/users/me/profile") as streamed,
    ):
        return await read_answer(streamed, now=NOW)


async def test_reasons_are_collected_from_everywhere_the_most_telling_first() -> None:
    response = error(
        403,
        "insufficientPermissions",
        message="Request had insufficient authentication scopes.",
        details=(info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service="gmail.googleapis.com"),),
        state="PERMISSION_DENIED",
    )
    answer = await read(response)
    assert answer.reasons == ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions", "PERMISSION_DENIED")
    assert (answer.status, answer.message) == (403, "Request had insufficient authentication scopes.")
    assert (answer.json, answer.page) == (True, False)


async def test_the_project_is_known_where_gmail_names_it() -> None:
    named = info("SERVICE_DISABLED", consumer="projects/123456789012", service="gmail.googleapis.com")
    assert (await read(error(403, "accessNotConfigured", details=(named,)))).project == "123456789012"
    evil = info("SERVICE_DISABLED", consumer="projects/../../x")
    assert (await read(error(403, "accessNotConfigured", details=(evil,)))).project == ""


@pytest.mark.parametrize(
    ("body", "reasons", "message"),
    [
        ({"error": {"errors": [{"reason": "authError", "message": "Invalid Credentials"}]}}, ("authError",), "Invalid"),
        ({"error": {"status": "UNAVAILABLE"}}, ("UNAVAILABLE",), ""),
        ({"error": {"errors": "x", "details": 3, "message": ["no"]}}, (), ""),
        ({"error": {"errors": [None, 7, {"reason": 9}, {"reason": "forbidden"}]}}, ("forbidden",), ""),
        ({"error": {"errors": [{"reason": "a\u202eb"}, {"reason": "x" * 500}]}}, (), ""),
        ({"error": "invalid_request", "error_description": "Missing"}, (), ""),
        ({"error": {"errors": [{"reason": "a"}, {"reason": "a"}], "status": "a"}}, ("a",), ""),
        ({"error": None}, (), ""),
        ([], (), ""),
        ("error", (), ""),
    ],
)
async def test_what_is_missing_or_something_else_does_no_harm(
    body: object, reasons: tuple[str, ...], message: str
) -> None:
    answer = await read(httpx.Response(403, json=body))
    assert answer.reasons == reasons
    assert answer.message.startswith(message)
    assert bool(answer.message) == bool(message)


async def test_an_endless_list_is_read_as_far_as_it_can_be_meant() -> None:
    many = {"error": {"errors": [{"reason": f"r{number}"} for number in range(500)]}}
    assert len((await read(httpx.Response(400, json=many))).reasons) == MOST_ITEMS


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe", b'{"error":', b"[" * 60_000, b'{"a":1}' * 20_000])
async def test_a_body_that_is_no_object_says_nothing_and_the_status_stands(content: bytes) -> None:
    answer = await read(httpx.Response(503, content=content))
    assert (answer.status, answer.content, answer.reasons) == (503, {}, ())


async def test_a_body_that_breaks_off_or_is_packed_says_nothing() -> None:
    assert (await read(httpx.Response(200, stream=Drops()))).content == {}
    packed = httpx.Response(200, content=b'{"id":"x"}', headers={"Content-Encoding": "x-strange"})
    assert (await read(packed)).content == {}


TIMES = [
    ("User-rate limit exceeded.  Retry after 2026-11-20T10:00:30.000Z", 31.0),
    ("User-rate limit exceeded.  Retry after 2026-11-20T10:00:30.961Z", 31.0),
    ("User-rate limit exceeded.  Retry after 2026-11-20T10:00:30Z", 30.0),
    ("User-rate limit exceeded.  Retry after 2026-11-21T08:00:00.000Z (Mail sending)", 22 * 3_600.0 + 1),
    ("user-rate limit exceeded. RETRY AFTER 2026-11-20t10:00:30z", 30.0),
    ("retry after 2026-11-20T11:00:30+01:00", 30.0),
    ("Retry after 2026-11-20T09:00:00.000Z", 0.0),
    ("Retry after 2099-01-01T00:00:00.000Z", DAY),
    ("Retry after 2026-13-45T99:00:00.000Z", None),
    ("Retry after 2026-11-20", None),
    ("Retry after a while", None),
    ("Retry later; 2026-11-20T10:00:30Z", None),
    ("Retry after ٢٠٢٦-11-20T10:00:30Z", None),
    ("", None),
]


@pytest.mark.parametrize(("message", "seconds"), TIMES, ids=[repr(said[-40:]) for said, _ in TIMES])
async def test_the_time_stands_only_in_the_words(message: str, seconds: float | None) -> None:
    assert (await read(error(403, "rateLimitExceeded", message=message))).wait_s == seconds


async def test_the_time_may_stand_in_the_words_of_one_of_the_errors() -> None:
    said = [{"reason": "rateLimitExceeded", "message": "Retry after 2026-11-20T10:00:30Z"}]
    body = {"error": {"message": "User-rate limit exceeded.", "errors": said}}
    assert (await read(httpx.Response(403, json=body))).wait_s == 30.0


async def test_a_wrong_clock_of_this_computer_does_no_harm() -> None:
    message = "User-rate limit exceeded.  Retry after 2026-11-22T10:00:30Z"
    date = {"Date": "Sun, 22 Nov 2026 10:00:00 GMT"}
    assert (await read(error(403, "rateLimitExceeded", message=message, headers=date))).wait_s == 30.0
    nonsense = {"Date": "yesterday"}
    assert (await read(error(403, "rateLimitExceeded", message=message, headers=nonsense))).wait_s == DAY


@pytest.mark.parametrize(
    ("delay", "header", "seconds"),
    [
        ("17s", None, 18.0),
        ("17.5s", None, 18.0),
        ("17", None, None),
        ("-3s", None, None),
        (17, None, None),
        ("9" * 30 + "s", None, None),
        ("999999999s", None, DAY),
        (None, "45", 45.0),
        ("17s", "45", 45.0),
        ("50s", "45", 51.0),
    ],
)
async def test_the_longest_of_all_that_is_asked_for_counts(
    delay: object, header: str | None, seconds: float | None
) -> None:
    retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
    headers = {} if header is None else {"Retry-After": header}
    assert (await read(error(429, "rateLimitExceeded", details=(retry,), headers=headers))).wait_s == seconds


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))  # noqa: DTZ001 - UTC is added
async def test_no_time_is_ever_too_early_negative_or_longer_than_a_day(naive: datetime) -> None:
    until = naive.replace(tzinfo=UTC)
    said = f"Retry after {until:%Y-%m-%dT%H:%M:%S}.{until.microsecond // 1000:03d}Z"
    wait_s = (await read(error(429, "rateLimitExceeded", message=said))).wait_s
    assert wait_s is not None
    assert 0.0 <= wait_s <= DAY
    assert wait_s == DAY or NOW + timedelta(seconds=wait_s) >= until.replace(
        microsecond=until.microsecond // 1000 * 1000
    )


@given(st.text(max_size=300))
async def test_no_words_make_it_fail(words: str) -> None:
    answer = await read(error(403, "rateLimitExceeded", message=f"Retry after {words}"))
    assert answer.wait_s is None or 0.0 <= answer.wait_s <= DAY


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "errors", "details", "reason", "status", "metadata", "message"]), inner
            )
        ),
        max_leaves=12,
    )
)
async def test_no_body_makes_it_fail(body: object) -> None:
    answer = await read(httpx.Response(400, json=body))
    assert all(isinstance(reason, str) and reason for reason in answer.reasons)
