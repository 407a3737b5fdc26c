"""The pairs of colours that meet in the window: words by 4.5:1, lines and drawings by 3:1 (WCAG 1.4.3, 1.4.11)."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import resources
from sendwright.deployment import Platform
from sendwright.deployment.colour import contrast
from sendwright.desktop.theme.tokens import GROUNDS, Tokens, load_tokens

WORDS, MARKS = 4.5, 3.0

TONES = ("info", "warning", "failed", "passed", "practice")
PAIRS: tuple[tuple[str, str, float], ...] = (
    *(("text", ground, WORDS) for ground in (*GROUNDS, "accent-soft", *(f"{tone}-soft" for tone in TONES))),
    *(("muted", ground, WORDS) for ground in (*GROUNDS, "accent-soft")),
    *(("accent", ground, WORDS) for ground in GROUNDS),  # quiet buttons
    ("on-accent", "accent", WORDS),
    ("on-accent", "accent-hover", WORDS),
    ("practice", "practice-soft", WORDS),
    ("failed", "window", WORDS),  # the error below a field
    ("accent", "accent-soft", MARKS),  # the drawing and the mark of a chosen card
    ("accent", "info-soft", MARKS),  # buttons in the note of a resumed draft
    *((tone, f"{tone}-soft", MARKS) for tone in TONES),
    *((verdict, ground, MARKS) for verdict in ("passed", "warning", "failed", "info") for ground in ("window", "card")),
    ("passed", "rail", MARKS),
    ("passed", "well", MARKS),  # the lock beside a host
    *(("control", ground, MARKS) for ground in ("window", "card", "rail")),  # borders of what can be used
    ("failed", "card", MARKS),  # the border of a wrong field
    ("control", "well", MARKS),  # around the chosen segment of a switch
    ("accent", "well", MARKS),  # around the segment that has the keyboard
)
HOSTILE = ("#ffffff", "#000000", "#ffff00", "#00ff00", "#ff00ff", "#808080", "#767676", "#101010", "#f0f0f0", "#0000ff")


def failing(tokens: Tokens) -> Iterator[str]:
    for colour, ground, wanted in PAIRS:
        found = contrast(tokens.colour(colour), tokens.colour(ground))
        if found < wanted:
            yield f"{colour} on {ground}: {found:.2f}, wanted {wanted}"


@pytest.mark.parametrize("dark", [False, True])
def test_the_usual_accent_can_be_read_everywhere(dark: bool) -> None:
    assert list(failing(load_tokens(dark=dark, accent=Platform().accent))) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("accent", HOSTILE)
def test_a_hostile_accent_can_be_read_everywhere(accent: str, dark: bool) -> None:
    tokens = load_tokens(dark=dark, accent=accent)
    assert list(failing(tokens)) == []


@given(channels=st.tuples(*[st.integers(0, 255)] * 3), dark=st.booleans())
def test_no_accent_whatever_breaks_the_words(channels: tuple[int, int, int], dark: bool) -> None:
    accent = "#{:02x}{:02x}{:02x}".format(*channels)
    tokens = load_tokens(dark=dark, accent=accent)
    assert list(failing(tokens)) == []


def test_a_good_accent_stays_as_the_platform_chose_it() -> None:
    assert load_tokens(dark=False, accent=Platform().accent).colour("accent") == Platform().accent


def test_light_and_dark_name_the_same_colours() -> None:
    light, dark = (load_tokens(dark=choice, accent="#1f5fbf") for choice in (False, True))
    assert light.colours.keys() == dark.colours.keys()
    assert light.sizes == dark.sizes
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in (*light.colours.values(), *dark.colours.values()))


def test_every_colour_of_words_and_marks_is_in_the_table() -> None:
    measured = {name for colour, ground, _ in PAIRS for name in (colour, ground)}
    decoration = {"hairline"}  # lines that only divide what words and gaps divide already
    assert set(load_tokens(dark=False, accent="#1f5fbf").colours) - measured == decoration


def test_the_style_sheet_puts_words_only_on_grounds_of_the_table() -> None:
    rules = re.findall(r"([^{}]+)\{((?:[^{}]|\{[a-z:-]+\})*)\}", resources.path("styles/window.qss").read_text())
    pairs = {(colour, ground) for colour, ground, wanted in PAIRS if wanted == WORDS}
    seen = 0
    for selector, body in rules:
        colour = re.search(r"(?<![\w-])color: \{([a-z-]+)\}", body)
        ground = re.search(r"background: \{([a-z-]+)\}", body)
        if colour and ground:
            seen += 1
            assert (colour.group(1), ground.group(1)) in pairs, selector
    assert seen >= 5
