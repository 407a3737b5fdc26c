from typing import Any

import pytest
from tests.unit.providers.microsoft365.pictured import accepted, account, application, problem, proofs, refused

from sendwright.problems.evidence import System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.microsoft365.board.cells import combination, combinations
from sendwright.providers.microsoft365.board.rights import Missing, good, missing, proven_routes, reaches_all
from sendwright.senders.graph.settings import Route

SMTP: dict[str, Any] = {"system": System.SMTP, "stage": "submit"}
SIGN_IN: dict[str, Any] = {"system": System.SMTP, "stage": "sign-in"}
ENTRA: dict[str, Any] = {"system": System.ENTRA, "stage": "sign-in", "error": "invalid_grant"}
NARROW = account(scopes=("User.Read", "Mail.Send"))
OWN = account(mailbox="anna@contoso.com")


@pytest.mark.parametrize(
    ("state", "cell", "seen", "right"),
    [
        (account(), "me", {"http": 403, "reason": "ErrorSendAsDenied"}, Missing.SEND_AS),
        (account(), "mailbox", {"http": 403, "reason": "ErrorSendAsDenied"}, Missing.SEND_AS),
        (account(), "mailbox", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.FULL_ACCESS),
        (account(scopes=()), "mailbox", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.FULL_ACCESS),
        (NARROW, "mailbox", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.SCOPE),
        (NARROW, "me", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.SCOPE),
        (account(scopes=()), "me", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.SCOPE),
        (account(), "me", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.UNKNOWN),
        (
            account(scopes=("https://graph.microsoft.com/Mail.Send.Shared",)),
            "mailbox",
            {"http": 403, "reason": "ErrorAccessDenied"},
            Missing.FULL_ACCESS,
        ),
        (OWN, "me", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.UNKNOWN),
        (account(), "me", {"http": 403, "reason": "Authorization_RequestDenied"}, Missing.SCOPE),
        (account(), "me", {"http": 401, "reason": "NoPermissionsInAccessToken"}, Missing.SCOPE),
        (account(), "me", {"condition": "graph-permission-missing", "stage": "permissions"}, Missing.SCOPE),
        (account(), "smtp", SMTP | {"reply": 554, "enhanced": "5.2.252"}, Missing.SEND_AS),
        (account(), "smtp", SMTP | {"reply": 550, "enhanced": "5.7.60"}, Missing.SEND_AS),
        (account(), "smtp", SIGN_IN | {"reply": 535, "enhanced": "5.7.139"}, Missing.POLICY),
        (account(), "smtp", SIGN_IN | {"reply": 535, "enhanced": "5.7.3"}, Missing.FULL_ACCESS),
        (OWN, "smtp", SIGN_IN | {"reply": 535, "enhanced": "5.7.3"}, Missing.UNKNOWN),
        (account(), "smtp", ENTRA | {"number": 65001}, Missing.SCOPE),
        (account(), "me", ENTRA | {"number": 53003}, Missing.POLICY),
        (account(), "me", ENTRA | {"number": 53000}, Missing.POLICY),
        (account(), "me", {"http": 503, "reason": "ServiceUnavailable"}, Missing.UNKNOWN),
        (account(), "me", {"http": 429, "reason": "ApplicationThrottled"}, Missing.UNKNOWN),
        (account(), "me", {"system": System.SOCKET, "stage": "reach", "errno": "ECONNREFUSED"}, Missing.UNKNOWN),
        (application(), "application", {"http": 403, "reason": "ErrorAccessDenied"}, Missing.SCOPE),
        (
            application(),
            "application",
            {
                "http": 403,
                "reason": "ErrorAccessDenied",
                "text": "Access to OData is disabled: [RAOP] : Blocked by tenant",
            },
            Missing.POLICY,
        ),
        (application(), "control", {"http": 404, "reason": "ErrorInvalidUser"}, Missing.UNKNOWN),
    ],
)
def test_the_codes_of_a_refusal_tell_which_right_lacks(
    state: MicrosoftAnswers, cell: str, seen: dict[str, Any], right: Missing
) -> None:
    of = combination(state, cell)
    assert of is not None
    assert missing(problem(**seen), of, state) is right


def test_sentences_decide_nothing_about_send_as() -> None:
    of = combination(account(), "me")
    assert of is not None
    words = "You have the right to send mail on behalf of everybody."
    assert missing(problem(http=403, reason="ErrorSendAsDenied", text=words), of, account()) is Missing.SEND_AS


@pytest.mark.parametrize(
    ("state", "cells"),
    [
        (account(), ["me", "mailbox", "smtp"]),
        (OWN, ["me", "smtp"]),
        (account(mailbox="ANNA@contoso.com"), ["me", "smtp"]),
        (application(), ["application", "control"]),
        (application(control=""), ["application"]),
    ],
)
def test_only_what_differs_is_tried(state: MicrosoftAnswers, cells: list[str]) -> None:
    assert [one.id for one in combinations(state)] == cells
    assert combination(state, "nothing") is None
    assert all(one.mailbox == state.mailbox for one in combinations(state) if not one.control)


def test_the_best_proven_route_comes_first() -> None:
    state = account(proofs=proofs(smtp=accepted(), me=refused(), mailbox=accepted()))
    assert proven_routes(state) == (Route.MAILBOX, Route.SMTP)
    assert proven_routes(account()) == ()


@pytest.mark.parametrize(
    ("wanted", "control", "fine"),
    [
        (accepted(), refused("scope"), True),
        (accepted(), refused("policy"), True),
        (accepted(), refused(""), False),
        (accepted(), refused("send-as"), False),
        (accepted(), accepted(), False),
        (refused("scope"), refused("scope"), False),
        (None, refused("scope"), False),
    ],
)
def test_a_control_mailbox_is_kept_out_only_if_microsoft_said_so_and_the_other_one_works(
    wanted: Proof | None, control: Proof, fine: bool
) -> None:
    found = {"control": control} | ({"application": wanted} if wanted else {})
    state = application(proofs=proofs(**found))
    of = combination(state, "control")
    assert of is not None
    assert good(state.proofs["control"], of, state) is fine
    assert reaches_all(state) is bool(control.accepted)
    assert not good(None, of, state)
