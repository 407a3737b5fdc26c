"""Looks for the settings of a domain's mail server in every place that may know them, side by side."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.network.conditions import NetworkCondition
from sendwright.network.resolver import MailExchanger, Resolver
from sendwright.problems.evidence import Failure
from sendwright.providers.custom_smtp.candidate import Candidate, Finding, Origin
from sendwright.providers.custom_smtp.places import from_domain, from_exchangers, likely_hosts, try_hosts
from sendwright.providers.custom_smtp.presets import Preset, Presets
from sendwright.providers.custom_smtp.probe import Prober
from sendwright.providers.custom_smtp.publisher import Publisher
from sendwright.providers.custom_smtp.services import ask_services
from sendwright.world import Progress

SOURCES = ("presets", "autoconfig", "srv", "ispdb", "probe")
"""The places in the order in which they are believed; ids of stages."""

BUDGET_S = 10.0
GRACE_S = 1.5
MX_PATIENCE_S = 3.0

_SKIPPED = {"not-needed", "not-agreed"}

Place = Callable[[], Awaitable[Finding]]
Exchangers = asyncio.Task[tuple[MailExchanger, ...] | None]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What all places said, in their order."""

    findings: tuple[Finding, ...]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All proposals, best first, each endpoint once."""
        found: dict[tuple[str, int, str], Candidate] = {}
        for finding in self.findings:
            for candidate in finding.candidates:
                found.setdefault(candidate.endpoint, candidate)
        return tuple(found.values())

    @property
    def remarks(self) -> tuple[Origin, ...]:
        """What a person should know beside the proposals."""
        return tuple(remark for finding in self.findings for remark in finding.remarks)


class Discovery:
    """Searches; its parts are handed in.

    budget_s: seconds after which a search ends with what it has. grace_s: seconds left for the places
    behind the first one that has an answer, when all before it are through.
    """

    def __init__(
        self,
        *,
        resolver: Resolver,
        publisher: Publisher,
        prober: Prober,
        presets: Presets,
        budget_s: float = BUDGET_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._resolver = resolver
        self._publisher = publisher
        self._prober = prober
        self._presets = presets
        self._budget_s = budget_s
        self._grace_s = grace_s

    async def search(self, domain: str, *, ask_mozilla: bool, progress: Progress) -> Search:
        """Ask every place about `domain` (A-label form) at once; report each to `progress` as it ends.

        No place's failure hinders another. Mozilla's list is asked with consent only. Ports are tried as
        long as no other place has an answer, and not at all where the domain is a known provider's own.
        """
        known = self._presets.by_domain(domain)
        async with asyncio.TaskGroup() as group:
            exchangers = group.create_task(self._exchangers(domain))
            places: dict[str, Place] = {
                "presets": lambda: self._ask_presets(known, exchangers),
                "autoconfig": lambda: self._publisher.ask_domain(domain),
                "srv": lambda: ask_services(domain, self._resolver),
            }
            if ask_mozilla:
                places["ispdb"] = lambda: self._publisher.ask_mozilla(domain)
            if known is None:
                places["probe"] = lambda: self._probe(domain, exchangers)
            tasks = {source: group.create_task(_reporting(place, progress)) for source, place in places.items()}
            await self._until_decided(tasks)
            for task in (*tasks.values(), exchangers):
                task.cancel()
        ended = {source: task.result() for source, task in tasks.items() if not task.cancelled()}
        return Search(findings=tuple(_all_places(ended, set(tasks), progress)))

    async def _until_decided(self, tasks: Mapping[str, asyncio.Task[Finding]]) -> None:
        """Wait until all are through, the time is up, or nothing can come that would be believed more."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._budget_s
        decided = False
        while waiting := {task for task in tasks.values() if not task.done()}:
            if clock() >= end:
                return
            await asyncio.wait(waiting, timeout=end - clock(), return_when=asyncio.FIRST_COMPLETED)
            answers = [_has_answer(task) for task in tasks.values()]
            if not any(answers):
                continue
            if "probe" in tasks:
                tasks["probe"].cancel()
            ahead = list(tasks.values())[: answers.index(True)]
            if not decided and all(task.done() for task in ahead):
                decided = True
                end = min(end, clock() + self._grace_s)

    async def _exchangers(self, domain: str) -> tuple[MailExchanger, ...] | None:
        """Return the MX records; None where nobody says in time."""
        try:
            async with asyncio.timeout(MX_PATIENCE_S):
                return await self._resolver.mail_exchangers(domain)
        except Failure as failure:
            missing = failure.evidence.condition == NetworkCondition.DNS_NAME_NOT_FOUND
            return () if missing else None
        except TimeoutError:
            return None

    async def _ask_presets(self, known: Preset | None, exchangers: Exchangers) -> Finding:
        if known is not None:
            return from_domain(known)
        found = await exchangers
        if found is None:
            return Finding(source="presets", reason="failed", failed=True)
        return from_exchangers(self._presets, found)

    async def _probe(self, domain: str, exchangers: Exchangers) -> Finding:
        hosts = likely_hosts(domain, await exchangers or (), self._presets)
        return await try_hosts(domain, hosts, self._prober)


def _has_answer(task: asyncio.Task[Finding]) -> bool:
    return task.done() and not task.cancelled() and bool(task.result().candidates)


async def _reporting(place: Place, progress: Progress) -> Finding:
    started = time.monotonic()
    finding = await place()
    progress(_stage(finding, took_ms=round((time.monotonic() - started) * 1000, 1)))
    return finding


def _all_places(ended: Mapping[str, Finding], asked: set[str], progress: Progress) -> Iterator[Finding]:
    """Yield a finding for every place; report those that were not asked or not waited for."""
    answered = any(finding.candidates for finding in ended.values())
    for source in SOURCES:
        if source in ended:
            yield ended[source]
            continue
        late = source in asked and not answered
        reason = "timed-out" if late else "not-needed"
        if source == "ispdb" and source not in asked:
            reason = "not-agreed"
        finding = Finding(source=source, reason=reason, failed=late)
        progress(_stage(finding))
        yield finding


def _stage(finding: Finding, *, took_ms: float = 0.0) -> StageResult:
    """Return a finding as a stage; a place that could not be asked is a warning: nothing hangs on it."""
    verdict = Verdict.PASSED
    if finding.failed:
        verdict = Verdict.WARNING
    elif finding.reason in _SKIPPED:
        verdict = Verdict.NOT_REACHED
    found = [f"{candidate.host}:{candidate.port} {candidate.security}" for candidate in finding.candidates]
    evidence: dict[str, object] = {"found": found, "reason": finding.reason}
    return StageResult(id=finding.source, verdict=verdict, took_ms=took_ms, evidence=evidence)
