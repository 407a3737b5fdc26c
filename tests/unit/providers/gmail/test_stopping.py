"""A stop says whose account and client it was, and who has to act."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported
from tests.unit.providers.gmail.flows import ANNA, ASKED, CLIENT, OWN, OWN_CLIENT, SERVICE, SIGNED_IN

from sendwright.diagnosis.stage import Verdict
from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.stopping import named, observed, stopped_by, timed
from sendwright.screens import Action, Halted

REFUSED = Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_client", http=401)
WAY_ON = Action(name="on", label="wizard.continue")


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (ASKED, {"client_id": CLIENT, "username": ASKED.address}),
        (SIGNED_IN, {"client_id": CLIENT, "username": ANNA.username, "sender": ANNA.username}),
        (replace(ASKED, expected=ANNA), {"client_id": CLIENT, "username": ANNA.username}),
        (OWN, {"client_id": OWN_CLIENT, "username": OWN.address, "registration": "own"}),
        (
            SERVICE,
            {
                "client_id": SERVICE.service_account_id,
                "username": SERVICE.subject,
                "sender": SERVICE.subject,
                "registration": "own",
            },
        ),
        (GmailAnswers(), {}),
    ],
)
def test_the_facts_are_filled_in(state: GmailAnswers, values: dict[str, str]) -> None:
    assert named(REFUSED, state).evidence.values == values


def test_what_was_seen_counts_more_than_what_was_typed() -> None:
    seen = replace(REFUSED, values={"client_id": "another"})
    assert named(seen, ASKED).evidence.values["client_id"] == "another"


def test_whose_client_it_is_decides_who_has_to_act() -> None:
    assert named(REFUSED, ASKED).owner == "platform-vendor"
    assert named(REFUSED, OWN).owner == "google-workspace-admin"


def test_what_we_observe_ourselves_is_called_by_its_name() -> None:
    problem = observed("consent-incomplete", SIGNED_IN, stage="permissions", permission="x")
    assert (problem.code, problem.evidence.stage) == ("consent-incomplete", "permissions")
    assert problem.values["permission"] == "x"


def test_a_keychain_is_named_as_such_and_the_ways_on_stay() -> None:
    stop = stopped_by(VaultUnavailable("locked"), ASKED, actions=(WAY_ON,), after=SIGNED_IN)
    assert (stop.problem.evidence.condition, stop.problem.evidence.stage) == ("locked", "keychain")
    assert (stop.actions, stop.state) == ((WAY_ON,), SIGNED_IN)


async def test_work_that_succeeds_is_a_stage_passed() -> None:
    async def work() -> str:
        return "done"

    progress = Reported()
    assert await timed("gmail-page", work(), progress, ASKED) == "done"
    assert progress["gmail-page"].verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OAuthFailed(REFUSED), "google-client-unknown"),
        (Halted(observed("consent-incomplete", ASKED)), "consent-incomplete"),
    ],
)
async def test_work_that_fails_is_a_stage_failed(error: Exception, code: str) -> None:
    async def work() -> None:
        raise error

    progress = Reported()
    with pytest.raises(Halted) as halted:
        await timed("gmail-page", work(), progress, ASKED)
    assert halted.value.problem.code == code
    failed = progress["gmail-page"]
    assert failed.verdict is Verdict.FAILED
    assert failed.problem is not None
    assert failed.problem.code == code


@pytest.mark.parametrize("reply", ["Token has been expired or revoked.", ""])
def test_a_dead_connection_names_its_possible_reasons_in_order(reply: str) -> None:
    dead = Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_grant", http=400, text=reply)
    problem = named(dead, SIGNED_IN)
    assert problem.code == "google-connection-ended"
    assert problem.values["username"] == ANNA.username
