"""The address in From is judged before Gmail replaces it in silence."""

import httpx
import pytest
from tests.unit.senders.gmail.doubles import ACCOUNT, NOTICES, Gmail, asking_of, error, info, settings

from sendwright.diagnosis.gmail_sender import judge_sender, unproven
from sendwright.diagnosis.stage import Seen
from sendwright.oauth.google.scopes import MAIL, SEND, SETTINGS, USUAL
from sendwright.problems.classify import classify
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof
from sendwright.senders.sender import SendFailed

USUALLY, AGREED = frozenset(USUAL), frozenset({*USUAL, SETTINGS})
VALUES = {"username": ACCOUNT}


async def judge(
    gmail: Gmail,
    address: str = NOTICES,
    *,
    scopes: frozenset[str] = AGREED,
    chosen: GmailSettings | None = None,
    own: str = "",
) -> Seen:
    return await judge_sender(
        chosen or settings(), address, own=own, scopes=scopes, asking=asking_of(gmail), values=VALUES
    )


def entry(**changes: object) -> httpx.Response:
    return httpx.Response(200, json={"sendAsEmail": NOTICES, "verificationStatus": "accepted"} | changes)


def code(seen: Seen) -> str:
    return classify(seen.remark).code if seen.remark else ""


@pytest.mark.parametrize("scopes", [USUALLY, AGREED, frozenset()])
async def test_the_own_address_is_asked_about_by_nobody(scopes: frozenset[str]) -> None:
    gmail = Gmail([error(500, "backendError")])
    seen = await judge(gmail, ACCOUNT.upper(), scopes=scopes)
    assert (seen.facts, seen.remark, gmail.seen) == ({"address": ACCOUNT.upper(), "own": True}, None, [])


@pytest.mark.parametrize(
    ("proof", "remark"),
    [
        (SenderProof.UNPROVEN, "gmail-sender-unproven"),
        (SenderProof.OWN, "gmail-sender-unproven"),
        (SenderProof.LISTED, ""),
        (SenderProof.ARRIVED, ""),
    ],
)
@pytest.mark.parametrize("scopes", [USUALLY, frozenset({SEND}), frozenset()])
async def test_without_the_list_what_was_known_before_counts(
    proof: SenderProof, remark: str, scopes: frozenset[str]
) -> None:
    gmail = Gmail([error(500, "backendError")])
    seen = await judge(gmail, scopes=scopes, chosen=settings(proof=proof))
    assert (code(seen), gmail.seen, seen.facts["own"]) == (remark, [], False)
    if seen.remark:
        assert (seen.remark.values["sender"], seen.remark.values["username"]) == (NOTICES, ACCOUNT)


@pytest.mark.parametrize("scope", [SETTINGS, MAIL])
@pytest.mark.parametrize("proof", SenderProof)
async def test_the_list_of_today_counts_more_than_what_was_known(scope: str, proof: SenderProof) -> None:
    seen = await judge(Gmail([entry()]), scopes=frozenset({scope}), chosen=settings(proof=proof))
    assert (code(seen), seen.facts["proof"], seen.facts["own"]) == ("", "listed", False)


@pytest.mark.parametrize("status", [None, "", "verificationStatusUnspecified"])
async def test_an_address_of_the_workspace_that_nobody_has_to_confirm_is_fine(status: str | None) -> None:
    seen = await judge(Gmail([entry(verificationStatus=status)]))
    assert code(seen) == ""


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (error(404, "notFound", message="Requested entity was not found."), "gmail-alias-missing"),
        (error(404), "gmail-alias-missing"),
        (entry(verificationStatus="pending"), "gmail-alias-unconfirmed"),
        (error(503, "backendError"), "gmail-unavailable"),
        (error(429, "rateLimitExceeded"), "gmail-rate-limited"),
    ],
)
async def test_an_address_that_is_not_there_fails_whatever_was_known(response: httpx.Response, problem: str) -> None:
    with pytest.raises(SendFailed) as caught:
        await judge(Gmail([response]), chosen=settings(proof=SenderProof.LISTED))
    evidence = caught.value.evidence
    assert (classify(evidence).code, evidence.stage) == (problem, "sender")
    assert evidence.values["sender"] == NOTICES


@pytest.mark.parametrize(
    "response",
    [
        error(403, "insufficientPermissions", details=(info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),)),
        httpx.Response(200, json={"sendAsEmail": 7}),
    ],
)
async def test_where_the_list_says_nothing_after_all_what_was_known_counts(response: httpx.Response) -> None:
    assert code(await judge(Gmail([response]))) == "gmail-sender-unproven"
    again = Gmail([response])
    assert code(await judge(again, chosen=settings(proof=SenderProof.ARRIVED))) == ""


async def test_an_address_that_leaves_elsewhere_is_remarked_on_with_its_server() -> None:
    seen = await judge(Gmail([entry(smtpMsa={"host": "smtp.example.com"})]))
    assert (code(seen), seen.facts["server"]) == ("gmail-alias-elsewhere", "smtp.example.com")
    assert seen.remark is not None
    assert seen.remark.values["server"] == "smtp.example.com"


@pytest.mark.parametrize(
    ("route", "address", "proof", "remarked"),
    [
        (Route.SMTP, NOTICES, SenderProof.UNPROVEN, True),
        (Route.SMTP, NOTICES, SenderProof.LISTED, False),
        (Route.SMTP, ACCOUNT, SenderProof.UNPROVEN, False),
        (Route.RELAY, NOTICES, SenderProof.UNPROVEN, False),
    ],
)
def test_over_smtp_the_same_is_remarked_where_from_is_replaced(
    route: Route, address: str, proof: SenderProof, remarked: bool
) -> None:
    found = unproven(settings(route=route, proof=proof), address, VALUES)
    assert (found is not None) is remarked
    if found is not None:
        assert (classify(found).code, found.values) == ("gmail-sender-unproven", {**VALUES, "sender": address})
