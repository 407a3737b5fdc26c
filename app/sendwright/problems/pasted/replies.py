"""Finds the refusals of mail servers in the lines of logs, transcripts and reports."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.lines import Line
from sendwright.problems.pasted.phrases import STAGE_WORDS, present
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.reading import MAX_TEXT, Reply, locate_reply
from sendwright.problems.rule import UNKNOWN_STAGE

# An enhanced code without its reply: `dsn=5.1.1`, `Status: 5.7.60`, `(#5.1.1)`; no version of a program.
_LONE = re.compile(r"(?<![0-9A-Za-z._/-])([45]\.[0-7]\.[0-9]{1,3})(?![0-9._]|-[0-9A-Za-z])")
_VERSION_BEFORE = re.compile(
    r"(?:version|exim|postfix|sendmail|php|linux|kernel|release|python|openssl|java|node|perl|debian|mailer|server|v|"
    r"phpmailer|libcurl|curl|ubuntu|app|build|update|agent|swift|laravel|symfony|wordpress|dovecot|rspamd)[ /:=]{0,2}$",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    r"(?:^|#|dsn[=: ]|smtp[;:,]|status[:= ]|code[:= ]|returned|error|said:|response was:?|exception:|[(\[\"'])"
    r"[ \[('\"#<]{0,3}$",
    re.IGNORECASE,
)
_BEFORE = 24

# What a client says in a transcript, and what stage the answers after it belong to.
_COMMAND = re.compile(
    r"[^0-9A-Za-z.]{0,8}(?:C: ?|CLIENT -> SERVER: ?|out: ?|client: ?)?"
    r"(EHLO|HELO|STARTTLS|AUTH |MAIL FROM|RCPT TO|DATA$|QUIT$|RSET$|\.$)",
    re.IGNORECASE,
)
_STAGE_OF_COMMAND = {
    "ehlo": "greet", "helo": "greet", "starttls": "secure", "auth ": "sign-in", "mail from": "sender",
    "rcpt to": "recipient", "data": "submit", ".": "submit",
}  # fmt: skip
# Lines of reports that say whom the answer below them is about, or who gave it.
_ABOUT_WHOM = re.compile(
    r"<?[\w.+=~!#$%&'*/^`{|}-]{1,64}@[A-Za-z0-9.-]{1,253}>?(?::?$| host )|host |Receiving server: |"
    r"[0-9.]{7,15} does not like"
)
_WEB_PHRASES = tuple(
    (status.value, status.phrase.casefold()) for status in HTTPStatus if status.value >= HTTPStatus.BAD_REQUEST
)
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]{2,60}(?:Error|Exception)(?![A-Za-z0-9])")  # what a program calls a failure
_ANSWERED_WITH = re.compile(r"http[ /]|status ?code", re.IGNORECASE)


@dataclass(kw_only=True)
class ReplyReader:
    """Reads one text line by line and remembers which command the answers belong to. low: the text, case folded."""

    low: str

    def __post_init__(self) -> None:
        self._words = present(STAGE_WORDS, self.low)
        self._commanded = UNKNOWN_STAGE
        self._context: dict[str, str] = {}

    def read(self, line: Line) -> Iterator[tuple[int, Clue]]:
        """Yield the refusal in `line`, if any, and where in the line it begins."""
        command = _COMMAND.match(line.text)
        if command is not None:
            self._commanded = _STAGE_OF_COMMAND.get(command[1].casefold(), UNKNOWN_STAGE)
            self._context.update(values_of(line.text))
        elif _ABOUT_WHOM.match(line.text):
            self._commanded = self._stage(line)
            self._context.update(values_of(line.text))
        located = locate_reply(line.text)
        if located is not None and not _of_the_web(line, *located):
            place, reply = located
            yield place, self._clue(line, Evidence(
                stage=self._stage(line), system=System.SMTP, reply=reply.code, enhanced=reply.enhanced, text=reply.text
            ))  # fmt: skip
        elif (lone := _lone(line.text)) is not None:
            words = line.text[lone.end() : lone.end() + MAX_TEXT].strip(" :;,-)]\"'")
            seen = Evidence(stage=self._stage(line), system=System.SMTP, enhanced=lone[1], text=words)
            yield lone.start(1), self._clue(line, seen)

    def _clue(self, line: Line, seen: Evidence) -> Clue:
        return Clue(place=line.place, evidence=Evidence(
            stage=seen.stage, system=seen.system, reply=seen.reply, enhanced=seen.enhanced, text=seen.text,
            values={**self._context, **values_of(line.text)}, retry_after_s=retry_after_s(line.text),
        ))  # fmt: skip

    def _stage(self, line: Line) -> str:
        if self._words:
            low = line.text.casefold()
            told = next((word for word in self._words if word in low), "")
            if told:
                return STAGE_WORDS[told]
        return self._commanded


def _lone(text: str) -> re.Match[str] | None:
    for found in _LONE.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if _CODE_BEFORE.search(before) and not _VERSION_BEFORE.search(before):
            return found
    return None


def _of_the_web(line: Line, place: int, reply: Reply) -> bool:
    """Tell whether the number is one of HTTP: its own phrase or a program's name of the failure follows it, or HTTP
    is named before it.
    """  # noqa: D205 - one sentence, longer than a line
    if reply.enhanced is not None or reply.code not in {code for code, _ in _WEB_PHRASES}:
        return False
    said = reply.text[:40].casefold()
    if (
        _CLASS.match(reply.text)
        or said.startswith("server error")
        or any(code == reply.code and said.startswith(phrase) for code, phrase in _WEB_PHRASES)
    ):
        return True
    return _ANSWERED_WITH.search(line.text, 0, place) is not None
