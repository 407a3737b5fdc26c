"""Makes the worker of a backend out of what it stands on."""

from sendwright.problems.evidence import Evidence, System
from sendwright.profile import SenderProfile
from sendwright.senders.catalogue import kind_of, mailbox_key, open_sender
from sendwright.senders.graph.settings import Way
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.sender import Sender, SendFailed
from sendwright.senders.sources import TokenSources
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.ground import ActiveSender, Ground
from sendwright.service.metrics import Metrics
from sendwright.service.profile_standing import graph_settings
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
        try:
            set_pace(paces, active.profile, policy)
            return open_sender(
                active.profile, active.credentials, ground.network, grant=active.grant, paces=paces, sources=sources
            )
        except ProfileUnusable as unusable:  # it was checked when it was staged, by another version perhaps
            raise SendFailed(_why(active)) from unusable

    return QueueWorker(
        ground,
        policy=policy,
        metrics=Metrics(),
        opening=opening,
        mailbox=mailbox_key,
    )


def _why(active: ActiveSender) -> Evidence:
    """Return why no sender can be made: a credential was taken away, or the profile is not understood."""
    settings = graph_settings(active.profile)
    if settings is not None and settings.way is Way.APPLICATION and not active.credentials:
        return Evidence(stage="sign-in", system=System.BACKEND, condition="application-credential-absent")
    return _UNUSABLE


def set_pace(paces: Paces, profile: SenderProfile, policy: QueuePolicy) -> None:
    """Let a mailbox be asked as the queue's policy says, never more at once than its server takes.

    Raises ProfileUnusable.
    """
    most = kind_of(profile).limits(profile)
    if most is None:
        return
    limits = policy.limits.get(profile.sender, policy.other_limits)
    own = Limits(at_once=min(limits.at_once, most.at_once), starts=limits.starts, period_s=limits.period_s)
    paces.of(mailbox_key(profile), own)
