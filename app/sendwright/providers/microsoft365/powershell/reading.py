"""Reads the output of cmdlets that somebody pasted, and says of each line whether it is as it should be."""

from collections.abc import Callable, Sequence
from typing import Final

from sendwright.document.blocks import Line, Mark
from sendwright.providers.microsoft365.powershell import application_rights, mailbox_rights, switches
from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.failures import complaints
from sendwright.providers.microsoft365.powershell.output import Output, Record, parse
from sendwright.providers.microsoft365.powershell.verdict import Finding, Judgement, Reading, Shown, attention, wrong
from sendwright.texts import text

JUDGES: Final[tuple[Callable[[Sequence[Record], Expected], Judgement], ...]] = (
    mailbox_rights.recipient_permissions,
    mailbox_rights.mailbox_permissions,
    mailbox_rights.mailbox,
    application_rights.authorization,
    application_rights.assignments,
    application_rights.principals,
    application_rights.access_policies,
    switches.submission,
    switches.organisation,
    switches.traces,
)

_WEIGHT = (Mark.NONE, Mark.GOOD, Mark.ATTENTION, Mark.WRONG)
_HARMLESS = {"exists", "nothing-to-remove"}


def read_output(pasted: str, expected: Expected) -> Reading:
    """Return what `pasted` shows of what is expected. Never raises: what is unknown is left unmarked."""
    output = parse(pasted)
    judged = [judge(output.records, expected) for judge in JUDGES]
    findings = [finding for judgement in judged for finding in judgement.findings]
    findings += _of_errors(output)
    findings += [attention(line, "row-unreadable") for line in output.unreadable]
    rights = {name: there for judgement in judged for name, there in judgement.rights.items()}
    return Reading(
        lines=_marked(output, findings),
        shown=_shown(findings, rights),
        rights=rights,
        shortened=output.shortened,
    )


def _of_errors(output: Output) -> list[Finding]:
    return [
        attention(one.line, f"error-{one.kind}") if one.kind in _HARMLESS else wrong(one.line, f"error-{one.kind}")
        for one in complaints(output.lines)
    ]


def _marked(output: Output, findings: Sequence[Finding]) -> tuple[Line, ...]:
    """Return all lines; of several remarks on one line the gravest gives the mark, and all are said."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line, []).append(finding)
    marked = []
    for number, words in enumerate(output.lines):
        here = sorted(by_line.get(number, ()), key=lambda one: _WEIGHT.index(one.mark), reverse=True)
        said = dict.fromkeys(text(f"microsoft365.powershell.findings.{one.name}", **one.values) for one in here)
        marked.append(Line(text=words, mark=here[0].mark if here else Mark.NONE, remark=" ".join(said)))
    return tuple(marked)


def _shown(findings: Sequence[Finding], rights: dict[str, bool]) -> Shown:
    marks = {finding.mark for finding in findings}
    if not marks:
        return Shown.NOTHING
    if Mark.WRONG in marks:
        return Shown.WRONG
    sending = rights.get("send-as") or rights.get("send-on-behalf")
    if Mark.ATTENTION in marks and not sending:
        return Shown.PARTLY
    return Shown.RIGHT
