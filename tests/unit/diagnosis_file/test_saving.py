"""Saving: complete or not at all, for this person only."""

from pathlib import Path

import pytest
from tests.unit.diagnosis_file.made import diagnosis, nobody_hidden, wrong_password

from sendwright.diagnosis_file import SecretFound, read, save
from sendwright.secret import Secret


def test_a_saved_file_is_read_again(tmp_path: Path) -> None:
    place = tmp_path / "no ending"
    save(place, diagnosis(wrong_password()), secrets=(), pseudonyms=nobody_hidden())
    assert read(place) == diagnosis(wrong_password())
    assert list(tmp_path.iterdir()) == [place]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    place = tmp_path / "a.sendwright-diagnosis"
    place.write_text("former")
    place.chmod(0o644)
    save(place, diagnosis(), secrets=(), pseudonyms=nobody_hidden())
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_secret_leaves_the_former_file_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "a.sendwright-diagnosis"
    place.write_text("former")
    with pytest.raises(SecretFound):
        save(
            place,
            diagnosis(environment={"proxy": "wax-Falke-42"}),
            secrets=(Secret("wax-Falke-42"),),
            pseudonyms=nobody_hidden(),
        )
    assert place.read_text() == "former"
    assert list(tmp_path.iterdir()) == [place]


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        save(tmp_path / "file" / "a", diagnosis(), secrets=(), pseudonyms=nobody_hidden())
