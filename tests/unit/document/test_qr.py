"""QR codes, as they are drawn and as a picture in a page."""

import base64
import subprocess
import sys
from urllib.parse import unquote

import pytest

from sendwright.document.blocks import Document, QrCode
from sendwright.document.html import to_html
from sendwright.document.qr import QUIET_ZONE, modules_of, picture_of

ADDRESS = "https://example.org/consent?state=1"
TOO_LONG = "https://example.org/" + "x" * 4000
FINDER = (b"\1\1\1\1\1\1\1", b"\1\0\0\0\0\0\1", b"\1\0\1\1\1\0\1")


@pytest.mark.parametrize("value", ["1", "A", ADDRESS, ADDRESS * 20])
def test_a_symbol_is_a_square_with_its_three_finders_and_never_a_micro_symbol(value: str) -> None:
    rows = modules_of(value)
    side = len(rows)
    assert {len(row) for row in rows} == {side}
    assert side >= 21
    assert (side - 17) % 4 == 0  # ISO/IEC 18004, 5.3.1
    for number, wanted in enumerate(FINDER):
        assert rows[number][:7] == rows[number][-7:] == rows[-1 - number][:7] == wanted
        assert rows[-1 - number][-7:] != wanted or number


@pytest.mark.parametrize("around", [0, 2, QUIET_ZONE])
def test_the_quiet_zone_is_light_and_changes_nothing_else(around: int) -> None:
    rows, bare = modules_of(ADDRESS, around=around), modules_of(ADDRESS)
    assert len(rows) == len(bare) + 2 * around
    assert tuple(row[around : len(row) - around] for row in rows[around : len(rows) - around]) == bare
    assert sum(map(sum, rows)) == sum(map(sum, bare))


def test_a_picture_stands_in_the_address_itself() -> None:
    kind, _, content = picture_of(ADDRESS, scale=4).partition(",")
    drawn = base64.b64decode(content).decode() if kind.endswith("base64") else unquote(content)
    assert kind.startswith("data:image/svg+xml")
    assert "<svg" in drawn
    side = 4 * (len(modules_of(ADDRESS)) + 2 * QUIET_ZONE)
    assert f"width='{side}'" in drawn
    assert f"height='{side}'" in drawn


def test_what_does_not_fit_has_no_symbol_and_its_page_still_has_the_address() -> None:
    assert modules_of(TOO_LONG) == ()
    assert picture_of(TOO_LONG, scale=4) == ""
    page = to_html(Document(id="d", title="T", blocks=(QrCode(label="Open it", value=TOO_LONG),)))
    assert "<img" not in page
    assert TOO_LONG in page


def test_only_who_draws_one_loads_the_library() -> None:
    code = "import sys, sendwright.document.html as html, sendwright.document.qr as qr; print('segno' in sys.modules)"
    code += f"; qr.modules_of({ADDRESS!r}); print('segno' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
