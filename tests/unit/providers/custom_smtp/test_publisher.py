"""How published settings are fetched: over https only, small, from the named host, without an address."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.unit.providers.custom_smtp.test_autoconfig import document, server
from tests.unit.providers.doubles import Page, Web

from sendwright.providers.custom_smtp.candidate import Confidence
from sendwright.providers.custom_smtp.publisher import MAX_BYTES, MOZILLA, Publisher

SUBDOMAIN = "autoconfig.example.org/mail/config-v1.1.xml"
WELL_KNOWN = "example.org/.well-known/autoconfig/mail/config-v1.1.xml"
LISTED = "v1.ispdb.net/example.org"


def leading_to(target: str) -> Page:
    return lambda _: httpx.Response(302, headers={"location": target})


async def test_the_subdomain_comes_before_the_well_known_place() -> None:
    web = Web({SUBDOMAIN: document(server(host="one.example.org")), WELL_KNOWN: document(server())})
    found = await Publisher(web.client).ask_domain("example.org")
    assert [one.host for one in found.candidates] == ["one.example.org"]
    assert found.candidates[0].confidence is Confidence.CONFIRMED
    assert found.candidates[0].origin.values == {"domain": "example.org"}
    assert {str(request.url) for request in web.seen} == {f"https://{SUBDOMAIN}", f"https://{WELL_KNOWN}"}


async def test_the_well_known_place_is_enough() -> None:
    found = await Publisher(Web({WELL_KNOWN: document(server())}).client).ask_domain("example.org")
    assert [one.host for one in found.candidates] == ["smtp.example.org"]


async def test_a_spoilt_first_place_does_not_hide_the_second() -> None:
    web = Web({SUBDOMAIN: b"<html>parked</html>", WELL_KNOWN: document(server())})
    assert (await Publisher(web.client).ask_domain("example.org")).candidates


async def test_mozilla_is_asked_with_the_domain_only() -> None:
    web = Web({LISTED: document(server())})
    found = await Publisher(web.client).ask_mozilla("example.org")
    assert found.source == "ispdb"
    assert found.candidates[0].confidence is Confidence.LIKELY
    assert found.candidates[0].origin.key == "custom_smtp.origin.ispdb"
    assert [str(request.url) for request in web.seen] == [f"{MOZILLA}/example.org"]


async def test_another_list_can_be_given() -> None:
    web = Web({"list.example/v1/example.org": document(server())})
    publisher = Publisher(web.client, mozilla="https://list.example/v1/")
    assert (await publisher.ask_mozilla("example.org")).candidates


async def test_requests_carry_neither_query_nor_credentials() -> None:
    web = Web()
    await Publisher(web.client).ask_domain("example.org")
    for request in web.seen:
        assert request.method == "GET"
        assert request.url.scheme == "https"
        assert not request.url.query
        assert not {"authorization", "cookie", "referer"} & set(request.headers)


@pytest.mark.parametrize(
    "target",
    [
        "http://autoconfig.example.org/mail/config-v1.1.xml",
        "https://evil.example/config.xml",
        "https://autoconfig.example.org:8443/x.xml",
        "//evil.example/config.xml",
        "ftp://autoconfig.example.org/x",
        "https://autoconfig.example.org.evil.example/x",
        "https://ada@evil.example/",
        "http://[broken",
    ],
)
async def test_a_redirect_to_another_host_or_without_tls_is_not_followed(target: str) -> None:
    web = Web({SUBDOMAIN: leading_to(target)})
    found = await Publisher(web.client).ask_domain("example.org")
    assert found.candidates == ()
    assert web.hosts == {"autoconfig.example.org", "example.org"}
    assert len(web.seen) == 2
    assert found.reason in {"redirected", "unreachable"}


async def test_a_redirect_on_the_same_host_is_followed() -> None:
    web = Web({SUBDOMAIN: leading_to("/new.xml"), "autoconfig.example.org/new.xml": document(server())})
    assert (await Publisher(web.client).ask_domain("example.org")).candidates


async def test_redirects_in_a_circle_end() -> None:
    web = Web({SUBDOMAIN: leading_to("/mail/config-v1.1.xml")})
    found = await Publisher(web.client).ask_domain("example.org")
    assert found.reason == "redirected"
    assert len(web.seen) == 4


async def test_a_document_larger_than_the_limit_is_not_read_to_its_end() -> None:
    sent = 0

    async def ten_megabytes() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(160):
            sent += 65_536
            yield b" " * 65_536

    web = Web({SUBDOMAIN: lambda _: httpx.Response(200, content=ten_megabytes())})
    found = await Publisher(web.client).ask_domain("example.org")
    assert found.reason == "too-large"
    assert sent <= MAX_BYTES + 65_536


async def test_a_compressed_document_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    web = Web({SUBDOMAIN: lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, content=bomb)})
    found = await Publisher(web.client).ask_domain("example.org")
    assert (found.candidates, found.reason) == ((), "refused")


@pytest.mark.parametrize(
    ("status", "reason", "failed"),
    [(404, "nothing-found", False), (410, "nothing-found", False), (403, "refused", True), (500, "refused", True)],
)
async def test_a_refusal_is_noted(status: int, reason: str, *, failed: bool) -> None:
    web = Web({LISTED: lambda _: httpx.Response(status)})
    found = await Publisher(web.client).ask_mozilla("example.org")
    assert (found.reason, found.failed) == (reason, failed)


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("no such host"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("nonsense"), OSError()],
)
async def test_a_failure_is_noted_and_nothing_is_raised(error: Exception) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    found = await Publisher(Web({LISTED: fail}).client).ask_mozilla("example.org")
    assert (found.reason, found.failed) == ("unreachable", True)


async def test_a_place_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendwright.providers.custom_smtp.publisher.PATIENCE_S", 0.01)

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    web = Web({SUBDOMAIN: never, WELL_KNOWN: document(server())})
    async with asyncio.timeout(10):
        found = await Publisher(web.client).ask_domain("example.org")
    assert [one.host for one in found.candidates] == ["smtp.example.org"]


async def test_the_gravest_reason_is_told() -> None:
    web = Web({SUBDOMAIN: document(server(socket="plain"))})
    found = await Publisher(web.client).ask_domain("example.org")
    assert (found.reason, found.failed) == ("plaintext-only", False)


async def test_a_domain_too_long_for_a_subdomain_is_only_unreachable() -> None:
    domain = ".".join(["a" * 61] * 4)

    def too_long(request: httpx.Request) -> httpx.Response:
        request.url.host.encode("idna")
        raise UnicodeError("label empty or too long")

    web = Web({f"autoconfig.{domain}/mail/config-v1.1.xml": too_long})
    assert (await Publisher(web.client).ask_domain(domain)).candidates == ()
