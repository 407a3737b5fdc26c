"""An SMTP server that behaves, or misbehaves, exactly as a Script says."""

import asyncio
import ssl
from typing import Self

from tests.servers.ports import Address
from tests.servers.smtp_dialogue import Dialogue
from tests.servers.smtp_line import HungUpError, Line
from tests.servers.smtp_record import Record
from tests.servers.smtp_script import Answer, Script, Security

LONGEST = 2**27  # octets of one line or message
GONE = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError)


class ScriptedSmtp:
    """An asynchronous context manager; what it saw is in `record`, its own mistakes are raised at the end."""

    def __init__(self, script: Script | None = None, *, host: str = "127.0.0.1") -> None:
        self.script = script or Script()
        self.host = host
        self.record = Record()
        self._server: asyncio.Server | None = None
        self._conversations: set[asyncio.Task[None]] = set()
        self._turns: dict[str, int] = {}
        self._faults: list[Exception] = []

    async def __aenter__(self) -> Self:
        script = self.script
        context = None
        if script.security is Security.TLS and script.certificate is not None and script.handshake is None:
            context = script.certificate.server_context(newest=script.newest_tls)
        self._server = await asyncio.start_server(self._connected, self.host, 0, ssl=context, limit=LONGEST)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for conversation in list(self._conversations):
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)
        if self._faults:
            raise ExceptionGroup("the scripted server itself failed", self._faults)

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            raise RuntimeError("not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> Address:
        """Host and port."""
        return Address(self.host, self.port)

    def log_text(self) -> str:
        """Give the commands that arrived."""
        lines = [f"{command.connection}: {command.verb}" for command in self.record.commands]
        return "\n".join([f"{self.record.connections} connections", *lines])

    def _turn(self, place: str, answer: Answer) -> Answer:
        while isinstance(answer, tuple):
            turn = self._turns.get(place, 0)
            self._turns[place] = turn + 1
            answer = answer[min(turn, len(answer) - 1)]
        return answer

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.current_task()
        if conversation is not None:
            self._conversations.add(conversation)
        number = self.record.connected()
        line = Line(reader, writer)
        dialogue = Dialogue(self.script, line, record=self.record, turn=self._turn, number=number)
        try:
            await dialogue.run()
            await line.finish()
        except HungUpError:
            await line.finish()
        except GONE:
            pass
        except Exception as error:  # noqa: BLE001 - kept, and raised where the test sees it
            self._faults.append(error)
        finally:
            writer.transport.abort()
            if conversation is not None:
                self._conversations.discard(conversation)
