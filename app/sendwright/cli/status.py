"""The command `sendwright status`: what is in force, since when, by whom, what expires, and how the queue is."""

import argparse
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography import x509
from rich.console import Console

from sendwright.cli.json_output import print_json
from sendwright.cli.render import problem_card
from sendwright.handoff.backend import Backend, HandoffFailed
from sendwright.handoff.wire import (
    AuditEntry,
    DefaultSender,
    Notifications,
    NotificationState,
    Organisation,
    ProfileState,
)
from sendwright.problems.classify import classify
from sendwright.problems.explanation import Explanation, explain
from sendwright.texts import has, here, text

SCHEMA: Final = "sendwright.status/1"

FINE, PROBLEM = range(2)

_UNFINISHED = ("queued", "sending", "retrying")
_CAME_INTO_FORCE = frozenset({"profile-activated", "profile-restored"})
_WENT_BACK = frozenset({"default-restored"})


class Expiry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that ends.

    what: `authority`, the certificate that the mail server is verified with; `credential`, what the sender in force
    signs in with.
    """

    what: str
    at: datetime


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A problem that notifications wait for. since: when the oldest of them was accepted."""

    code: str
    words: str
    count: int
    since: datetime


class StatusReport(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of `status --json`.

    in_force: None is the platform's default sender. since, by: when and by whom that came about, None where
    nobody ever changed it. counts: notifications by state. problem: why the backend could not be asked.
    """

    schema: str = SCHEMA
    organisation: str = ""
    workspaces: tuple[str, ...] = ()
    in_force: ProfileState | None = None
    default_sender: DefaultSender | None = None
    since: datetime | None = None
    by: str | None = None
    expires: tuple[Expiry, ...] = ()
    counts: dict[str, int] = {}
    oldest_unfinished_at: datetime | None = None
    troubles: tuple[Trouble, ...] = ()
    problem: Explanation | None = None


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `status`."""
    parser = commands.add_parser("status", help=text("notify.status.help"), allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(arguments: argparse.Namespace, backend: Backend, out: Console, data: Console) -> int:
    """Tell how things stand; return the exit code: 0, or 1 where the backend could not be asked."""
    try:
        report = await read_status(backend)
    except HandoffFailed as failed:
        report = StatusReport(problem=explain(classify(failed.evidence)))
    if arguments.json:
        print_json(report, data)
    elif report.problem is not None:
        out.print(problem_card(report.problem))
    else:
        for line in _lines(report, now=datetime.now(UTC)):
            out.print(line, markup=False, highlight=False)
    return FINE if report.problem is None else PROBLEM


def report_problem(problem: Explanation, data: Console) -> None:
    """Write the report of a backend that could not be asked."""
    print_json(StatusReport(problem=problem), data)


async def read_status(backend: Backend) -> StatusReport:
    """Ask the backend for everything that the report tells. Raises HandoffFailed."""
    organisation = await backend.organisation()
    change = _latest_change(organisation, (await backend.audit()).entries)
    waiting = await backend.notifications(state="retrying")
    return StatusReport(
        organisation=organisation.name,
        workspaces=organisation.workspaces,
        in_force=organisation.in_force,
        default_sender=organisation.default_sender,
        since=change.at if change else None,
        by=change.who if change else None,
        expires=_expiries(organisation.in_force),
        counts=waiting.counts,
        oldest_unfinished_at=waiting.oldest_unfinished_at,
        troubles=_troubles(waiting),
    )


def _latest_change(organisation: Organisation, entries: tuple[AuditEntry, ...]) -> AuditEntry | None:
    """Return the newest entry that brought about what is in force; entries: newest first."""
    wanted = _WENT_BACK if organisation.in_force is None else _CAME_INTO_FORCE
    return next((entry for entry in entries if entry.action in wanted), None)


def _expiries(in_force: ProfileState | None) -> tuple[Expiry, ...]:
    pem = in_force.profile.settings.get("ca_pem") if in_force else None
    ends = in_force.expires_at if in_force else None
    own = () if ends is None else (Expiry(what="credential", at=ends),)
    if not isinstance(pem, str):
        return own
    try:
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:  # it was verified when it was staged; a report is no place to fail over it
        return own
    return (*own, *(Expiry(what="authority", at=certificate.not_valid_after_utc) for certificate in certificates))


def _troubles(waiting: Notifications) -> tuple[Trouble, ...]:
    by_code: dict[str, list[NotificationState]] = {}
    for state in waiting.notifications:
        by_code.setdefault(state.problem or "", []).append(state)
    found = (
        Trouble(
            code=code,
            words=states[0].problem_text,
            count=len(states),
            since=min(state.created_at for state in states),
        )
        for code, states in by_code.items()
        if code
    )
    return tuple(sorted(found, key=lambda trouble: -trouble.count))


def _lines(report: StatusReport, *, now: datetime) -> list[str]:
    lines = [text("notify.status.organisation", name=report.organisation)]
    if report.in_force is not None:
        profile = report.in_force.profile
        sender, version = f"{profile.alias} <{profile.address}>", report.in_force.version
        lines.append(text("notify.status.in-force", sender=sender, version=version))
    elif report.default_sender is not None:
        sender = f"{report.default_sender.alias} <{report.default_sender.address}>"
        lines.append(text("notify.status.default", sender=sender))
    if report.since is not None:
        lines.append(text("notify.status.since", at=here(report.since), who=report.by or ""))
    code = report.in_force.trouble if report.in_force else None
    if code is not None:
        words = text(f"problems.{code}.title") if has(f"problems.{code}.title") else code
        lines.append(text("notify.status.needs-somebody", words=words, code=code))
    for expiry in report.expires:
        key = "ended" if expiry.at <= now else "ends"
        lines.append(text(f"notify.status.{key}.{expiry.what}", at=here(expiry.at)))
    unfinished = sum(report.counts.get(state, 0) for state in _UNFINISHED)
    lines.append(text("notify.status.unfinished", count=unfinished))
    if report.oldest_unfinished_at is not None:
        lines.append(text("notify.status.oldest", at=here(report.oldest_unfinished_at)))
    lines += [
        text("notify.status.trouble", count=trouble.count, words=trouble.words, code=trouble.code)
        for trouble in report.troubles
    ]
    for state in ("sent", "failed", "expired"):
        lines.append(text(f"notify.status.{state}", count=report.counts.get(state, 0)))
    return lines
