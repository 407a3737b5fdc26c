"""The addresses that a mailbox may send as are read with care: nobody is refused for what is not said."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.senders.doubles import NOW, network, token
from tests.unit.senders.gmail.doubles import ACCOUNT, GMAIL, NOTICES, Gmail, asking_of, error, info, settings

from sendwright.problems.classify import classify
from sendwright.senders.gmail.sending_addresses import MOST, SendingAddress, address_of, read_address, read_addresses
from sendwright.senders.sender import SendFailed

PRIMARY = {"sendAsEmail": ACCOUNT, "displayName": "Anna", "isPrimary": True, "isDefault": True, "signature": "<b>"}
ALIAS = {"sendAsEmail": NOTICES, "displayName": "", "treatAsAlias": True, "verificationStatus": "accepted"}


async def read(gmail: Gmail) -> tuple[SendingAddress, ...]:
    return await read_addresses(settings(), token(), network(), web=gmail.client, clock=lambda: NOW)


async def test_the_whole_list_is_read_with_the_token_that_was_given() -> None:
    gmail = Gmail([httpx.Response(200, json={"sendAs": [PRIMARY, ALIAS]})])
    found = await read(gmail)
    (request,) = gmail.seen
    assert (request.method, str(request.url)) == ("GET", f"{GMAIL}/gmail/v1/users/me/settings/sendAs")
    assert request.headers["Authorization"] == "Bearer canary-token-one"
    assert found == (
        SendingAddress(address=ACCOUNT, name="Anna", primary=True, default=True),
        SendingAddress(address=NOTICES),
    )


@pytest.mark.parametrize(
    ("status", "confirmed"),
    [
        (None, True),
        ("", True),
        ("accepted", True),
        ("verificationStatusUnspecified", True),
        ("pending", False),
        ("rejected", False),
        (7, True),
    ],
)
def test_only_what_is_said_not_to_be_accepted_may_not_be_used(status: object, confirmed: bool) -> None:
    entry = {"sendAsEmail": NOTICES} | ({} if status is None else {"verificationStatus": status})
    found = address_of(entry)
    assert found is not None
    assert found.confirmed is confirmed


@pytest.mark.parametrize(
    ("msa", "server"),
    [
        ({"host": "smtp.example.com", "port": 587, "username": "anna"}, "smtp.example.com"),
        ({}, ""),
        (None, ""),
        ("smtp.example.com", ""),
        ({"host": ["x"]}, ""),
    ],
)
def test_an_address_that_leaves_elsewhere_says_where(msa: object, server: str) -> None:
    found = address_of({"sendAsEmail": NOTICES, "smtpMsa": msa})
    assert found is not None
    assert found.server == server


@pytest.mark.parametrize(
    "entry", [None, [], "x", {}, {"sendAsEmail": None}, {"sendAsEmail": "nobody"}, {"sendAsEmail": "a@b\r\nBcc: c@d"}]
)
def test_an_entry_without_an_address_is_none(entry: object) -> None:
    assert address_of(entry) is None


@pytest.mark.parametrize("flag", ["true", 1, None, {}])
def test_only_true_is_true(flag: object) -> None:
    found = address_of({"sendAsEmail": NOTICES, "isPrimary": flag, "isDefault": flag})
    assert found is not None
    assert (found.primary, found.default) == (False, False)


@pytest.mark.parametrize("content", [{}, {"sendAs": None}, {"sendAs": "x"}, {"sendAs": [None, 3, {}]}])
async def test_a_list_that_is_none_is_empty(content: object) -> None:
    assert await read(Gmail([httpx.Response(200, json=content)])) == ()


async def test_an_endless_list_is_read_as_far_as_it_can_be_meant() -> None:
    many = [{"sendAsEmail": f"a{number}@example.org"} for number in range(MOST + 50)]
    assert len(await read(Gmail([httpx.Response(200, json={"sendAs": many})]))) == MOST


@given(
    st.dictionaries(
        st.sampled_from(["sendAsEmail", "displayName", "isPrimary", "verificationStatus", "smtpMsa", "x"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.none(), max_size=2),
    )
)
def test_no_entry_makes_it_fail(entry: dict[str, object]) -> None:
    found = address_of(entry)
    assert found is None or "@" in found.address


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (
            error(403, "insufficientPermissions", details=(info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),)),
            "consent-incomplete",
        ),
        (error(503, "backendError"), "gmail-unavailable"),
        (error(500, "backendError"), "gmail-unavailable"),
        (httpx.Response(200, html="<h1>guest network</h1>"), "portal-or-filter-page"),
        (error(401, "authError"), "oauth-token-refused"),
    ],
)
async def test_a_refusal_has_its_name_and_nothing_was_ever_sent(response: httpx.Response, code: str) -> None:
    with pytest.raises(SendFailed) as caught:
        await read(Gmail([response]))
    assert classify(caught.value.evidence).code == code
    assert not caught.value.evidence.perhaps_sent


async def test_one_address_is_asked_for_by_its_name() -> None:
    gmail = Gmail([httpx.Response(200, json=ALIAS)])
    assert await read_address(asking_of(gmail), NOTICES) == SendingAddress(address=NOTICES)
    assert gmail.seen[0].url.path == f"/gmail/v1/users/me/settings/sendAs/{NOTICES}"


async def test_an_address_that_is_not_in_the_list_is_missing() -> None:
    gmail = Gmail([error(404, "notFound", message="Requested entity was not found.")])
    with pytest.raises(SendFailed) as caught:
        await read_address(asking_of(gmail), NOTICES)
    evidence = caught.value.evidence
    assert (evidence.stage, evidence.values["sender"]) == ("sender", NOTICES)
    assert classify(evidence).code == "gmail-alias-missing"


@given(local=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
async def test_an_address_is_one_segment_whatever_it_is_called(local: str) -> None:
    gmail = Gmail([error(404, "notFound")])
    with pytest.raises(SendFailed):
        await read_address(asking_of(gmail), f"{local}@example.org")
    url = gmail.seen[0].url
    assert url.raw_path.count(b"/") == 7
    assert (url.query, url.fragment) == (b"", "")
