"""The search as a whole: order, consent, privacy, and an end in bounded time."""

import asyncio

import httpx
import pytest
from tests.unit.providers.custom_smtp.test_autoconfig import document, server
from tests.unit.providers.doubles import BROKEN, HANG, FakeProber, FakeResolver, Reported, Web

from sendwright.diagnosis.stage import Verdict
from sendwright.network.resolver import MailExchanger, Service
from sendwright.providers.custom_smtp.discovery import SOURCES, Discovery, Search
from sendwright.providers.custom_smtp.presets import load
from sendwright.providers.custom_smtp.probe import Reach
from sendwright.providers.custom_smtp.publisher import Publisher

AUTOCONFIG = "autoconfig.example.org/mail/config-v1.1.xml"
LISTED = "v1.ispdb.net/example.org"
PROBED = {("smtp.example.org", 465): Reach.SECURE}
SRV = {"_submissions._tcp.example.org": (Service(0, 0, "srv.example.org", 465),)}
NEVER = {"budget_s": 0.2, "grace_s": 0.05}
GENEROUS_S = 20.0


async def never(_: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError


class Attempt:
    """One search with everything around it in view."""

    def __init__(
        self,
        *,
        resolver: FakeResolver | None = None,
        web: Web | None = None,
        prober: FakeProber | None = None,
        budget_s: float = GENEROUS_S,
        grace_s: float = GENEROUS_S,
    ) -> None:
        self.resolver = resolver or FakeResolver()
        self.web = web or Web()
        self.prober = prober or FakeProber()
        self.reported = Reported()
        self.discovery = Discovery(
            resolver=self.resolver,
            publisher=Publisher(self.web.client),
            prober=self.prober,
            presets=load(),
            budget_s=budget_s,
            grace_s=grace_s,
        )

    async def search(self, domain: str = "example.org", *, ask_mozilla: bool = False) -> Search:
        async with asyncio.timeout(GENEROUS_S):
            return await self.discovery.search(domain, ask_mozilla=ask_mozilla, progress=self.reported)


async def test_the_places_are_believed_in_their_order_whoever_is_faster() -> None:
    async def late(_: httpx.Request) -> httpx.Response:
        for _turn in range(50):
            await asyncio.sleep(0)
        return httpx.Response(200, content=document(server(host="auto.example.org")))

    web = Web({AUTOCONFIG: late, LISTED: document(server(host="listed.example.org"))})
    attempt = Attempt(
        resolver=FakeResolver(srv=SRV, mx={"example.org": (MailExchanger(10, "mx00.ionos.de"),)}), web=web
    )
    search = await attempt.search(ask_mozilla=True)
    assert [one.host for one in search.candidates] == [
        "smtp.ionos.de",
        "smtp.ionos.de",
        "auto.example.org",
        "srv.example.org",
        "listed.example.org",
    ]
    assert tuple(finding.source for finding in search.findings) == SOURCES
    assert sorted(attempt.reported.ids) == sorted(SOURCES)


async def test_the_same_server_from_two_places_keeps_the_better_origin() -> None:
    web = Web({AUTOCONFIG: document(server(host="srv.example.org"))})
    search = await Attempt(resolver=FakeResolver(srv=SRV), web=web).search()
    assert [(one.host, one.origin.key) for one in search.candidates] == [
        ("srv.example.org", "custom_smtp.origin.autoconfig")
    ]


async def test_ports_are_tried_when_nobody_else_knows() -> None:
    attempt = Attempt(prober=FakeProber(PROBED))
    search = await attempt.search()
    assert [(one.host, one.port, one.origin.key) for one in search.candidates] == [
        ("smtp.example.org", 465, "custom_smtp.origin.probe")
    ]
    assert attempt.reported["probe"].verdict is Verdict.PASSED
    assert attempt.reported["probe"].evidence == {"found": ["smtp.example.org:465 tls"], "reason": ""}


async def test_no_port_is_tried_for_a_domain_that_is_known() -> None:
    attempt = Attempt(prober=FakeProber(PROBED))
    search = await attempt.search("gmx.de")
    assert search.candidates[0].host == "mail.gmx.net"
    assert attempt.prober.tried == []
    assert attempt.reported["probe"].verdict is Verdict.NOT_REACHED
    assert attempt.reported["probe"].evidence["reason"] == "not-needed"


async def test_trying_ports_ends_as_soon_as_another_place_answers() -> None:
    attempt = Attempt(resolver=FakeResolver(srv=SRV), prober=FakeProber(hangs=True))
    search = await attempt.search()
    assert [one.host for one in search.candidates] == ["srv.example.org"]
    assert attempt.prober.cancelled or attempt.prober.tried == []
    assert attempt.reported["probe"].evidence["reason"] == "not-needed"


@pytest.mark.parametrize("domain", ["example.org", "gmx.de", "xn--bcher-kva.example"])
async def test_without_consent_nothing_ever_goes_to_mozilla(domain: str) -> None:
    attempt = Attempt(web=Web({LISTED: document(server())}))
    await attempt.search(domain)
    assert attempt.web.hosts == {f"autoconfig.{domain}", domain}
    assert attempt.reported["ispdb"].verdict is Verdict.NOT_REACHED
    assert attempt.reported["ispdb"].evidence["reason"] == "not-agreed"


async def test_with_consent_mozilla_is_told_the_domain_only() -> None:
    attempt = Attempt(web=Web({LISTED: document(server(host="listed.example.org"))}))
    search = await attempt.search(ask_mozilla=True)
    assert [one.host for one in search.candidates] == ["listed.example.org"]
    assert f"https://{LISTED}" in {str(request.url) for request in attempt.web.seen}
    assert not attempt.web.mentions("@")


async def test_a_domain_in_another_script_is_asked_for_in_its_ascii_form() -> None:
    attempt = Attempt()
    await attempt.search("xn--bcher-kva.example")
    assert attempt.web.hosts == {"autoconfig.xn--bcher-kva.example", "xn--bcher-kva.example"}
    assert "_submissions._tcp.xn--bcher-kva.example" in attempt.resolver.asked
    assert ("smtp.xn--bcher-kva.example", 465) in attempt.prober.tried


async def test_a_failure_in_every_place_is_noted_and_hinders_nobody() -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no such host")

    places = dict.fromkeys([AUTOCONFIG, "example.org/.well-known/autoconfig/mail/config-v1.1.xml", LISTED], fail)
    names = ("_submissions._tcp.example.org", "_submission._tcp.example.org")
    resolver = FakeResolver(mx={"example.org": BROKEN}, srv=dict.fromkeys(names, BROKEN))
    attempt = Attempt(resolver=resolver, web=Web(places), prober=FakeProber(PROBED))
    search = await attempt.search(ask_mozilla=True)
    assert [finding.failed for finding in search.findings] == [True, True, True, True, False]
    assert [one.host for one in search.candidates] == ["smtp.example.org"]
    warned = {result.id for result in attempt.reported.results if result.verdict is Verdict.WARNING}
    assert warned == {"presets", "autoconfig", "srv", "ispdb"}


async def test_nothing_anywhere_is_an_answer_too() -> None:
    attempt = Attempt()
    search = await attempt.search(ask_mozilla=True)
    assert search.candidates == ()
    assert {finding.reason for finding in search.findings} == {"nothing-found"}
    assert {result.verdict for result in attempt.reported.results} == {Verdict.PASSED}


async def test_everything_that_never_answers_is_given_up_in_bounded_time() -> None:
    names = ("_submissions._tcp.example.org", "_submission._tcp.example.org")
    attempt = Attempt(
        resolver=FakeResolver(mx={"example.org": HANG}, srv=dict.fromkeys(names, HANG)),
        web=Web({AUTOCONFIG: never, LISTED: never}),
        prober=FakeProber(hangs=True),
        **NEVER,
    )
    search = await attempt.search(ask_mozilla=True)
    assert search.candidates == ()
    assert {finding.reason for finding in search.findings} == {"timed-out"}
    assert all(finding.failed for finding in search.findings)
    assert sorted(attempt.reported.ids) == sorted(SOURCES)


async def test_a_silent_nameserver_does_not_keep_the_ports_from_being_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sendwright.providers.custom_smtp.discovery.MX_PATIENCE_S", 0.01)
    attempt = Attempt(resolver=FakeResolver(mx={"example.org": HANG}), prober=FakeProber(PROBED))
    search = await attempt.search()
    assert [one.host for one in search.candidates] == ["smtp.example.org"]
    assert attempt.reported["presets"].verdict is Verdict.WARNING


async def test_a_slow_place_behind_the_answer_gets_only_a_short_grace() -> None:
    attempt = Attempt(resolver=FakeResolver(srv=SRV), web=Web({LISTED: never}), budget_s=GENEROUS_S, grace_s=0.01)
    search = await attempt.search(ask_mozilla=True)
    assert [one.host for one in search.candidates] == ["srv.example.org"]
    assert attempt.reported["ispdb"].evidence["reason"] == "not-needed"
    assert attempt.reported["ispdb"].verdict is Verdict.NOT_REACHED


async def test_a_place_ahead_of_the_answer_is_waited_for() -> None:
    released = asyncio.Event()

    async def late(_: httpx.Request) -> httpx.Response:
        await released.wait()
        return httpx.Response(200, content=document(server(host="auto.example.org")))

    attempt = Attempt(resolver=FakeResolver(srv=SRV), web=Web({AUTOCONFIG: late}), budget_s=GENEROUS_S, grace_s=0.0)
    searching = asyncio.ensure_future(attempt.search())
    await attempt.reported.ended["srv"].wait()
    released.set()
    assert next(one.host for one in (await searching).candidates) == "auto.example.org"


async def test_a_cancelled_search_leaves_nothing_running() -> None:
    attempt = Attempt(web=Web({AUTOCONFIG: never}), prober=FakeProber(hangs=True))
    searching = asyncio.ensure_future(attempt.search())
    await attempt.prober.started.wait()
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert attempt.prober.cancelled
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_filter_in_front_is_said_while_the_other_places_go_on() -> None:
    resolver = FakeResolver(mx={"example.org": (MailExchanger(5, "eu-smtp-inbound-1.mimecast.com"),)}, srv=SRV)
    search = await Attempt(resolver=resolver).search()
    assert [one.values for one in search.remarks] == [{"filter": "Mimecast"}]
    assert [one.host for one in search.candidates] == ["srv.example.org"]
