"""Asks Microsoft Graph one thing at a time, in the name of whoever the tokens are of."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import httpx
from typing_extensions import override

from sendwright.network.network import Network
from sendwright.oauth.grant import TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.graph.answer import Answer, read_answer
from sendwright.senders.graph.failures import refused
from sendwright.senders.interface import asking
from sendwright.senders.interface.asking import Request
from sendwright.senders.interface.failures import REACH

VERSION: Final = "/v1.0"


class Asking(asking.Asking[Answer]):
    """Speaks with the Graph of one cloud.

    graph: its base, without a slash at the end; the rest as `interface.asking.Asking` takes it. Every request has an id
    of its own (`client-request-id`), which Microsoft's support finds it by.
    """

    def __init__(
        self,
        graph: str,
        tokens: TokenSource,
        network: Network,
        *,
        values: Mapping[str, str],
        web: Web | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        base = f"{graph}{VERSION}"
        super().__init__(base, tokens, network, system=System.GRAPH, values=values, web=web, clock=clock)

    async def greet(self) -> Answer:
        """Ask without a token and return the refusal: it comes from Graph, and so it answers. Raises SendFailed."""
        return await self.ask_nameless(Request(method="GET", path="/me", stage=REACH))

    @override
    def _name(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        named = str(uuid4())
        return {"client-request-id": named, "return-client-request-id": "true"}, {"client_request_id": named}

    @override
    async def _read(self, response: httpx.Response, named: Mapping[str, str]) -> Answer:
        return await read_answer(response, client_request_id=named["client_request_id"])

    @override
    def _refused(self, request: Request, answer: Answer, values: Mapping[str, str]) -> Evidence:
        return refused(
            answer,
            stage=request.stage,
            submits=request.submits,
            values=values,
            redactor=self._redactor,
            now=self._clock(),
        )
