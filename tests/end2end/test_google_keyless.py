"""A service account without a key, from the answers to a notification: the backend's own identity signs for it."""

from collections.abc import AsyncIterator

import pytest
from tests.end2end.google_terminal import ALIAS, Workplace, problem_of
from tests.end2end.home import Home
from tests.servers.google import listening

from sendwright.oauth.google.scopes import SEND
from sendwright.practice.google.example import ANNA, BEN, SERVICE_ACCOUNT, SERVICE_ACCOUNT_ID
from sendwright.practice.google.given import BACKEND

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end")]

KEYLESS = f"""way = "service-account"
service_account = "{SERVICE_ACCOUNT}"
service_account_id = "{SERVICE_ACCOUNT_ID}"
subject = "{ANNA}"
control = "{BEN}"
"""


@pytest.fixture
async def at(own_home: Home) -> AsyncIterator[Workplace]:
    async with listening() as server:
        server.google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}
        yield Workplace(own_home, server.google, server.inbox)


async def test_the_backends_identity_signs_and_a_notification_arrives(at: Workplace) -> None:
    code, report = await at.set_up(KEYLESS)
    assert (code, report["outcome"]) == (0, "in-force"), report
    assert f"signBlob {SERVICE_ACCOUNT}: signed" in at.google.log
    await at.notify()
    assert at.arrived() == [("Hello", f"{ALIAS} <{ANNA}>")]
    kept = {one for account in at.google.workspace.service_accounts.values() for one in account.keys}
    assert len(kept) == 1  # the one that Google keeps itself


async def test_an_identity_that_may_not_sign_is_named_with_who_can_change_that(at: Workplace) -> None:
    at.google.workspace.service_accounts[SERVICE_ACCOUNT].signers.clear()
    code, report = await at.set_up(KEYLESS)
    assert (code, report["outcome"], report["step"]) == (1, "stopped", "gmail-delegation"), report
    problem = problem_of(report)
    assert problem["code"] == "google-signing-not-allowed"
    assert problem["owner"] == "google-workspace-admin"
    assert at.arrived() == []
    at.google.workspace.service_accounts[SERVICE_ACCOUNT].signers.add(BACKEND)
    code, report = await at.set_up(KEYLESS)
    assert (code, report["outcome"]) == (0, "in-force"), report


async def test_an_identity_that_its_source_no_longer_knows_is_named(at: Workplace) -> None:
    at.google.workspace.identities.clear()
    code, report = await at.set_up(KEYLESS)
    assert (code, report["outcome"], report["step"]) == (1, "stopped", "gmail-delegation"), report
    assert problem_of(report)["code"] == "google-signing-identity-refused"
