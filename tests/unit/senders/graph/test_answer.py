"""What Microsoft Graph answers, read whatever it is."""

import gzip

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.doubles import Drops
from tests.unit.senders.graph.doubles import error

from sendwright.senders.graph.answer import Answer, read_answer
from sendwright.senders.interface.answer import LARGEST_BODY

OURS = "99990000-0000-4000-8000-000000000009"


async def read(response: httpx.Response) -> Answer:
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(lambda _: response)) as client,
        client.stream("GET", "https://graph.microsoft.com/v1.0/me") as streamed,
    ):
        return await read_answer(streamed, client_request_id=OURS)


@pytest.mark.parametrize("inner", ["innerError", "innererror", "InnerError", "INNERERROR"])
@pytest.mark.parametrize("outer", ["error", "Error"])
async def test_an_error_is_read_without_regard_to_the_case_of_its_names(outer: str, inner: str) -> None:
    body = {outer: {"Code": "ErrorSendAsDenied", "message": "No.", inner: {"Request-Id": "theirs"}}}
    answer = await read(httpx.Response(403, json=body))
    assert (answer.status, answer.code, answer.message) == (403, "ErrorSendAsDenied", "No.")
    assert (answer.request_id, answer.client_request_id) == ("theirs", OURS)


async def test_the_header_names_the_request_before_the_body_does() -> None:
    response = error(403, "ErrorAccessDenied", headers={"request-id": "in-the-header"}, **{"request-id": "in-the-body"})
    assert (await read(response)).request_id == "in-the-header"


async def test_an_inner_code_is_taken_where_the_outer_one_lacks() -> None:
    body = {"error": {"message": "x", "innerError": {"code": "ErrorQuotaExceeded"}}}
    assert (await read(httpx.Response(403, json=body))).code == "ErrorQuotaExceeded"


async def test_a_claims_challenge_is_kept() -> None:
    field = (
        'Bearer realm="", authorization_uri="https://login", error="insufficient_claims", claims="eyJhY2Nlc3MiOnt9fQ=="'
    )
    answer = await read(httpx.Response(401, headers={"WWW-Authenticate": field}))
    assert (answer.error, answer.claims) == ("insufficient_claims", "eyJhY2Nlc3MiOnt9fQ==")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Service unavailable</html>",
        b"[]",
        b'"error"',
        b'{"error": "a word"}',
        b'{"error": []}',
        b'{"error": {"code": 7, "innerError": "x"}}',
        b'{"error": {"code": null}}',
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"error": {"code": "' + b"A" * 5_000 + b'"}}',
        b'{"error": {"code": "two\\nlines"}}',
    ],
)
async def test_what_is_no_error_of_graph_has_no_code(content: bytes) -> None:
    answer = await read(httpx.Response(503, content=content))
    assert (answer.status, answer.code) == (503, "")


async def test_a_body_without_end_is_not_read_to_its_end() -> None:
    padded = b'{"error": {"code": "ErrorAccessDenied"}}' + b" " * LARGEST_BODY
    assert (await read(httpx.Response(403, content=padded))).code == ""


async def test_a_packed_body_that_nobody_asked_for_stays_packed() -> None:
    packed = gzip.compress(b'{"error": {"code": "ErrorAccessDenied"}}')
    answer = await read(httpx.Response(403, content=packed, headers={"Content-Encoding": "gzip"}))
    assert (answer.status, answer.code) == (403, "")


async def test_a_status_stands_although_the_rest_was_cut_off() -> None:
    assert (await read(httpx.Response(202, stream=Drops()))).status == 202


async def test_ids_that_would_not_show_are_left_out() -> None:
    body = {"error": {"code": "x", "innerError": {"request-id": "a\u202eb"}}}
    assert (await read(httpx.Response(403, json=body))).request_id == ""


async def test_a_page_for_people_is_told_from_graphs_words() -> None:
    page = httpx.Response(200, html="<h1>Blocked</h1>")
    assert (await read(page)).html
    assert not (await read(httpx.Response(200, json={}))).html


@given(content=st.binary(max_size=300), status=st.integers(min_value=200, max_value=599))
async def test_whatever_comes_something_is_read(content: bytes, status: int) -> None:
    answer = await read(httpx.Response(status, content=content))
    assert answer.status == status
    assert answer.code.isprintable()
