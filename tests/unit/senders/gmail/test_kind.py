"""What a backend must know of Gmail without knowing Gmail."""

import httpx
import pytest
from tests.unit.senders.doubles import Learning, network
from tests.unit.senders.gmail.doubles import ACCOUNT, NOTICES, profile

from sendwright.oauth.grant import OAuthFailed
from sendwright.secret import Secret
from sendwright.senders.catalogue import KINDS, kind_of
from sendwright.senders.credentials import CLIENT_SECRET, REFRESH_TOKEN, SERVICE_ACCOUNT_KEY
from sendwright.senders.gmail.kind import GMAIL
from sendwright.senders.gmail.settings import Route, SenderProof, Way
from sendwright.senders.kind import Means
from sendwright.senders.pace import Paces
from sendwright.senders.unusable import ProfileUnusable

PERSON, SERVICE = Way


def test_the_catalogue_knows_it() -> None:
    assert KINDS["gmail"] is kind_of(profile()) is GMAIL


@pytest.mark.parametrize(
    ("way", "keyless", "sets"),
    [
        (PERSON, False, [{REFRESH_TOKEN, CLIENT_SECRET}, {REFRESH_TOKEN}]),
        (SERVICE, False, [{SERVICE_ACCOUNT_KEY}]),
        (SERVICE, True, [set()]),
    ],
)
def test_each_way_has_its_credentials(way: Way, keyless: bool, sets: list[set[str]]) -> None:
    assert list(GMAIL.credentials(profile(way, keyless=keyless))) == sets


@pytest.mark.parametrize(
    ("way", "changes"),
    [
        (PERSON, {"client_id": "other.apps.googleusercontent.com"}),
        (PERSON, {"account_id": "999"}),
        (PERSON, {"own": True}),
        (PERSON, {"login": "https://accounts.example.com"}),
        (PERSON, {"gmail": "https://gmail.example.com"}),
        (PERSON, {"smtp_host": "smtp.example.com"}),
        (PERSON, {"smtp_port": 465}),
        (SERVICE, {"service_account": "other@project.iam.gserviceaccount.com"}),
        (SERVICE, {"client_id": "1"}),
        (SERVICE, {"keyless": True}),
        (SERVICE, {"account": "ben@example.org"}),
    ],
)
def test_another_who_or_where_is_another_sign_in(way: Way, changes: dict[str, object]) -> None:
    assert GMAIL.sign_in(profile(way, **changes)) != GMAIL.sign_in(profile(way))


@pytest.mark.parametrize(
    ("way", "changes"),
    [
        (PERSON, {"account": "anna.example@example.org"}),
        (PERSON, {"proof": "listed"}),
        (PERSON, {"route": "smtp"}),
    ],
)
def test_the_same_at_the_same_place_is_the_same_whatever_it_sends(way: Way, changes: dict[str, object]) -> None:
    assert GMAIL.sign_in(profile(way, **changes)) == GMAIL.sign_in(profile(way))


def test_nobody_elses_sign_in_is_taken_for_that_of_a_service_account() -> None:
    assert GMAIL.sign_in(profile(PERSON)) != GMAIL.sign_in(profile(SERVICE))


def test_what_stands_in_the_place_of_googles_hosts_is_told() -> None:
    assert GMAIL.places(profile()) == set()
    places = {"login": "https://localhost:1", "gmail": "https://localhost:2", "smtp_host": "localhost"}
    assert GMAIL.places(profile(**places)) == set(places.values())


def test_limits_and_mailbox_are_told() -> None:
    limits = GMAIL.limits(profile())
    assert limits is not None
    assert (limits.starts, limits.per_day) == (60, 2_000)
    assert GMAIL.mailbox(profile()) == f"gmail:{ACCOUNT}"


@pytest.mark.parametrize(
    ("address", "proof", "route", "remark"),
    [
        (ACCOUNT, SenderProof.OWN, Route.API, ""),
        (ACCOUNT.upper(), SenderProof.UNPROVEN, Route.API, ""),
        (NOTICES, SenderProof.LISTED, Route.API, ""),
        (NOTICES, SenderProof.ARRIVED, Route.SMTP, ""),
        (NOTICES, SenderProof.UNPROVEN, Route.API, "gmail-sender-unproven"),
        (NOTICES, SenderProof.UNPROVEN, Route.SMTP, "gmail-sender-unproven"),
        (NOTICES, SenderProof.OWN, Route.API, "gmail-sender-unproven"),
        (NOTICES, SenderProof.UNPROVEN, Route.RELAY, ""),
    ],
)
def test_a_sender_that_nothing_proves_is_remarked_on(
    address: str, proof: SenderProof, route: Route, remark: str
) -> None:
    assert GMAIL.remark(profile(route=route, address=address, proof=proof.value)) == remark


@pytest.mark.parametrize("ask", [GMAIL.credentials, GMAIL.sign_in, GMAIL.places, GMAIL.limits, GMAIL.remark])
def test_settings_that_cannot_be_used_are_refused_everywhere(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ProfileUnusable, match="account"):
        ask(profile(account="nobody"))


@pytest.mark.parametrize(("status", "ends"), [(200, True), (400, False)])
async def test_a_grant_is_ended_at_google_itself(status: int, ends: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, bytes]] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), await request.aread()))
        return httpx.Response(status, json={} if ends else {"error": "invalid_request"})

    def client(_: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(answer))

    monkeypatch.setattr("sendwright.senders.gmail.kind.web_client", client)
    learning = Learning()
    means = Means(credentials={}, network=network(recorder=learning), grant=None, paces=Paces(), sources=None)
    assert GMAIL.revoke is not None
    ended = GMAIL.revoke(profile(login="https://localhost:8443"), means, Secret("canary-refresh"))
    if ends:
        await ended
    else:
        with pytest.raises(OAuthFailed) as caught:
            await ended
        assert "canary" not in str(caught.value.evidence)
    ((url, body),) = seen
    assert url == "https://localhost:8443/revoke"
    assert b"canary-refresh" in body
    assert "canary-refresh" in learning.secrets
