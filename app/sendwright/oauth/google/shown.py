"""Understands the errors that Google shows on its own page and nowhere else."""

import re
from typing import Final

import msgspec

from sendwright.oauth.conditions import STAGE
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.names import SHOWN_ON_PAGE
from sendwright.problems.pasted.reader import understand
from sendwright.problems.pasted.understood import PasteRefused
from sendwright.recording.redactor import Redactor

SHOWN: Final = frozenset(
    {
        "access_denied",
        "access_not_configured",
        "admin_policy_enforced",
        "deleted_client",
        "disabled_client",
        "disallowed_useragent",
        "invalid_client",
        "invalid_request",
        "invalid_scope",
        "org_internal",
        "policy_enforced",
        "rate_limit_exceeded",
        "redirect_uri_mismatch",
        "restricted_client",
        "unauthorized_client",
    }
)
"""What stands on Google's page behind the status: `Error 403: access_denied`, `Erreur 403 : access_denied`."""

ON_PAGE: Final = SHOWN_ON_PAGE
"""What we call an error that did not come back: `access_denied` means there that the account is no test user."""

LONGEST: Final = 20_000
"""Characters of a page that are read."""

_LONGEST_TEXT = 2_000
_CODE = re.compile(rf"(?:\b([45][0-9]{{2}})\W{{1,4}})?(?<![\w.-])({'|'.join(sorted(SHOWN))})(?![\w-])")


def error_shown(words: str, *, own: bool = False) -> Evidence | None:
    """Return the error that the text of a page shows, or that somebody pasted; None where it shows none.

    It is known by its code, which stands there in Latin letters whatever the language of the page, or by the address of
    the page (`https://accounts.google.com/signin/oauth/error?authError=…`). own: the client is the organisation's.
    Never raises, whatever the page holds.
    Source: support.google.com/a/answer/16668185; developers.google.com/identity/protocols/oauth2/native-app
    """
    read = words[:LONGEST]
    coded = _found(read)
    seen = _understood(read) or coded
    if seen is None:
        return None
    registration = {"registration": "own"} if own else {}
    return msgspec.structs.replace(
        seen,
        stage=STAGE,
        condition=ON_PAGE,
        http=coded.http if coded is not None and coded.error == seen.error else seen.http,
        text=Redactor().clean(seen.text)[:_LONGEST_TEXT],
        values={**seen.values, **registration},
    )


def _understood(words: str) -> Evidence | None:
    """Return the first error of Google's sign-in that whoever reads pasted words finds."""
    try:
        understood = understand(words)
    except PasteRefused:
        return None
    found = (match.problem.evidence for match in understood.matches)
    return next((seen for seen in found if seen.system is System.GOOGLE and seen.error in SHOWN), None)


def _found(words: str) -> Evidence | None:
    """Return the error whose code stands in the words of another language, the first with its status before others."""
    codes = sorted(_CODE.finditer(words), key=lambda found: not found[1])
    if not codes:
        return None
    status, error = codes[0].groups()
    return Evidence(stage=STAGE, system=System.GOOGLE, error=error, http=int(status) if status else None)
