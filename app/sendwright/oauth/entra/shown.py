"""Understands the errors that Microsoft shows on its own page and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from sendwright.oauth.conditions import STAGE
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.reader import understand
from sendwright.problems.pasted.understood import PasteRefused
from sendwright.recording.redactor import Redactor

DEVICE_DEMANDS: Final = frozenset(
    {50097, 50129, 50131, 50155, 50187, 53000, 53001, 53002, 53003, 53009, 530003, 530032}
)
"""Numbers that a browser of the person's own may satisfy: it can show whose computer it runs on."""

PAGES: Final = frozenset(
    {
        "page-admin-approval",
        "page-conditional-access",
        "page-device",
        "page-personal-account",
        "page-other-organisation",
        "page-account-locked",
        "page-account-disabled",
    }
)
"""Pages that stop a sign-in. Those for a wrong password, or for more information, the person settles on the page."""

LONGEST: Final = 20_000
"""Characters of a page that are read."""

_LONGEST_TEXT = 2_000
_IDENTIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "request-id": "request_id",
        "client-request-id": "client_request_id",
        "correlation-id": "correlation_id",
        "trace-id": "trace_id",
        "when": "timestamp",
    }
)


def error_shown(words: str, *, own: bool = False) -> Evidence | None:
    """Return the error that the text of a page shows, or that somebody pasted; None where it shows none.

    It is known by its number (`AADSTS50011`, `Error Code: 53003`), else, in English, by the fixed words of a page that
    lets nobody on. Values: request_id, correlation_id and timestamp as the page has them. own: the registration is the
    organisation's. Never raises, whatever the page holds.
    """
    try:
        understood = understand(words[:LONGEST])
    except PasteRefused:
        return None
    seen = next((match.problem.evidence for match in understood.matches if _stops(match.problem.evidence)), None)
    if seen is None:
        return None
    told = {_IDENTIFIERS[label]: value for label, value in understood.about if label in _IDENTIFIERS}
    registration = {"registration": "own"} if own else {}
    return msgspec.structs.replace(
        seen,
        stage=STAGE,
        text=Redactor().clean(seen.text)[:_LONGEST_TEXT],
        values={**seen.values, **told, **registration},
    )


def _stops(seen: Evidence) -> bool:
    return seen.system is System.ENTRA and (seen.number is not None or seen.condition in PAGES)
