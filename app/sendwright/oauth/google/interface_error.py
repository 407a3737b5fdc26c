"""Reads the errors of Google's interfaces, which are no OAuth errors."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from sendwright.recording.visible import visible

LONGEST_TEXT: Final = 2_000
LONGEST_VALUE: Final = 200


class InterfaceError(msgspec.Struct, frozen=True, kw_only=True):
    """What an interface answers instead of a result.

    status: Google's own name of it, such as `PERMISSION_DENIED`. reasons: each once, those of `details` first, as they
    say more than those of `errors`: `IAM_PERMISSION_DENIED`, `SERVICE_DISABLED`, `accessNotConfigured`. facts: the
    metadata of `details`: `service`, `consumer`, `permission`. Bounded, and not cleaned of secrets.
    """

    status: str = ""
    message: str = ""
    reasons: tuple[str, ...] = ()
    facts: dict[str, str] = {}


def read_interface_error(answer: Mapping[str, object]) -> InterfaceError | None:
    """Return the error in an answer, in which any part may be missing or of any type; None where there is none.

    Source: cloud.google.com/apis/design/errors; developers.google.com/workspace/gmail/api/guides/handle-errors
    """
    error = answer.get("error")
    if not isinstance(error, dict):
        return None
    details = [one for one in _list(error.get("details")) if isinstance(one, dict)]
    named = [one.get("reason") for one in (*details, *_list(error.get("errors"))) if isinstance(one, dict)]
    return InterfaceError(
        status=_word(error.get("status"), LONGEST_VALUE),
        message=_word(error.get("message"), LONGEST_TEXT),
        reasons=tuple(dict.fromkeys(filter(None, (_word(name, LONGEST_VALUE) for name in named)))),
        facts={name: value for detail in reversed(details) for name, value in _facts(detail)},
    )


def _facts(detail: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    metadata = detail.get("metadata")
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        if isinstance(name, str) and (word := _word(value, LONGEST_VALUE)):
            yield name, word


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _word(value: object, longest: int) -> str:
    return visible(value[:longest]) if isinstance(value, str) else ""
