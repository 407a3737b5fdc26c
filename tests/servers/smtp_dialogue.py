"""Leads one SMTP conversation as a script says (RFC 5321, 3207, 4954)."""

import base64
import contextlib
import re
from collections.abc import Callable, Mapping

from tests.servers.smtp_line import Line
from tests.servers.smtp_record import Captured, Command, Record, SignIn
from tests.servers.smtp_script import Answer, Drop, Script, Security, Silence, reply
from tests.servers.smtp_sign_in import EXCHANGES, REFUSED_TOKEN, BadAnswerError, decode, is_right, sign_in

ADDRESS = re.compile(r"^(?:FROM|TO):\s*<([^>]*)>\s*(.*)$", re.IGNORECASE)
OK = b"250 2.1.0 Ok"
WELCOME = b"235 2.7.0 Authentication successful"
REFUSED = b"535 5.7.8 Error: authentication failed"

# Gives the answer whose turn it is, by the name of the place in the script.
Turn = Callable[[str, Answer], Answer]


class Dialogue:
    """One conversation; `run` ends when the client leaves or raises what ended the connection."""

    def __init__(self, script: Script, line: Line, *, record: Record, turn: Turn, number: int) -> None:
        self._script = script
        self._line = line
        self._record = record
        self._turn = turn
        self._number = number
        self._signed_in = False
        self._sender: tuple[str, str] | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        """Greet and obey until the end."""
        if self._script.security is Security.TLS and self._script.handshake is not None:
            await self._spoil_handshake(self._script.handshake)
        await self._answer("greeting", self._script.greeting)
        while (raw := await self._line.read()) is not None:
            verb, _, argument = raw.decode("utf-8", "surrogateescape").partition(" ")
            command = Command(
                connection=self._number,
                verb=verb.upper(),
                argument=argument,
                encrypted=self._line.encrypted,
            )
            self._record.add(command)
            await self._obey(command)

    async def _obey(self, command: Command) -> None:
        handlers = {
            "EHLO": self._ehlo,
            "STARTTLS": self._start_tls if self._offers_starttls() else self._unknown,
            "AUTH": self._sign_in,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "QUIT": self._quit,
        }
        if handler := handlers.get(command.verb):
            await handler(command.argument)
        elif command.verb in {"HELO", "NOOP"}:
            place = command.verb.lower()
            await self._answer(place, getattr(self._script, place))
        else:
            await self._unknown()

    async def _ehlo(self, _: str) -> None:
        await self._answer("ehlo", self._extensions() if self._script.ehlo is None else self._script.ehlo)

    async def _rset(self, _: str) -> None:
        self._forget()
        await self._answer("rset", self._script.rset)

    async def _quit(self, _: str) -> None:
        await self._answer("quit", self._script.quit)
        self._line.close()

    async def _unknown(self, _: str = "") -> None:
        await self._answer("unknown", self._script.unknown)

    async def _answer(self, place: str, answer: Answer) -> bytes:
        chosen = self._turn(place, answer)
        await self._line.answer(chosen)
        return reply(chosen)

    def _offers_starttls(self) -> bool:
        waiting = self._script.security is Security.STARTTLS and not self._line.encrypted
        return waiting and self._script.offers_starttls

    def _extensions(self) -> bytes:
        script = self._script
        words = ["mail.example.org", *script.extensions]
        if self._offers_starttls():
            words.append("STARTTLS")
        if script.mechanisms and (self._line.encrypted or script.auth_before_tls):
            words.append("AUTH " + " ".join(script.mechanisms))
        lines = [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]
        return "\r\n".join(lines).encode()

    async def _start_tls(self, _: str) -> None:
        script = self._script
        self._line.pause()
        said = await self._answer("starttls", script.starttls)
        if not said.startswith(b"220"):
            self._line.resume()
            return
        if script.handshake is not None:
            self._line.resume()
            await self._spoil_handshake(script.handshake)
        elif script.certificate is not None:
            await self._line.start_tls(script.certificate.server_context(newest=script.newest_tls))
            self._signed_in = False
            self._forget()

    async def _spoil_handshake(self, answer: Answer) -> None:
        await self._line.wait_for_octets()
        await self._answer("handshake", answer)
        await self._line.answer(Silence())

    async def _sign_in(self, argument: str) -> None:
        mechanism, _, rest = argument.partition(" ")
        mechanism = mechanism.upper()
        if mechanism not in self._script.mechanisms or mechanism not in EXCHANGES:
            await self._line.answer(b"504 5.7.4 Unrecognised authentication type")
            return
        try:
            initial = decode(rest.encode()) if rest else None
            attempt = await sign_in(mechanism, initial, ask=self._ask, encrypted=self._line.encrypted)
        except BadAnswerError:
            await self._line.answer(b"501 5.5.2 Cannot decode the answer")
            return
        self._record.add(attempt)
        answer = _choose(self._script.auth, mechanism) or await self._judge(attempt)
        said = await self._answer(f"auth {mechanism}", answer)
        self._signed_in = said.startswith(b"235")

    async def _judge(self, attempt: SignIn) -> bytes:
        if is_right(attempt, accounts=self._script.accounts):
            return WELCOME
        if attempt.mechanism == "XOAUTH2":
            with contextlib.suppress(BadAnswerError):
                await self._ask(REFUSED_TOKEN)  # the client answers with an empty line
        return REFUSED

    async def _ask(self, challenge: bytes) -> bytes:
        await self._line.send(b"334 " + base64.b64encode(challenge) + b"\r\n")
        line = await self._line.read()
        if line is None or line == b"*":
            raise BadAnswerError("the client gave up")
        return decode(line)

    async def _mail(self, argument: str) -> None:
        address, options = _address(argument)
        if self._script.auth_required and not self._signed_in:
            await self._line.answer(b"530 5.7.0 Authentication required")
            return
        said = await self._answer(f"mail {address}", _choose(self._script.mail, address) or OK)
        if said.startswith(b"2"):
            self._sender = (address, options)
            self._recipients = []

    async def _rcpt(self, argument: str) -> None:
        address, _ = _address(argument)
        if self._sender is None:
            await self._line.answer(b"503 5.5.1 Error: need MAIL command")
            return
        said = await self._answer(f"rcpt {address}", _choose(self._script.rcpt, address) or OK)
        if said.startswith(b"2"):
            self._recipients.append(address)

    async def _data(self, _: str) -> None:
        if self._sender is None or not self._recipients:
            await self._line.answer(b"503 5.5.1 Error: need RCPT command")
            return
        said = await self._answer("data", self._script.data)
        if not said.startswith(b"354"):
            return
        if self._script.drop_in_message_after is not None:
            await self._line.read_octets(self._script.drop_in_message_after)
            await self._line.answer(Drop())
        content = await self._line.read_message()
        sender, options = self._sender
        self._record.add(
            Captured(
                sender=sender,
                recipients=tuple(self._recipients),
                mail_options=options,
                content=content,
                encrypted=self._line.encrypted,
            )
        )
        self._forget()
        await self._answer("end_of_data", self._script.end_of_data)

    def _forget(self) -> None:
        self._sender = None
        self._recipients = []


def _choose(answers: Answer | Mapping[str, Answer], key: str) -> Answer | None:
    return answers.get(key) if isinstance(answers, Mapping) else answers


def _address(argument: str) -> tuple[str, str]:
    found = ADDRESS.match(argument)
    return (found[1], found[2]) if found else (argument, "")
