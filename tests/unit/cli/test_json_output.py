"""JSON reaches the reading program letter by letter, whatever stands in it and however narrow the terminal is."""

import io
import json

import pytest
from rich.console import Console

from sendwright.cli.json_output import print_json

TEXTS = (
    "3F:AB:87",
    ":smile:",
    "[bold]x[/bold]",
    "https://example.org/?a=b",
    "x" * 500,
    "é ✓ \u202e",
    "a\nb\tc",
    "'\"\\",
)


@pytest.mark.parametrize("said", TEXTS)
@pytest.mark.parametrize("emoji", [True, False])
def test_what_is_written_is_what_is_read(said: str, *, emoji: bool) -> None:
    out = io.StringIO()
    print_json({"said": said, "number": 1.5, "none": None}, Console(file=out, width=20, emoji=emoji))
    assert json.loads(out.getvalue()) == {"said": said, "number": 1.5, "none": None}
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("}\n")
