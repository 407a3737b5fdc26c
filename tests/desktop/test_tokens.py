import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import resources
from sendwright.desktop.theme.stylesheet import style_sheet
from sendwright.desktop.theme.tokens import Tokens, load_tokens

GRID = 8


def tokens(*, scale: float = 1.0, dark: bool = False) -> Tokens:
    return load_tokens(dark=dark, accent="#1f5fbf", scale=scale)


def test_the_type_scale_is_that_of_the_design() -> None:
    assert [tokens().size(name) for name in ("small", "body", "lead", "heading", "title")] == [12, 14, 16, 20, 28]


def test_column_and_rail_are_those_of_the_design() -> None:
    assert tokens().size("column") == 560
    assert tokens().size("rail") == 220
    assert tokens().size("unit") == GRID
    assert tokens().size("side") % GRID == 0


@pytest.mark.parametrize(("count", "pixels"), [(0, 0), (0.5, 4), (1, 8), (1.5, 12), (5, 40)])
def test_units_are_steps_of_the_grid(count: float, pixels: int) -> None:
    assert tokens().units(count) == pixels


@pytest.mark.parametrize("name", ["small", "body", "lead", "icon", "field", "column", "tick"])
def test_what_holds_words_grows_with_the_text(name: str) -> None:
    assert tokens(scale=2).size(name) == 2 * tokens().size(name)


@pytest.mark.parametrize("name", ["hairline", "focus", "radius", "field-radius", "scroll"])
def test_lines_and_corners_stay(name: str) -> None:
    assert tokens(scale=2).size(name) == tokens().size(name)


@pytest.mark.parametrize("name", ["unit", "title", "button-side", "side"])
def test_gaps_and_titles_grow_less_so_that_words_have_the_room(name: str) -> None:
    assert tokens(scale=2).size(name) < 2 * tokens().size(name)


@given(st.floats(1.0, 3.0))
def test_a_focused_frame_is_thicker_inwards_by_just_what_its_line_gains(scale: float) -> None:
    made = tokens(scale=scale)
    gained = made.size("focus") - made.size("hairline")
    for name in ("field-padding", "field-side", "button-padding", "button-side", "quiet-side"):
        assert made.size(name) - made.size(f"{name}-focused") == gained
        assert made.size(f"{name}-focused") >= 0


@pytest.mark.parametrize("dark", [False, True])
def test_the_style_sheet_fills_every_placeholder(dark: bool) -> None:
    made = tokens(dark=dark)
    sheet = style_sheet(made)
    assert "{window}" not in sheet
    assert ":px}" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert made.colour("accent") in sheet
    assert f"font-size: {made.size('title')}px" in sheet


def test_no_literal_colour_or_size_stands_in_the_style_sheet() -> None:
    source = resources.path("styles/window.qss").read_text(encoding="utf-8").split("*/", 1)[1]
    assert "#" not in source.replace("QWidget#", "")
    assert not [word for word in source.split() if word.rstrip(";").endswith("px") and "{" not in word]


def test_nor_in_any_page_or_part() -> None:
    folder = resources.path("styles").parent.parent / "app" / "sendwright" / "desktop"
    files = [*folder.glob("pages/*.py"), *folder.glob("widgets/*.py"), *folder.glob("*.py")]
    assert len(files) > 40
    for file in files:
        words = file.read_text(encoding="utf-8")
        assert 'QColor("' not in words, file.name
        assert "setStyleSheet" not in words, file.name


def test_every_token_is_used() -> None:
    table = tomllib.loads(resources.path("styles/tokens.toml").read_text(encoding="utf-8"))
    folder = resources.path("styles").parent.parent / "app" / "sendwright" / "desktop"
    sources = resources.path("styles/window.qss").read_text(encoding="utf-8")
    sources += "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    computed = {f"{tone}-soft" for tone in ("info", "warning", "failed", "passed", "practice")}
    for name in {*table["size"], *table["light"]} - computed:
        assert f"{{{name}}}" in sources or f"{{{name}:px}}" in sources or f'"{name}"' in sources, name
