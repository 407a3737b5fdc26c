"""A grant as it lies in the vault."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.grant import MARGIN, AccessToken
from sendwright.oauth.kept_grant import KeptGrant, pack, scope_key, unpack
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECRETS = st.text(st.characters(exclude_categories=["Cs"])).map(Secret)
TIMES = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))]))
TOKENS = st.builds(AccessToken, secret=SECRETS, expires_at=TIMES, scope=st.text(max_size=9))
EVIDENCE = st.builds(
    Evidence,
    stage=st.just("sign-in"),
    system=st.sampled_from(System),
    error=st.none() | st.just("invalid_grant"),
    number=st.none() | st.integers(0, 10**7),
    values=st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)
GRANTS = st.builds(
    KeptGrant,
    refresh_token=st.none() | SECRETS,
    access=st.dictionaries(st.text(max_size=9), TOKENS, max_size=3),
    dead=st.none() | EVIDENCE,
)


@given(GRANTS)
def test_what_is_packed_is_unpacked_as_it_was(grant: KeptGrant) -> None:
    assert unpack(pack(grant)) == grant


@given(GRANTS)
def test_a_grant_knows_all_its_tokens_and_shows_none(grant: KeptGrant) -> None:
    written = json.loads(pack(grant).reveal())
    tokens = [token["secret"] for token in written.get("access", {}).values()]
    tokens += [written["refresh_token"]] if "refresh_token" in written else []
    assert sorted(secret.reveal() for secret in grant.secrets) == sorted(tokens)
    assert not any(len(token) > 30 and token in repr(grant) for token in tokens)


def test_the_json_is_what_another_program_can_read() -> None:
    token = AccessToken(secret=Secret("a"), expires_at=NOW, scope="Mail.Send")
    assert json.loads(pack(KeptGrant(refresh_token=Secret("r"), access={"Mail.Send": token})).reveal()) == {
        "refresh_token": "r",
        "access": {"Mail.Send": {"secret": "a", "expires_at": "2026-11-20T12:00:00Z", "scope": "Mail.Send"}},
    }
    assert json.loads(pack(KeptGrant()).reveal()) == {}


@pytest.mark.parametrize(
    ("left", "lasts"),
    [(timedelta(hours=1), True), (MARGIN + timedelta(seconds=1), True), (MARGIN, False), (timedelta(0), False)],
)
def test_a_token_lasts_until_shortly_before_its_end(left: timedelta, lasts: bool) -> None:
    token = AccessToken(secret=Secret("a"), expires_at=NOW + left)
    assert bool(KeptGrant(access={"x": token}).lasting(NOW)) is lasts


@given(st.lists(st.sampled_from(["Mail.Send", "User.Read", "openid"]), min_size=1))
def test_order_and_repetition_of_a_scope_mean_nothing(words: list[str]) -> None:
    key = scope_key(" ".join(words))
    assert key == scope_key("  ".join(reversed(words * 2)))
    assert set(key.split()) == set(words)
