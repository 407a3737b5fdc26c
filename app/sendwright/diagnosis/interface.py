"""What diagnoses of sending through the interface of a provider have alike."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass

import msgspec

from sendwright.diagnosis.run import run
from sendwright.diagnosis.stage import INTERFACE_STAGES, Seen, Stage, StageResult
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.grant import AccessToken, OAuthFailed, TokenSource
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.sender import SendFailed

LAST_WITHOUT_SIGN_IN = "reach"


@dataclass(frozen=True, kw_only=True)
class InterfaceAttempt:
    """What a diagnosis shall try.

    sender: an addr-spec, what From will be. message: what is submitted, None submits nothing. stop_after: the last
    stage to try, empty for all. web: makes the clients, the network's own where None is given.
    """

    tokens: TokenSource
    sender: str
    message: OutgoingMessage | None = None
    stop_after: str = ""
    web: Web | None = None


class InterfaceWalk(ABC):
    """The stages of one attempt (`INTERFACE_STAGES`) and what they tell each other.

    system: who answers. account: somebody signed in, so a mailbox can be asked for. values: what evidence says of who
    sends, beside the sender.
    """

    def __init__(
        self, attempt: InterfaceAttempt, network: Network, *, system: System, account: bool, values: Mapping[str, str]
    ) -> None:
        self._attempt = attempt
        self._network = network
        self._system = system
        self._account = account
        self._values = {**values, "sender": attempt.sender}
        self._web: Web = attempt.web or (lambda: web_client(network))
        self._own_address = ""
        self._failure: SendFailed | None = None

    def stages(self) -> tuple[Stage, ...]:
        """Return the stages in the order in which they must run."""
        last = INTERFACE_STAGES.index(self._attempt.stop_after or "submit")
        submits = self._attempt.message is not None and last == INTERFACE_STAGES.index("submit")
        steps = {
            "reach": self._reach,
            "sign-in": self._sign_in,
            "permissions": self._permissions,
            "mailbox": self._mailbox if self._account else None,
            "sender": self._send if submits else self._judge_sender,
            "submit": self._submitted if submits else None,
        }
        return tuple(
            Stage(id=stage, run=steps[stage] if place <= last else None) for place, stage in enumerate(INTERFACE_STAGES)
        )

    @abstractmethod
    async def close(self) -> None:
        """Release connections."""

    @abstractmethod
    async def _reach(self) -> Seen: ...

    @abstractmethod
    async def _sign_in(self) -> Seen: ...

    @abstractmethod
    async def _permissions(self) -> Seen | None: ...

    @abstractmethod
    async def _mailbox(self) -> Seen | None: ...

    @abstractmethod
    async def _judge_sender(self) -> Seen | None: ...

    @abstractmethod
    async def _send(self) -> Seen | None: ...

    @abstractmethod
    async def _submitted(self) -> Seen: ...

    async def _token(self) -> AccessToken:
        """Return an access token, which no record shows. Raises SendFailed."""
        try:
            access = await self._attempt.tokens.token()
        except OAuthFailed as failed:
            raise self._known(failed.evidence) from None
        self._network.recorder.learn(access.secret)
        return access

    def _not_submitted(self) -> SendFailed:
        """Return why the message did not leave."""
        return self._failure or self._seen("program-fault", "submit")

    def _known(self, evidence: Evidence) -> SendFailed:
        return SendFailed(msgspec.structs.replace(evidence, values=self._values | evidence.values))

    def _seen(self, condition: str, stage: str, **found: str) -> SendFailed:
        values = self._values | found
        return SendFailed(Evidence(stage=stage, system=self._system, condition=condition, values=values))


async def walked(begun: Callable[[], InterfaceWalk]) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage as it ends; connections are released, whatever becomes of it."""
    walk = begun()
    try:
        async for result in run(walk.stages()):
            yield result
    finally:
        await walk.close()
