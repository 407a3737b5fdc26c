"""Talks over one way as far as a certificate shows itself, and says what was heard."""

import contextlib
import re
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from sendwright.network.certificates import CertificateFacts, looking_context
from sendwright.network.failures import STAGE_SECURE, TEXT_LIMIT, observe
from sendwright.network.names import server_name
from sendwright.network.verification import openssl_code
from sendwright.network.wall.http_head import Head, ask_head, read_date
from sendwright.network.wall.line import Line, NoReply, Reply
from sendwright.network.wall.masks import banner_is_masked, command_is_masked, masked_words, starttls_is_masked
from sendwright.network.wall.opening import OpenLine
from sendwright.network.wall.trust import Trust
from sendwright.network.wall.way import Port, Speech
from sendwright.problems.evidence import Evidence, Failure, System

READY, DONE = 220, 250
STAGE_GREET: Final = "greet"
NOT_TRUSTED: Final = frozenset({2, 18, 19, 20, 21, 24, 26, 27})
"""OpenSSL's codes of a chain that ends at nobody who is trusted; a wrong name or time says nothing of the issuer."""
INCOMPLETE: Final = frozenset({2, 20, 21})
"""Those of a chain that lacks a certificate; one that ends at a stranger's own root (19) only bears a known name."""

_DATES = ("Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ")
_ENHANCED: Final = re.compile(r"^[2-5][0-9]{2} ([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
_LENGTH_OF_DATE: Final = len("Fri, 20 Nov 2026 09:18:20 +0000")


@dataclass(kw_only=True)
class Heard:
    """What was heard so far; it is filled as the talk goes on, so that a talk cut short has its part.

    wrong: the first thing that was wrong. head: of a page that came where TLS was expected.
    """

    address: str = ""
    connected: bool = False
    banner: str = ""
    starttls: bool | None = None
    secured: bool = False
    public: bool | None = None
    certificate: CertificateFacts = field(default_factory=CertificateFacts)
    date: datetime | None = None
    wrong: Evidence | None = None
    head: Head | None = None


class Talk:
    """One way's conversation; `host` is whose certificate is expected."""

    def __init__(self, open_line: OpenLine, port: Port, *, host: str, trust: Trust) -> None:
        self._open, self._port, self._trust = open_line, port, trust
        self._name = server_name(host)
        self.heard = Heard()

    async def run(self) -> None:
        """Talk. Raises Failure where no connection stands; what happens later is in `heard`."""
        heard = self.heard
        async with await self._open() as line:
            heard.connected, heard.address = True, line.address
            try:
                if not await self._ready_for_tls(line, heard):
                    return
                await line.secure(self._trust.usual, name=self._name)
                heard.secured = True
                heard.certificate = _first(line.chain)
                await self._after_tls(line, heard)
            except NoReply as failed:
                heard.wrong = heard.wrong or _no_smtp(str(failed))
            except TimeoutError:
                raise
            except ssl.SSLError as error:
                heard.wrong = observe(error, stage=STAGE_SECURE)
            except (OSError, ValueError) as error:
                heard.wrong = heard.wrong or _dropped(error)
        if heard.secured or _is_tls(heard.wrong):
            await self._look_again(heard)

    async def _ready_for_tls(self, line: Line, heard: Heard) -> bool:
        """Bring an SMTP connection to where TLS begins; False where it never does."""
        if self._port.speech is not Speech.SMTP:
            return True
        if not await _greet(line, heard):
            return False
        said = await line.ask(f"EHLO {_hello(line.own)}")
        if said.code != DONE:
            heard.wrong = heard.wrong or _refused(said)
            await line.say("QUIT")
            return False
        offered = tuple(word.strip().upper() for word in said.lines[1:])
        heard.starttls = any(word == "STARTTLS" for word in offered)
        if not heard.starttls:
            if masked_words(offered) or (heard.wrong is not None and heard.wrong.condition == "banner-rewritten"):
                condition = "starttls-stripped" if starttls_is_masked(offered) else "banner-rewritten"
                heard.wrong = _seen(STAGE_SECURE, System.SMTP, condition, text=said.text)
            await line.say("QUIT")
            return False
        reply = await line.ask("STARTTLS")
        if reply.code != READY:
            masked = command_is_masked(reply.text)
            condition = "starttls-stripped" if masked else "starttls-refused"
            wrong = _seen(STAGE_SECURE, System.SMTP, condition, text=reply.text, reply=None if masked else reply.code)
            heard.wrong = wrong if masked else heard.wrong or wrong
            await line.say("QUIT")
            return False
        return True

    async def _after_tls(self, line: Line, heard: Heard) -> None:
        if self._port.speech is Speech.SMTPS:
            if await _greet(line, heard):
                await line.say("QUIT")
        elif self._port.speech is Speech.HTTPS:
            with contextlib.suppress(NoReply):  # what the server says is not asked; only its time is
                head = await ask_head(line, "HEAD /", host=self._name)
                heard.banner, heard.date = head.line, head.date
        else:
            await line.say("QUIT")

    async def _look_again(self, heard: Heard) -> None:
        """Ask the public authorities about the certificate; where nobody vouches for it, look whose it is."""
        code = None
        try:
            async with await self._open() as line:
                if not await self._ready_for_tls(line, Heard()):
                    return  # a server that is busy by now; TLS is not spoken to one that did not ask for it
                await line.secure(self._trust.public, name=self._name)
                heard.public, heard.certificate = True, _first(line.chain)
                await self._part(line)
        except ssl.SSLCertVerificationError as error:
            code = openssl_code(error)
            heard.public = False if code in NOT_TRUSTED else None
        except ssl.SSLError:
            await self._hear_in_clear(heard)
            return
        except (OSError, ValueError, NoReply, Failure):
            return
        if heard.public is not True and not heard.secured:
            await self._look_at_anything(heard)
        if heard.public is False and code in INCOMPLETE and self._trust.knows(heard.certificate.issuer):
            heard.public = None  # the server forgot a certificate in between, which some systems fetch by themselves

    async def _look_at_anything(self, heard: Heard) -> None:
        """Look at a certificate that nobody vouches for; nothing but the question for the time is said."""
        with contextlib.suppress(OSError, ValueError, NoReply, Failure):
            async with await self._open() as line:
                if not await self._ready_for_tls(line, Heard()):
                    return
                await line.secure(looking_context(), name=self._name, looking=True)
                heard.certificate = _first(line.chain)
                if self._port.speech is Speech.HTTPS:
                    heard.date = (await ask_head(line, "HEAD /", host=self._name)).date
                await self._part(line)

    async def _part(self, line: Line) -> None:
        """Take leave as RFC 5321 section 4.1.1.10 wants it: a server may count whoever just goes as an attack."""
        with contextlib.suppress(NoReply, OSError):
            if self._port.speech is Speech.SMTPS:
                await line.reply()  # nobody speaks before the greeting
            if self._port.speech is not Speech.HTTPS:
                await line.say("QUIT")

    async def _hear_in_clear(self, heard: Heard) -> None:
        """Find out whether a page came where TLS was expected."""
        if self._port.speech is Speech.HTTPS:
            with contextlib.suppress(OSError, ValueError, NoReply, Failure):
                async with await self._open() as line:
                    heard.head = await ask_head(line, "GET /", host=self._name)
                    heard.banner, heard.date = heard.head.line, heard.head.date


async def _greet(line: Line, heard: Heard) -> bool:
    """Hear the greeting; tell whether the server wants to go on, and take leave of one that does not."""
    greeting = await line.reply()
    heard.banner = greeting.text
    heard.date = _date_in(greeting.text)
    if banner_is_masked(greeting.text.partition(" ")[2]):
        heard.wrong = _seen(STAGE_GREET, System.SMTP, "banner-rewritten", text=greeting.text)
    if greeting.code == READY:
        return True
    heard.wrong = _refused(greeting)
    await line.say("QUIT")
    return False


def _hello(own: str) -> str:
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"


def _first(chain: tuple[CertificateFacts, ...]) -> CertificateFacts:
    return chain[0] if chain else CertificateFacts()


def _is_tls(evidence: Evidence | None) -> bool:
    return evidence is not None and evidence.system is System.TLS


def _dropped(error: Exception) -> Evidence:
    known = error if isinstance(error, OSError) else ConnectionResetError()
    return observe(known, stage=STAGE_GREET)


def _no_smtp(words: str) -> Evidence:
    if not words:
        return observe(ConnectionResetError(), stage=STAGE_GREET)
    return _seen(STAGE_GREET, System.SMTP, "not-an-smtp-server", text=words)


def _seen(stage: str, system: System, condition: str, *, text: str, reply: int | None = None) -> Evidence:
    return Evidence(stage=stage, system=system, condition=condition, text=text[:TEXT_LIMIT], reply=reply)


def _refused(reply: Reply) -> Evidence:
    """Return what a server said that is too busy, or wants to talk to nobody: the way to it is open."""
    enhanced = _ENHANCED.search(reply.text)
    return Evidence(
        stage=STAGE_GREET,
        system=System.SMTP,
        reply=reply.code,
        enhanced=enhanced[1] if enhanced else None,
        text=reply.text,
    )


def _date_in(greeting: str) -> datetime | None:
    """Return the date in a greeting, as Exim and Exchange write it (RFC 5322 section 3.3), None without one."""
    starts = [place for day in _DATES if (place := greeting.find(day)) >= 0]
    return read_date(greeting[starts[0] : starts[0] + _LENGTH_OF_DATE]) if starts else None


def with_values(evidence: Evidence, values: dict[str, str]) -> Evidence:
    """Return `evidence` with facts added for its explanation."""
    return msgspec.structs.replace(evidence, values={**values, **evidence.values})
