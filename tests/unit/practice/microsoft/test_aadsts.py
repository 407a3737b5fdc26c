"""The refusals of the simulated sign-in service, in the shape of the real ones."""

import re
from datetime import UTC, datetime

import pytest

from sendwright.practice.microsoft.aadsts import MEANINGS, Refused, stamp
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System

NOW = datetime(2026, 11, 20, 9, 30, 5, tzinfo=UTC)
CLASSES = {
    "access_denied",
    "authorization_pending",
    "bad_verification_code",
    "expired_token",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_tenant",
    "login_required",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
}


@pytest.mark.parametrize("number", sorted(MEANINGS))
def test_every_refusal_has_the_fields_of_the_real_ones(number: int) -> None:
    refused = Refused(number, client="app", user="ben", tenant="Contoso", value="x")
    body = refused.body(NOW)
    assert body["error"] in CLASSES
    assert body["error_codes"] == [number]
    assert body["timestamp"] == "2026-11-20 09:30:05Z"
    description = str(body["error_description"])
    assert re.fullmatch(
        rf"AADSTS{number}: [^\r\n]+\r\nTrace ID: [0-9a-f-]{{36}}\r\nCorrelation ID: [0-9a-f-]{{36}}\r\n"
        r"Timestamp: 2026-11-20 09:30:05Z",
        description,
    )
    assert "{" not in description
    assert str(body["trace_id"]) in description
    assert str(body["correlation_id"]) in description
    assert body["error_uri"] == f"https://login.microsoftonline.com/error?code={number}"
    assert refused.status == (401 if body["error"] in {"invalid_client", "unauthorized_client"} else 400)


@pytest.mark.parametrize("number", sorted(MEANINGS))
def test_the_product_has_a_name_for_every_refusal(number: int) -> None:
    refused = Refused(number)
    evidence = Evidence(
        stage="sign-in",
        system=System.ENTRA,
        number=number,
        error=refused.error,
        http=refused.status,
        text=refused.sentence(),
    )
    assert classify(evidence).code


def test_a_number_without_words_of_its_own_is_a_policy_s() -> None:
    refused = Refused(530099)
    assert refused.error == "interaction_required"
    assert refused.sentence().startswith("AADSTS530099: ")


def test_an_error_can_be_another_than_the_number_s_own() -> None:
    assert Refused(70016, error="slow_down").body(NOW)["error"] == "slow_down"


def test_two_refusals_have_ids_of_their_own() -> None:
    one, other = Refused(50126), Refused(50126)
    assert one.correlation_id != other.correlation_id
    assert one.trace_id != other.trace_id


def test_a_time_is_written_as_the_service_writes_it() -> None:
    assert stamp(NOW) == "2026-11-20 09:30:05Z"
