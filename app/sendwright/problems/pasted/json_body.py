"""Reads the bodies in which interfaces and authorisation servers report errors, whole or inside a line of a log."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

import msgspec

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.admission import visible
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.names import first_number, numbered, of_oauth, vocabulary
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.rule import UNKNOWN_STAGE

_MOST_BODIES, _LONGEST_BODY = 50, 50_000
_DEEPEST, _MOST_NODES = 12, 5000
_SAID = 2000
_TELLING_STATUS = frozenset({400, 401, 403, 413, 429, 500, 502, 503, 504})
_BEGIN_CODES_OF_GRAPH = ("Error", "Authentication_", "Authorization_", "Directory_", "Request_")
_DECODER = json.JSONDecoder()
_WORTH = ('"error', '"code"', '"problem', '"errors"', '"schema"', '"access_token"', '"@odata')


@dataclass(frozen=True, kw_only=True)
class Body:
    """A JSON value in a text. place: where it begins, in characters."""

    value: object
    place: int


def whole(text: str) -> Body | None:
    """Return `text` as JSON; None where it is none, or is nested deeper than any answer is."""
    bare = text.strip()
    if not bare.startswith(("{", "[")):
        return None
    try:
        return Body(value=msgspec.json.decode(bare), place=0)
    except (ValueError, RecursionError):
        return None


def inside(text: str) -> Iterator[Body]:
    """Yield the JSON objects that stand in `text`, such as a line of a log; at most 50 are tried."""
    if not any(sign in text for sign in _WORTH):
        return
    place = -1
    for _ in range(_MOST_BODIES):
        place = text.find("{", place + 1)
        if place < 0:
            return
        try:
            value, length = _DECODER.raw_decode(text[place : place + _LONGEST_BODY])
        except (ValueError, RecursionError):
            continue
        yield Body(value=value, place=place)
        place += length - 1


def clues_of(body: Body) -> Iterator[Clue]:
    """Yield what the objects in `body` report."""
    for found in _objects(body.value):
        for evidence in _reported(found):
            seen = evidence
            if seen.system is System.OAUTH:
                yield of_oauth(_issuer_words(found), 0, seen)
            else:
                values = {**values_of(seen.text), **seen.values}
                retry = seen.retry_after_s or retry_after_s(seen.text)
                seen = msgspec.structs.replace(seen, values=values, retry_after_s=retry)
                yield from (replace(clue, place=body.place) for clue in numbered(seen.text))
                yield Clue(evidence=seen, place=body.place, others=_others(seen))


def tells_of_success(body: Body) -> bool:
    """Tell whether `body` is what an interface answers when all is well."""
    value = body.value
    if not isinstance(value, dict) or value.get("error"):
        return False
    if str(value.get("schema", "")).startswith("sendwright."):
        return value.get("verdict") == "passed" or value.get("healthy") is True
    waits = "user_code" in value and ("verification_uri" in value or "verification_url" in value)  # RFC 8628
    return waits or "access_token" in value or "@odata.context" in value or {"id", "threadId"} <= value.keys()


def words_in(body: Body) -> str:
    """Return all strings in `body` one to a line: a log in JSON says in them what others say in lines."""
    said = (text for found in _objects(body.value) for text in found.values() if isinstance(text, str))
    return visible("\n".join(said))


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    waiting, seen = deque([(value, 0)]), 0
    while waiting and seen < _MOST_NODES:
        node, depth = waiting.popleft()
        seen += 1
        if isinstance(node, dict):
            yield node
        if depth < _DEEPEST and len(waiting) < _MOST_NODES and isinstance(node, dict | list):
            inner = islice(node.values() if isinstance(node, dict) else node, _MOST_NODES)
            children = (_opened(child) for child in inner)
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _opened(value: object) -> object:
    """Return what a string of JSON that is JSON itself holds: some programs put the answer they got into their own."""
    if not (isinstance(value, str) and value.startswith("{") and len(value) <= _LONGEST_BODY):
        return value
    body = whole(value)
    return body.value if body else value


def _reported(found: Mapping[str, object]) -> Iterator[Evidence]:
    error = _opened(found.get("error", found.get("odata.error")))
    if isinstance(error, str):
        yield _of_oauth(found, error)
    elif isinstance(error, dict):
        if isinstance(error.get("code"), int):
            yield from _of_google(error)
        elif isinstance(error.get("code"), str):
            yield from _of_graph(error)
    for name in ("code", "problem"):
        code = found.get(name)
        if isinstance(code, str) and code in vocabulary().codes:
            yield Evidence(
                stage=UNKNOWN_STAGE, system=System.BACKEND, reason=code, http=_number(found.get("status")),
                text=_text(found.get("detail")) or _text(found.get("title")),
            )  # fmt: skip


def _of_oauth(found: Mapping[str, object], error: str) -> Evidence:
    numbers = found.get("error_codes")
    number = _number(numbers[0]) if isinstance(numbers, list) and numbers else None
    if number is None:
        number = first_number(_text(found.get("error_description")))
    return Evidence(
        stage=UNKNOWN_STAGE, system=System.OAUTH, error=_text(error)[:100], number=number,
        reason=_text(found.get("error_subtype")) or _text(found.get("suberror")) or None,
        text=_text(found.get("error_description")) or _text(error),
    )  # fmt: skip


def _of_graph(error: Mapping[str, object]) -> Iterator[Evidence]:
    node: object = error
    system = System.GRAPH if _is_of_graph(error) else System.HTTP
    told: list[Evidence] = []
    for _ in range(_DEEPEST):
        if not isinstance(node, dict):
            break
        code = node.get("code")
        if isinstance(code, str):
            if code in vocabulary().reasons:
                told.clear()  # the inner error says more than the outer one
            said = _message(node) or _message(error)
            told.append(Evidence(stage=UNKNOWN_STAGE, system=system, reason=_text(code)[:100], text=said))
        node = node.get("innerError", node.get("innererror"))
    yield from told


def _is_of_graph(error: Mapping[str, object]) -> bool:
    """Tell whether Microsoft Graph may have answered `error`: many interfaces have a code and a message."""
    code = error.get("code")
    inner = "innerError" in error or "innererror" in error
    return inner or (isinstance(code, str) and (code in vocabulary().reasons or code.startswith(_BEGIN_CODES_OF_GRAPH)))


def _of_google(error: Mapping[str, object]) -> Iterator[Evidence]:
    named = [error.get("status")]
    for name in ("details", "errors"):
        entries = error.get(name)
        named += (
            [entry.get("reason") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
        )
    http = _number(error.get("code"))
    system = System.GMAIL if any(named) or http in _TELLING_STATUS else System.HTTP  # JSON-RPC numbers its errors too
    reasons = [_text(reason)[:100] for reason in reversed(named) if isinstance(reason, str)]
    known = vocabulary().reasons.keys()
    if any(reason in known for reason in reasons[:-1]) and reasons[-1] == error.get("status"):
        reasons.pop()  # the status names a kind of failure, and its cause is named beside it
    for reason in dict.fromkeys(reasons) or (None,):
        yield Evidence(
            stage=UNKNOWN_STAGE,
            system=system,
            http=http,
            reason=reason,
            text=_message(error),
        )


def _others(seen: Evidence) -> tuple[System, ...]:
    return {System.GMAIL: (System.GOOGLE,), System.GRAPH: (System.ENTRA,)}.get(seen.system, ())


def _issuer_words(found: Mapping[str, object]) -> str:
    words = "\n".join(_text(found.get(name)) for name in ("error_description", "error_uri"))
    return f"{words}\naccounts.google.com" if found.get("error_subtype") else words  # Entra calls it `suberror`


def _message(node: Mapping[str, object]) -> str:
    message = node.get("message")
    return _text(message.get("value")) if isinstance(message, dict) else _text(message)


def _text(value: object) -> str:
    """Return `value` where it is text, printable: escapes of JSON can stand for anything."""
    return visible(value[:_SAID]) if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
