"""What a sign-in yields: whose it must be, what it must allow, where it is kept."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import ANNA, ASKED, BEN, NOW, OTHER_TENANT, SHARED, SIGNED_IN, flow_world

from sendwright.errors import VaultUnavailable
from sendwright.oauth.account import Account
from sendwright.oauth.entra.sign_in import SignedIn
from sendwright.oauth.grant import AccessToken, Renewed
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.recall import recalled
from sendwright.providers.microsoft365.sign_in.signing_in import keeper_of, taken
from sendwright.screens import Halted
from sendwright.secret import Secret
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import SecretRef

ALL = ("Mail.Send", "Mail.Send.Shared", "User.Read")


def signed(account: Account = BEN, permissions: tuple[str, ...] = ALL, refresh: str = "refresh-1") -> SignedIn:
    access = AccessToken(secret=Secret("opaque-access-token"), expires_at=NOW + timedelta(hours=1))
    return SignedIn(account=account, access=access, refresh_token=Secret(refresh), permissions=permissions)


class Closed(MemoryVault):
    """A vault that keeps nothing."""

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")


async def no_renewal(_: Secret, scope: str) -> Renewed:
    raise AssertionError(f"nobody should renew {scope}")


async def test_a_sign_in_is_kept_and_known() -> None:
    world = flow_world()
    state = await taken(replace(ASKED, attempt="a", asked_at=NOW, agree_again=True), signed(), world)
    assert (state.account, state.scopes, state.tenant_id) == (BEN, ALL, BEN.tenant)
    assert (state.attempt, state.asked_at, state.agree_again, state.handed_over) == ("", None, False, False)
    assert state.token is not None
    assert state.grant is not None
    assert (await keeper_of(state.grant, world).hand_over()).reveal() == "refresh-1"
    assert "refresh-1" not in repr(state)


@pytest.mark.parametrize(
    ("permissions", "sets"),
    [
        (ALL, [("Mail.Send",), ("Mail.Send", "Mail.Send.Shared"), ("User.Read", "Mail.Send", "Mail.Send.Shared")]),
        (("Mail.Send", "User.Read"), [("Mail.Send",)]),
    ],
)
async def test_the_first_token_serves_what_is_sent_with_it_later(
    permissions: tuple[str, ...], sets: list[tuple[str, ...]]
) -> None:
    world = flow_world()
    state = await taken(ASKED, signed(permissions=permissions), world)
    assert state.grant is not None
    for names in sets:
        scope = " ".join(f"https://graph.microsoft.com/{name}" for name in names)
        token = await keeper_of(state.grant, world).access(scope, no_renewal)
        assert token.secret.reveal() == "opaque-access-token"


async def test_a_new_sign_in_takes_the_place_of_the_former() -> None:
    world = flow_world()
    first = await taken(ASKED, signed(), world)
    assert first.grant is not None
    second = await taken(first, signed(refresh="refresh-2"), world)
    assert second.grant != first.grant
    assert await world.vault.fetch(first.grant) is None


@pytest.mark.parametrize(
    ("account", "kept"), [(BEN, True), (replace(BEN, username="ben2@contoso.com"), True), (ANNA, False)]
)
async def test_what_was_proven_of_one_account_is_not_proven_of_another(account: Account, *, kept: bool) -> None:
    proofs = {"me-own": Proof(cell="me-own", at=NOW, accepted=True)}
    state = await taken(replace(SIGNED_IN, proofs=proofs), signed(account), flow_world())
    assert state.proofs == (proofs if kept else {})


@pytest.mark.parametrize(
    ("state", "account", "condition"),
    [
        (ASKED, replace(BEN, tenant=OTHER_TENANT), "other-tenant"),
        (replace(ASKED, tenant_id="", expected=BEN), ANNA, "other-account"),
        (replace(ASKED, expected=BEN), ANNA, "other-account"),
    ],
)
async def test_somebody_else_is_refused_and_nothing_is_kept(
    state: MicrosoftAnswers, account: Account, condition: str
) -> None:
    world = flow_world()
    with pytest.raises(Halted) as halted:
        await taken(replace(state, attempt="a"), signed(account), world)
    assert halted.value.problem.evidence.condition == condition
    assert halted.value.problem.values["username"] == account.username
    assert halted.value.state == state


async def test_the_letters_of_an_id_may_differ() -> None:
    state = await taken(replace(ASKED, expected=BEN), signed(replace(BEN, oid=BEN.oid.upper())), flow_world())
    assert state.account is not None


@pytest.mark.parametrize(
    ("state", "permissions", "lacking"),
    [
        (ASKED, ("User.Read",), "Mail.Send"),
        (replace(ASKED, sends_from="shared"), ("Mail.Send",), "Mail.Send.Shared"),
        (replace(ASKED, mailbox=SHARED), ("Mail.Send",), "Mail.Send.Shared"),
    ],
)
async def test_a_permission_that_is_missing_is_named_and_asked_for_again(
    state: MicrosoftAnswers, permissions: tuple[str, ...], lacking: str
) -> None:
    with pytest.raises(Halted) as halted:
        await taken(state, signed(permissions=permissions), flow_world())
    assert halted.value.problem.code == "graph-permission-missing"
    assert halted.value.problem.values["permission"] == lacking
    assert [action.name for action in halted.value.actions] == ["agree-again"]
    assert halted.value.state == state


async def test_without_shared_mailboxes_one_permission_less_will_do() -> None:
    assert (await taken(ASKED, signed(permissions=("Mail.Send",)), flow_world())).account == BEN


async def test_a_keychain_that_keeps_nothing_stops_before_anything_is_believed() -> None:
    with pytest.raises(Halted) as halted:
        await taken(replace(ASKED, attempt="a"), signed(), flow_world(vault=Closed()))
    assert halted.value.problem.evidence.condition == "locked"
    assert halted.value.state == ASKED
    assert "refresh-1" not in repr(halted.value.problem)


GRANT, SECRET = SecretRef("microsoft-grant", "g"), SecretRef("microsoft-client-secret", "s")


class Silent(MemoryVault):
    """A vault that does not answer."""

    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("timed-out")


@pytest.mark.parametrize(
    ("state", "kept", "expected"),
    [
        (replace(SIGNED_IN, grant=GRANT), (GRANT,), replace(SIGNED_IN, grant=GRANT)),
        (replace(SIGNED_IN, grant=GRANT), (), ASKED),
        (replace(SIGNED_IN, grant=GRANT, handed_over=True), (), replace(SIGNED_IN, handed_over=True)),
        (replace(SIGNED_IN, handed_over=True), (), replace(SIGNED_IN, handed_over=True)),
        (replace(ASKED, client_secret=SECRET), (SECRET,), replace(ASKED, client_secret=SECRET)),
        (replace(ASKED, client_secret=SECRET), (), ASKED),
        (replace(ASKED, attempt="of-yesterday"), (), ASKED),
    ],
)
async def test_a_saved_draft_counts_on_what_is_still_there(
    state: MicrosoftAnswers, kept: tuple[SecretRef, ...], expected: MicrosoftAnswers
) -> None:
    vault = MemoryVault()
    for ref in kept:
        await vault.keep(ref, Secret("x"))
    assert await recalled(state, flow_world(vault=vault)) == expected


async def test_a_sign_in_of_this_run_is_still_under_way() -> None:
    world = flow_world()
    state = replace(ASKED, attempt=world.attempts.begin(object()))
    assert await recalled(state, world) == state


async def test_a_vault_that_does_not_answer_loses_nothing() -> None:
    state = replace(SIGNED_IN, grant=GRANT, client_secret=SECRET)
    assert await recalled(state, flow_world(vault=Silent())) == state
