"""What a sign-in yields: whose it must be, what it must allow, where it is kept."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import ALL, ANNA, ASKED, BEN, NOW, SIGNED_IN, flow_world

from sendwright.errors import VaultUnavailable
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS
from sendwright.oauth.google.sign_in import SignedIn
from sendwright.oauth.grant import AccessToken, Renewed
from sendwright.providers.gmail.answers import GmailAnswers, SendingAddress
from sendwright.providers.gmail.sign_in.signing_in import expected_of, keeper_of, taken
from sendwright.screens import Elsewhere, Halted
from sendwright.secret import Secret
from sendwright.senders.gmail.settings import Route, SenderProof
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

LISTED = replace(
    SIGNED_IN,
    sender="notices@example.org",
    proof=SenderProof.LISTED,
    addresses=(SendingAddress(address="notices@example.org"),),
    read_at=NOW,
)
FURTHER = replace(SIGNED_IN, returning=True, attempt="a")


def signed(account: Account = ANNA, scopes: tuple[str, ...] = ALL, refresh: str = "1//first") -> SignedIn:
    access = AccessToken(secret=Secret("ya29.access"), expires_at=NOW + timedelta(hours=1))
    return SignedIn(account=account, access=access, refresh_token=Secret(refresh), scopes=scopes)


class Closed(MemoryVault):
    """A vault that keeps nothing."""

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")


async def no_renewal(_: Secret, scope: str) -> Renewed:
    raise AssertionError(f"nobody should renew {scope}")


async def test_a_sign_in_is_kept_and_known() -> None:
    world = flow_world()
    ends = NOW + timedelta(days=7)
    state = await taken(
        replace(ASKED, attempt="a", asked_at=NOW, incomplete=(SEND,)),
        SignedIn(
            account=ANNA,
            access=signed().access,
            refresh_token=Secret("1//first"),
            scopes=ALL,
            ends_at=ends,
        ),
        world,
    )
    assert (state.account, state.scopes, state.granted_at, state.ends_at) == (ANNA, ALL, NOW, ends)
    assert (state.attempt, state.asked_at, state.incomplete, state.handed_over) == ("", None, (), False)
    assert state.grant is not None
    assert (await keeper_of(state.grant, world).hand_over()).reveal() == "1//first"
    assert "1//first" not in repr(state)


@pytest.mark.parametrize(
    ("state", "scopes", "served"),
    [
        (ASKED, ALL, [SEND]),
        (FURTHER, (*ALL, SETTINGS), [SEND, SETTINGS, f"{SEND} {SETTINGS}"]),
        (replace(ASKED, route=Route.SMTP), (OPENID, EMAIL, MAIL), [MAIL]),
    ],
)
async def test_the_first_token_serves_what_is_done_with_it_later(
    state: GmailAnswers, scopes: tuple[str, ...], served: list[str]
) -> None:
    world = flow_world()
    state = await taken(state, signed(scopes=scopes), world)
    assert state.grant is not None
    for scope in served:
        token = await keeper_of(state.grant, world).access(scope, no_renewal)
        assert token.secret.reveal() == "ya29.access"


async def test_a_new_sign_in_takes_the_place_of_the_former() -> None:
    world = flow_world()
    first = await taken(ASKED, signed(), world)
    assert first.grant is not None
    second = await taken(replace(first, handed_over=True), signed(refresh="1//second"), world)
    assert second.grant != first.grant
    assert not second.handed_over
    assert await world.vault.fetch(first.grant) is None


@pytest.mark.parametrize(
    ("account", "proof", "read"),
    [
        (ANNA, SenderProof.LISTED, True),
        (replace(ANNA, username="anna.new@example.org"), SenderProof.LISTED, True),
        (BEN, SenderProof.UNPROVEN, False),
    ],
)
async def test_what_was_proven_of_one_account_is_not_proven_of_another(
    account: Account, proof: SenderProof, *, read: bool
) -> None:
    state = await taken(LISTED, signed(account), flow_world())
    assert (state.sender, state.proof) == ("notices@example.org", proof)
    assert (state.addresses is not None) is read


@pytest.mark.parametrize("state", [replace(ASKED, expected=ANNA, attempt="a"), FURTHER])
async def test_another_account_than_before_is_refused_and_nothing_is_kept(state: GmailAnswers) -> None:
    vault = MemoryVault()
    with pytest.raises(Halted) as halted:
        await taken(state, signed(BEN), flow_world(vault=vault))
    problem = halted.value.problem
    assert problem.code == "other-account"
    assert (problem.values["username"], problem.values["expected"]) == (BEN.username, ANNA.username)
    assert halted.value.state == replace(state, attempt="")


@pytest.mark.parametrize(
    ("state", "expected"), [(ASKED, None), (replace(ASKED, expected=BEN), BEN), (SIGNED_IN, None), (FURTHER, ANNA)]
)
def test_who_has_to_sign_in_is_whoever_it_is_about(state: GmailAnswers, expected: Account | None) -> None:
    assert expected_of(state) == expected


@pytest.mark.parametrize(
    ("state", "scopes", "lacking"),
    [
        (ASKED, (OPENID, EMAIL), (SEND,)),
        (ASKED, (OPENID, EMAIL, SETTINGS), (SEND,)),
        (replace(ASKED, route=Route.SMTP), ALL, (MAIL,)),
    ],
)
async def test_a_box_left_empty_is_named_and_nothing_is_kept(
    state: GmailAnswers, scopes: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    with pytest.raises(Halted) as halted:
        await taken(replace(state, attempt="a"), signed(scopes=scopes), flow_world())
    problem = halted.value.problem
    assert problem.code == "consent-incomplete"
    assert problem.values["permission"] == " ".join(lacking)
    assert halted.value.state == replace(state, incomplete=lacking)


@pytest.mark.parametrize("scopes", [ALL, (OPENID, EMAIL), (OPENID, EMAIL, SETTINGS)])
async def test_without_the_further_permission_the_connection_stays_as_it_was(scopes: tuple[str, ...]) -> None:
    world = flow_world()
    before = replace(await taken(ASKED, signed(), world), returning=True, attempt="a")
    with pytest.raises(Elsewhere) as elsewhere:
        await taken(before, signed(scopes=scopes, refresh="1//second"), world)
    assert elsewhere.value.step == "gmail-alias"
    assert elsewhere.value.state == replace(before, attempt="")
    assert before.grant is not None
    assert (await keeper_of(before.grant, world).hand_over()).reveal() == "1//first"


async def test_a_keychain_that_keeps_nothing_stops_before_anything_is_believed() -> None:
    with pytest.raises(Halted) as halted:
        await taken(replace(ASKED, attempt="a"), signed(), flow_world(vault=Closed()))
    assert halted.value.problem.evidence.condition == "locked"
    assert halted.value.state == ASKED
    assert "1//first" not in repr(halted.value.problem)
