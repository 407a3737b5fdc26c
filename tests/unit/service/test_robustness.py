"""Whatever is sent, the backend answers: never with a fault, always with a problem document of a known code."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.service.backend_kit import PROFILE, Backend, code_of, running

from sendwright.service.application import LARGEST_BODY
from sendwright.service.trouble import STATUS

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "\x00", "smtp", "a@example.org", "eyJ.....", "9" * 400]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["profile", "credentials", "note", "to", "code", "device", "settings", "address"])
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
PROFILES = st.fixed_dictionaries(
    {
        "provider": st.text(max_size=8),
        "sender": st.sampled_from(["smtp", "graph", ""]),
        "address": st.sampled_from(["a@example.org", "a@b", "", "a@\x00"]) | st.text(max_size=8),
        "alias": st.text(max_size=80),
        "settings": st.dictionaries(
            st.sampled_from(["host", "port", "security", "username", "ca_pem", "x"]), VALUES, max_size=5
        ),
    },
    optional={"schema": st.text(max_size=5), "more": VALUES},
)
BODIES = (
    VALUES.map(lambda value: json.dumps(value).encode())
    | st.builds(
        lambda profile, credentials: json.dumps({"profile": profile, "credentials": credentials}).encode(),
        PROFILES,
        st.none() | st.text(max_size=50) | st.text("abc.-_=", max_size=60),
    )
    | st.binary(max_size=100)
    | st.just(b"[" * 5_000)
)
PATHS = st.sampled_from(
    [
        "/v1/profiles", "/v1/profiles/1", "/v1/profiles/1/test", "/v1/profiles/1/activate",
        "/v1/profiles/1/restore", "/v1/profiles/active", "/v1/enrolments", "/v1/organisation", "/v1/keys",
        "/v1/audit", "/healthz", "/readyz", "/openapi.json", "/v1/", "/", "/v1/profiles/-1", "/v1/profiles/x",
        "/v1/profiles/1e9", "/v1/profiles/%00", "/v1/profiles/9999999999999999999999/activate", "//v1//profiles",
        "/v1/profiles/../audit", "/v1/%ff%fe",
    ]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"])
HEADER_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            ["application/json", "text/plain", "application/x-msgpack", "multipart/form-data", "", "x/y;charset=z"]
        ),
        "If-Match": HEADER_VALUES | st.just("*"),
        "Idempotency-Key": HEADER_VALUES,
        "Accept": st.sampled_from(["*/*", "text/html", "application/xml"]),
        "Content-Encoding": st.just("gzip"),
    },
)


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    async with running(tmp_path) as found:
        await found.wizard.put_in_force(PROFILE)
        yield found


def check(answer: httpx.Response, method: str) -> None:
    assert answer.status_code < 500 or answer.json()["code"] == "backend-not-ready", answer.text
    if answer.status_code >= 400 and method != "HEAD":
        assert STATUS[code_of(answer)] == answer.status_code
    assert "Traceback" not in answer.text


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=METHODS, path=PATHS, body=BODIES, headers=HEADERS, signed_in=st.booleans())
async def test_no_request_makes_it_fail(
    backend: Backend, method: str, path: str, body: bytes, headers: dict[str, str], *, signed_in: bool
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if signed_in:
        raw.append((b"Authorization", f"Bearer {backend.wizard.token}".encode()))
    check(await backend.wizard.http.request(method, path, content=body, headers=raw), method)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/v1/profiles", "/v1/profiles/1/test", "/v1/enrolments"]),
    body=BODIES,
    key=HEADER_VALUES,
)
async def test_no_body_of_a_well_formed_request_makes_it_fail(
    backend: Backend, path: str, body: bytes, key: str
) -> None:
    headers = [
        (b"Authorization", f"Bearer {backend.wizard.token}".encode()),
        (b"Content-Type", b"application/json"),
        (b"If-Match", b"*"),
        (b"Idempotency-Key", key.encode("latin-1")),
    ]
    answer = await backend.wizard.http.post(path, content=body, headers=headers)
    check(answer, "POST")
    backend.clock.forward(minutes=1)  # wrong codes are counted for a minute


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused(backend: Backend, *, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 1):
            yield b" " * 1024

    content = pieces() if chunked else b" " * (LARGEST_BODY + 1)
    answer = await backend.wizard.write(
        "POST", "/v1/profiles", content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, code_of(answer)) == (413, "backend-request-too-large")


@pytest.mark.parametrize("path", ["/v1/profiles", "/v1/profiles/1/test", "/v1/enrolments"])
async def test_what_is_no_utf_8_is_no_request(backend: Backend, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await backend.wizard.write("POST", path, content=b'{"code": "\xe9", "to": "\xe9"}', headers=headers)
    assert (answer.status_code, code_of(answer)) == (400, "backend-request-invalid")


@pytest.mark.parametrize("version", [0, -1, -(2**31) - 1, -(10**30), 2**31, 10**30])
@pytest.mark.parametrize("what", ["", "/test", "/activate", "/restore"])
async def test_a_version_that_no_database_has_is_not_found(backend: Backend, what: str, version: int) -> None:
    path = f"/v1/profiles/{version}{what}"
    body = {} if what == "/test" else None
    answer = await backend.wizard.write("POST" if what else "GET", path, json=body)
    assert (answer.status_code, code_of(answer)) == (404, "backend-not-found")


async def test_a_note_is_text_that_every_database_has(backend: Backend) -> None:
    body = await backend.wizard.body() | {"note": "a\x00b"}
    answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
    assert (code_of(answer), answer.json()["detail"]) == ("backend-request-invalid", "$.note")


async def test_what_stood_in_a_refused_request_is_not_in_the_answer(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    secret = "canary-in-the-wrong-place"
    for body in (
        {"profile": {"password": secret}, "credentials": secret},
        {"profile": secret, "credentials": None},
        {"profile": {**json.loads('{"provider":1}'), "settings": {"security": secret}}, "credentials": None},
        secret,
    ):
        answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
        assert 400 <= answer.status_code < 500
        assert secret not in answer.text
    answer = await backend.wizard.ask("GET", f"/v1/profiles/{secret}")
    assert secret not in answer.text
    ours = [record for record in caplog.records if record.name.startswith("sendwright")]
    assert all(secret not in record.getMessage() for record in ours)


async def test_where_a_request_is_wrong_is_said(backend: Backend) -> None:
    body = await backend.wizard.body()
    body["profile"]["settings"] = []
    answer = await backend.wizard.write("POST", "/v1/profiles", json=body)
    assert (code_of(answer), answer.json()["detail"]) == ("backend-request-invalid", "$.profile.settings")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/v1/profiles", {"GET", "POST"}), ("POST", "/v1/organisation", {"GET"})],
)
async def test_a_wrong_method_is_told_the_right_ones(
    backend: Backend, method: str, path: str, allowed: set[str]
) -> None:
    answer = await backend.wizard.ask(method, path)
    assert (answer.status_code, code_of(answer)) == (405, "backend-method-not-allowed")
    assert allowed <= {name.strip() for name in answer.headers["allow"].split(",")}


async def test_the_interface_describes_itself_to_everybody(backend: Backend) -> None:
    answer = await backend.wizard.http.get("/openapi.json")
    description = answer.json()
    assert description["openapi"].startswith("3.1")
    assert {"/healthz", "/readyz", "/v1/enrolments", "/v1/organisation", "/v1/keys", "/v1/audit"} <= set(
        description["paths"]
    )
    stage = description["paths"]["/v1/profiles"]["post"]
    assert {parameter["name"] for parameter in stage["parameters"]} == {"If-Match", "Idempotency-Key"}
    assert description["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "description" in stage
