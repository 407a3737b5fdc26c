"""Where a person looks for a file of hers first: a folder that is there, never wherever the program was started."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths

_Place = QStandardPaths.StandardLocation

_KEPT = (_Place.DocumentsLocation, _Place.DesktopLocation, _Place.HomeLocation)
_SENT = (_Place.DownloadLocation, *_KEPT)


def folder_to_keep() -> str:
    """Return the folder where a dialog begins that saves."""
    return _first(_KEPT)


def folder_of_sent() -> str:
    """Return the folder where a dialog begins that looks for what somebody sent."""
    return _first(_SENT)


def _first(places: tuple[QStandardPaths.StandardLocation, ...]) -> str:
    names = [QStandardPaths.writableLocation(place) for place in places]
    return next((name for name in names if name and Path(name).is_dir()), names[-1])
