"""Reads SMTP replies as they stand on the wire or in a log (RFC 5321 section 4.2, RFC 2034)."""

import re

import msgspec

MAX_TEXT = 2000

# Second digits are those of RFC 5321 section 4.2.1 and 7 (571: several servers), so that port 587 is no reply.
# Both are bounded and start at a fixed place: no input makes them look twice.
_LINE = re.compile(r"([2-5][0-9]{2})(?:[ -]|$)(?:#?([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.]))?[ :]*")
_CODE = r"(4[2-57][0-9]|5[0-57][0-9])"  # 400 to 418 are those of HTTP
_ANY_CODE = re.compile(r"[45][0-57][0-9]")
_NEXT_ENHANCED = r"#?([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])"
# With an enhanced code beside it a number is a reply wherever it stands: `(535, b'5.7.8 Error`, `550; 5.1.1`.
_SURE = re.compile(rf"(?<![0-9A-Za-z._/]){_CODE}[ ;,:-]{{1,2}}[\[(<\"'b]{{0,3}}{_NEXT_ENHANCED}")
# Alone it is one only where a line begins, or after words and signs that answers are quoted with.
_BEGINNING = re.compile(
    rf"[^0-9A-Za-z]{{0,8}}(?:[A-Za-z]{{1,6}}[:>] ?|SERVER -> CLIENT: )?{_CODE}(?=[ :,.-]|$)(?![:.,][0-9])"
)
_QUOTED = re.compile(
    r"(?:[;(>|] {0,2}|[:,] {1,2}|\b(?:code|status|reply|error)=|"
    r"\b(?:code|got|status|reply|response|said|returned|error|smtp|with) {1,2})"
    rf"[\"'\[(]{{0,2}}{_CODE}(?=[ ;:,.\"')\]-]|$)(?![:.,][0-9]|%)"
)
_FEW_WORDS = 3

# Some of what refusals speak of. A number before other words, such as `450 people came`, is no reply.
_SUBJECTS = re.compile(
    r"\b(?:e?mail|message|mailbox|recipient|sender|user|account|address|relay|quota|spam|block|blacklist|list|denied|"
    r"reject|refus|authenti|auth|password|credential|login|sign|tls|ssl|starttls|encrypt|command|sequence|syntax|domain|"
    r"host|helo|ehlo|rcpt|dns|spf|dkim|dmarc|policy|polic|service|server|busy|try again|later|temporar|defer|greylist|"
    r"gr[ae]y|unavailable|unknown|disabled|storage|size|exceed|limit|rate|too|connect|access|not |permission|permitted|"
    r"invalid|fail|transaction|bounce|virus|content|reputation|ip|unable|cannot|can't|no such|no valid|sorry|"
    r"insufficient|error|unsupported|unrecogni|required|must|suspended|over|full|timeout|line|smtp|delivery|deliver|resources)",
    re.IGNORECASE,
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
    return located[1] if (located := locate_reply(line)) else None


def locate_reply(line: str) -> tuple[int, Reply] | None:
    """Return the first refusal inside `line` and where it begins.

    A number that is no reply, such as a port, a size, a date or a count of people, is none.
    """
    if _ANY_CODE.search(line) is None:  # most lines of a log hold none, and this is the quickest to tell
        return None
    sure = _SURE.search(line)
    if sure is not None:
        return sure.start(1), _refusal(sure[1], sure[2], line[sure.end() :])
    found = _BEGINNING.match(line) or _QUOTED.search(line)
    if found is None or not _speaks_of_mail(line[found.end(1) : found.end(1) + MAX_TEXT]):
        return None
    return found.start(1), _refusal(found[1], None, line[found.end(1) :])


def _speaks_of_mail(words: str) -> bool:
    return len(words.split(maxsplit=_FEW_WORDS)) <= _FEW_WORDS or _SUBJECTS.search(words) is not None


def _refusal(code: str, enhanced: str | None, words: str) -> Reply:
    text = words[: MAX_TEXT + 8].strip(" :-;,\"'").removeprefix("b'").strip(" :-")[:MAX_TEXT]
    return Reply(code=int(code), enhanced=_of_class(enhanced, int(code)), text=text)


def _of_class(enhanced: str | None, code: int) -> str | None:
    """Keep an enhanced code that fails like the reply; RFC 2034 wants one class, servers say `421 5.7.32`."""
    if enhanced is None or (enhanced[0] == "2") != (code // 100 == 2):  # noqa: PLR2004 - class 2 is success
        return None
    return enhanced
