"""Asks Gmail one thing at a time, in the name of whoever the tokens are of."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import httpx
from typing_extensions import override

from sendwright.network.network import Network
from sendwright.oauth.grant import TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.gmail.answer import Answer, read_answer
from sendwright.senders.gmail.failures import refused
from sendwright.senders.interface import asking
from sendwright.senders.interface.asking import Request
from sendwright.senders.interface.failures import REACH

ME: Final = "/gmail/v1/users/me"
"""Whoever the token is of: for a service account, the user for whom it acts."""


class Asking(asking.Asking[Answer]):
    """Speaks with Gmail.

    gmail: its base, without a slash at the end; the rest as `interface.asking.Asking` takes it. Gmail takes no name of
    ours for a request.
    """

    def __init__(
        self,
        gmail: str,
        tokens: TokenSource,
        network: Network,
        *,
        values: Mapping[str, str],
        web: Web | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(gmail, tokens, network, system=System.GMAIL, values=values, web=web, clock=clock)

    async def greet(self) -> Answer:
        """Ask without a token and return the refusal: it comes from Gmail, and so it answers. Raises SendFailed."""
        return await self.ask_nameless(Request(method="GET", path=f"{ME}/settings/sendAs", stage=REACH))

    @override
    async def _read(self, response: httpx.Response, named: Mapping[str, str]) -> Answer:
        return await read_answer(response, now=self._clock())

    @override
    def _is_good(self, answer: Answer, good: HTTPStatus) -> bool:
        """Whether it is Gmail's own; its status stands although the rest of it was lost."""
        return answer.status == good and answer.json

    @override
    def _refused(self, request: Request, answer: Answer, values: Mapping[str, str]) -> Evidence:
        return refused(answer, stage=request.stage, submits=request.submits, values=values, redactor=self._redactor)
