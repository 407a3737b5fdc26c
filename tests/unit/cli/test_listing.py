"""A thing of a list: its further lines stand below its words."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sendwright.cli.listing import Item


def written(item: Item, *, width: int = 60) -> list[str]:
    out = io.StringIO()
    Console(emoji=False, file=out, width=width).print(item, crop=False)
    return out.getvalue().splitlines()


def test_what_does_not_fit_goes_on_below_the_words() -> None:
    lines = written(
        Item("The same steps with simulated servers. No account is needed, and nothing leaves.", first="  2. ")
    )
    assert lines == [
        "  2. The same steps with simulated servers. No account is",
        "     needed, and nothing leaves.",
    ]


def test_markup_is_words() -> None:
    assert written(Item("[red]no[/red] {x} :smile:")) == ["  [red]no[/red] {x} :smile:"]


@given(
    words=st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=300),
    width=st.integers(min_value=45, max_value=200),
    first=st.sampled_from(["", "  ", "  • ", "  12. "]),
)
def test_nothing_is_lost_and_no_line_ends_in_blanks(words: str, width: int, first: str) -> None:
    lines = written(Item(words, first=first), width=width)
    assert all(line == line.rstrip() for line in lines if line.strip() != first.strip())
    said = "".join(line[len(first) :] if line.startswith((first, " " * len(first))) else line for line in lines)
    assert "".join(said.split()) == "".join(words.split())
