"""The command line: understands its words, then loads what they ask for and nothing else."""

from collections.abc import Sequence

from sendwright.cli.faces import Faces
from sendwright.cli.parsing import command_of, language_of, parser
from sendwright.texts import speaking


def run(words: Sequence[str], *, faces: Faces) -> int:
    """Carry out a command line; return the exit code."""
    with speaking(language_of(words)):
        arguments = parser(command_of(words)).parse_args(words)
        from sendwright.cli.dispatch import carry_out  # noqa: PLC0415 - help and version have ended by now

        return carry_out(arguments, faces)
