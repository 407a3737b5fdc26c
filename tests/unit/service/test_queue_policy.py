"""The numbers of the queue, as they are and as a file changes them."""

from pathlib import Path

import pytest

from sendwright.service.queue_policy import Limits, QueuePolicy, read_policy
from sendwright.service.refusal import StartRefused


def test_without_a_file_the_usual_numbers_hold(tmp_path: Path) -> None:
    policy = read_policy(tmp_path / "queue.toml")
    assert policy == QueuePolicy()
    assert policy.limits["smtp"].at_once == 4
    assert (policy.limits["gmail"].starts, policy.limits["gmail"].period_s) == (60, 61.0)
    assert policy.share_of_day == 0.8
    assert {limits.per_day for limits in policy.limits.values()} == {None}
    assert policy.keep_history_s > max(limits.period_s for limits in policy.limits.values())
    assert policy.retry.give_up_after_s == 3 * 86_400


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "queue.toml"
    file.write_text(
        "workers = 8\npoll_s = 1\nshare_of_day = 0.5\n"
        "[retry]\nattempts = 5\n[limits.smtp]\nat_once = 2\n[limits.graph]\nstarts = 26\n"
        "[limits.gmail]\nper_day = 300\n"
    )
    policy = read_policy(file)
    assert (policy.workers, policy.poll_s, policy.retry.attempts, policy.retry.first_s) == (8, 1.0, 5, 30.0)
    assert policy.limits == {"smtp": Limits(at_once=2), "graph": Limits(starts=26), "gmail": Limits(per_day=300)}
    assert policy.share_of_day == 0.5
    assert policy.other_limits == Limits()


@pytest.mark.parametrize(
    "content",
    [
        "worker = 1",
        "share_of_day = 0",
        "share_of_day = 1.1",
        "[limits.gmail]\nper_day = 0",
        "workers = 'many'",
        "[retry]\nfirst = 1",
        "workers =",
        "\xff\xfe",
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "queue.toml"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(StartRefused) as refused:
        read_policy(file)
    assert refused.value.code == "settings-invalid"
    assert refused.value.values["file"] == str(file)
