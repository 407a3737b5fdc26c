"""A stop says whose organisation and application it was, and each piece of work is a stage."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.doubles import Reported
from tests.unit.providers.microsoft365.flows import ASKED, CLIENT, SIGNED_IN, TENANT

from sendwright.diagnosis.stage import Verdict
from sendwright.errors import VaultUnavailable
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.stopping import named, observed, stopped_by, timed
from sendwright.screens import Action, Halted

REFUSED = Evidence(stage="sign-in", system=System.ENTRA, error="invalid_client", number=7000215)
WAY_ON = Action(name="on", label="wizard.continue")


@pytest.mark.parametrize(
    ("state", "values"),
    [
        (ASKED, {"tenant": TENANT, "client_id": CLIENT}),
        (replace(ASKED, tenant_id=""), {"tenant": "contoso.com", "client_id": CLIENT}),
        (SIGNED_IN, {"tenant": TENANT, "client_id": CLIENT, "username": "ben@contoso.com"}),
        (replace(ASKED, own=True), {"tenant": TENANT, "client_id": CLIENT, "registration": "own"}),
        (MicrosoftAnswers(), {}),
    ],
)
def test_the_facts_are_filled_in(state: MicrosoftAnswers, values: dict[str, str]) -> None:
    assert named(REFUSED, state).evidence.values == values


def test_what_was_seen_counts_more_than_what_was_typed() -> None:
    seen = replace(REFUSED, values={"tenant": "fabrikam.com", "trace_id": "t"})
    assert named(seen, ASKED).evidence.values == {"tenant": "fabrikam.com", "client_id": CLIENT, "trace_id": "t"}


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("global", "login.microsoftonline.com"),
        ("us-government", "login.microsoftonline.com"),
        ("us-government-high", "login.microsoftonline.us"),
        ("china", "login.partner.microsoftonline.cn"),
    ],
)
def test_the_link_to_pass_on_leads_to_the_sign_in_page_of_the_cloud(cloud: str, host: str) -> None:
    problem = named(replace(REFUSED, error="access_denied", number=90094), replace(ASKED, cloud=cloud))
    links = [remedy.value for remedy in explain(problem).remedies if "adminconsent" in remedy.value]
    assert links == [f"https://{host}/{TENANT}/adminconsent?client_id={CLIENT}"]


def test_whose_registration_it_is_decides_who_has_to_act() -> None:
    assert named(REFUSED, ASKED).owner == "platform-vendor"
    assert named(REFUSED, replace(ASKED, own=True)).owner == "microsoft-365-admin"


def test_what_we_observe_ourselves_is_called_by_its_name() -> None:
    problem = observed("other-account", ASKED, username="anna@contoso.com", expected="ben@contoso.com")
    assert problem.code == "other-account"
    assert problem.values["expected"] == "ben@contoso.com"


def test_a_stop_keeps_what_was_done_and_offers_ways_on() -> None:
    stop = stopped_by(OAuthFailed(REFUSED), ASKED, actions=(WAY_ON,), after=SIGNED_IN)
    assert (stop.problem.code, stop.actions, stop.state) == ("client-secret-wrong", (WAY_ON,), SIGNED_IN)


def test_a_keychain_that_cannot_be_used_is_a_stop_too() -> None:
    stop = stopped_by(VaultUnavailable("locked"), ASKED)
    assert stop.problem.evidence.system is System.KEYCHAIN
    assert stop.state is None


async def done() -> str:
    return "done"


async def failing(error: Exception) -> str:
    raise error


async def test_work_that_is_done_is_a_stage_that_passed() -> None:
    reported = Reported()
    assert await timed("ms-page", done(), reported, ASKED) == "done"
    assert [(one.id, one.verdict, one.problem) for one in reported.results] == [("ms-page", Verdict.PASSED, None)]
    assert reported["ms-page"].took_ms >= 0


@pytest.mark.parametrize(
    ("error", "code", "actions"),
    [
        (OAuthFailed(REFUSED), "client-secret-wrong", (WAY_ON,)),
        (Halted(named(REFUSED, ASKED)), "client-secret-wrong", ()),
    ],
)
async def test_work_that_fails_is_a_stage_that_failed(error: Exception, code: str, actions: tuple[Action, ...]) -> None:
    reported = Reported()
    with pytest.raises(Halted) as halted:
        await timed("ms-page", failing(error), reported, ASKED, actions=(WAY_ON,))
    assert halted.value.problem.code == code
    assert halted.value.actions == actions
    assert reported["ms-page"].verdict is Verdict.FAILED
    assert reported["ms-page"].problem == halted.value.problem


async def test_a_fault_of_ours_is_no_stop() -> None:
    reported = Reported()
    with pytest.raises(ZeroDivisionError):
        await timed("ms-page", failing(ZeroDivisionError()), reported, ASKED)
    assert reported.results == []
