"""A grant in the vault of this computer: one keeper, one renewal at a time, nothing lost."""

import asyncio
from datetime import timedelta

import pytest
from tests.unit.oauth.authorisation import Authorisation, failure
from tests.unit.oauth.standing_in import Clock
from tests.unit.vault.vaults import PlainVault

from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import MARGIN, AccessToken, GrantKeeper, OAuthFailed
from sendwright.oauth.vault_keeper import VaultKeeper
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.event import Layer
from sendwright.secret import Secret
from sendwright.vault.vault import SecretRef

REF = SecretRef("grant", "draft-1")
SEND = "https://graph.microsoft.com/Mail.Send offline_access"
SMTP = "https://outlook.office.com/SMTP.Send offline_access"


class Learning:
    """A recorder that knows what it must not note."""

    def __init__(self) -> None:
        self.learned: list[str] = []

    def note(self, layer: Layer, name: str, *, text: str = "", **values: str) -> None:
        raise AssertionError("a keeper has nothing to note")

    def learn(self, secret: Secret) -> None:
        self.learned.append(secret.reveal())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault() -> PlainVault:
    return PlainVault()


@pytest.fixture
def server(clock: Clock) -> Authorisation:
    return Authorisation(clock)


@pytest.fixture
def recorder() -> Learning:
    return Learning()


@pytest.fixture
async def keeper(vault: PlainVault, clock: Clock, recorder: Learning, server: Authorisation) -> VaultKeeper:
    """A keeper with a grant of which one access token, for SEND, lasts."""
    made = VaultKeeper(vault, REF, clock=clock, recorder=recorder, system=System.ENTRA)
    await made.store(server.current, {SEND: server.token("access-0", SEND)})
    return made


def another(vault: PlainVault, clock: Clock) -> VaultKeeper:
    """The program's next start."""
    return VaultKeeper(vault, REF, clock=clock, system=System.ENTRA)


async def refusal(keeper: VaultKeeper, server: Authorisation, scope: str = SEND) -> Evidence:
    with pytest.raises(OAuthFailed) as failed:
        await keeper.access(scope, server.renew)
    return failed.value.evidence


async def test_a_token_that_lasts_is_returned_without_asking(keeper: VaultKeeper, server: Authorisation) -> None:
    as_one: GrantKeeper = keeper
    assert await as_one.access(SEND, server.renew) == server.token("access-0", SEND)
    assert server.renewals == []


async def test_the_order_of_a_scope_means_nothing(keeper: VaultKeeper, server: Authorisation) -> None:
    turned = " ".join(reversed(SEND.split())) + "  offline_access"
    assert (await keeper.access(turned, server.renew)).secret == Secret("access-0")
    assert server.renewals == []


async def test_another_scope_has_its_own_token(keeper: VaultKeeper, server: Authorisation) -> None:
    assert (await keeper.access(SMTP, server.renew)).secret == Secret("access-1")
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-0")
    assert (await keeper.access(SMTP, server.renew)).secret == Secret("access-1")
    assert server.renewals == [SMTP]


async def test_a_token_that_ends_soon_is_renewed_and_the_next_refresh_token_is_stored(
    keeper: VaultKeeper, server: Authorisation, clock: Clock, vault: PlainVault
) -> None:
    clock.now = server.token("").expires_at - MARGIN
    found = await keeper.access(SEND, server.renew)
    assert found == server.token("access-1", SEND)
    assert vault.holds("refresh-1")
    assert not vault.holds("refresh-0")
    assert not vault.holds("access-0")
    assert (await another(vault, clock).access(SEND, server.renew)).secret == Secret("access-1")
    assert (server.renewals, server.reused) == ([SEND], 0)


async def test_a_refresh_token_that_the_server_lets_stand_is_kept(
    keeper: VaultKeeper, server: Authorisation, clock: Clock
) -> None:
    server.rotates = False
    for number in range(1, 4):
        clock.pass_(hours=2)
        assert (await keeper.access(SEND, server.renew)).secret == Secret(f"access-{number}")
    assert await keeper.hand_over() == Secret("refresh-0")


async def test_of_many_who_ask_one_renews(keeper: VaultKeeper, server: Authorisation, clock: Clock) -> None:
    for round_ in range(1, 21):
        clock.pass_(hours=2)
        found = await asyncio.gather(*(keeper.access(SEND, server.renew) for _ in range(20)))
        assert {token.secret for token in found} == {Secret(f"access-{round_}")}
    assert (len(server.renewals), server.reused) == (20, 0)


async def test_a_grant_that_was_found_dead_stays_dead_without_asking_again(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault, clock: Clock
) -> None:
    clock.pass_(hours=2)
    server.failures = [failure("invalid_grant")]
    assert await refusal(keeper, server) == failure("invalid_grant")
    assert await refusal(keeper, server, SMTP) == failure("invalid_grant")
    assert await refusal(another(vault, clock), server) == failure("invalid_grant")
    with pytest.raises(OAuthFailed):
        await keeper.hand_over()
    assert server.renewals == []
    await keeper.store(server.current, {})
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-1")


