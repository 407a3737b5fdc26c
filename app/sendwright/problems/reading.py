"""Reads SMTP replies as they stand on the wire or in a log (RFC 5321 section 4.2, RFC 2034)."""

import re

import msgspec

MAX_TEXT = 2000

# Second digits are those of RFC 5321 section 4.2.1 and 7 (571: several servers), so that port 587 is no reply.
# Both are bounded and start at a fixed place: no input makes them look twice.
_LINE = re.compile(r"([2-5][0-9]{2})(?:[ -]|$)(?:#?([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.]))?[ :]*")
_INSIDE = re.compile(
    r"(?<![0-9A-Za-z.:_/-])([45][0-57][0-9])(?:[ -](?:#?([45]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])))?(?![0-9.:%])"
)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A server's answer. code: three digits. enhanced: RFC 3463 code, if any. text: the words, joined."""

    code: int
    enhanced: str | None
    text: str


def read_reply(raw: str) -> Reply | None:
    """Return the reply that `raw` is, over one or several lines; None where it is none."""
    code: int | None = None
    enhanced: str | None = None
    words: list[str] = []
    for line in raw.splitlines():
        found = _LINE.match(line)
        if found is None or (code is not None and int(found[1]) != code):
            words.append(line.strip())
            continue
        code = int(found[1])
        enhanced = enhanced or _of_class(found[2], code)
        words.append(line[found.end() :].strip())
    if code is None:
        return None
    return Reply(code=code, enhanced=enhanced, text=" ".join(filter(None, words))[:MAX_TEXT])


def find_reply(line: str) -> Reply | None:
    """Return the first refusal inside `line`, such as a line of a log; None where there is none."""
    found = _INSIDE.search(line)
    if found is None:
        return None
    code = int(found[1])
    text = line[found.end() :].strip(" :-")[:MAX_TEXT]
    return Reply(code=code, enhanced=_of_class(found[2], code), text=text)


def _of_class(enhanced: str | None, code: int) -> str | None:
    """Keep an enhanced code that fails like the reply; RFC 2034 wants one class, servers say `421 5.7.32`."""
    if enhanced is None or (enhanced[0] == "2") != (code // 100 == 2):  # noqa: PLR2004 - class 2 is success
        return None
    return enhanced
