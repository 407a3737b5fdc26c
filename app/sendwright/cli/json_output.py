"""Writes a value as JSON for a program to read: to standard output, unchanged, on one line."""

import msgspec
from rich.console import Console


def print_json(value: object, data: Console) -> None:
    """Write `value` and a line end to `data`: nothing in it is markup, a link, a colour or a drawing."""
    encoded = msgspec.json.encode(value).decode()
    data.print(encoded, markup=False, emoji=False, highlight=False, soft_wrap=True)
