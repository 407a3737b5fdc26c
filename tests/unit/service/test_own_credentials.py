"""What the backend adds of its own: asked of whoever lends for that kind, after the places were looked at."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession
from tests.unit.service.backend_kit import PROFILE
from tests.unit.service.google_kit import gmail_profile, keyless_profile
from tests.unit.service.test_grant_profiles import graph_profile

from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.google_file import PlatformIdentity
from sendwright.service.google_identity import SigningIdentities
from sendwright.service.own_credentials import OwnCredential, OwnCredentials, require_listed
from sendwright.service.trouble import Trouble

SESSION = cast("AsyncSession", None)
LENT = OwnCredential(id="lent", credentials={"token": Secret("canary")})


@dataclass
class Lending:
    """Lends the same to every profile of its kind, and remembers for which it was asked."""

    sender: str = "gmail"
    places: AbstractSet[str] = frozenset()
    asked: list[SenderProfile] = field(default_factory=list)

    async def find(
        self, session: AsyncSession, profile: SenderProfile, own: Mapping[str, Secret]
    ) -> OwnCredential | None:
        del session, own
        self.asked.append(profile)
        return LENT

    def require_mailbox(self, profile: SenderProfile, mailbox: str) -> None:
        del profile
        if mailbox != "own@contoso.com":
            raise Trouble("signing-domain-unknown")


async def test_each_kind_is_lent_to_by_its_own() -> None:
    lending = Lending()
    own = OwnCredentials((lending,))
    assert await own.find(SESSION, gmail_profile(), {}) == LENT
    for profile in (graph_profile(), PROFILE):
        assert await own.find(SESSION, profile, {}) is None
    assert lending.asked == [gmail_profile()]
    assert "canary" not in repr(LENT)


async def test_nobody_is_asked_where_the_place_is_strange() -> None:
    lending = Lending(places=frozenset({"https://login.test"}))
    own = OwnCredentials((lending,))
    assert await own.find(SESSION, gmail_profile(login="https://login.test"), {}) == LENT
    for changes in ({"login": "https://other.test"}, {"login": "https://login.test", "gmail": "https://other.test"}):
        with pytest.raises(Trouble) as caught:
            await own.find(SESSION, gmail_profile(**changes), {})
        assert caught.value.code == "application-place-unknown"
    assert len(lending.asked) == 1


@pytest.mark.parametrize(
    "profile", [graph_profile(login="https://login.test"), gmail_profile(smtp_host="smtp.test", route="smtp")]
)
def test_without_a_lender_no_profile_names_a_place(profile: SenderProfile) -> None:
    with pytest.raises(Trouble):
        OwnCredentials().require_place(profile)


@pytest.mark.parametrize(
    "profile",
    [
        msgspec.structs.replace(PROFILE, sender="not-known-here"),
        msgspec.structs.replace(gmail_profile(), settings={"account": 7}),
        msgspec.structs.replace(graph_profile(), settings={}),
    ],
)
async def test_what_nobody_understands_is_no_trouble_of_the_platforms(profile: SenderProfile) -> None:
    with pytest.raises(ProfileUnusable):
        await OwnCredentials((Lending(),)).find(SESSION, profile, {})


def test_another_mailbox_is_asked_about_where_somebody_lends() -> None:
    own = OwnCredentials((Lending(),))
    own.require_mailbox(gmail_profile(), "own@contoso.com")
    own.require_mailbox(graph_profile(), "anybody@fabrikam.example")
    with pytest.raises(Trouble):
        own.require_mailbox(gmail_profile(), "other@contoso.com")


places = st.frozensets(st.text(max_size=8), max_size=5)


@given(wanted=places, listed=places)
def test_only_what_is_listed_is_let_through(wanted: frozenset[str], listed: frozenset[str]) -> None:
    if wanted <= listed:
        require_listed(wanted, listed)
        return
    with pytest.raises(Trouble, match="application-place-unknown"):
        require_listed(wanted, listed)


@given(
    accounts=st.lists(st.sampled_from(["*", "a@x.test", "B@x.test"]), max_size=2),
    domains=st.lists(st.sampled_from(["*", "contoso.com", "FABRIKAM.example", "xn--mnchen-3ya.example"]), max_size=2),
    account=st.sampled_from(["a@x.test", "b@X.test", "c@x.test"]),
    mailbox=st.sampled_from(["n@contoso.com", "n@Fabrikam.example", "n@other.example", "n@münchen.example"]),
)
async def test_the_identity_is_lent_exactly_where_both_lists_say_so(
    accounts: list[str], domains: list[str], account: str, mailbox: str
) -> None:
    platform = PlatformIdentity(
        credential=Secret("metadata"), principal="p", service_accounts=tuple(accounts), domains=tuple(domains)
    )
    profile = keyless_profile(service_account=account, account=mailbox)
    fits_account = "*" in accounts or account.lower() in {each.lower() for each in accounts}
    domain = mailbox.lower().partition("@")[2].replace("münchen", "xn--mnchen-3ya")
    fits_domain = "*" in domains or domain in {each.lower() for each in domains}
    lending = SigningIdentities(platform).find(SESSION, profile, {})
    if fits_account and fits_domain:
        assert (await lending) is not None
        return
    with pytest.raises(Trouble) as caught:
        await lending
    assert caught.value.code == ("signing-domain-unknown" if fits_account else "service-account-unknown")
