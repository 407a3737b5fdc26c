"""Says where the program's own files lie: the only module that knows about package, bundle and checkout."""

from pathlib import Path

from sendwright.errors import ResourceMissing


def path(name: str) -> Path:
    """Return the path of the resource `name`, relative to the resources' root, such as `texts/en/start.toml`.

    A wheel carries the resources inside the package as `_resources`; a checkout has them beside `app`.
    Raises ResourceMissing when neither place holds it.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "_resources", package.parent.parent / "resources"):
        candidate = root / name
        if candidate.exists():
            return candidate
    raise ResourceMissing(name)
