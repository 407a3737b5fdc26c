"""The worker is made of the policy and the ground: paces of mailboxes, and names for senders that cannot be made."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from tests.unit.service.application_kit import application_profile
from tests.unit.service.backend_kit import PROFILE
from tests.unit.service.google_kit import gmail_profile, keyless_profile
from tests.unit.service.queue_kit import bench
from tests.unit.service.test_grant_profiles import graph_profile

from sendwright.network.system import system_network
from sendwright.profile import SenderProfile
from sendwright.senders import pace
from sendwright.senders.catalogue import mailbox_key
from sendwright.senders.graph.settings import Route
from sendwright.senders.pace import Paces
from sendwright.service.ground import ActiveSender
from sendwright.service.queue_policy import Limits, QueuePolicy
from sendwright.service.worker import create_worker, most_in_a_day, set_pace


@pytest.mark.parametrize(
    ("route", "at_once", "expected"),
    [
        (Route.ME, 4, 4),
        (Route.MAILBOX, 2, 2),
        (Route.MAILBOX, 50, 4),
        (Route.SMTP, 4, 3),
        (Route.SMTP, 1, 1),
    ],
)
def test_the_policy_counts_up_to_what_the_server_takes(route: Route, at_once: int, expected: int) -> None:
    paces, profile = Paces(), graph_profile(route=route)
    policy = QueuePolicy(limits={"graph": Limits(at_once=at_once, starts=7, period_s=3.0)})
    set_pace(paces, profile, policy)
    found = paces.of(mailbox_key(profile))
    assert found._limits == pace.Limits(at_once=expected, starts=7, period_s=3.0)
    set_pace(paces, profile, QueuePolicy())  # senders that are opened later share it
    assert paces.of(mailbox_key(profile)) is found


def test_other_limits_count_where_the_policy_names_none() -> None:
    paces, profile = Paces(), graph_profile()
    set_pace(paces, profile, QueuePolicy(limits={}, other_limits=Limits(at_once=1, starts=2, period_s=5.0)))
    assert paces.of(mailbox_key(profile))._limits == pace.Limits(at_once=1, starts=2, period_s=5.0)


@pytest.mark.parametrize(("profile", "starts", "period_s"), [(graph_profile(), 30, 60.0), (gmail_profile(), 60, 61.0)])
def test_a_policy_that_forgets_a_kind_asks_it_no_faster_than_its_server_takes(
    profile: SenderProfile, starts: int, period_s: float
) -> None:
    paces = Paces()
    set_pace(paces, profile, QueuePolicy(limits={"smtp": Limits()}))
    found = paces.of(mailbox_key(profile))._limits
    assert (found.starts, found.period_s) == (starts, period_s)


def test_a_mail_server_has_no_pace_of_its_own() -> None:
    paces = Paces()
    set_pace(paces, PROFILE, QueuePolicy())
    assert paces._paces == {}


@pytest.mark.parametrize(
    ("changes", "limits", "share", "most"),
    [
        ({}, {}, None, 1_600),
        ({"domain": ""}, {}, None, 400),
        ({"domain": ""}, {}, 0.001, 1),
        ({}, {}, 1.0, 2_000),
        ({}, {"gmail": Limits(per_day=350)}, None, 350),
        ({}, {"gmail": Limits(per_day=1_900)}, None, 1_900),
        ({"domain": ""}, {"gmail": Limits(per_day=1_900)}, None, 500),
        ({}, {"smtp": Limits(per_day=7)}, None, 1_600),
    ],
)
def test_a_share_of_what_the_mailbox_may_send_is_left_to_its_person(
    changes: dict[str, str], limits: dict[str, Limits], share: float | None, most: int
) -> None:
    policy = QueuePolicy(limits=limits) if share is None else QueuePolicy(limits=limits, share_of_day=share)
    assert most_in_a_day(gmail_profile(**changes), policy) == most


def test_a_server_of_which_nothing_is_known_is_counted_only_where_the_policy_says_so() -> None:
    assert most_in_a_day(PROFILE, QueuePolicy()) is None
    assert most_in_a_day(graph_profile(), QueuePolicy()) is None
    assert most_in_a_day(PROFILE, QueuePolicy(limits={"smtp": Limits(per_day=50)})) == 50
    assert most_in_a_day(PROFILE, QueuePolicy(limits={}, other_limits=Limits(per_day=20))) == 20


def test_a_mailbox_of_gmail_is_asked_at_the_pace_of_its_project() -> None:
    paces, profile = Paces(), gmail_profile()
    set_pace(paces, profile, QueuePolicy())
    assert paces.of(mailbox_key(profile))._limits == pace.Limits(at_once=2, starts=60, period_s=61.0)


@pytest.mark.parametrize(
    ("profile", "refused", "problem"),
    [
        (application_profile(), "application-credential-absent", "application-credential-absent"),
        (graph_profile(), "application-place-unknown", "application-place-unknown"),
        (keyless_profile(), "signing-identity-absent", "signing-identity-absent"),
        (keyless_profile(), "service-account-unknown", "service-account-unknown"),
        (gmail_profile(), "", "program-fault"),
        (graph_profile(), "", "program-fault"),
        (msgspec.structs.replace(PROFILE, settings={}), "", "program-fault"),
        (msgspec.structs.replace(PROFILE, sender="not-known-here"), "", "program-fault"),
    ],
)
async def test_a_sender_that_cannot_be_made_keeps_what_waits_and_says_why(
    tmp_path: Path, profile: SenderProfile, refused: str, problem: str
) -> None:
    async with bench(tmp_path) as of:
        worker = create_worker(replace(of.ground, network=system_network()))
        await worker.start()
        try:
            await of.put_in_force(ActiveSender(version=1, profile=profile, credentials={}, refused=refused))
            name = await of.accept()
            worker.nudge()
            state = await of.reaches(name, "retrying", "failed")
        finally:
            await worker.stop()
    assert (state.state, state.problem) == ("retrying", problem)
