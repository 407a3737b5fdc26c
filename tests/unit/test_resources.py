"""Where the program's own files lie."""

from pathlib import Path

import pytest

from sendwright import resources
from sendwright.errors import ResourceMissing


@pytest.mark.parametrize("name", ["texts/en/start.toml", "styles/tokens.toml", "icons/smtp.svg", "problems"])
def test_a_resource_is_found_in_the_checkout(name: str) -> None:
    assert resources.path(name).exists()


def test_an_installed_package_carries_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried = tmp_path / "sendwright" / "_resources" / "icons"
    carried.mkdir(parents=True)
    (carried / "x.svg").write_text("<svg/>")
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "sendwright" / "resources.py"))
    assert resources.path("icons/x.svg") == carried / "x.svg"


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(ResourceMissing, match="no/such"):
        resources.path("no/such")
