"""What the same test may say from two places: samples for pages and pictures."""

from sendwright.diagnosis.run import failed
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.diagnosis.two_sides import compare_sides
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Done, Fact, Stopped

BLOCKED = Evidence(
    stage="connect",
    system=System.SOCKET,
    errno="ETIMEDOUT",
    values={"host": "smtp.example.org", "port": "587", "security": "starttls"},
)


def results(*, until: str = "submit", addresses: tuple[str, ...] = ("203.0.113.9",)) -> list[StageResult]:
    """All fine up to `until`, the rest not reached."""
    last = SMTP_STAGES.index(until)
    return [
        StageResult(
            id=stage,
            verdict=Verdict.PASSED if place <= last else Verdict.NOT_REACHED,
            took_ms=[12.0, 31.0, 96.0, 184.0, 212.0, 40.0, 61.0, 380.0][place],
            evidence={"addresses": list(addresses)} if stage == "resolve" else {},
        )
        for place, stage in enumerate(SMTP_STAGES)
    ]


def stopped(evidence: Evidence, *, addresses: tuple[str, ...] = ("203.0.113.9",)) -> list[StageResult]:
    """All fine until the stage of `evidence`."""
    here = SMTP_STAGES.index(evidence.stage)
    usual = results(until=SMTP_STAGES[max(here - 1, 0)], addresses=addresses)
    return [*usual[:here], failed(evidence.stage, evidence, took_ms=15_003), *usual[here + 1 :]]


def _problem(found: list[StageResult]) -> Stopped:
    problem = next(result.problem for result in found if result.problem is not None)
    return Stopped(
        step="activate",
        title="activate.title",
        values={"address": "notifications@example.org"},
        submit="wizard.try-again",
        problem=problem,
        stages=("store", *SMTP_STAGES, "in-force"),
        sides=compare_sides(results(until="recipient"), found),
    )


BACKEND_STOPS = _problem(stopped(BLOCKED, addresses=("10.0.0.9",)))
CHECKED = Done(
    step="check-done",
    title="check.done-title",
    lead="check.done-lead",
    submit="wizard.close",
    facts=(Fact(label="review.from", value="notifications@example.org"),),
    sides=compare_sides(results(until="secure"), results()),
)
