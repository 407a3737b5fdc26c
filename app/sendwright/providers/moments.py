"""When to try again what was granted and has yet to take effect."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate


def next_moment(since: datetime | None, tried: datetime, pauses: Sequence[timedelta]) -> datetime | None:
    """Return when to try again: the first planned moment after `tried`, None once all are over.

    since: when it was granted, None where nobody said so. pauses: between one try and the next, from `since` on.
    """
    if since is None:
        return None
    return next((since + moment for moment in accumulate(pauses) if since + moment > tried), None)
