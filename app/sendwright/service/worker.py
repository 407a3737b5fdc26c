"""Makes the worker of a backend out of what it stands on."""

from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.senders.catalogue import kind_of, mailbox_key, open_sender
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.sender import Sender, SendFailed
from sendwright.senders.sources import TokenSources
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.ground import ActiveSender, Ground
from sendwright.service.metrics import Metrics
from sendwright.service.queue_policy import QueuePolicy, read_policy
from sendwright.service.worker_loop import QueueWorker

POLICY_FILE = "queue.toml"
"""In the data folder; see `queue_policy.QueuePolicy`."""

_UNUSABLE = Evidence(stage="sign-in", system=System.BACKEND, condition="program-fault")


def create_worker(ground: Ground) -> QueueWorker:
    """Return the worker of the backend, not started. Raises StartRefused `settings-invalid`."""
    policy = read_policy(ground.folder.path / POLICY_FILE)
    paces, sources = Paces(), TokenSources()  # one for all senders: together they keep to a mailbox's limits

    async def opening(active: ActiveSender) -> Sender:
        if active.refused:
            raise SendFailed(Evidence(stage="sign-in", system=System.BACKEND, condition=active.refused))
        try:
            set_pace(paces, active.profile, policy)
            return open_sender(
                active.profile, active.credentials, ground.network, grant=active.grant, paces=paces, sources=sources
            )
        except ProfileUnusable as unusable:  # it was checked when it was staged, by another version perhaps
            raise SendFailed(_UNUSABLE) from unusable

    return QueueWorker(
        ground,
        policy=policy,
        metrics=Metrics(),
        opening=opening,
        mailbox=mailbox_key,
        most_in_a_day=lambda profile: most_in_a_day(profile, policy),
        pause_s=lambda profile: pause_s(paces, profile, policy),
    )


def set_pace(paces: Paces, profile: SenderProfile, policy: QueuePolicy) -> None:
    """Let a mailbox be asked as the queue's policy says, never more at once than its server takes.

    Where the policy does not name the kind of sender, it is asked no faster than its server takes, either. Raises
    ProfileUnusable.
    """
    most = kind_of(profile).limits(profile)
    if most is None:
        return
    limits = policy.limits.get(profile.sender, policy.other_limits)
    starts, period_s = limits.starts, limits.period_s
    if profile.sender not in policy.limits and starts * most.period_s > most.starts * period_s:
        starts, period_s = most.starts, most.period_s
    own = Limits(at_once=min(limits.at_once, most.at_once), starts=starts, period_s=period_s)
    paces.of(mailbox_key(profile), own)


def pause_s(paces: Paces, profile: SenderProfile, policy: QueuePolicy) -> float:
    """Return the seconds that an attempt waits before it begins, because the mailbox is to be left alone.

    Whoever is sent away has used up one of the queue's starts. None is waited for longer than those are counted: what
    began before is forgotten when such a pause ends, and the notification says meanwhile why it is not sent. Raises
    ProfileUnusable.
    """
    paused_s = paces.paused_s(mailbox_key(profile))
    period_s = policy.limits.get(profile.sender, policy.other_limits).period_s
    return paused_s if paused_s <= period_s else 0.0


def most_in_a_day(profile: SenderProfile, policy: QueuePolicy) -> int | None:
    """Return how many messages of notifications a mailbox may send within 24 hours, None where nothing is known.

    Where the policy names a number, that one, up to what the service takes; else a share of that: the rest is left to
    the person whose mailbox it is, who could send nothing for a day otherwise. Raises ProfileUnusable.
    """
    most = kind_of(profile).limits(profile)
    theirs = None if most is None else most.per_day
    ours = policy.limits.get(profile.sender, policy.other_limits).per_day
    if ours is not None:
        return ours if theirs is None else min(ours, theirs)
    return None if theirs is None else max(1, int(theirs * policy.share_of_day))
