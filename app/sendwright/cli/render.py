"""Draws stages and problems for a terminal: readable without colour, in 80 columns and by a screen reader."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.problems.acting import acting
from sendwright.problems.explanation import Explanation, RemedyText, Verification
from sendwright.problems.level import Level
from sendwright.problems.problem import RemedyKind
from sendwright.problems.ticket import step
from sendwright.texts import has, text

MARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Verdict.PASSED: ("✓", "green"),
        Verdict.WARNING: ("!", "yellow"),
        Verdict.FAILED: ("✗", "red"),
        Verdict.NOT_REACHED: ("·", "dim"),
    }
)
"""Sign and style of each verdict; the word always stands beside them."""

_LABEL_WIDTH, _TIME_WIDTH, _VERDICT_WIDTH = 24, 8, 11


def stage_line(result: StageResult) -> RenderableType:
    """Return one line about a stage that ended: sign, name, time, verdict in words, and what was seen."""
    mark, style = MARKS[result.verdict]
    took = "" if result.verdict is Verdict.NOT_REACHED else text("card.took", ms=f"{result.took_ms:.0f}")
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{mark} ", style=style)
    line.append(f"{stage_label(result.id):{_LABEL_WIDTH}} ")
    line.append(f"{took:>{_TIME_WIDTH}}  ", style="dim")
    line.append(f"{text(f'verdicts.{result.verdict}'):{_VERDICT_WIDTH}} ", style=style)
    line.append(" ".join(_detail(result).split()), style="dim")
    line.rstrip()
    return Group(line)  # a bare Text would be joined with others, and wrapped


def stage_label(stage: str) -> str:
    """Return the name of a stage in words; one that has none is called by its id."""
    key = f"stages.{stage}.label"
    return text(key) if has(key) else stage


def problem_card(
    problem: Explanation, *, verdict: Verdict = Verdict.FAILED, level: Level = Level.IT, away: bool = False
) -> Panel:
    """Return the card of a problem at a reading level.

    plain: what happened, who has to act, one thing to do. it: causes, all that can be done, how to verify, the other
    side's words. support: where it happened, and where the explanation comes from. away: as `acting`.
    """
    mark, style = MARKS[verdict]
    plain = level is Level.PLAIN
    parts: list[RenderableType] = [Text(problem.what), Text(problem.standing)]
    if problem.why and not plain:
        parts += [_heading("card.why"), *_bullets(problem.why)]
    who = acting(problem.owner, away=away)
    parts += [_heading("card.who"), _indented(Text(who.name, style="bold")), _indented(Text(who.who))]
    if problem.remedies:
        parts += [_heading("card.remedies"), *_remedies(problem.remedies[:1] if plain else problem.remedies)]
    if not plain:
        parts += [*_verification(problem.verify), *_source(problem)]
    if level is Level.SUPPORT:
        parts += _details(problem)
    if problem.learn_more and not plain:
        parts += [Text(), Text(text("card.learn-more", url=problem.learn_more))]
    title = Text(f" {mark} {problem.title} ", style=f"bold {style}")
    return Panel(Group(*parts), title=title, title_align="left", border_style=style, padding=(1, 2))


def _verification(verify: Verification) -> Iterator[RenderableType]:
    yield _heading("card.verify")
    yield _indented(Text(verify.text))
    if verify.command:
        yield Padding(Text(verify.command, style="bold", overflow="fold"), (0, 0, 0, 4))


def _details(problem: Explanation) -> Iterator[RenderableType]:
    """Yield what support looks up: where it happened, by which code, and where the explanation comes from."""
    if problem.stage:
        yield Text(text("ticket.stage", step=step(problem.stage)), style="dim")
    seen = text("ticket.source", system=problem.source.system, code=problem.source.code or "?")
    yield Text(seen, style="dim")
    if problem.fact.source:
        yield Text(text("ticket.fact", source=problem.fact.source), style="dim")
    if problem.fact.checked:
        yield Text(text("ticket.checked", date=problem.fact.checked), style="dim")


def _source(problem: Explanation) -> Iterator[RenderableType]:
    said = " ".join(filter(None, (problem.source.code, problem.source.text)))
    if said and said != problem.code:
        yield _heading("card.source")
        yield _indented(Text(said, style="italic"))
    yield Text()
    confidence = text(f"verdicts.confidence.{problem.confidence}")
    retry = text(f"retry.{problem.retry}")
    yield Text(text("card.code", code=problem.code, confidence=confidence, retry=retry), style="dim")


def _remedies(remedies: tuple[RemedyText, ...]) -> Iterator[RenderableType]:
    for remedy in remedies:
        yield from _remedy(remedy)
        if remedy.path:
            yield Padding(Text(text("card.path", path=remedy.path), style="dim"), (0, 0, 0, 4))


def _remedy(remedy: RemedyText) -> Iterator[RenderableType]:
    match remedy.kind:
        case RemedyKind.COPY | RemedyKind.OPEN:
            yield from _bullets((text("card.with-value", label=remedy.label),))
            # A command or an address is copied from here: never broken by us, whatever the width.
            yield Padding(Text(remedy.value, style="bold", overflow="fold"), (0, 0, 0, 4))
        case RemedyKind.CHANGE if remedy.proposal:
            yield from _bullets((text("card.with-proposal", label=remedy.label, value=remedy.proposal),))
        case RemedyKind.WAIT:
            yield from _bullets((text("card.wait", label=remedy.label, seconds=remedy.value),))
        case _:
            yield from _bullets((remedy.label,))


def _heading(key: str) -> RenderableType:
    return Padding(Text(text(key), style="bold"), (1, 0, 0, 0))


def _bullets(lines: tuple[str, ...]) -> Iterator[RenderableType]:
    for line in lines:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=2, justify="right")
        row.add_column()
        row.add_row("•", Text(line))
        yield row


def _indented(words: Text) -> RenderableType:
    return Padding(words, (0, 0, 0, 2))


def _detail(result: StageResult) -> str:
    """Return what a person may want to see of a stage at once, as the other side said it."""
    if result.problem is not None:
        return result.problem.code
    seen = result.evidence
    addresses, version, cipher = seen.get("addresses"), seen.get("version"), seen.get("cipher")
    shown = {
        "resolve": ", ".join(map(str, addresses)) if isinstance(addresses, list) else "",
        "connect": seen.get("address"),
        "greet": seen.get("greeting"),
        "secure": f"{version}, {cipher}" if version else "",
        "sign-in": seen.get("mechanism"),
        "sender": seen.get("address"),
        "recipient": seen.get("address"),
        "submit": seen.get("reply"),
    }
    return str(shown.get(result.id) or "")
