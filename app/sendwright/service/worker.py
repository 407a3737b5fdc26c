"""Makes the worker of a backend out of what it stands on."""

from sendwright.problems.evidence import Evidence, System
from sendwright.senders.catalogue import ProfileUnusable, mailbox_key, open_sender
from sendwright.senders.graph.pace import Paces
from sendwright.senders.sender import Sender, SendFailed
from sendwright.service.ground import ActiveSender, Ground
from sendwright.service.metrics import Metrics
from sendwright.service.queue_policy import read_policy
from sendwright.service.worker_loop import QueueWorker

POLICY_FILE = "queue.toml"
"""In the data folder; see `queue_policy.QueuePolicy`."""

_UNUSABLE = Evidence(stage="sign-in", system=System.BACKEND, condition="program-fault")


def create_worker(ground: Ground) -> QueueWorker:
    """Return the worker of the backend, not started. Raises StartRefused `settings-invalid`."""
    paces = Paces()  # one for all senders: together they keep to a mailbox's limits

    async def opening(active: ActiveSender) -> Sender:
        try:
            return open_sender(active.profile, active.credentials, ground.network, grant=active.grant, paces=paces)
        except ProfileUnusable as unusable:  # it was checked when it was staged, by another version perhaps
            raise SendFailed(_UNUSABLE) from unusable

    return QueueWorker(
        ground,
        policy=read_policy(ground.folder.path / POLICY_FILE),
        metrics=Metrics(),
        opening=opening,
        mailbox=mailbox_key,
    )
