"""Tries what a page is about by a small real message: what it is, what came of it, and what the backend tries with."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec

from sendwright import address as addresses
from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.message import OutgoingMessage, new_message_id
from sendwright.message.composing import KIND_HEADER
from sendwright.problems.problem import Problem
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.world import PlatformAccess, Progress, World

SUBMIT = "submit"
"""The stage with which every diagnosis ends that sends."""

_REQUEST_IDS = ("request_id", "request-id", "provider_id", "queue_id", "client_request_id")
"""What stages call the other side's name for a message, the most telling first."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A version that the backend has for tries. profile: digest of what was staged."""

    version: int
    profile: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a try.

    problem: why it was refused, None where it was not. reached: the wanted stage was passed. request_id: the other
    side's name for the message. results: of all stages until then.
    """

    problem: Problem | None = None
    reached: bool = False
    request_id: str = ""
    results: tuple[StageResult, ...] = ()


async def outcome_of(results: AsyncIterator[StageResult], progress: Progress, *, wanted: str = SUBMIT) -> Outcome:
    """Return what `results` show: the first stage that failed with a problem, or that `wanted` was passed."""
    seen: list[StageResult] = []
    reached, request_id = False, ""
    async for result in results:
        progress(result)
        seen.append(result)
        if result.verdict is Verdict.FAILED and result.problem is not None:
            refused = _request_id(result.problem.evidence.values)
            return Outcome(problem=result.problem, request_id=refused, results=tuple(seen))
        if result.id == wanted and result.verdict in {Verdict.PASSED, Verdict.WARNING}:
            reached, request_id = True, _request_id(result.evidence)
    return Outcome(reached=reached, request_id=request_id, results=tuple(seen))


async def staged(
    profile: SenderProfile,
    credentials: Callable[[], Awaitable[dict[str, Secret]]],
    platform: PlatformAccess,
    *,
    known: Trial | None,
    contact: str,
) -> Trial:
    """Return the version that the backend tries `profile` with: the known one, or one that is stored now.

    credentials: are asked for only where something is stored. contact: who is told where something ends. Raises what
    `credentials` raises, and screens.Halted.
    """
    digest = hashlib.sha256(msgspec.json.encode(profile, order="deterministic")).hexdigest()
    if known is not None and known.profile == digest:
        return known
    handed = await credentials()
    async with platform.open() as backend:
        stored = await backend.stage(profile, handed, key=f"board-{secrets.token_hex(16)}", contact=contact)
    return Trial(version=stored.version, profile=digest)


def alias_of(world: World) -> str:
    """Return the name for From where nobody was asked for one yet."""
    return world.platform.organisation.name if world.platform else world.deployment.platform.name


def small_message(
    profile: SenderProfile,
    *,
    to: str,
    subject: str,
    paragraphs: tuple[str, ...],
    world: World,
    headers: Mapping[str, str] | None = None,
    message_id: str = "",
) -> OutgoingMessage:
    """Return a message of plain words from the sender of `profile`. subject, paragraphs: ready to show."""
    return OutgoingMessage(
        sender_address=profile.address,
        alias=profile.alias,
        recipient=to,
        subject=subject,
        message_id=message_id or new_message_id(addresses.parse_address(profile.address).domain),
        text="\n\n".join(paragraphs) + "\n",
        headers={KIND_HEADER: "test"} | dict(headers or {}),
        written_at=world.clock(),
    )


def _request_id(facts: Mapping[str, object]) -> str:
    return next((str(facts[name]) for name in _REQUEST_IDS if facts.get(name)), "")