async def test_a_dead_grant_still_has_the_access_tokens_that_last(keeper: VaultKeeper, server: Authorisation) -> None:
    server.failures = [failure("invalid_grant")]
    assert (await refusal(keeper, server, SMTP)).error == "invalid_grant"
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-0")


@pytest.mark.parametrize(
    "seen",
    [
        failure("invalid_grant", reason="consent_required"),
        failure("interaction_required"),
        failure("temporarily_unavailable"),
        failure("invalid_client"),
        failure("invalid_scope"),
        failure(errno="ECONNREFUSED"),
    ],
)
async def test_another_refusal_does_not_end_the_grant(
    keeper: VaultKeeper, server: Authorisation, clock: Clock, seen: Evidence
) -> None:
    clock.pass_(hours=2)
    server.failures = [seen]
    assert await refusal(keeper, server) == seen
    assert (await keeper.access(SEND, server.renew)).secret == Secret("access-1")


async def test_a_refused_token_is_not_returned_again(
    keeper: VaultKeeper, server: Authorisation, vault: PlainVault, clock: Clock
) -> None:
    first = await keeper.access(SEND, server.renew)
    await keeper.refused(AccessToken(secret=Secret("another"), expires_at=clock.now))
    assert await keeper.access(SEND, server.renew) == first
    await keeper.refused(first)
    assert not vault.holds("access-0")
    assert (await another(vault, clock).access(SEND, server.renew)).secret == Secret("access-1")


async def test_the_refresh_token_is_handed_over_as_it_is_now(
    keeper: VaultKeeper, server: Authorisation, clock: Clock
) -> None:
    assert await keeper.hand_over() == Secret("refresh-0")
    clock.pass_(hours=2)
    await keeper.access(SEND, server.renew)
    assert await keeper.hand_over() == Secret("refresh-1") == server.current


async def test_without_a_grant_a_new_sign_in_is_needed(vault: PlainVault, clock: Clock, server: Authorisation) -> None:
    keeper = another(vault, clock)
    for asked in (keeper.access(SEND, server.renew), keeper.hand_over()):
        with pytest.raises(OAuthFailed) as failed:
            await asked
        assert failed.value.evidence.condition == "access-token-ended"
        assert failed.value.evidence.system is System.ENTRA
    await keeper.refused(server.token("access-9"))
    await keeper.keep_access_only()
    await keeper.forget()
    assert (vault.kept, server.renewals) == ({}, [])


async def test_every_token_is_told_to_the_recorder_once(
    keeper: VaultKeeper, server: Authorisation, clock: Clock, recorder: Learning, vault: PlainVault
) -> None:
    clock.pass_(hours=2)
    await keeper.access(SEND, server.renew)
    await keeper.access(SEND, server.renew)
    assert sorted(recorder.learned) == ["access-0", "access-1", "refresh-0", "refresh-1"]
    next_start = Learning()
    await VaultKeeper(vault, REF, clock=clock, recorder=next_start).access(SEND, server.renew)
    assert sorted(next_start.learned) == ["access-1", "refresh-1"]


async def test_nothing_that_is_shown_has_a_token_in_it(keeper: VaultKeeper, vault: PlainVault) -> None:
    shown = repr(vars(keeper)) + repr(vault.kept)
    assert "refresh-0" not in shown
    assert "access-0" not in shown


async def test_grants_of_two_drafts_do_not_touch_each_other(
    keeper: VaultKeeper, vault: PlainVault, clock: Clock, server: Authorisation
) -> None:
    other = VaultKeeper(vault, SecretRef("grant", "draft-2"), clock=clock)
    await other.store(Secret("refresh-other"), {})
    await other.forget()
    assert await keeper.hand_over() == Secret("refresh-0")
    assert (await keeper.access(SEND, server.renew)).expires_at == clock.now + timedelta(hours=1)


NAIVE = '{"access": {"Mail.Send": {"secret": "a", "expires_at": "2099-01-01T00:00:00"}}}'


@pytest.mark.parametrize(
    "letters", ["", "null", "[]", "{", '{"refresh_token": 7}', '{"access": {"x": {}}}', NAIVE, "\ud800"]
)
async def test_what_somebody_else_wrote_there_is_no_grant(
    keeper: VaultKeeper, vault: PlainVault, server: Authorisation, letters: str
) -> None:
    vault.kept[REF] = Secret(letters)
    with pytest.raises(VaultUnavailable) as refused:
        await keeper.access(SEND, server.renew)
    assert refused.value.condition == "not-kept"
    assert refused.value.__cause__ is None
    await keeper.store(server.current, {})
    assert await keeper.hand_over() == server.current
