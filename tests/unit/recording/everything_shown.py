"""All that could be seen of a failure and of the events before it."""

import logging
import traceback

import msgspec

from sendwright.problems.classify import classify
from sendwright.problems.evidence import Failure
from sendwright.problems.explanation import explain
from sendwright.problems.level import Level
from sendwright.problems.ticket import ticket
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.service.log import AllowedOnly


def of_recorder(recorder: WireRecorder) -> str:
    """Events as they are read and as JSON, and what a debugger prints."""
    events = recorder.events
    read = ["\n".join((event.name, event.text, *event.values, *event.values.values())) for event in events]
    return "\n".join(
        [*read, msgspec.json.encode(events).decode(), repr(recorder), repr(events), repr(recorder.secrets)]
    )


def of_failure(failure: Failure) -> str:
    """Evidence, card, tickets of all levels, exception texts, a line of the log."""
    problem = classify(failure.evidence)
    parts = [
        msgspec.json.encode(failure.evidence).decode(),
        failure.evidence.text,
        msgspec.json.encode(explain(problem)).decode(),
        msgspec.json.encode(problem).decode(),
        *(ticket(problem, level=level) for level in Level),
        *traceback.format_exception(failure),
        repr(failure),
        _log_line(failure),
    ]
    seen: BaseException | None = failure
    while seen is not None:
        parts += [repr(seen), str(seen.args), str(vars(seen))]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(parts)


def _log_line(failure: Failure) -> str:
    exc_info = (type(failure), failure, failure.__traceback__)
    fields = {"name": "sendwright.service", "msg": "delivery-failed", "problem": failure.evidence.code}
    return AllowedOnly().format(logging.makeLogRecord(fields | {"exc_info": exc_info}))
