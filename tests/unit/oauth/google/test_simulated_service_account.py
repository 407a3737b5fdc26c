"""A service account acts for users of the simulated Google, as far as its Admin console allows it and no further."""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.servers.google import listening
from tests.unit.oauth.google.key_files import KEY_ID, PUBLIC, key_file, pem
from tests.unit.oauth.standing_in import Notes

from sendwright.oauth.google.place import place_of
from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS
from sendwright.oauth.google.service_account import ServiceAccountTokens, read_key
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.google.example import ANNA, BEN, CLARA, GROUP, NOTICES, SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.problems.classify import classify


class Place:
    """The simulated Google with a service account that has a key and may send."""

    def __init__(self, google: SimulatedGoogle) -> None:
        self.google = google
        self.context = ssl.create_default_context(cadata=google.authority_pem)
        self.account = google.workspace.service_accounts[SERVICE_ACCOUNT]
        self.account.keys[KEY_ID] = PUBLIC
        google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
        self.now = datetime.now(UTC)

    def web(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=self.context, trust_env=False)

    def tokens(self, subject: str = ANNA, scope: str = SEND, **changes: object) -> ServiceAccountTokens:
        found = {"client_email": SERVICE_ACCOUNT, "client_id": SERVICE_ACCOUNT_ID, "private_key": pem()} | changes
        return ServiceAccountTokens(
            email=str(found["client_email"]),
            subject=subject,
            scope=scope,
            place=place_of(login=self.google.login, gmail=self.google.gmail),
            web=self.web,
            recorder=Notes(),
            clock=lambda: self.now,
            key=read_key(key_file(**found)),
        )

    async def refused(self, tokens: ServiceAccountTokens) -> str:
        with pytest.raises(OAuthFailed) as failure:
            await tokens.token()
        return classify(failure.value.evidence).code

    async def lists(self, tokens: ServiceAccountTokens, mailbox: str) -> int:
        """Return what Gmail answers when the sending addresses of `mailbox` are asked for."""
        access = await tokens.token()
        async with self.web() as client:
            answer = await client.get(
                f"{self.google.gmail}/gmail/v1/users/{mailbox}/settings/sendAs",
                headers={"authorization": f"Bearer {access.secret.reveal()}"},
            )
        return answer.status_code


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async with listening() as found:
        yield Place(found.google)


async def test_it_acts_for_any_user_of_the_workspace(place: Place) -> None:
    for subject in (ANNA, BEN):
        access = await place.tokens(subject).token()
        assert access.scope == SEND
        assert access.expires_at > place.now + timedelta(minutes=50)


async def test_it_acts_for_nobody_else(place: Place) -> None:
    for subject in (CLARA, GROUP, NOTICES, "nobody@example.org"):
        assert await place.refused(place.tokens(subject)) == "google-delegated-user-unknown"
    place.google.workspace.people[BEN].suspended = True
    assert await place.refused(place.tokens(BEN)) == "google-delegated-user-unknown"


async def test_it_may_do_what_the_admin_console_lists_letter_by_letter(place: Place) -> None:
    for scope in (SETTINGS, MAIL, f"{SEND} {SETTINGS}"):
        assert await place.refused(place.tokens(scope=scope)) == "google-delegation-missing"
    place.google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND, SETTINGS}
    both = place.tokens(scope=f"{SEND} {SETTINGS}")
    assert await place.lists(both, "me") == 200
    assert await place.lists(both, BEN) == 403, "a token acts for one user"
    del place.google.workspace.delegations[SERVICE_ACCOUNT_ID]
    assert await place.refused(place.tokens()) == "google-delegation-missing"


async def test_an_entry_that_comes_late_counts_from_then_on(place: Place) -> None:
    place.google.workspace.delegations.clear()
    tokens = place.tokens()
    assert await place.refused(tokens) == "google-delegation-missing"
    place.google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
    assert (await tokens.token()).secret.reveal()


@pytest.mark.parametrize("gone", ["key", "other-key", "disabled", "unknown"])
async def test_a_key_or_an_account_that_is_gone_is_told_as_the_administrators(place: Place, gone: str) -> None:
    if gone == "key":
        place.account.keys.clear()
    elif gone == "other-key":
        place.account.keys = {"another": PUBLIC}
    elif gone == "disabled":
        place.account.disabled = True
    else:
        place.google.workspace.service_accounts.clear()
    code = await place.refused(place.tokens())
    assert code in {"google-service-account-key-refused", "google-service-account-unusable"}


@pytest.mark.parametrize("off", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=400)])
async def test_a_clock_that_is_wrong_is_told(place: Place, off: timedelta) -> None:
    place.now += off
    assert await place.refused(place.tokens()) == "google-request-time-wrong"


async def test_a_key_that_names_another_account_signs_for_nobody(place: Place) -> None:
    other = SERVICE_ACCOUNT.replace("notices", "other")
    assert await place.refused(place.tokens(client_email=other)) == "google-service-account-key-refused"
