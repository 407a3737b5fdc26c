"""Which requests are the answer that is waited for: decided without a network."""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.callback import LONGEST_VALUE
from sendwright.oauth.loopback_pages import NOTHING, STRAY, WAITING
from sendwright.oauth.loopback_request import Gate, Request, Verdict, judge

STATE = "the-state"
LOGIN = "https://login.microsoftonline.com"
HOST = ("host", "localhost:49152")
GATE = Gate(
    redirect_uri="http://localhost:49152",
    hosts=frozenset({"localhost:49152", "127.0.0.1:49152", "[::1]:49152"}),
    path="/",
    clean="/received",
    state=STATE,
)
POSTED = Gate(
    redirect_uri="http://localhost:49152/back",
    hosts=GATE.hosts,
    path="/back",
    clean="/back/received",
    state=STATE,
    origins=frozenset({LOGIN}),
)
QUERY = urlencode({"code": "c", "state": STATE})
FORM = ("content-type", "application/x-www-form-urlencoded")


def get(target: str, *headers: tuple[str, str], gate: Gate = GATE, method: str = "GET") -> Verdict:
    return judge(Request(method=method, target=target, headers=headers or (HOST,)), gate)


def post(*headers: tuple[str, str], body: str = QUERY, target: str = "/back", gate: Gate = POSTED) -> Verdict:
    return judge(Request(method="POST", target=target, headers=(HOST, *headers), body=body.encode()), gate)


@pytest.mark.parametrize("host", ["localhost:49152", "LOCALHOST:49152", "127.0.0.1:49152", "[::1]:49152"])
def test_the_answer_is_taken_under_the_names_of_this_computer(host: str) -> None:
    verdict = get(f"/?{QUERY}", ("host", host))
    assert (verdict.status, verdict.parameters) == (HTTPStatus.SEE_OTHER, {"code": "c", "state": STATE})
    assert not verdict.stray


@pytest.mark.parametrize(
    "headers",
    [
        [("host", "rebound.example.org:49152")],
        [("host", "localhost")],
        [("host", "localhost:80")],
        [("host", "localhost:49152.example.org")],
        [("host", "localhost.:49152")],
        [("host", "127.1:49152")],
        [("host", "")],
        [("host", "localhost:49152"), ("host", "example.org")],
        [("x-forwarded-host", "localhost:49152")],
    ],
)
def test_another_name_is_a_page_that_made_a_name_of_its_own_point_here(headers: list[tuple[str, str]]) -> None:
    verdict = get(f"/?{QUERY}", *headers)
    assert verdict == Verdict(status=HTTPStatus.MISDIRECTED_REQUEST, page=NOTHING)


@pytest.mark.parametrize(
    "method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "GET, POST"]
)
def test_other_methods_take_nothing(method: str) -> None:
    verdict = get(f"/?{QUERY}", method=method)
    assert verdict == Verdict(status=HTTPStatus.METHOD_NOT_ALLOWED, page=NOTHING)


@pytest.mark.parametrize(
    "target",
    [
        "/favicon.ico",
        "/robots.txt",
        f"//?{QUERY}",
        f"//example.org/?{QUERY}",
        f"/back?{QUERY}",
        f"/%2e/?{QUERY}",
        f"/../?{QUERY}",
        f"/;?{QUERY}",
        f"http://localhost:49152/?{QUERY}",
        f"http://example.org/?{QUERY}",
        f"?{QUERY}",
        "*",
        "",
        "/.env",
        "/received/",
    ],
)
def test_other_paths_hold_nothing(target: str) -> None:
    assert get(target) == Verdict(status=HTTPStatus.NOT_FOUND, page=NOTHING)


@pytest.mark.parametrize("target", ["/", "/?", "/received", f"/received?{QUERY}"])
def test_a_look_without_an_answer_is_no_stray(target: str) -> None:
    assert get(target) == Verdict(status=HTTPStatus.OK, page=WAITING)


@pytest.mark.parametrize(
    "query",
    [
        "code=c",
        "code=c&state=",
        "code=c&state=forged",
        "error=access_denied&state=forged",
        "error=access_denied",
        f"state={STATE}",
        f"{QUERY}&state={STATE}",
        f"{QUERY}&code=d",
        f"{QUERY}&error=access_denied",
        f"{QUERY}&x=%FF",
        f"{QUERY} ",
        f"{QUERY}%00",
        "code=%0d%0aSet-Cookie:%20a&state=" + STATE,
        f"state={STATE}&code={'c' * (LONGEST_VALUE + 1)}",
        f"{QUERY}&" + "&".join(f"x{number}" for number in range(99)),
        "a=<script>alert(1)</script>",
        f"state={STATE.upper()}&code=c",
    ],
)
def test_an_answer_that_is_not_ours_is_a_stray(query: str) -> None:
    assert get(f"/?{query}") == Verdict(status=HTTPStatus.BAD_REQUEST, page=STRAY, stray=True)


