"""The https server gives fixed answers under any name and remembers who asked for what."""

import ssl

import httpx
import pytest
from tests.servers.autoconfig_https import EveryHostLeadsTo, HttpsServer, Page, Seen
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartHttps

PATH = "/mail/config-v1.1.xml"


@pytest.fixture
def trust(certificates: Certificates) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificates.ca_file))


async def _get(server: HttpsServer, trust: ssl.SSLContext, url: str) -> httpx.Response:
    transport = EveryHostLeadsTo(server.address, context=trust)
    async with httpx.AsyncClient(transport=transport, timeout=5) as client:
        return await client.get(url)


async def test_a_page_is_served_under_the_name_in_the_url(
    https_server: StartHttps, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    server = https_server(
        {PATH: Page(body=b"<clientConfig/>", headers={"X-Kind": "autoconfig"})},
        certificate=certificates.issue("autoconfig.example.org"),
    )
    answer = await _get(server, trust, f"https://autoconfig.example.org{PATH}?emailaddress=a@example.org")
    assert (answer.status_code, answer.content) == (200, b"<clientConfig/>")
    assert answer.headers["content-type"] == "text/xml"
    assert answer.headers["x-kind"] == "autoconfig"
    assert server.seen == [
        Seen(host="autoconfig.example.org", method="GET", target=f"{PATH}?emailaddress=a@example.org")
    ]


async def test_a_certificate_for_another_name_is_still_refused(
    https_server: StartHttps, certificates: Certificates, trust: ssl.SSLContext
) -> None:
    server = https_server({PATH: Page()}, certificate=certificates.wrong_name)
    with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
        await _get(server, trust, f"https://autoconfig.example.org{PATH}")
    assert server.seen == []


async def test_a_page_of_one_host_comes_before_the_page_of_all(https_server: StartHttps, trust: ssl.SSLContext) -> None:
    server = https_server({PATH: Page(body=b"any"), f"mail.example.org{PATH}": Page(body=b"own")})
    assert (await _get(server, trust, f"https://mail.example.org{PATH}")).content == b"own"
    assert (await _get(server, trust, f"https://localhost{PATH}")).content == b"any"


async def test_what_is_not_there_is_404_and_redirects_are_redirects(
    https_server: StartHttps, trust: ssl.SSLContext
) -> None:
    moved = Page(status=302, headers={"Location": "http://mail.example.org/elsewhere"})
    server = https_server({"/moved": moved})
    assert (await _get(server, trust, "https://mail.example.org/none")).status_code == 404
    answer = await _get(server, trust, "https://mail.example.org/moved")
    assert (answer.status_code, answer.headers["location"]) == (302, "http://mail.example.org/elsewhere")


async def test_a_slow_page_runs_into_the_timeout(https_server: StartHttps, trust: ssl.SSLContext) -> None:
    server = https_server({"/slow": Page(delay=5)})
    transport = EveryHostLeadsTo(server.address, context=trust)
    async with httpx.AsyncClient(transport=transport, timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("https://mail.example.org/slow")


async def test_plain_http_and_posted_bodies(https_server: StartHttps, trust: ssl.SSLContext) -> None:
    server = https_server({"/in": Page(status=202)}, certificate=None)
    transport = EveryHostLeadsTo(server.address, context=trust)
    async with httpx.AsyncClient(transport=transport, timeout=5) as client:
        answer = await client.post("http://example.org/in", content=b"x" * 200_000)
    assert answer.status_code == 202
    assert server.seen == [Seen(host="example.org", method="POST", target="/in", body=b"x" * 200_000)]
