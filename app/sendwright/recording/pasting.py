"""Says what a pasted text means without passing on a secret that somebody pasted along with it."""

from msgspec.structs import replace

from sendwright.problems.pasted import Match, Understood, understand
from sendwright.recording.grammar import cut_by_place


def understand_safely(pasted: str | bytes) -> Understood:
    """Return what `pasted` means (`problems.pasted.understand`), tokens, passwords and cookies cut out of its words.

    The text is understood first: a secret in the middle of a report may be what carries it, such as base64. Raises
    problems.pasted.PasteRefused.
    """
    understood = understand(pasted)
    return replace(
        understood,
        matches=tuple(_cleaned(match) for match in understood.matches),
        about=tuple((label, cut_by_place(value)) for label, value in understood.about),
        original=tuple(
            (name, cut_by_place(f"{name}: {value}").partition(": ")[2]) for name, value in understood.original
        ),
    )


def _cleaned(match: Match) -> Match:
    problem, evidence = match.problem, match.problem.evidence
    return replace(
        match,
        problem=replace(
            problem,
            values={name: cut_by_place(value) for name, value in problem.values.items()},
            evidence=replace(
                evidence,
                text=cut_by_place(evidence.text),
                values={name: cut_by_place(value) for name, value in evidence.values.items()},
            ),
        ),
        matched=cut_by_place(match.matched),
    )