@pytest.mark.parametrize("unknown", ["x=1", "redirect_uri=https://example.org", "admin=1", "next=//example.org"])
def test_extra_parameters_change_nothing(unknown: str) -> None:
    assert get(f"/?{QUERY}&{unknown}").parameters == {"code": "c", "state": STATE}


@pytest.mark.parametrize("dest", ["image", "iframe", "frame", "empty", "script", "embed", "object", "Document"])
def test_what_another_page_loads_into_itself_is_a_stray(dest: str) -> None:
    verdict = get(f"/?{QUERY}", HOST, ("sec-fetch-dest", dest))
    assert verdict == Verdict(status=HTTPStatus.FORBIDDEN, page=STRAY, stray=True)


def test_a_destination_that_is_named_twice_is_none_of_a_window() -> None:
    twice = (("sec-fetch-dest", "image"), ("sec-fetch-dest", "document"))
    assert get(f"/?{QUERY}", HOST, *twice).status is HTTPStatus.FORBIDDEN


def test_what_a_browser_loads_ahead_of_time_takes_nothing() -> None:
    ahead = (
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    )
    for header in ahead:
        assert get(f"/?{QUERY}", HOST, header).parameters is None
        assert get(f"/?{QUERY}", HOST, header, header).parameters is None, "said twice is said, too"


@pytest.mark.parametrize("origin", [LOGIN, "null"])
def test_the_form_of_the_sign_in_page_is_taken(origin: str) -> None:
    verdict = post(("origin", origin), FORM, ("sec-fetch-dest", "document"))
    assert verdict.parameters == {"code": "c", "state": STATE}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([FORM], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", "https://example.org")], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", f"{LOGIN}.example.org")], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", LOGIN.upper())], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", LOGIN), ("origin", LOGIN)], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", LOGIN), ("sec-fetch-dest", "iframe")], HTTPStatus.FORBIDDEN),
        ([FORM, ("origin", LOGIN), ("sec-fetch-dest", "empty")], HTTPStatus.FORBIDDEN),
        ([("origin", LOGIN)], HTTPStatus.BAD_REQUEST),
        ([("origin", LOGIN), ("content-type", "text/plain")], HTTPStatus.BAD_REQUEST),
        ([("origin", LOGIN), ("content-type", "multipart/form-data; boundary=x")], HTTPStatus.BAD_REQUEST),
        ([("origin", LOGIN), ("content-type", "application/json")], HTTPStatus.BAD_REQUEST),
    ],
)
def test_a_form_of_another_page_is_a_stray(headers: list[tuple[str, str]], status: HTTPStatus) -> None:
    assert post(*headers) == Verdict(status=status, page=STRAY, stray=True)


@pytest.mark.parametrize("body", ["", "code=c", "code=c&state=forged", f"{QUERY}&state={STATE}", "\0", "é"])
def test_a_form_with_another_answer_is_a_stray(body: str) -> None:
    verdict = post(("origin", LOGIN), FORM, body=body)
    assert verdict == Verdict(status=HTTPStatus.BAD_REQUEST, page=STRAY, stray=True)


def test_a_form_carries_its_answer_in_its_body_alone() -> None:
    assert post(("origin", LOGIN), FORM, target=f"/back?{QUERY}").parameters is None
    assert post(("origin", LOGIN), FORM, target="/back/received").parameters is None


def test_without_a_page_that_may_post_no_form_is_taken() -> None:
    for origin in ("null", LOGIN, "http://localhost:49152"):
        assert post(("origin", origin), FORM, target="/", gate=GATE).status == HTTPStatus.FORBIDDEN


def test_what_must_not_be_seen_is_not_shown() -> None:
    assert STATE not in repr(GATE)
    assert "code" not in repr(get(f"/?{QUERY}")).replace("status_code", "")


@given(
    target=st.text(max_size=60),
    method=st.sampled_from(["GET", "POST"]),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["host", "origin", "content-type", "sec-fetch-dest"]),
            st.sampled_from([HOST[1], FORM[1], LOGIN, "document"]) | st.text(max_size=20),
        )
    ),
    body=st.binary(max_size=60),
)
def test_nothing_is_taken_from_whoever_does_not_know_the_state(
    target: str, method: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    request = Request(method=method, target=f"/back?{target}", headers=(HOST, *headers), body=body)
    assert judge(request, POSTED).parameters is None


def test_a_request_and_a_verdict_show_nothing_that_came() -> None:
    request = Request(method="GET", target=f"/?{QUERY}", headers=(HOST, ("cookie", "mark")), body=b"mark")
    shown = f"{request!r} {judge(request, GATE)!r} {GATE!r}"
    for word in (STATE, "mark", "code=c"):
        assert word not in shown
