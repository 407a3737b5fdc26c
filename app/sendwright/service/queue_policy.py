"""The numbers of the queue: how many at once, how fast, how patient; a file may change them."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from sendwright.service.refusal import StartRefused
from sendwright.service.retry import RetryPolicy


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one mailbox is asked to carry: attempts at once, and starts within any `period_s` seconds.

    per_day: messages within any 24 hours; None: `QueuePolicy.share_of_day` of what the service takes, where that is
    known.
    """

    at_once: int = 4
    starts: int = 600
    period_s: float = 60.0
    per_day: Annotated[int, msgspec.Meta(ge=1)] | None = None


GRAPH_LIMITS = Limits(at_once=4, starts=30, period_s=60.0)
"""Of a mailbox of Microsoft 365: 4 requests of an application at once, 30 messages in a minute."""


GMAIL_LIMITS = Limits(at_once=2, starts=60, period_s=61.0)
"""Of a mailbox of Gmail: 60 messages in a minute of a Cloud project of 2026 or later, with a second for what is on its
way, and few at once: how many are too many is not said, only that too many are refused."""


class QueuePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the queue behaves; durations in seconds.

    retry: see RetryPolicy. limits: by kind of sender such as `smtp`; kinds without an entry have
    `other_limits`. workers: attempts at once over all mailboxes. poll_s: how often the queue looks for
    work; resting_poll_s: how often when there was none for `rest_after_s`. care_every_s: how often it
    looks for what was left behind; stranded_after_s: how long something must lie to count as that.
    attempt_within_s: an attempt that takes longer is cut off. record_within_s: how long the outcome of an
    attempt is held in memory while the database cannot store it. stop_within_s: how long running attempts
    may go on once the backend is asked to stop. idle_sender_s: an open connection that is not used is
    closed after that. keep_history_s: finished entries of the engine are deleted after that, at least the
    longest `period_s`. keep_finished_s: finished notifications are deleted after that. largest_bytes:
    text and HTML together. share_of_day: how much notifications may use, between 0 and 1, of the messages that a
    mailbox may send within 24 hours: whoever sends more can send nothing for up to a day, the person as well whose
    mailbox it is. Tests and messages of the backend itself are not counted.
    """

    retry: RetryPolicy = RetryPolicy()
    limits: dict[str, Limits] = msgspec.field(
        default_factory=lambda: {"smtp": Limits(), "graph": GRAPH_LIMITS, "gmail": GMAIL_LIMITS}
    )
    other_limits: Limits = Limits()
    workers: int = 16
    poll_s: float = 0.1
    resting_poll_s: float = 1.0
    rest_after_s: float = 10.0
    care_every_s: float = 30.0
    stranded_after_s: float = 60.0
    attempt_within_s: float = 300.0
    record_within_s: float = 300.0
    stop_within_s: float = 30.0
    idle_sender_s: float = 60.0
    keep_history_s: float = 3_600.0
    keep_finished_s: float = 90 * 86_400.0
    largest_bytes: int = 10 * 1024 * 1024
    share_of_day: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.8


def read_policy(file: Path) -> QueuePolicy:
    """Return the policy in the TOML file, the usual one where there is none.

    Raises StartRefused `settings-invalid`.
    """
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), QueuePolicy, strict=False)
    except FileNotFoundError:
        return QueuePolicy()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StartRefused("settings-invalid", file=str(file), reason=str(error)) from error
