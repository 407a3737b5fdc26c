"""The mailbox of a signed-in sender is asked as the policy says, and never more at once than its server takes."""

import pytest
from tests.unit.service.backend_kit import PROFILE
from tests.unit.service.test_grant_profiles import graph_profile

from sendwright.senders.catalogue import mailbox_key
from sendwright.senders.graph import pace
from sendwright.senders.graph.pace import Paces
from sendwright.senders.graph.settings import Route
from sendwright.service.queue_policy import Limits, QueuePolicy
from sendwright.service.worker import set_pace


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


def test_a_mail_server_has_no_pace_of_its_own() -> None:
    paces = Paces()
    set_pace(paces, PROFILE, QueuePolicy())
    assert paces._paces == {}
