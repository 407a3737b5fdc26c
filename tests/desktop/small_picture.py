"""Saves a picture of a window in few octets: in 256 of its colours, chosen so that no hue of it is lost."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

_COLOURS = 256
_ALIKE = 0xF0F0F0
"""What two colours have in common that are taken for one hue."""
_SMALLEST = 0  # Qt's "quality" of a PNG is how little it is compressed


def save_small(picture: QImage, file: Path) -> None:
    """Write `picture` as a PNG; every colour that is not among those that are kept becomes the nearest of them."""
    if not in_few_colours(picture).save(str(file), quality=_SMALLEST):
        raise OSError(f"{file} could not be written")


def in_few_colours(picture: QImage) -> QImage:
    """Return `picture` in at most 256 colours of its own."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    table = _kept(Counter(memoryview(plain.constBits()).cast("I")))
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.AvoidDither)


def _kept(counted: "Counter[int]") -> list[int]:
    """Return the most frequent colour of each hue, then the most frequent of all: a small red sign stays red."""
    frequent = [colour for colour, _ in counted.most_common()]
    hues: dict[int, int] = {}
    for colour in frequent:
        hues.setdefault(colour & _ALIKE, colour)
    return list(dict.fromkeys((*hues.values(), *frequent)))[:_COLOURS]
